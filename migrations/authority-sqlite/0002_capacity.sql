-- Held seats, settlements, forks and learning (issue 3). Columns behind `logs` are facts about the log; the tables are caches of
-- the fold, except that `reported` counts what a desk said in a request.

ALTER TABLE logs ADD COLUMN fenced      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE logs ADD COLUMN closed      INTEGER NOT NULL DEFAULT 0;
-- The newest term in which the log gave back everything. Every log of a database that had one term only has done so.
ALTER TABLE logs ADD COLUMN reported    INTEGER NOT NULL DEFAULT 0;
-- Of a second branch: the epoch that forked, and the first entry that differs.
ALTER TABLE logs ADD COLUMN branch_of   INTEGER;
ALTER TABLE logs ADD COLUMN branch_from INTEGER;
-- Where the log's proof stands in the feed.
ALTER TABLE logs ADD COLUMN position    INTEGER;
CREATE UNIQUE INDEX logs_position ON logs (position) WHERE position IS NOT NULL;
CREATE INDEX logs_reported ON logs (reported);
CREATE INDEX logs_branches ON logs (station, branch_of) WHERE branch_of IS NOT NULL;
UPDATE logs SET reported = (SELECT term FROM event);

ALTER TABLE sums ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE TABLE holds (
    session BLOB    NOT NULL,
    person  BLOB    NOT NULL,
    term    INTEGER NOT NULL,
    rev     INTEGER NOT NULL,
    state   INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    PRIMARY KEY (session, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_state ON holds (session, state, term, person);

CREATE TABLE holds_freed (
    session BLOB    PRIMARY KEY,
    term    INTEGER NOT NULL,
    rev     INTEGER NOT NULL
) STRICT;

CREATE TABLE holds_ended (
    session BLOB    NOT NULL,
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    term    INTEGER NOT NULL,
    rev     INTEGER NOT NULL,
    PRIMARY KEY (session, station, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE settled (
    session  BLOB    NOT NULL,
    station  BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    after    INTEGER NOT NULL,
    spent    INTEGER NOT NULL,
    seen     INTEGER NOT NULL,
    PRIMARY KEY (session, station, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE resolved (
    incident BLOB    PRIMARY KEY,
    outcome  INTEGER NOT NULL,
    station  BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    seq      INTEGER NOT NULL
) STRICT;

ALTER TABLE rights ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;

-- The newest commitment to a prefix of the feed.
CREATE TABLE checkpoint (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    root     BLOB    NOT NULL
) STRICT;
