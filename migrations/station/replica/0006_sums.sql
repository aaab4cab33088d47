-- What the server told carries sums, as `log.db` does (log/0004): a byte that changed on the disk is noticed when the desk starts, and
-- the list is fetched anew. `row_sum` is given to SQLite by the desk.
ALTER TABLE event ADD COLUMN sum INTEGER;
UPDATE event SET sum = row_sum(record);
ALTER TABLE session ADD COLUMN sum INTEGER;
UPDATE session SET sum = row_sum(id, record);
ALTER TABLE station ADD COLUMN sum INTEGER;
UPDATE station SET sum = row_sum(id, record);
ALTER TABLE person ADD COLUMN sum INTEGER;
UPDATE person SET sum = row_sum(id, name, email, organisation, kind, ordered, note, cancelled, valid_from, valid_until);
ALTER TABLE code ADD COLUMN sum INTEGER;
UPDATE code SET sum = row_sum(digest, person, revoked);
ALTER TABLE registration ADD COLUMN sum INTEGER;
UPDATE registration SET sum = row_sum(person, session, cancelled);
ALTER TABLE entry ADD COLUMN sum INTEGER;
UPDATE entry SET sum = row_sum(station, epoch, seq, bytes);
ALTER TABLE check_in ADD COLUMN sum INTEGER;
UPDATE check_in SET sum = row_sum(station, epoch, seq, session, subject, hlc, basis, released);
ALTER TABLE hold ADD COLUMN sum INTEGER;
UPDATE hold SET sum = row_sum(session, person, term, rev, held);
