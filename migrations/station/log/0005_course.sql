-- Of a life that is a branch of a branch (a copy was copied): every fork before its own, as JSON; none: it left the log itself.
DROP TRIGGER life_made;
DROP TRIGGER life_changed;
ALTER TABLE life ADD COLUMN branch_before TEXT;
CREATE TRIGGER life_made AFTER INSERT ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before)
  WHERE epoch = new.epoch;
END;
CREATE TRIGGER life_changed
AFTER UPDATE OF epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before)
  WHERE epoch = new.epoch;
END;
-- A row that was changed on the disk before is not made good by this.
UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before)
  WHERE sum IS row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch);
