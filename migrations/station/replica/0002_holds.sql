-- Held seats as the server's entries say, by the newest revision that names the person.
CREATE TABLE hold (
  session BLOB NOT NULL,
  person  BLOB NOT NULL,
  term    INTEGER NOT NULL,
  rev     INTEGER NOT NULL,
  held    INTEGER NOT NULL,
  PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;

-- The newest revision that took something away.
CREATE TABLE cut (
  session BLOB PRIMARY KEY,
  term    INTEGER NOT NULL,
  rev     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far own lives are absorbed; replaces the two columns of `feed`.
CREATE TABLE absorbed (
  epoch INTEGER PRIMARY KEY,
  seq   INTEGER NOT NULL
) STRICT;
INSERT INTO absorbed SELECT absorbed_epoch, absorbed_seq FROM feed WHERE absorbed_seq > 0;
ALTER TABLE feed DROP COLUMN absorbed_epoch;
ALTER TABLE feed DROP COLUMN absorbed_seq;

-- The newest proof of an end of another log within each block of 2,000 entries: by it the entries can be given back.
CREATE TABLE proof (
  station   BLOB NOT NULL,
  epoch     INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  proof     BLOB NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (station, epoch, block)
) STRICT, WITHOUT ROWID;

-- Second branches of other logs.
CREATE TABLE branch (
  station  BLOB NOT NULL,
  epoch    INTEGER NOT NULL,
  of_epoch INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  PRIMARY KEY (station, epoch)
) STRICT, WITHOUT ROWID;

-- Double admissions that turned out to be one person.
CREATE TABLE one_person (
  incident BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
