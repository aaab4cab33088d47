-- What no entry's hash covers carries a sum of its own, so that a byte that changed on the disk is noticed: a right more, or a handover
-- less, would overfill a room. `row_sum` is SHA-256 over the columns, cut to 64 bits; the desk gives it to SQLite.
ALTER TABLE identity ADD COLUMN sum INTEGER;
UPDATE identity SET sum = row_sum(event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint);
CREATE TRIGGER identity_made AFTER INSERT ON identity BEGIN
  UPDATE identity SET sum = row_sum(event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint);
END;
CREATE TRIGGER identity_changed AFTER UPDATE OF event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint ON identity BEGIN
  UPDATE identity SET sum = row_sum(event, station, epoch, name, machine, secret_key, event_secret, address, fingerprint);
END;

ALTER TABLE line ADD COLUMN sum INTEGER;
UPDATE line SET sum = row_sum(term, receipt, receipt_signature, refetch);
CREATE TRIGGER line_made AFTER INSERT ON line BEGIN
  UPDATE line SET sum = row_sum(term, receipt, receipt_signature, refetch);
END;
CREATE TRIGGER line_changed AFTER UPDATE OF term, receipt, receipt_signature, refetch ON line BEGIN
  UPDATE line SET sum = row_sum(term, receipt, receipt_signature, refetch);
END;

ALTER TABLE life ADD COLUMN sum INTEGER;
UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch);
CREATE TRIGGER life_made AFTER INSERT ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch)
  WHERE epoch = new.epoch;
END;
CREATE TRIGGER life_changed
AFTER UPDATE OF epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch ON life BEGIN
  UPDATE life SET sum = row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch)
  WHERE epoch = new.epoch;
END;

ALTER TABLE rights ADD COLUMN sum INTEGER;
UPDATE rights SET sum = row_sum(session, granted, returned, admitted, refunded, recalled);
CREATE TRIGGER rights_made AFTER INSERT ON rights BEGIN
  UPDATE rights SET sum = row_sum(session, granted, returned, admitted, refunded, recalled) WHERE session = new.session;
END;
CREATE TRIGGER rights_changed AFTER UPDATE OF session, granted, returned, admitted, refunded, recalled ON rights BEGIN
  UPDATE rights SET sum = row_sum(session, granted, returned, admitted, refunded, recalled) WHERE session = new.session;
END;

ALTER TABLE ended ADD COLUMN sum INTEGER;
UPDATE ended SET sum = row_sum(session, term, rev);
CREATE TRIGGER ended_made AFTER INSERT ON ended BEGIN
  UPDATE ended SET sum = row_sum(session, term, rev) WHERE session = new.session;
END;
CREATE TRIGGER ended_changed AFTER UPDATE OF session, term, rev ON ended BEGIN
  UPDATE ended SET sum = row_sum(session, term, rev) WHERE session = new.session;
END;

ALTER TABLE check_in ADD COLUMN sum INTEGER;
UPDATE check_in SET sum = row_sum(epoch, seq, session, subject, hlc, basis, released_by, released_epoch);
CREATE TRIGGER check_in_made AFTER INSERT ON check_in BEGIN
  UPDATE check_in SET sum = row_sum(epoch, seq, session, subject, hlc, basis, released_by, released_epoch)
  WHERE epoch = new.epoch AND seq = new.seq;
END;
CREATE TRIGGER check_in_changed AFTER UPDATE OF epoch, seq, session, subject, hlc, basis, released_by, released_epoch ON check_in BEGIN
  UPDATE check_in SET sum = row_sum(epoch, seq, session, subject, hlc, basis, released_by, released_epoch)
  WHERE epoch = new.epoch AND seq = new.seq;
END;

ALTER TABLE decision ADD COLUMN sum INTEGER;
UPDATE decision SET sum = row_sum(verdict, act, epoch, seq);
CREATE TRIGGER decision_made AFTER INSERT ON decision BEGIN
  UPDATE decision SET sum = row_sum(verdict, act, epoch, seq) WHERE verdict = new.verdict AND act = new.act;
END;

ALTER TABLE setting ADD COLUMN sum INTEGER;
UPDATE setting SET sum = row_sum(name, value);
CREATE TRIGGER setting_made AFTER INSERT ON setting BEGIN
  UPDATE setting SET sum = row_sum(name, value) WHERE name = new.name;
END;
