-- What a desk last said, by the log that said it: two computers of one desk, each with a log of its own, may serve two sessions.
-- `contacts` is not read or written any more.
CREATE TABLE log_contacts (
    station  BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    skew_ms  INTEGER NOT NULL,
    waiting  INTEGER NOT NULL,
    session  BLOB,
    initials TEXT    NOT NULL,
    PRIMARY KEY (station, epoch)
) STRICT, WITHOUT ROWID;
INSERT INTO log_contacts SELECT station, epoch, at_ms, skew_ms, waiting, session, initials FROM contacts;
