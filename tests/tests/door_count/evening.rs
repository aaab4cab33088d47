//! A small evening by hand: three desks, a cut, a kill, a full room; consistent in every file, unless it was wished otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use chrono::{DateTime, SecondsFormat};

const PLAN: &str = "order what arrival desk act at_ms done_ms session capacity code person_id standing expect pictures read \
                    verdict outcome again";
const DESK: &str = "station_id desk epoch seq kind at_ms hlc wall_ms session_id session person_id code_digest basis late \
                    registered of refund reason rights acknowledged initials prev_hash hash";
const SERVER: &str = "at kind session person code station basis late registered released double over_capacity unknown_ticket \
                      received desk_clock session_id person_id code_digest station_id epoch seq of hash";
const HALL: (&str, Option<usize>) = ("Hall", None);
const WORKSHOP: (&str, Option<usize>) = ("Workshop", Some(3));
const STEP_MS: i64 = 100;

type Room = (&'static str, Option<usize>);
type Cells = BTreeMap<&'static str, String>;

/// What kind of evening it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Good,
    /// One guest too many, and every file says so.
    OverCapacity,
    FewDoubles,
    NoUndos,
    /// The workshop does not fill.
    EmptySeat,
}

/// What is written.
pub(crate) struct Evening {
    now_ms: i64,
    plan: Vec<Cells>,
    logs: [Vec<Cells>; 3],
    server: Vec<Cells>,
    restarted: Vec<Cells>,
    cut: bool,
    arrivals: usize,
    /// Who is inside, by room.
    inside: BTreeMap<&'static str, BTreeSet<String>>,
    /// The check-ins of arrivals, as indexes into the server's lines.
    made: BTreeMap<usize, usize>,
}

