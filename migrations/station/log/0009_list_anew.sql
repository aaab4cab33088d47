-- A newer server may have told an earlier version of this program of guests' flags, which it passed over: the list is fetched anew when
-- the server can be reached, and is used until then. Without that such a guest would be let in without asking.
UPDATE line SET refetch = 2 WHERE refetch = 0 AND sum IS row_sum(term, receipt, receipt_signature, refetch);
