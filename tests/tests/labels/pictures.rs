//! The badge as a picture: rendered by poppler, read by our own scanner.

use std::path::Path;

use usher_labels::{Fonts, Label, LabelSize, Unprintable, pdf};
use usher_scan::{Budget, Frame, Reader};
use usher_tests::ippeve::rendered;

/// The resolution of the usual label printer, in dots per inch.
const DPI: u32 = 203;

/// The codes that our scanner reads on a page.
pub(crate) fn codes(pdf: &Path) -> Vec<String> {
    let frame = Frame::from_file(&rendered(pdf, DPI).unwrap()).unwrap();
    let reading = Reader::new().read(&frame, Budget::from_ms(1_000));
    reading.codes.iter().map(|code| code.text().unwrap_or_default().to_owned()).collect()
}

fn label(name: &str, code: Option<&str>) -> Label {
    Label {
        name: name.into(),
        organisation: "Universität Köln".into(),
        kind: "Gast".into(),
        code: code.map(Into::into),
        ..Label::default()
    }
}

#[test]
fn the_code_of_a_badge_is_read_by_our_scanner_in_both_sizes_and_both_directions() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = Fonts::installed();
    let long = format!("HC1:{}", "ABCDEFGHIJKLMNOP0123456789".repeat(9));
    for (n, text) in
        ["U-ABC123-0123456789ABCDEFGHJKMNPQRS", "kurz-1", "ticket/ü?=ñ", &long].into_iter().enumerate()
    {
        for name in ["Ana María Gómez", "محمد عبد الرحمن"] {
            for size in LabelSize::ALL {
                let path = folder.path().join(format!("{n}.pdf"));
                std::fs::write(&path, pdf(&label(name, Some(text)), size, &fonts).unwrap()).unwrap();
                assert_eq!(codes(&path), [text], "{name}, {size:?}");
            }
        }
    }
}

#[test]
fn a_badge_without_a_code_has_none_and_its_page_has_the_labels_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("badge.pdf");
    std::fs::write(&path, pdf(&label("Ana", None), LabelSize::W62H29, &Fonts::installed()).unwrap()).unwrap();
    assert_eq!(codes(&path), [""; 0]);
    let picture = image::open(rendered(&path, 254).unwrap()).unwrap();
    assert!(
        picture.width().abs_diff(620) <= 1 && picture.height().abs_diff(290) <= 1,
        "ten dots a millimetre"
    );
}

/// How many dots of a page are dark.
pub(crate) fn ink(pdf: &Path) -> usize {
    let picture = image::open(rendered(pdf, DPI).unwrap()).unwrap().into_luma8();
    // Nothing touches the edge: no name is cut off.
    let (width, height) = picture.dimensions();
    let edge =
        picture.enumerate_pixels().filter(|(x, y, _)| *x < 4 || *y < 4 || x + 4 >= width || y + 4 >= height);
    assert!(edge.into_iter().all(|(_, _, dot)| dot[0] > 200), "ink at the edge of {}", pdf.display());
    picture.pixels().filter(|dot| dot[0] < 128).count()
}

#[test]
fn names_in_every_script_leave_ink_and_none_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = Fonts::installed();
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let names = [
        "Dr. Karl-Theodor Freiherr von Wolfenstein-Schönhausen",
        long,
        "Işıl Çağlayan Gümüşoğlu",
        "محمد عبد الرحمن الأنصاري",
        "श्रीमती लक्ष्मी कृष्णमूर्ति",
        "王小明",
        "田中 さくら",
        "김민준",
        "สมชาย ใจดี",
        "Nguyễn Thị Hồng Nhung",
        "Amit अमित (שרון)",
        "e\u{301}le\u{300}ve \u{200f}\u{feff}",
        "Ω",
        &"Ana María ".repeat(20),
    ];
    for (n, name) in names.into_iter().enumerate() {
        for size in LabelSize::ALL {
            let path = folder.path().join(format!("{n}.pdf"));
            let alone = Label { name: name.into(), ..Label::default() };
            std::fs::write(
                &path,
                pdf(&alone, size, &fonts).unwrap_or_else(|error| panic!("{name}: {error}")),
            )
            .unwrap();
            assert!(ink(&path) > 300, "{name}, {size:?}");
        }
    }
}

#[test]
fn letters_without_a_font_are_told_and_never_printed_as_boxes() {
    let bare = tempfile::tempdir().unwrap();
    let none = Fonts::below(&[bare.path().to_owned()]);
    let refused = pdf(&label("Ana", None), LabelSize::W90H54, &none);
    assert_eq!(refused, Err(Unprintable::NoFont("Aan".into())));
    // Only Latin letters are there.
    std::fs::copy(
        "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
        bare.path().join("DejaVuSans-Bold.ttf"),
    )
    .unwrap();
    let latin = Fonts::below(&[bare.path().to_owned()]);
    assert!(pdf(&label("Ana", None), LabelSize::W90H54, &latin).is_ok());
    let refused = pdf(&label("Ana 王小明", None), LabelSize::W90H54, &latin);
    assert_eq!(refused, Err(Unprintable::NoFont("小明王".into())));
}

#[test]
fn the_same_label_gives_the_same_bytes() {
    let fonts = Fonts::installed();
    let one = |size| pdf(&label("Ana", Some("kurz-1")), size, &fonts).unwrap();
    assert_eq!(one(LabelSize::W90H54), one(LabelSize::W90H54));
    assert_ne!(one(LabelSize::W90H54), one(LabelSize::W62H29));
}
