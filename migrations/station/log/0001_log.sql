-- log.db: what only this desk knows until it is sent. Opened with synchronous=FULL; nothing here is ever deleted before the event is sealed.

-- Who this desk is. One row once enrolled. `secret_key` is the Ed25519 seed; the file is readable by its owner only.
CREATE TABLE identity (
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  event        BLOB NOT NULL,
  station      BLOB NOT NULL,
  epoch        INTEGER NOT NULL,
  name         TEXT NOT NULL,
  machine      BLOB NOT NULL,
  secret_key   BLOB NOT NULL,
  event_secret BLOB NOT NULL,
  address      TEXT NOT NULL,
  fingerprint  TEXT
) STRICT;

-- What the server and this desk agreed on last.
CREATE TABLE line (
  one               INTEGER PRIMARY KEY CHECK (one = 1),
  term              INTEGER NOT NULL,
  handed            INTEGER NOT NULL,
  acknowledged_seq  INTEGER NOT NULL,
  acknowledged_hash BLOB NOT NULL
) STRICT;

-- Own entries, byte for byte, each with its signature.
CREATE TABLE entry (
  epoch     INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  hash      BLOB NOT NULL,
  signature BLOB NOT NULL,
  hlc       INTEGER NOT NULL,
  bytes     BLOB NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

-- A cache of the fold over own entries.
CREATE TABLE check_in (
  epoch       INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  session     BLOB NOT NULL,
  subject     BLOB NOT NULL,
  hlc         INTEGER NOT NULL,
  basis       INTEGER NOT NULL,
  -- The own entry that released it; none: it stands.
  released_by INTEGER,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX check_in_group ON check_in (session, subject);

-- Rights of this epoch: G, R, A, L of the design's section 5.
CREATE TABLE rights (
  session  BLOB PRIMARY KEY,
  granted  INTEGER NOT NULL DEFAULT 0,
  returned INTEGER NOT NULL DEFAULT 0,
  admitted INTEGER NOT NULL DEFAULT 0,
  refunded INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Which entry a decision on a card wrote: deciding twice is one entry.
CREATE TABLE decision (
  verdict BLOB NOT NULL,
  act     INTEGER NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  PRIMARY KEY (verdict, act)
) STRICT, WITHOUT ROWID;

-- Small settings of the desk, by name: the session served, the mode, the clock's anchor.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
