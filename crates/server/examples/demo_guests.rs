//! Makes assets/demo/guests.csv anew, always the same: `cargo run -p usher-server --example demo_guests > assets/demo/guests.csv`.
//! Names are put together from common given and family names of many languages; nobody real is meant.

use std::io::Write;

/// splitmix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[(self.roll() % of.len() as u64) as usize]
    }

    fn chance(&mut self, per_mille: u64) -> bool {
        self.roll() % 1_000 < per_mille
    }
}

/// How a language puts a name together.
#[derive(Clone, Copy)]
enum Order {
    GivenFamily,
    FamilyGiven,
    Joined,
}

/// Weight, order, given names, family names, Latin letters for the e-mail address.
type Language = (u64, Order, &'static [&'static str], &'static [&'static str]);

use Order::{FamilyGiven, GivenFamily, Joined};

const LANGUAGES: &[Language] = &[
    (
        16,
        GivenFamily,
        &[
            "Lucía",
            "Martín",
            "Íñigo",
            "Begoña",
            "José María",
            "Andrés",
            "Ángela",
            "Nuria",
            "Ramón",
            "María del Carmen",
        ],
        &[
            "García Núñez",
            "Fernández Peña",
            "Ibáñez",
            "de la Fuente y Sáenz",
            "Muñoz Ocaña",
            "Castaño",
            "Ruiz-Giménez",
            "Ordóñez",
        ],
    ),
    (
        10,
        GivenFamily,
        &["Chloé", "François", "Zoë", "Benoît", "Anaïs", "Jean-Sébastien", "Hélène", "Loïc"],
        &["Lefèvre", "Dubois-Marchand", "Garçon", "Château", "d’Aubigné", "Noël", "Le Goff", "Béranger"],
    ),
    (
        12,
        GivenFamily,
        &["Jürgen", "Käthe", "Søren", "Åsa", "Björn", "Günther", "Maren", "Hans-Jörg", "Þóra", "Eero"],
        &[
            "Müller-Lüdenscheidt",
            "Groß",
            "Ødegård",
            "Lindström",
            "von der Höhe",
            "Weiß",
            "Jónsdóttir",
            "Mäkelä",
            "Schäfer",
        ],
    ),
    (
        10,
        GivenFamily,
        &["Łukasz", "Agnieszka", "Jiří", "Růžena", "Žofia", "Ștefan", "Kristýna", "Ţipora", "Đorđe"],
        &["Wiśniewski", "Dvořák", "Żółć", "Kučera", "Țepeș", "Šimůnek", "Nowak-Łęcka", "Hašek", "Petrović"],
    ),
    (
        12,
        GivenFamily,
        &["Işıl", "İbrahim", "Gökçe", "Çağla", "Özgür", "Şeyma", "Ümit", "Yiğit", "Iraz", "Ayşegül"],
        &["Yılmaz", "Işık", "Çelikkıran", "Öztürk", "Şahin", "Kılıç", "Güneş", "Ağaoğlu", "İnönü"],
    ),
    (
        8,
        GivenFamily,
        &["Nguyễn Thị", "Minh Châu", "Đức", "Quỳnh", "Thảo"],
        &["Trần", "Phạm", "Đặng", "Huỳnh", "Bùi"],
    ),
    (
        8,
        GivenFamily,
        &["محمد", "فاطمة", "عبد الرحمن", "ليلى", "يوسف", "نور الهدى", "خالد"],
        &["الحسيني", "بن علي", "الزهراني", "حداد", "القاسم", "المصري"],
    ),
    (3, GivenFamily, &["נועה", "אורי", "שירה"], &["כהן", "לוי", "בן־דוד"]),
    (
        8,
        GivenFamily,
        &["अनन्या", "रोहित", "प्रियंका", "श्रीकान्त", "दीपिका", "विवेक"],
        &["शर्मा", "त्रिपाठी", "चौधरी", "मिश्र", "देशपाण्डे"],
    ),
    (8, Joined, &["小龙", "秀英", "伟", "婷婷", "志强", "雅"], &["李", "王", "欧阳", "張", "陳", "司馬"]),
    (
        8,
        FamilyGiven,
        &["陽子", "健太", "さくら", "大輔", "美咲", "ひろし"],
        &["佐藤", "鈴木", "髙橋", "渡邊", "伊藤"],
    ),
    (8, Joined, &["민준", "서연", "지우", "하은", "도윤"], &["김", "이", "박", "최", "남궁"]),
    (
        6,
        GivenFamily,
        &["Ольга", "Дмитрий", "Анастасия", "Олександр", "Ґанна"],
        &["Иванова", "Щербакова", "Ковальчук", "Їжакевич", "Соколов"],
    ),
    (4, GivenFamily, &["Ελένη", "Γιώργος", "Αθηνά"], &["Παπαδόπουλος", "Ζαχαρίου", "Κωνσταντινίδου"]),
    (
        12,
        GivenFamily,
        &["Grace", "Oluwaseun", "Siobhán", "Thandiwe", "Kwame", "Aroha", "Niamh", "DeShawn"],
        &[
            "O’Brien",
            "Adébáyò",
            "Smith-Jones",
            "Mac Giolla Phádraig",
            "Nkosi",
            "Owusu-Ansah",
            "Ngata",
            "St. John",
        ],
    ),
    (4, GivenFamily, &["Suharto", "Björk", "Sukarno", "Madhu", "Teller", "X Æ", "Nô"], &[""]),
    (
        3,
        GivenFamily,
        &[
            "Wolfeschlegelsteinhausenbergerdorff-Maximiliana Theodora Euphrosyne",
            "Pablo Diego José Francisco de Paula Juan Nepomuceno",
        ],
        &[
            "von und zu Hohenlohe-Waldenburg-Schillingsfürst",
            "María de los Remedios Cipriano de la Santísima Trinidad",
        ],
    ),
];

