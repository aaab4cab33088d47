-- The seed of the key that signs tickets, beside the server's own: the newest of those whose public parts stand in the event's record. None:
-- no ticket was signed yet, or that key was withdrawn.
ALTER TABLE event ADD COLUMN ticket_key BLOB CHECK (ticket_key IS NULL OR length(ticket_key) = 32);
