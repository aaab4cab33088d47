-- Branches of logs that left another branch (a copy was copied): every fork before the branch's own, the earliest first, as JSON
-- (DESIGN section 4, *Any road*).
CREATE TABLE branches (
    station BLOB    NOT NULL,
    epoch   INTEGER NOT NULL,
    before  TEXT    NOT NULL,
    PRIMARY KEY (station, epoch)
) STRICT, WITHOUT ROWID;
