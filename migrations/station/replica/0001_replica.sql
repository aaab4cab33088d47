-- replica.db: what the server told. Rebuildable and swappable as a whole; never written while a guest waits.

CREATE TABLE feed (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  term           INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  complete       INTEGER NOT NULL,
  synced_ms      INTEGER,
  absorbed_epoch INTEGER NOT NULL,
  absorbed_seq   INTEGER NOT NULL
) STRICT;
INSERT INTO feed VALUES (1, 0, 0, 0, NULL, 0, 0);

CREATE TABLE event (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  record TEXT NOT NULL
) STRICT;

CREATE TABLE session (
  id     BLOB PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  nr           INTEGER PRIMARY KEY,
  id           BLOB NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  email        TEXT NOT NULL,
  organisation TEXT NOT NULL,
  kind         TEXT NOT NULL,
  ordered      TEXT NOT NULL,
  note         TEXT NOT NULL,
  cancelled    INTEGER NOT NULL,
  valid_from   INTEGER,
  valid_until  INTEGER
) STRICT;

CREATE TABLE code (
  digest  BLOB PRIMARY KEY,
  person  BLOB NOT NULL,
  revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX code_person ON code (person);

CREATE TABLE registration (
  person    BLOB NOT NULL,
  session   BLOB NOT NULL,
  cancelled INTEGER NOT NULL,
  PRIMARY KEY (person, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE station (
  id     BLOB PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Other logs' entries, byte for byte.
CREATE TABLE entry (
  station BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  bytes   BLOB NOT NULL,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;

-- A cache of the fold over others' entries and over own ones up to `absorbed`.
CREATE TABLE check_in (
  station  BLOB NOT NULL,
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  session  BLOB NOT NULL,
  subject  BLOB NOT NULL,
  hlc      INTEGER NOT NULL,
  basis    INTEGER NOT NULL,
  released INTEGER NOT NULL,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX check_in_group ON check_in (session, subject);

-- Releases, kept apart because one may arrive before the check-in that it names.
CREATE TABLE release (
  station BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
  session    BLOB PRIMARY KEY,
  inside     INTEGER NOT NULL,
  occupied   INTEGER NOT NULL,
  unsettled  INTEGER NOT NULL,
  over_grant INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What this version cannot interpret, kept as it came.
CREATE TABLE quarantine (
  position INTEGER PRIMARY KEY,
  item     TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE person_text USING fts5 (
  name, email, organisation, ordered,
  content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
