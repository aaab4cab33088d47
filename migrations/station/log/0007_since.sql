-- The term in which the server first answered a life; 0: it has not. A held seat of an earlier term is not that life's to use: the server may
-- have taken it away, and forgotten that with a restore, without waiting for a log that it had never answered.
DROP TRIGGER life_made;
DROP TRIGGER life_changed;
ALTER TABLE life ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER life_made AFTER INSERT ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since)
  WHERE epoch = new.epoch;
END;
CREATE TRIGGER life_changed
AFTER UPDATE OF epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since)
  WHERE epoch = new.epoch;
END;
-- A row that was changed on the disk before is not made good by this.
UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since)
  WHERE sum IS row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before);
