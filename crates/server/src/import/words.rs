//! The fields that a file can have, what `--map` calls them, and the headers by which organisers' own files name them in English, German,
//! Spanish, Turkish and French. pretix's words are in `pretix_words`.

/// A header or word made comparable: white space collapsed, lower case, direction marks dropped. The Turkish i without a dot becomes one with
/// a dot, for `SOYADI` in lower case has lost the difference.
pub(super) fn fold(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return text.to_ascii_lowercase();
    }
    text.split_whitespace()
        .map(|word| {
            word.to_lowercase().replace(['\u{200e}', '\u{200f}', '\u{feff}', '\u{307}'], "").replace('ı', "i")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident $key:literal [$($also:literal),*] $words:expr;)*) => {
        /// What a column means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field { $($(#[$doc])* $variant,)* }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The name that `--map` uses.
            pub fn key(self) -> &'static str {
                match self { $(Field::$variant => $key,)* }
            }

            /// The field of that name or of one of its other names.
            pub fn of_key(key: &str) -> Option<Field> {
                match key { $($key $(| $also)* => Some(Field::$variant),)* _ => None }
            }

            /// Headers that mean this field, folded.
            pub(super) fn words(self) -> &'static [&'static str] {
                match self { $(Field::$variant => $words,)* }
            }
        }
    };
}

impl Field {
    /// Whether several columns may have a part each.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Sessions | Self::Flags)
    }
}

fields! {
    /// The whole name as it is shown.
    Name "name" [] &["name", "full name", "fullname", "attendee", "attendee name", "participant", "participant name", "guest", "vollständiger name", "teilnehmer", "teilnehmername", "teilnehmer*in", "teilnehmerin", "gast", "nombre completo", "nombre y apellidos", "asistente", "participante", "ad soyad", "adi soyadi", "ad-soyad", "isim", "katilimci", "katilimci adi", "nom complet", "nom et prénom", "prénom et nom", "participant·e"];
    /// Given name.
    First "first" ["first_name", "given"] &["first name", "firstname", "given name", "forename", "vorname", "nombre", "nombres", "ad", "adi", "prénom", "prenom"];
    /// Family name.
    Last "last" ["last_name", "family"] &["last name", "lastname", "family name", "surname", "nachname", "familienname", "apellido", "apellidos", "soyad", "soyadi", "soyisim", "nom", "nom de famille"];
    /// E-mail address.
    Email "email" ["mail", "e-mail"] &["email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse", "mailadresse", "correo", "correo electrónico", "e-posta", "eposta", "e-posta adresi", "courriel", "adresse e-mail", "adresse email", "adresse mail"];
    /// Organisation.
    Organisation "organisation" ["organization", "org", "company"] &["organisation", "organization", "company", "affiliation", "institution", "firma", "unternehmen", "institut", "organización", "empresa", "institución", "kurum", "şirket", "kuruluş", "entreprise", "société", "organisme"];
    /// What the ticket's QR code carries.
    Code "code" ["ticket", "ticket_code", "secret"] &["code", "ticket code", "ticketcode", "ticket", "barcode", "qr code", "qr-code", "qr", "secret", "ticket id", "ticket secret", "ticket-code", "ticketnummer", "código", "código de entrada", "código qr", "entrada", "bilet kodu", "bilet", "kod", "karekod", "code du billet", "billet", "code-barres", "code qr"];
    /// Ticket kind.
    Kind "kind" ["ticket_kind", "type", "product"] &["kind", "type", "ticket type", "ticket kind", "category", "product", "ticketart", "kategorie", "produkt", "tipo", "tipo de entrada", "categoría", "producto", "bilet türü", "tür", "kategori", "ürün", "type de billet", "catégorie", "produit"];
    /// Order code.
    Order "order" [] &["order", "order code", "order number", "booking", "bestellung", "bestellnummer", "buchung", "buchungsnummer", "pedido", "código de pedido", "número de pedido", "sipariş", "sipariş kodu", "sipariş no", "commande", "numéro de commande", "code de commande"];
    /// Sessions that the person is registered for. May be mapped several times.
    Sessions "sessions" ["session", "talks", "registrations"] &["sessions", "session", "talks", "workshops", "registrations", "sitzungen", "vorträge", "veranstaltungen", "sesiones", "sesión", "charlas", "talleres", "oturumlar", "oturum", "ateliers", "séances", "conférences"];
    /// The ticket is valid from this time.
    ValidFrom "valid_from" [] &["valid from", "valid_from", "gültig ab", "gültig von", "válido desde", "geçerlilik başlangici", "valable depuis", "valable à partir de", "valable du"];
    /// The ticket is valid until this time.
    ValidUntil "valid_until" [] &["valid until", "valid to", "valid_until", "gültig bis", "válido hasta", "geçerlilik bitişi", "valable jusqu'au", "valable jusqu’au"];
    /// Notes for the desk.
    Notes "notes" ["note", "comment"] &["notes", "note", "comment", "comments", "remarks", "bemerkung", "bemerkungen", "notiz", "notizen", "kommentar", "notas", "comentario", "comentarios", "observaciones", "not", "notlar", "açiklama", "commentaire", "commentaires", "remarques"];
    /// Words for whom the desk looks at before letting in. May be mapped several times.
    Flags "flags" ["flag", "tags", "labels"] &["flags", "flag", "tags", "tag", "labels", "label", "markierungen", "markierung", "kennzeichen", "schlagworte", "etiquetas", "etiqueta", "marcas", "etiketler", "etiket", "işaretler", "étiquettes", "étiquette", "marqueurs", "mots-clés"];
    /// The desk takes a second look.
    Attention "attention" [] &["attention", "special attention", "besondere aufmerksamkeit", "atención especial", "özel ilgi", "attention particulière"];
    /// Confirmed or cancelled.
    Status "status" [] &["status", "state", "registration status", "estado", "durum", "statut"];
    /// The ticket is cancelled, yes or no.
    Cancelled "cancelled" ["canceled"] &["cancelled", "canceled", "storniert", "cancelado", "iptal edildi", "annulé"];
    /// The ticket is blocked.
    Blocked "blocked" [] &["blocked", "gesperrt", "bloqueado", "engellendi", "bloqué"];
    /// The ticket is paid for.
    Paid "paid" [] &["paid", "bezahlt", "pagado", "ödendi", "ödenmiş", "payé"];
}

/// Words in a status column that mean that the person does not come.
pub(super) const CANCELLED: &[&str] = &[
    "cancelled",
    "canceled",
    "c",
    "storniert",
    "abgesagt",
    "abgemeldet",
    "cancelado",
    "cancelada",
    "anulado",
    "anulada",
    "iptal",
    "iptal edildi",
    "annulé",
    "annulée",
    "refunded",
    "erstattet",
    "expired",
    "abgelaufen",
    "rejected",
    "abgelehnt",
    "declined",
];
/// Words in a status column that mean that payment is outstanding.
pub(super) const UNPAID: &[&str] = &[
    "unpaid",
    "pending",
    "offen",
    "unbezahlt",
    "nicht bezahlt",
    "ausstehend",
    "pendiente",
    "impagado",
    "ödenmedi",
    "beklemede",
    "impayé",
    "impayée",
    "en attente",
];
