//! The words by which pretix names the columns of its exports, and says yes and no, in the languages it speaks.
//! Folded as [`super::words::fold`] does. No word stands for two columns, so no language need be guessed.
//! Albanian "jo" (no) and Luxembourgish "jo" (yes) are left out: such a cell is reported, not guessed.

/// pretix: "Order code".
pub(super) const ORDER_CODE: &[&str] = &[
    "order code", "bestelcode", "bestellnummer", "bestillingsnr.", "bokningsnummer", "code de commande", "codi de comanda", "codice ordine",
    "código de pedido", "código del pedido", "código do pedido", "eskaera kodea", "id comandă", "kod zamówienia", "koda naročila", "kode pemesanan",
    "kód objednávky", "mã đặt hàng", "nummer vun der bestellung", "objednávkový kód", "ordrekode", "pasūtījuma kods", "rendelési kód", "sipariş kodu",
    "tilauskoodi", "šifra narudžbe", "κωδικός παραγγελίας", "код заказа", "код замовлення", "קוד הזמנה", "رمز الطلب", "ඇණවුම් කේතය",
    "รหัสการลงทะเบียน", "注文コード", "訂單代碼", "订单代码", "주문 코드",
];
/// pretix: "Attendee name".
pub(super) const ATTENDEE_NAME: &[&str] = &[
    "attendee name", "apmeklētāja vārds, uzvārds", "bertaratuko den pertsonaren izena", "deltakernavn", "ime sudionika", "ime udeleženca",
    "imię i nazwisko uczestnika", "imię uczestnika", "jméno účastníka", "katilimci adi", "meno účastníka", "naam deelnemer", "naam van deelnemer",
    "nama peserta", "name teilnehmer*in", "namn på deltagare", "navn på deltager", "nom de l'assistent", "nom du participant", "nombre del asistente",
    "nome da persoa asistente", "nome del partecipante", "nome do participante", "numele participantului", "numm vum participant",
    "osallistujan nimi", "résztvevő neve", "tên người tham dự", "όνομα συμμετεχόντος", "имя посетителя", "ім'я учасника", "שם משתתף", "اسم المشارك",
    "ชื่อผู้เข้าร่วม", "参加者の名前", "與會者名字", "观众姓名", "참석자 이름",
];
/// pretix: "Given name".
pub(super) const GIVEN_NAME: &[&str] = &[
    "given name", "'ονομα", "etunimi", "fornavn", "förnamn", "ime", "imię", "izena", "jméno", "keresztnév", "meno", "nama depan", "nom", "nombre",
    "nome", "nome próprio", "prenume", "prénom", "tên được cho", "virnumm", "voornaam", "vorname", "vārds", "имя", "ім'я", "שם פרטי", "الاسم الاول",
    "ชื่อจริง", "名（given name）", "給定名字", "给定名称", "이름",
];
/// pretix: "Family name".
pub(super) const FAMILY_NAME: &[&str] = &[
    "family name", "abizena", "achternaam", "apelido", "apellido", "cognom", "cognome", "efternamn", "efternavn", "etternavn", "familljennumm",
    "nachname", "nama belakang", "nazwisko", "nom de famille", "nume", "prezime", "priezvisko", "příjmení", "sobrenome", "sukunimi", "tên gia đình",
    "uzvārds", "vezetéknév", "επώνυμο", "прізвище", "фамилия", "שם משפחה", "اسم العائلة", "นามสกุล", "姓氏", "家族姓氏", "氏（surname/family name）", "성",
];
/// pretix: "Product".
pub(super) const PRODUCT: &[&str] = &[
    "product", "cynnyrch", "izdelek", "prodotto", "producte", "producto", "produit", "produk", "produkt", "produkti", "produkts", "produktua",
    "produs", "produto", "proizvod", "sản phẩm", "termék", "tuote", "ürün", "προϊόν", "продукт", "מוצר", "المنتج", "สินค้า", "产品", "產品", "製品", "제품",
];
/// pretix: "Variation".
pub(super) const VARIATION: &[&str] = &[
    "variation", "aldakuntza", "amrywiad", "biến thể", "variaatio", "variace", "variacion", "variació", "variación", "variant", "varianta",
    "variante", "variasi", "variasjon", "variação", "variație", "varijacija", "variácia", "variáció", "variācija", "varyasyon", "wariant",
    "παραλλαγή", "вариант", "варіанти", "וריאציה", "التباين", "รูปแบบสินค้า", "バリエーション", "变量", "類別", "변동",
];
/// pretix: "Checked in".
pub(super) const CHECKED_IN: &[&str] = &[
    "checked in", "agecheckt", "beléptetve", "check in", "check-in effettuato", "check-in realizado", "check-inano", "checkade in", "chequeado",
    "cu check-in", "eingecheckt", "enregistrement effectué", "fez check-in", "ingecheckt", "innsjekket.", "kontrol edilmiş", "odbaveno", "odbavený",
    "odprawiony", "tjekket ind", "đã đăng ký", "έλεγχος", "зареєстрований", "ביצע צ'ק-אין", "تم تسجيل الوصول", "เช็คอินแล้ว", "チェックイン済み", "已签入", "登記",
    "체크인 됨(입장 완료)",
];
/// pretix: "Checked out".
pub(super) const CHECKED_OUT: &[&str] = &[
    "checked out", "ausgetreten", "check-out", "check-out efectuat", "check-out realizado", "comprado", "egiaztatua", "kiléptetve", "kirjattu ulos",
    "kiểm tra", "memeriksa", "naplaćeno", "odhlásený", "passé en caisse", "sjekket ut.", "uitgecheckt", "utcheckad", "verifica il tuo ordine",
    "wymeldowany", "виписано", "בוצעה יציאה", "تسجيل خروج", "เช็คเอาต์แล้ว", "チェックアウトしました", "已登出",
];
/// pretix: "Automatically checked in".
pub(super) const AUTOMATICALLY: &[&str] = &[
    "automatically checked in", "automaattisesti kirjattu sisään", "automaticky odbavený", "automatikusan beléptetve", "automatisch eingecheckt",
    "automatisch ingecheckt", "automatisk innsjekket", "automatiskt incheckad", "automatski check-in", "automatycznie zameldowany",
    "check-in automaticamente", "check-in automático", "enregistrement automatique", "erregistro automatikoa", "otomatis check in",
    "registro automático", "tự động đăng ký", "înregistrări automate check-in", "автоматично зареєстровано", "בוצע צ'ק-אין אוטומטי",
    "تم التسجيل تلقائيا", "เช็คอินอัตโนมัติ", "自動的にチェックインされました", "自動簽到",
];
/// pretix: "Paid".
pub(super) const PAID: &[&str] = &[
    "paid", "apmaksāts", "betaald", "betald", "betalt", "bezahlt", "bezuelt", "dibayar", "fizetve", "maksettu", "opłacone", "pagado", "pagat",
    "pagato", "pago", "payé", "plaćeno", "plătită", "trả tiền", "zaplaceno", "zaplatené", "ödenmiş", "πληρώθηκε", "оплачено", "שולם", "مدفوع",
    "ชำระเงินแล้ว", "付款", "已付款", "支払い済み", "지불",
];
/// pretix: "Secret".
pub(super) const SECRET: &[&str] = &[
    "secret", "bí mật", "cheie secretă", "geheim", "geheimnis", "hemligt", "hemmelighed", "hemmelighet", "mυστικό (secret)", "rahasia", "salainen",
    "secreto", "segredo", "sekret", "sekretua", "sir", "tajna", "tajné", "titok", "секрет", "סודי", "سري", "รหัสลับ", "シークレット", "密钥", "秘密",
];
/// pretix: "Email".
pub(super) const EMAIL: &[&str] = &[
    "email", "correo electrónico", "correu electrònic", "e-bost", "e-mail", "e-maila", "e-pasts", "e-post", "e-posta", "e-pošta", "hộp thư điện tử",
    "sähköposti", "ηλεκτρονικό ταχυδρομείο", "ел.пошта", "электронная почта", "אימייל", "البريد الإلكتروني", "อีเมล", "電子メール", "電子郵件", "이메일",
];
/// pretix: "Company".
pub(super) const COMPANY: &[&str] = &[
    "company", "azienda", "bedrijf", "companie", "compañía", "cwmni", "cég", "công ty", "empresa", "entreprise", "erakundea", "firma", "företag",
    "perusahaan", "podjetje", "společnost", "spoločnosť", "tvrtka", "uzņēmums", "virksomhed", "yritys", "şirket", "εταιρεία", "компания", "компанія",
    "חברה", "الشركة", "บริษัท", "企業", "公司", "회사",
];
/// pretix: "Requires special attention".
pub(super) const ATTENTION: &[&str] = &[
    "requires special attention", "arreta berezia eskatzen du", "benötigt besondere behandlung", "erfuerdert speziell opmierksamkeet",
    "krever oppmerksomhet", "kräver speciell uppmärksamhet", "kræver særlig opmærksomhed", "külön figyelmet igényel", "membutuhkan perhatian khusus",
    "necesită o atenție specială", "nepieciešama papildus pārbaude", "nécessite une attention particulière", "potrebuje posebno pozornost",
    "requer atenção especial", "requereix atenció especial", "requiere atención especial", "requiere una atención especial",
    "require especial atención", "richiede particolare attenzione", "vaatii erityishuomiota", "vereist speciale aandacht", "vyžaduje pozornost",
    "vyžaduje si osobitnú pozornosť", "wymaga specjalnej uwagi", "zahtijeva posebnu pažnju", "özel ilgi gerektirir", "đòi hỏi sự chú ý đặc biệt",
    "απαιτείται ιδιαίτερη προσοχή", "потребує особливої уваги", "דורש תשומת לב מיוחדת", "يتطلب اهتمامًا خاصًا", "ต้องได้รับการดูแลเป็นพิเศษ",
    "特別な注意が必要", "需要特別關注", "需要特别注意", "특별한 주의가 필요합니다",
];
/// pretix: "Check-in text".
pub(super) const CHECK_IN_TEXT: &[&str] = &[
    "check-in text", "beléptetési szöveg", "check-in-hinweis", "check-in-text", "erregistro-testua", "ilmoittautumis teksti", "incheck text",
    "incheckningstext", "innsjekkingstekst", "tekst bij check-in", "tekst przy meldunku", "tekst za prijavu", "tekst zameldowania",
    "testo di check-in", "text odbavenia", "text při check-inu", "texte d'enregistrement", "texto de check-in", "texto de rexistro",
    "texto para o check-in", "tjek-ind-tekst", "văn bản check-in", "טקסט בצ'ק-אין", "نص إجراءات تسجيل الوصول", "ข้อความสำหรับการเช็คอิน",
    "チェックインテキスト", "簽到文字", "체크인 텍스트",
];
/// pretix: "Blocked".
pub(super) const BLOCKED: &[&str] = &[
    "blocked", "blocat", "bloccato", "blockad", "blokattu", "blokeatuta", "blokeret", "blokirano", "blokkert.", "blokkolva", "bloqueado", "bloqué",
    "bị chặn", "diblokir", "geblokkeerd", "gespaart", "gesperrt", "zablokované", "zablokované stránky", "zablokowane", "zablokowany", "заблоковано",
    "חסום", "محجوب", "ถูกระงับ/บล็อก", "ブロックされました", "封鎖", "차단됨",
];
/// pretix: "Valid from".
pub(super) const VALID_FROM: &[&str] = &[
    "valid from", "baliozkoa egun honetatik aurrera", "berlaku dari", "derīgs no", "geldig van", "giltig från", "gyldig fra", "gülteg ab",
    "gültig ab", "hợp lệ từ", "platnost od", "platí od", "valable depuis", "valid de la", "valido da", "voimassa alkaen", "vrijedi od",
    "válido a partir de", "válido de", "válido dende", "válido desde", "ważne od", "ważny od", "érvényességi idő kezdete", "діє з", "בתוקף מ-",
    "من تاريخ", "ใช้ได้ตั้งแต่", "有効開始日", "有效期自", "유효한 출처",
];
/// pretix: "Valid until".
pub(super) const VALID_UNTIL: &[&str] = &[
    "valid until", "berlaku hingga", "geldig tot", "giltig till", "gyldig indtil", "gyldig til", "gülteg bis", "gültig bis", "hợp lệ cho đến khi",
    "kadar geçerli", "noiz arte balio du", "platnosť do", "platí do", "valabil până la", "valable jusqu'au", "valida fino a", "velja do",
    "voimassa kunnes", "vrijedi do", "vàlid fins", "válido ata", "válido até", "válido hasta", "ważne do", "ważny do", "érvényességi idő vége",
    "εγκυρο μέχρι", "дійсний до", "בתוקף עד", "صالح حتى", "ใช้ได้ถึง", "有効期限", "有效期至", "다음까지 유효함",
];
/// pretix: "Event slug".
pub(super) const EVENT_SLUG: &[&str] = &[
    "event slug", "arrangements-slug (sidste del af url)", "descriptor eveniment", "ekitaldia", "etkinlik dizisi", "evenement-slug",
    "event permalenke", "fragment adresu url, który pojawia się po nazwie domeny.", "förkortning för evenemanget", "kratki naziv događaja",
    "kuerzform vum evenement", "kurzname der veranstaltung", "mot de l'esdeveniment", "oznaka dogodka", "pasākuma nosaukums",
    "rendezvény azonosítója (slug)", "skrót wydarzenia", "slug acara", "slug del evento", "slug dell'evento", "slug do evento", "slug evento",
    "slug van evenement", "slug εκδηλώσεων", "sên sự kiện", "tapahtuman tunniste", "titre de l'événement", "url identifikátor podujatia",
    "url semántica do evento", "zkratka události", "коротка назва події", "название мероприятия", "קיצור אירוע (event slug)", "اسم المختصر للحدث",
    "สลักของกิจกรรม (event slug)", "イベントのスラグ", "活动slug", "活動slug", "이벤트 슬러그(짧고 간결한 문자열)",
];
/// pretix: "Check-in list".
pub(super) const CHECK_IN_LIST: &[&str] = &[
    "check-in list", "beléptetési lista", "check-in listesi", "check-in seznam", "check-in-lijst", "check-in-liste", "check-in-lëscht",
    "check-inlijst", "check-in列表", "daftar check-in", "danh sách nhận phòng", "incheckningslista", "innsjekkingsliste", "lista check-ina",
    "lista de asistentes", "lista de check-in", "lista di check-in", "lista odpraw", "liste d'enregistrement", "reģistrācijas saraksts",
    "tjek-ind-liste", "zoznam odbavených", "λίστα check-in", "список реєстрацій", "רשימת צ'ק-אין", "قائمة تسجيل الوصول", "รายการเช็คอิน",
    "チェックイン・リスト", "签入列表", "체크인 항목",
];
/// pretix: "Scan type".
pub(super) const SCAN_TYPE: &[&str] = &[
    "scan type", "jenis pindai", "loại quét", "scan-typ", "scannetype", "scantype", "skannetype", "skantyp", "skenēšanas veids", "szkennelés típusa",
    "tip de scanare", "tipo de digitalização", "tipo de escaneo", "tipo de leitura", "tipo di scansione", "typ skanowania", "typ skenovania",
    "typ skenování", "typ vum scan", "type de scan", "vrsta skeniranja", "тип сканування", "סוג סריקה", "نوع المسح الضوئي", "ประเภทการสแกน",
    "スキャンタイプ", "掃描", "스캔 타입",
];
/// pretix: "Yes".
pub(super) const YES: &[&str] = &[
    "yes", "ano", "bai", "có", "da", "evet", "igen", "iya", "ja", "jā", "kyllä", "oui", "po", "si", "sim", "sì", "sí", "tak", "áno", "ναι", "да",
    "так", "כן", "نعم", "ใช่", "はい", "是", "예",
];
/// pretix: "No".
pub(super) const NO: &[&str] = &[
    "no", "ei", "ez", "hayir", "không", "ne", "nee", "nei", "nein", "nej", "nem", "nie", "non", "nu", "não", "nē", "tidak", "όχι", "нет", "ні", "לא",
    "من", "ไม่", "いいえ", "否", "아니오",
];
