-- The words of the search are the list's as the desk folds them: without case, accents, and what else people leave out or cannot type.
-- `folded` is given to SQLite by the desk, as `row_sum` is; it parts words by single spaces, and so does `ascii`. The view is what SQLite's
-- own check compares the words with, and makes them anew from.
DROP TRIGGER person_made;
DROP TRIGGER person_changed;
DROP TABLE person_text;
CREATE VIEW person_words (nr, name, email, organisation, ordered) AS
  SELECT nr, folded(name), folded(email), folded(organisation), folded(ordered) FROM person;
CREATE VIRTUAL TABLE person_text USING fts5 (
  name, email, organisation, ordered,
  content = 'person_words', content_rowid = 'nr', prefix = '2 3', tokenize = 'ascii'
);
INSERT INTO person_text (person_text) VALUES ('rebuild');
CREATE TRIGGER person_made AFTER INSERT ON person BEGIN
  INSERT INTO person_text (rowid, name, email, organisation, ordered)
  VALUES (new.nr, folded(new.name), folded(new.email), folded(new.organisation), folded(new.ordered));
END;
CREATE TRIGGER person_changed AFTER UPDATE OF name, email, organisation, ordered ON person
WHEN (old.name, old.email, old.organisation, old.ordered) IS NOT (new.name, new.email, new.organisation, new.ordered) BEGIN
  INSERT INTO person_text (person_text, rowid, name, email, organisation, ordered)
  VALUES ('delete', old.nr, folded(old.name), folded(old.email), folded(old.organisation), folded(old.ordered));
  INSERT INTO person_text (rowid, name, email, organisation, ordered)
  VALUES (new.nr, folded(new.name), folded(new.email), folded(new.organisation), folded(new.ordered));
END;
