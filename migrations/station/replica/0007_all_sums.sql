-- The rest of what the server told, and what is made from it, carries sums as well (0006). The words of the search are those of the
-- list, so that SQLite's own check can compare the two, and make them anew.
ALTER TABLE feed ADD COLUMN sum INTEGER;
UPDATE feed SET sum = row_sum(term, position, complete, synced_ms);
ALTER TABLE release ADD COLUMN sum INTEGER;
UPDATE release SET sum = row_sum(station, epoch, seq);
ALTER TABLE tally ADD COLUMN sum INTEGER;
UPDATE tally SET sum = row_sum(session, inside, occupied, unsettled, over_grant);
ALTER TABLE quarantine ADD COLUMN sum INTEGER;
UPDATE quarantine SET sum = row_sum(position, item);
ALTER TABLE cut ADD COLUMN sum INTEGER;
UPDATE cut SET sum = row_sum(session, term, rev);
ALTER TABLE absorbed ADD COLUMN sum INTEGER;
UPDATE absorbed SET sum = row_sum(epoch, seq);
ALTER TABLE proof ADD COLUMN sum INTEGER;
UPDATE proof SET sum = row_sum(station, epoch, block, seq, proof, signature);
ALTER TABLE branch ADD COLUMN sum INTEGER;
UPDATE branch SET sum = row_sum(station, epoch, of_epoch, from_seq, before);
ALTER TABLE one_person ADD COLUMN sum INTEGER;
UPDATE one_person SET sum = row_sum(incident);
ALTER TABLE merge ADD COLUMN sum INTEGER;
UPDATE merge SET sum = row_sum(station, epoch, seq, a, b, split);
ALTER TABLE exit ADD COLUMN sum INTEGER;
UPDATE exit SET sum = row_sum(station, epoch, seq, session, person, hlc, bound);
ALTER TABLE settled ADD COLUMN sum INTEGER;
UPDATE settled SET sum = row_sum(incident);
ALTER TABLE list_word ADD COLUMN sum INTEGER;
UPDATE list_word SET sum = row_sum(proof, signature);

-- These two are changed from several places, and seldom.
CREATE TRIGGER feed_changed AFTER UPDATE OF term, position, complete, synced_ms ON feed BEGIN
  UPDATE feed SET sum = row_sum(term, position, complete, synced_ms);
END;
CREATE TRIGGER cut_made AFTER INSERT ON cut BEGIN
  UPDATE cut SET sum = row_sum(session, term, rev) WHERE session = new.session;
END;
CREATE TRIGGER cut_changed AFTER UPDATE OF term, rev ON cut BEGIN
  UPDATE cut SET sum = row_sum(session, term, rev) WHERE session = new.session;
END;

DROP TABLE person_text;
CREATE VIRTUAL TABLE person_text USING fts5 (
  name, email, organisation, ordered,
  content = 'person', content_rowid = 'nr', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO person_text (person_text) VALUES ('rebuild');
CREATE TRIGGER person_made AFTER INSERT ON person BEGIN
  INSERT INTO person_text (rowid, name, email, organisation, ordered)
  VALUES (new.nr, new.name, new.email, new.organisation, new.ordered);
END;
CREATE TRIGGER person_changed AFTER UPDATE OF name, email, organisation, ordered ON person
WHEN (old.name, old.email, old.organisation, old.ordered) IS NOT (new.name, new.email, new.organisation, new.ordered) BEGIN
  INSERT INTO person_text (person_text, rowid, name, email, organisation, ordered)
  VALUES ('delete', old.nr, old.name, old.email, old.organisation, old.ordered);
  INSERT INTO person_text (rowid, name, email, organisation, ordered)
  VALUES (new.nr, new.name, new.email, new.organisation, new.ordered);
END;
