//! Writes badges of names in many scripts into a folder, to be looked at:
//! `cargo run -p usher-labels --example badges -- FOLDER`, then `pdftoppm -r 203 -png FOLDER/x.pdf x`.

use std::{env, error::Error, fs, path::PathBuf};

use usher_labels::{Fonts, Label, LabelSize, pdf};

const NAMES: [(&str, &str, &str, &str); 12] = [
    (
        "long",
        "Dr. Karl-Theodor Freiherr von Wolfenstein-Schönhausen",
        "Donaudampfschifffahrtsgesellschaft mbH",
        "Vortragende",
    ),
    ("one_word", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "", ""),
    ("turkish", "Işıl Çağlayan Gümüşoğlu", "İstanbul Teknik Üniversitesi", "Katılımcı"),
    ("arabic", "محمد عبد الرحمن الأنصاري", "جامعة القاهرة – Cairo University", "متحدث"),
    ("hindi", "श्रीमती लक्ष्मी कृष्णमूर्ति", "भारतीय प्रौद्योगिकी संस्थान", "वक्ता"),
    ("chinese", "王小明", "清华大学", "讲者"),
    ("japanese", "田中 さくら", "東京大学 直", "参加者"),
    ("korean", "김민준", "서울대학교", ""),
    ("no_organisation", "Ana Gómez", "", "Guest"),
    ("mixed", "Amit अमित Sharma (שרון)", "مؤسسة Usher GmbH 2026", ""),
    ("vietnamese", "Nguyễn Thị Hồng Nhung", "Đại học Quốc gia Hà Nội", "Student"),
    ("thai", "สมชาย ใจดี", "จุฬาลงกรณ์มหาวิทยาลัย", "แขก"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("where to?")?);
    fs::create_dir_all(&folder)?;
    let fonts = Fonts::installed();
    for (file, name, organisation, kind) in NAMES {
        let code = Some("U-ABC123-0123456789ABCDEFGHJKMNPQRS".to_owned()).filter(|_| file != "chinese");
        let label = Label {
            name: name.into(),
            organisation: organisation.into(),
            kind: kind.into(),
            code,
            ..Label::default()
        };
        for size in LabelSize::ALL {
            let (width, _) = size.mm();
            match pdf(&label, size, &fonts) {
                Ok(bytes) => fs::write(folder.join(format!("{file}_{width}.pdf")), bytes)?,
                Err(error) => println!("{file}: {error}"),
            }
        }
    }
    Ok(())
}
