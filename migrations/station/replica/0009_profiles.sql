-- Profiles of people whom desks added, as the server has them: a server that was put back is given them back. The guest list has what they
-- say among everybody else's.
CREATE TABLE profile (
  person BLOB PRIMARY KEY,
  record TEXT NOT NULL,
  sum    INTEGER
) STRICT, WITHOUT ROWID;
