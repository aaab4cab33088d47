//! The kinds of fault of DESIGN section 10, in its words, and which counts of a report are of each.

use crate::report::Report;

/// One kind, and the counts that belong to it: whole names, or beginnings that end in `*`.
type Kind = (&'static str, &'static [&'static str]);

/// Every kind of the design's table, row by row.
pub const KINDS: &[Kind] = &[
    ("network: loss", &["network: a request was lost"]),
    ("network: duplication", &["network: came twice"]),
    ("network: reordering", &["network: overtaken"]),
    ("network: answer lost after commit", &["network: an answer was lost"]),
    ("network: partial page", &["network: half a snapshot", "carry: torn"]),
    ("network: one-way partition", &["network: requests cut off", "network: answers cut off"]),
    ("network: slow link", &["network: slow and lossy"]),
    ("network: a request replayed later", &["network: an old request came again"]),
    ("process: crash", &["disk: process killed", "disk: Halt*"]),
    ("process: double start", &["started twice"]),
    ("process: long pause", &["people: a long pause"]),
    ("process: version change", &["process: an older version", "process: the newest version"]),
    ("storage: I/O error", &["disk: Error*"]),
    ("storage: disk full", &["disk: DiskFull*", "disk: refused for want of room"]),
    ("storage: torn write", &["disk: a power cut tore a write"]),
    ("storage: lost unsynced pages", &["disk: a power cut dropped what was not synced"]),
    (
        "storage: bit flip",
        &["malice: a stored byte was changed", "malice: a stored byte of the lists was changed"],
    ),
    (
        "storage: deleted WAL",
        &["storage: the lists' write-ahead log deleted", "storage: the log's write-ahead log deleted"],
    ),
    ("storage: database rolled back", &["storage: databases put back"]),
    ("storage: database copied to a second machine", &["storage: a desk was copied to another computer"]),
    ("clock: 27 hours off", &["clock: 27 hours ahead", "clock: 27 hours behind"]),
    ("clock: jump back", &["clock: jumps back"]),
    ("clock: frozen", &["clock: frozen"]),
    ("clock: 1970", &["clock: 1970"]),
    ("clock: daylight saving", &["clock: daylight saving"]),
    ("clock: reboot", &["disk: power cut"]),
    ("server: restored from an older backup", &["server: put back to a backup"]),
    ("server: restored behind its back", &["server: put back behind its back"]),
    ("server: roster lost as well", &["server: roster lost"]),
    ("server: database lost", &["server: database lost"]),
    ("server: restored twice", &["server: put back twice to one backup"]),
    ("server: key rotated", &["server: key rotated"]),
    ("people: capacity changed", &["people: a capacity was changed*"]),
    ("people: capacity changed in a partition", &["people: a capacity was changed in a partition"]),
    ("people: double undo", &["people: undone twice"]),
    ("people: exit at another gate", &["left past another desk", "an exit ended another desk's check-in"]),
    ("people: settled, then it returns", &["people: a settled desk came back"]),
    ("people: a session paused, ended or opened by hand", &["people: a session's state was set"]),
    ("people: desk revoked", &["people: a desk was revoked"]),
    ("malice: edited row", &["malice: a stored byte was changed"]),
    (
        "malice: truncated chain",
        &["storage: the log's write-ahead log deleted", "storage: databases put back"],
    ),
    ("malice: replayed credential", &["malice: a revoked desk's request came again"]),
    ("malice: stolen credential", &["malice: a stolen credential"]),
    ("malice: forged grant", &["malice: a forged grant"]),
    ("malice: forged request or answer", &["malice: a forged request", "malice: a forged signature"]),
    ("malice: forged ticket", &["malice: a forged ticket"]),
];

/// How often each kind struck, in the table's order.
pub fn counted(report: &Report) -> impl Iterator<Item = (&'static str, u64)> {
    KINDS.iter().map(|(kind, names)| (*kind, names.iter().map(|name| count(report, name)).sum()))
}

fn count(report: &Report, name: &str) -> u64 {
    match name.strip_suffix('*') {
        Some(beginning) => {
            report.faults.iter().filter(|(fault, _)| fault.starts_with(beginning)).map(|(_, n)| n).sum()
        }
        None => report.faults.get(name).or_else(|| report.sometimes.get(name)).copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_or_beginnings() {
        let mut report = Report::default();
        for fault in [
            "disk: Halt at Read",
            "disk: Halt at Sync",
            "disk: process killed",
            "malice: a stored byte was changed",
        ] {
            report.fault(fault);
        }
        report.sometimes("started twice");
        let met: Vec<_> = counted(&report).filter(|(_, count)| *count > 0).collect();
        assert_eq!(
            met,
            [
                ("process: crash", 3),
                ("process: double start", 1),
                ("storage: bit flip", 1),
                ("malice: edited row", 1)
            ]
        );
    }
}
