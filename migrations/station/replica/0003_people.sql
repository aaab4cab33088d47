-- Who is one person, exits that name no check-in, and which double admissions are settled. Caches of the fold.

-- Merges by their entry; without persons: only a Split of it has come.
CREATE TABLE merge (
  station BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  a       BLOB,
  b       BLOB,
  split   INTEGER NOT NULL,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX merge_a ON merge (a) WHERE a IS NOT NULL;
CREATE INDEX merge_b ON merge (b) WHERE b IS NOT NULL;

-- Exits by their entry; without a session: only a Bind of it has come. `bound` is the server's word for which check-in it ended.
CREATE TABLE exit (
  station BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  session BLOB,
  person  BLOB,
  hlc     INTEGER,
  bound   INTEGER NOT NULL,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX exit_open ON exit (session, person) WHERE bound = 0 AND session IS NOT NULL;

-- Incidents that a person settled, in whatever way; `one_person` holds those that were one person.
CREATE TABLE settled (
  incident BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO settled SELECT incident FROM one_person;
