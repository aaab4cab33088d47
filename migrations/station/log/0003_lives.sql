-- A desk's log may have several lives (epochs): after a fence, a fork, a copied or rolled-back disk. Each is sent to its end.
CREATE TABLE life (
  epoch             INTEGER PRIMARY KEY,
  -- 1 for the first, then counting: the last is the one that is written.
  nr                INTEGER NOT NULL UNIQUE,
  handed            INTEGER NOT NULL,
  acknowledged_seq  INTEGER NOT NULL,
  acknowledged_hash BLOB NOT NULL,
  -- The server gives it no further rights.
  fenced            INTEGER NOT NULL DEFAULT 0,
  -- Where it is the second branch of a log that was continued twice: from this entry on it counts under that epoch.
  branch_from       INTEGER,
  branch_epoch      INTEGER
) STRICT;
INSERT INTO life (epoch, nr, handed, acknowledged_seq, acknowledged_hash)
  SELECT identity.epoch, 1, line.handed, line.acknowledged_seq, line.acknowledged_hash FROM identity, line;
ALTER TABLE line DROP COLUMN handed;
ALTER TABLE line DROP COLUMN acknowledged_seq;
ALTER TABLE line DROP COLUMN acknowledged_hash;

-- What the server signed last: shown with the next request.
ALTER TABLE line ADD COLUMN receipt BLOB;
ALTER TABLE line ADD COLUMN receipt_signature BLOB;
-- A new term began: the lists are fetched whole once the server has learnt what it had forgotten.
ALTER TABLE line ADD COLUMN refetch INTEGER NOT NULL DEFAULT 0;

ALTER TABLE rights ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;

-- The life in which the releasing entry stands.
ALTER TABLE check_in ADD COLUMN released_epoch INTEGER;
UPDATE check_in SET released_epoch = epoch WHERE released_by IS NOT NULL;
DROP INDEX check_in_released;
CREATE INDEX check_in_released ON check_in (released_epoch, released_by) WHERE released_by IS NOT NULL;

-- Up to which revision this life ended its held seats: a cache of its HoldsEnded entries.
CREATE TABLE ended (
  session BLOB PRIMARY KEY,
  term    INTEGER NOT NULL,
  rev     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
