-- Names of people whom this desk added: beside the log and in no entry, written with the walk-in in one transaction.
CREATE TABLE profile (
  person  BLOB PRIMARY KEY,
  -- The profile as JSON.
  record  TEXT NOT NULL,
  -- Counts its changes.
  version INTEGER NOT NULL,
  -- Which of them the server has dealt with; 0: none that it still knows of.
  sent    INTEGER NOT NULL,
  sum     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_unsent ON profile (person) WHERE sent <> version;
CREATE TRIGGER profile_made AFTER INSERT ON profile BEGIN
  UPDATE profile SET sum = row_sum(person, record, version, sent) WHERE person = new.person;
END;
CREATE TRIGGER profile_changed AFTER UPDATE OF person, record, version, sent ON profile BEGIN
  UPDATE profile SET sum = row_sum(person, record, version, sent) WHERE person = new.person;
END;
