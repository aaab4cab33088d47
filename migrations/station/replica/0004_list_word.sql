-- What the server signed of this list, until it has answered a request that shows it (DESIGN section 5, *Restored server*).
CREATE TABLE list_word (
  proof     BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
