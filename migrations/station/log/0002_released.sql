-- Which own check-ins were released after a given entry: asked at every verdict, so it may not read the whole log.
CREATE INDEX check_in_released ON check_in (epoch, released_by) WHERE released_by IS NOT NULL;
