-- The chain over the entries of the feed after each of them: what an answer's signature commits to (DESIGN section 5, *Restored server*).
CREATE TABLE roots (
    position INTEGER PRIMARY KEY,
    root     BLOB NOT NULL
) STRICT;
