-- The server's database: one event. Facts first, then caches that can be made anew from them.
-- Ids are blobs of 16 bytes, hashes and digests of 32. `epoch` and `hlc` are unsigned 64-bit numbers with the top bit flipped, so
-- that they sort as they should. Times are milliseconds since 1970 UTC. `record` is the JSON that goes down the feed.

CREATE TABLE feed_end (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
) STRICT;
INSERT INTO feed_end VALUES (1, 0);

CREATE TABLE event (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    record   TEXT    NOT NULL,
    secret   BLOB    NOT NULL CHECK (length(secret) = 32),
    key      BLOB    NOT NULL CHECK (length(key) = 32),
    station  BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    term     INTEGER NOT NULL,
    position INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE sessions (
    id        BLOB    PRIMARY KEY,
    starts_ms INTEGER NOT NULL,
    code      TEXT,
    record    TEXT    NOT NULL,
    position  INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE persons (
    n        INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE,
    record   TEXT    NOT NULL,
    code     TEXT,
    likeness BLOB,
    position INTEGER NOT NULL UNIQUE
) STRICT;
CREATE INDEX persons_like ON persons (likeness, n) WHERE likeness IS NOT NULL;

-- Every digest that is, or was, somebody's ticket code.
CREATE TABLE codes (
    digest  BLOB    NOT NULL,
    person  INTEGER NOT NULL,
    current INTEGER NOT NULL,
    PRIMARY KEY (digest, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_person ON codes (person);

CREATE TABLE stations (
    id       BLOB    PRIMARY KEY,
    name     TEXT    NOT NULL,
    role     INTEGER NOT NULL,
    record   TEXT    NOT NULL,
    actor    BLOB,
    machine  BLOB    NOT NULL,
    position INTEGER UNIQUE
) STRICT;

CREATE TABLE contacts (
    station  BLOB    PRIMARY KEY,
    epoch    INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    skew_ms  INTEGER NOT NULL,
    waiting  INTEGER NOT NULL,
    session  BLOB,
    initials TEXT    NOT NULL
) STRICT;

CREATE TABLE enrol_codes (
    digest     BLOB    PRIMARY KEY,
    role       INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_by    BLOB
) STRICT;

CREATE TABLE logs (
    station   BLOB    NOT NULL,
    epoch     INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    hash      BLOB    NOT NULL,
    handed    INTEGER NOT NULL,
    stated    INTEGER NOT NULL,
    proof     BLOB,
    signature BLOB,
    PRIMARY KEY (station, epoch)
) STRICT, WITHOUT ROWID;

-- Never updated, never deleted. Without a position: kept, but as if unreceived.
CREATE TABLE entries (
    station     BLOB    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    bytes       BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    remarks     INTEGER NOT NULL,
    signature   BLOB,
    position    INTEGER UNIQUE,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;

-- Bytes that contradict a log. Never updated, never deleted.
CREATE TABLE evidence (
    station     BLOB    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    bytes       BLOB    NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq, hash)
) STRICT, WITHOUT ROWID;

-- From here on caches of the fold.

CREATE TABLE check_ins (
    station      BLOB    NOT NULL,
    epoch        INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    session      BLOB    NOT NULL,
    subject_kind INTEGER NOT NULL,
    subject      BLOB    NOT NULL,
    hlc          INTEGER NOT NULL,
    basis        INTEGER NOT NULL,
    received_ms  INTEGER NOT NULL,
    released     INTEGER NOT NULL,
    refunded     INTEGER NOT NULL,
    freed        INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX check_ins_group ON check_ins (session, subject_kind, subject, released);
CREATE INDEX check_ins_standing ON check_ins (session, hlc, station, epoch, seq) WHERE released = 0;
CREATE INDEX check_ins_codes ON check_ins (station, epoch, seq) WHERE subject_kind = 1 AND released = 0;
CREATE INDEX check_ins_withheld ON check_ins (station, epoch, seq) WHERE released = 1 AND freed = 0;
CREATE INDEX check_ins_received ON check_ins (station, received_ms);

CREATE TABLE releases (
    of_station BLOB    NOT NULL,
    of_epoch   INTEGER NOT NULL,
    of_seq     INTEGER NOT NULL,
    station    BLOB    NOT NULL,
    epoch      INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    refund     INTEGER NOT NULL,
    PRIMARY KEY (of_station, of_epoch, of_seq, station, epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE sums (
    session    BLOB    PRIMARY KEY,
    inside     INTEGER NOT NULL,
    occupied   INTEGER NOT NULL,
    unsettled  INTEGER NOT NULL,
    over_grant INTEGER NOT NULL,
    withheld   INTEGER NOT NULL
) STRICT;

CREATE TABLE rights (
    session  BLOB    NOT NULL,
    station  BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    granted  INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    admitted INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    PRIMARY KEY (session, station, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX rights_log ON rights (station, epoch, session);
