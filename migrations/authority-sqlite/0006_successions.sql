-- How the server's key was replaced, from the first time on: what each old key signed of its successor. Facts; never changed.
CREATE TABLE successions (
    number    INTEGER PRIMARY KEY,
    statement BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
