//! Badges by an event's template: what a scanner reads on them, names in every script, and what happens where a template cannot be followed.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use usher_labels::{Align, CodePlace, Fonts, Label, Shown, Template, TemplateLine, Templated, templated};
use usher_tests::ippeve::rendered;

use crate::pictures::{codes, ink};

const CODE: &str = "U-ABC123-0123456789ABCDEFGHJKMNPQRS";
const EXAMPLE: &str = include_str!("../../../assets/labels/badge.json");

fn example() -> Template {
    Template::read(&serde_json::from_str(EXAMPLE).unwrap()).unwrap()
}

fn of(width_mm: u16, height_mm: u16, code: CodePlace) -> Template {
    Template { width_mm, height_mm, code, ..example() }
}

fn guest(name: &str) -> Label {
    Label {
        name: name.into(),
        organisation: "Universität Köln".into(),
        kind: "Gast".into(),
        event: "Open Days".into(),
        code: Some(CODE.into()),
    }
}

/// The badge in a file, and whether it is plain.
fn printed(folder: &Path, label: &Label, template: &Template) -> (PathBuf, bool) {
    let Templated { pdf, plain } = templated(label, template, &Fonts::installed()).unwrap();
    let path = folder.join("badge.pdf");
    std::fs::write(&path, pdf).unwrap();
    (path, plain)
}

#[test]
fn the_code_is_read_beside_and_below_the_lines_for_names_from_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let templates = [
        example(),
        of(62, 40, CodePlace::Beside),
        of(54, 90, CodePlace::Below),
        of(105, 148, CodePlace::Below),
    ];
    for template in templates {
        for name in ["Ana María Gómez", "محمد عبد الرحمن", "श्रीमती लक्ष्मी कृष्णमूर्ति"]
        {
            let (path, plain) = printed(folder.path(), &guest(name), &template);
            assert_eq!((codes(&path), plain), (vec![CODE.to_owned()], false), "{name}, {template:?}");
        }
    }
}

#[test]
fn the_page_has_the_templates_size_and_no_code_where_none_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let (path, plain) = printed(folder.path(), &guest("Ana"), &of(54, 86, CodePlace::None));
    assert_eq!((codes(&path), plain), (vec![], false));
    let picture = image::open(rendered(&path, 254).unwrap()).unwrap();
    assert!(
        picture.width().abs_diff(540) <= 1 && picture.height().abs_diff(860) <= 1,
        "ten dots a millimetre"
    );
}

#[test]
fn long_names_in_every_script_stay_on_the_label_and_legible() {
    let folder = tempfile::tempdir().unwrap();
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let names =
        ["Dr. Karl-Theodor Freiherr von Wolfenstein-Schönhausen", long, "محمد عبد الرحمن الأنصاري", "王小明"];
    for name in names {
        for template in [example(), of(54, 90, CodePlace::Below)] {
            let (path, _) = printed(folder.path(), &guest(name), &template);
            assert!(ink(&path) > 300, "{name}");
            assert_eq!(codes(&path), [CODE], "{name}");
        }
    }
}

#[test]
fn each_line_shows_what_it_says_and_an_empty_one_takes_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let line = |show, text: &str| TemplateLine {
        show,
        text: text.into(),
        size: 60,
        bold: false,
        align: Align::Middle,
    };
    let lines = [Shown::Name, Shown::Organisation, Shown::Kind, Shown::Event].map(|show| line(show, ""));
    let all = Template {
        lines: [lines.to_vec(), vec![line(Shown::Text, "Wi-Fi: opendays")]].concat(),
        ..example()
    };
    let inked = |label: &Label, template: &Template| ink(&printed(folder.path(), label, template).0);
    let whole = inked(&guest("Ana"), &all);
    for at in 1..all.lines.len() {
        let mut lines = all.lines.clone();
        lines.remove(at);
        assert_ne!(inked(&guest("Ana"), &Template { lines, ..all.clone() }), whole, "line {at} left ink");
    }
    let alone = Label { name: "Ana".into(), ..Label::default() };
    let only = Template { lines: vec![line(Shown::Name, "")], ..example() };
    assert_eq!(inked(&alone, &Template { lines: lines.to_vec(), ..example() }), inked(&alone, &only));
}

#[test]
fn what_would_be_too_small_to_be_read_comes_out_plain_on_the_same_label() {
    let folder = tempfile::tempdir().unwrap();
    let mut crowded = Template { lines: example().lines, ..of(20, 20, CodePlace::None) };
    crowded.lines[0].size = 10;
    crowded.lines[1].size = 100;
    let (path, plain) = printed(folder.path(), &guest("Ana"), &crowded);
    assert!(plain);
    let picture = image::open(rendered(&path, 254).unwrap()).unwrap();
    assert!(picture.width().abs_diff(200) <= 1, "the label that lies in the printer");
    // A signed ticket has so many fields that a small label cannot hold them below its lines.
    let signed = Label { code: Some("ABCDEFGHIJKLMNOP0123456789".repeat(9)), ..guest("Ana") };
    assert!(printed(folder.path(), &signed, &of(40, 30, CodePlace::Below)).1);
}

#[test]
fn a_fixed_line_without_a_font_costs_no_guest_the_badge() {
    let bare = tempfile::tempdir().unwrap();
    let font = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";
    std::fs::copy(font, bare.path().join("DejaVuSans-Bold.ttf")).unwrap();
    let latin = Fonts::below(&[bare.path().to_owned()]);
    let mut template = example();
    template.lines[4].text = "欢迎".into();
    let made = |name: &str| templated(&guest(name), &template, &latin);
    assert_eq!(made("Ana").map(|made| made.plain), Ok(true));
    assert!(made("王小明").is_err(), "the guest's own letters are never boxes");
}

#[test]
fn hostile_values_are_refused_or_fit_on_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let line = |text: &str| json!({ "show": "text", "text": text, "size": 100, "bold": true });
    let hostile: Vec<Value> = vec![
        json!({ "width_mm": 300, "height_mm": 20, "lines": [{ "show": "name", "size": 10 }, line(") Tj ET <</JS(app.alert(1))>>")] }),
        json!({ "width_mm": 20, "height_mm": 300, "code": "below", "lines": [{ "show": "name" }, line("\u{202e}\u{2066}evil")] }),
        json!({ "width_mm": 20, "height_mm": 20, "code": "beside", "lines": [{ "show": "name" }, line(&"Ẁ".repeat(80))] }),
        json!({ "width_mm": 65535, "height_mm": 65535, "lines": [] }),
        json!({ "width_mm": "90", "height_mm": null, "lines": { "show": "name" } }),
    ];
    for value in hostile {
        let template = Template::read(&value).unwrap_or_else(|_| Template::plain_for(&value));
        let (path, _) = printed(folder.path(), &Label { code: None, ..guest("Ana") }, &template);
        let pdf = std::fs::read(&path).unwrap();
        assert!(!pdf.windows(4).any(|bytes| bytes == b"/JS("), "words are drawn, never written");
        assert!(ink(&path) > 30, "{value}");
    }
}