fn cells(pairs: &[(&'static str, &str)]) -> Cells {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

impl Evening {
    pub(crate) fn new(wish: Wish) -> Self {
        let mut evening = Self {
            now_ms: 1_790_000_000_000,
            plan: Vec::new(),
            logs: Default::default(),
            server: Vec::new(),
            restarted: Vec::new(),
            cut: false,
            arrivals: 0,
            inside: BTreeMap::new(),
            made: BTreeMap::new(),
        };
        for desk in 0..3 {
            evening.append(desk, "open_epoch", Cells::new());
        }
        evening.online(wish);
        evening.cut(wish);
        evening.healed();
        evening
    }

    fn online(&mut self, wish: Wish) {
        (0..3).for_each(|guest| self.admit(0, HALL, &format!("early {guest}")));
        self.admit(0, WORKSHOP, "first at work");
        if wish != Wish::NoUndos {
            self.undo(0, 3, false);
        }
    }

    fn cut(&mut self, wish: Wish) {
        [1, 2].into_iter().for_each(|desk| self.mark(desk, "cut_start", ""));
        self.cut = true;
        let tickets: Vec<_> =
            (0..if wish == Wish::FewDoubles { 19 } else { 22 }).map(|n| format!("double {n}")).collect();
        tickets.iter().for_each(|ticket| self.admit(1, HALL, ticket));
        self.admit(2, HALL, "wrong person");
        if wish != Wish::NoUndos {
            self.undo(2, self.arrivals, true);
        }
        tickets[..15].iter().for_each(|ticket| self.admit(2, HALL, ticket));
        self.kill(2);
        tickets[15..].iter().for_each(|ticket| self.admit(2, HALL, ticket));
        let places = match wish {
            Wish::EmptySeat => 1,
            Wish::OverCapacity => 3,
            _ => 2,
        };
        (0..places).for_each(|guest| self.admit(0, WORKSHOP, &format!("at work {guest}")));
        (0..5).for_each(|guest| {
            self.refuse(
                0,
                WORKSHOP,
                &format!("too late {guest}"),
                ("registered", "in_or_no_place", "grant_empty"),
            )
        });
        self.cut = false;
        [1, 2].into_iter().for_each(|desk| self.mark(desk, "cut_end", ""));
    }

    fn healed(&mut self) {
        self.refuse(1, HALL, "early 0", ("registered", "already_in", "already_in"));
        self.refuse(1, HALL, "gave it up", ("cancelled", "refused", "cancelled"));
        self.refuse(2, HALL, "?no-such-code", ("unknown", "refused", "unknown_ticket"));
        self.arrive(
            2,
            HALL,
            "?https://example.org",
            &[
                ("standing", "not_a_ticket"),
                ("expect", "silent"),
                ("read", "yes"),
                ("verdict", "not_a_ticket"),
                ("outcome", "open"),
            ],
        );
        self.arrive(2, HALL, "?", &[("standing", "no_code"), ("expect", "silent"), ("read", "no")]);
        self.admit(1, HALL, "last");
        self.arrive(
            1,
            HALL,
            "last",
            &[
                ("standing", "registered"),
                ("expect", "again"),
                ("read", "yes"),
                ("verdict", "registered"),
                ("outcome", "let_in"),
                ("again", "yes"),
            ],
        );
        for (room, _) in [HALL, WORKSHOP] {
            let people = self.inside.get(room).map_or(0, BTreeSet::len);
            (0..3).for_each(|desk| self.mark(desk, "inside", room));
            let lines = self.plan.len();
            self.plan[lines - 3..].iter_mut().for_each(|row| drop(row.insert("arrival", people.to_string())));
        }
    }

    /// Somebody comes; the line of the plan. A name that begins with ? is a code that nobody is known for.
    fn arrive(&mut self, desk: usize, (session, places): Room, who: &str, more: &[(&'static str, &str)]) {
        self.arrivals += 1;
        let (nr, capacity) =
            (self.arrivals.to_string(), places.map(|places| places.to_string()).unwrap_or_default());
        let (code, person) = match who.strip_prefix('?') {
            Some(code) => (code.to_owned(), String::new()),
            None => (format!("code of {who}"), format!("person {who}")),
        };
        let mut row = cells(&[
            ("what", "arrival"),
            ("arrival", &nr),
            ("session", session),
            ("capacity", &capacity),
            ("code", &code),
            ("person_id", &person),
            ("again", "no"),
        ]);
        row.extend(cells(more));
        self.write_down(desk, row);
    }

    fn admit(&mut self, desk: usize, room: Room, who: &str) {
        let told =
            [("standing", "registered"), ("read", "yes"), ("verdict", "registered"), ("outcome", "let_in")];
        let expect = if room == WORKSHOP { "in_or_no_place" } else { "in" };
        self.arrive(desk, room, who, &[&told[..], &[("expect", expect)]].concat());
        let person = format!("person {who}");
        let double = !self.inside.entry(room.0).or_default().insert(person.clone());
        let taken = self.inside[room.0].len();
        let over = room.1.is_some_and(|places| taken > places);
        let at = self.append(
            desk,
            "check_in",
            cells(&[
                ("session", room.0),
                ("session_id", room.0),
                ("person_id", &person),
                ("basis", "grant"),
                ("registered", "yes"),
                ("late", "no"),
            ]),
        );
        self.made.insert(self.arrivals, at);
        self.server[at].extend(cells(&[("double", yes_no(double)), ("over_capacity", yes_no(over))]));
    }

    fn refuse(&mut self, desk: usize, room: Room, who: &str, (standing, expect, reason): (&str, &str, &str)) {
        self.arrive(
            desk,
            room,
            who,
            &[
                ("standing", standing),
                ("expect", expect),
                ("read", "yes"),
                ("verdict", reason),
                ("outcome", "open"),
            ],
        );
        let digest = if who.starts_with('?') { "d1".repeat(32) } else { String::new() };
        let person = if digest.is_empty() { format!("person {who}") } else { String::new() };
        self.append(
            desk,
            "decline",
            cells(&[
                ("session", room.0),
                ("session_id", room.0),
                ("person_id", &person),
                ("code_digest", &digest),
                ("reason", reason),
            ]),
        );
    }

    fn undo(&mut self, desk: usize, arrival: usize, refund: bool) {
        self.write_down(
            desk,
            cells(&[("what", "undo"), ("arrival", &arrival.to_string()), ("session", "Hall")]),
        );
        let undone = &mut self.server[self.made[&arrival]];
        undone.insert("released", "yes".into());
        let of = ["station_id", "epoch", "seq"].map(|part| undone[part].clone()).join("/");
        let person = undone["person_id"].clone();
        self.inside.get_mut("Hall").unwrap().remove(&person);
        self.append(desk, "undo", cells(&[("of", &of), ("refund", yes_no(refund)), ("reason", "other")]));
    }

    fn mark(&mut self, desk: usize, word: &str, session: &str) {
        self.write_down(desk, cells(&[("what", word), ("session", session)]));
    }

    fn kill(&mut self, desk: usize) {
        self.restarted = self.logs[desk].clone();
        self.restarted.iter_mut().skip(1).for_each(|row| drop(row.insert("acknowledged", "no".into())));
        self.mark(desk, "kill", "");
        self.mark(desk, "restart", "");
    }

    fn write_down(&mut self, desk: usize, mut row: Cells) {
        self.now_ms += STEP_MS;
        let order = (self.plan.len() + 1).to_string();
        let (at, done) = (self.now_ms.to_string(), (self.now_ms + STEP_MS / 2).to_string());
        row.extend(cells(&[("order", &order), ("desk", &name(desk)), ("at_ms", &at), ("done_ms", &done)]));
        self.plan.push(row);
    }

    /// An entry in a desk's log and, where it is about a door, on the server; its index there.
    fn append(&mut self, desk: usize, kind: &str, body: Cells) -> usize {
        let log = &mut self.logs[desk];
        let seq = log.len() + 1;
        let hash = format!("{:064x}", desk * 100_000 + seq);
        let before = log.last().map_or("0".repeat(64), |row| row["hash"].clone());
        let wall_ms = self.now_ms + STEP_MS / 4;
        let (station, epoch) = (format!("station-{desk}"), format!("{desk:016x}"));
        let mut row = body;
        row.extend(cells(&[
            ("kind", kind),
            ("station_id", &station),
            ("epoch", &epoch),
            ("seq", &seq.to_string()),
            ("hash", &hash),
        ]));
        let mut own = row.clone();
        let (wall, hlc) = (wall_ms.to_string(), (wall_ms << 16).to_string());
        own.extend(cells(&[
            ("desk", &name(desk)),
            ("prev_hash", &before),
            ("acknowledged", "yes"),
            ("wall_ms", &wall),
            ("at_ms", &wall),
            ("hlc", &hlc),
        ]));
        log.push(own);
        if kind == "open_epoch" {
            return 0;
        }
        // What is written in the cut arrives long after it.
        let received = if self.cut && desk > 0 { wall_ms + 3_600_000 } else { wall_ms + 5 };
        row.extend(cells(&[
            ("station", &name(desk)),
            ("at", &time(wall_ms)),
            ("desk_clock", &time(wall_ms)),
            ("received", &time(received)),
        ]));
        for flag in ["released", "double", "over_capacity", "unknown_ticket"] {
            row.insert(flag, "no".into());
        }
        self.server.push(row);
        self.server.len() - 1
    }

    pub(crate) fn write(&self, folder: &Path) {
        write(&folder.join("plan.csv"), PLAN, &self.plan);
        write(&folder.join("server.csv"), SERVER, &self.server);
        write(&folder.join("restarted-3.csv"), DESK, &self.restarted);
        for (desk, log) in self.logs.iter().enumerate() {
            write(&folder.join(format!("desk-{}.csv", desk + 1)), DESK, log);
        }
    }
}

fn write(path: &Path, header: &str, rows: &[Cells]) {
    let columns: Vec<_> = header.split_whitespace().collect();
    let mut csv = csv::Writer::from_path(path).unwrap();
    csv.write_record(&columns).unwrap();
    for row in rows {
        csv.write_record(columns.iter().map(|column| row.get(column).map_or("", String::as_str))).unwrap();
    }
    csv.flush().unwrap();
}

fn name(desk: usize) -> String {
    format!("Desk {}", desk + 1)
}

fn time(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).unwrap().to_rfc3339_opts(SecondsFormat::Millis, false)
}

const fn yes_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}
