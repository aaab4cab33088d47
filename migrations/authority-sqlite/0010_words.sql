-- What supervisors said to desks, and at which desks it was read: caches of Message entries and of notes. No earlier version wrote either.
CREATE TABLE messages (
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    hlc     INTEGER NOT NULL,
    PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_hlc ON messages (hlc);
CREATE TABLE message_reads (
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    desk    BLOB    NOT NULL,
    PRIMARY KEY (station, epoch, seq, desk)
) STRICT, WITHOUT ROWID;
-- What the desk asks supervisors for, as JSON; NULL: nothing.
ALTER TABLE log_contacts ADD COLUMN asks TEXT;
-- The sessions that the desk serves beside the usual one, as a JSON list; NULL: none.
ALTER TABLE log_contacts ADD COLUMN also TEXT;
