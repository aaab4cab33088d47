-- What the server's log says to desks, by time; the words stand in the entries.
CREATE TABLE message (
  station BLOB NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  hlc     INTEGER NOT NULL,
  sum     INTEGER,
  PRIMARY KEY (station, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_hlc ON message (hlc);
