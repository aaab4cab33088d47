-- Words of the organiser's for whom the volunteer is to look at, as a JSON list, and whether a second look is wanted.
ALTER TABLE person ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE person ADD COLUMN attention INTEGER NOT NULL DEFAULT 0;
UPDATE person SET sum = row_sum(id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until, flags, attention);
