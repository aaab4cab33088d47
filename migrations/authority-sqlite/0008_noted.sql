-- Incidents that come back when there is more to see, and what supervisors accepted of revoked desks. Caches of the fold.

-- Up to how many beyond the capacity an over capacity incident was noted; none: however many, as everything that was noted before this.
ALTER TABLE resolved ADD COLUMN over_by INTEGER;

-- The ends of logs of revoked desks up to which a supervisor accepted them, where the decision says which course of the log it meant.
CREATE TABLE accepted (
    station BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    hash    BLOB    NOT NULL,
    PRIMARY KEY (station, seq, hash)
) STRICT, WITHOUT ROWID;
