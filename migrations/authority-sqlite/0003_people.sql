-- Who is one person, and exits that name no check-in (issue 3). Caches of the fold.

-- Merges by their entry; without persons: only a Split of it has come.
CREATE TABLE merges (
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    a       BLOB,
    b       BLOB,
    split   INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX merges_a ON merges (a) WHERE a IS NOT NULL;
CREATE INDEX merges_b ON merges (b) WHERE b IS NOT NULL;

-- Exits by their entry; without a session: only a Bind of it has come.
CREATE TABLE exits (
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    session BLOB,
    person  BLOB,
    hlc     INTEGER,
    bound   INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX exits_open ON exits (session, person) WHERE bound = 0 AND session IS NOT NULL;
