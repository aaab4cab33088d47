-- The keys of the event's server as this desk came to trust them: the first by the list that it fetched first, each later one by what the
-- one before signed of it. The last one counts. Durable, because `replica.db` may go back to an older state.
CREATE TABLE server_key (
  nr         INTEGER PRIMARY KEY,
  public_key BLOB NOT NULL,
  statement  BLOB,
  signature  BLOB,
  sum        INTEGER
) STRICT;
CREATE TRIGGER server_key_made AFTER INSERT ON server_key BEGIN
  UPDATE server_key SET sum = row_sum(nr, public_key, statement, signature) WHERE nr = new.nr;
END;