const FLAGS: &[&str] = &["Speaker", "Speaker", "Minor", "Wheelchair", "VIP", "Press", "VIP; Speaker"];

const ORGANISATIONS: &[&str] = &[
    "",
    "",
    "",
    "Universidad de Alcázar",
    "Boğaz Yazılım A.Ş.",
    "Nordlicht GmbH & Co. KG",
    "東京紙工房",
    "Ateliers du Pont",
    "City Library, \"Old Wing\"",
    "جمعية الخط العربي",
    "Open Queue Foundation",
    "Čerpadlo s.r.o.",
];
const KINDS: &[(&str, u64)] =
    &[("Full pass", 620), ("Day ticket", 230), ("Student", 100), ("Speaker", 30), ("Press", 20)];
/// Session code, how many of a thousand book it.
const SESSIONS: &[(&str, u64)] = &[
    ("BREAKFAST", 80),
    ("STAGE", 45),
    ("KEYNOTE", 238),
    ("LETTERS", 25),
    ("PANEL", 110),
    ("MAPS", 60),
    ("DINNER", 150),
];
const NOTES: &[&str] = &[
    "Wheelchair: use the lift on the left.",
    "Badge name differs from the ticket.",
    "Receives the speaker's gift at the desk.",
    "Guide dog.",
    "Nut allergy; hand out the red card.",
    "Ask for the signed consent form.",
];
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GUESTS: usize = 1_200;

fn name(dice: &mut Dice) -> String {
    let all: u64 = LANGUAGES.iter().map(|language| language.0).sum();
    let mut at = dice.roll() % all;
    for (weight, order, given, family) in LANGUAGES {
        if at < *weight {
            let (given, family) = (dice.pick(given), dice.pick(family));
            return match order {
                GivenFamily => format!("{given} {family}").trim().to_owned(),
                FamilyGiven => format!("{family} {given}"),
                Joined => format!("{family}{given}"),
            };
        }
        at -= weight;
    }
    unreachable!("a roll below the sum of the weights falls on one of them")
}

fn kind(dice: &mut Dice) -> &'static str {
    let mut at = dice.roll() % 1_000;
    for (kind, weight) in KINDS {
        if at < *weight {
            return kind;
        }
        at -= weight;
    }
    KINDS[0].0
}

fn code(dice: &mut Dice) -> String {
    let letters: String = (0..16).map(|_| char::from(*dice.pick(LETTERS))).collect();
    format!("DEMO{letters}")
}

fn sessions(dice: &mut Dice) -> String {
    let booked = SESSIONS.iter().filter(|(_, per_mille)| dice.chance(*per_mille));
    booked.map(|(code, _)| *code).collect::<Vec<_>>().join(";")
}

fn main() -> std::io::Result<()> {
    // Flags have dice of their own: with and without them the guests are the same.
    let (mut dice, mut marks) = (Dice(20_261_120), Dice(4));
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    out.write_record([
        "name",
        "email",
        "organisation",
        "code",
        "kind",
        "order",
        "sessions",
        "notes",
        "status",
        "flags",
    ])?;
    let (mut order, mut left) = (0, 0);
    for number in 1..=GUESTS {
        if left == 0 {
            (order, left) = (order + 1, *dice.pick(&[1, 1, 1, 1, 2, 2, 3, 4, 5]));
        }
        left -= 1;
        let note = if dice.chance(25) { dice.pick(NOTES) } else { "" };
        let status = if dice.chance(30) { "cancelled" } else { "confirmed" };
        let flag = if marks.chance(20) { marks.pick(FLAGS) } else { "" };
        out.write_record([
            &name(&mut dice),
            &format!("guest{number:04}@example.org"),
            *dice.pick(ORGANISATIONS),
            &code(&mut dice),
            kind(&mut dice),
            &format!("D{order:04}"),
            &sessions(&mut dice),
            note,
            status,
            flag,
        ])?;
    }
    out.into_inner().map_err(|error| error.into_error())?.flush()
}
