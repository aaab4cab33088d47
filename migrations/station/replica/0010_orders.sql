-- The guests of an order, by name: asked for with every card. Guests without an order are in it nowhere.
CREATE INDEX person_ordered ON person (ordered, name) WHERE ordered <> '';
