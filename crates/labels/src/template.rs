//! A label as the event's organiser wants it: its size, and what stands on it in which order and how large. Read strictly, so that the
//! organiser hears what is wrong with it; a desk that cannot read one goes on with the plain layout.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The sides that a label may have, in millimetres: from the smallest roll to A4.
pub const SIDE_MM: RangeInclusive<u16> = 20..=300;
/// How many lines a label may have.
pub const LINES: RangeInclusive<usize> = 1..=8;
/// How large a line may be, in percent of the largest.
pub const SIZE_PERCENT: RangeInclusive<u8> = 10..=100;
/// The longest fixed text, in characters.
pub const TEXT_CHARS_MAX: usize = 80;
/// The longest template, in bytes of JSON.
pub const TEMPLATE_BYTES_MAX: usize = 8 * 1024;
/// A line's size where the template does not say one.
const SIZE_PERCENT_USUAL: u8 = 50;
/// The plain label's sides, where a template does not even say its size.
const PLAIN_MM: (u16, u16) = (90, 54);

/// What stands on an event's labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Width in millimetres, within [`SIDE_MM`].
    pub width_mm: u16,
    /// Height in millimetres, within [`SIDE_MM`].
    pub height_mm: u16,
    /// Where the QR code of the guest's ticket stands.
    #[serde(default)]
    pub code: CodePlace,
    /// From the top down; as many as [`LINES`].
    pub lines: Vec<TemplateLine>,
}

/// Where the code stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePlace {
    /// At the side where the lines end.
    #[default]
    Beside,
    /// Below the lines, in the middle.
    Below,
    /// There is none.
    None,
}

/// A line of a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateLine {
    /// What it shows. A line that has nothing to show takes no room.
    pub show: Shown,
    /// The words of a fixed line, at most [`TEXT_CHARS_MAX`]; empty on every other.
    #[serde(default)]
    pub text: String,
    /// How large its letters are, and how much of the height it may take, beside the other lines: within [`SIZE_PERCENT`].
    #[serde(default = "usual_size")]
    pub size: u8,
    /// Whether its letters are bold.
    #[serde(default)]
    pub bold: bool,
    /// Where it stands in its width.
    #[serde(default)]
    pub align: Align,
}

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The guest's name.
    Name,
    /// Where the guest comes from.
    Organisation,
    /// The kind of ticket.
    Kind,
    /// The event's name.
    Event,
    /// The same words on every label.
    Text,
}

/// Where a line stands in its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// At the side where the name's reader begins: the right one for an Arabic name.
    #[default]
    Start,
    /// In the middle.
    Middle,
}

const fn usual_size() -> u8 {
    SIZE_PERCENT_USUAL
}

/// Why a template cannot be used, in words for its organiser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// It has more bytes than are sent to desks.
    #[error("the template has {0} bytes of JSON, and {TEMPLATE_BYTES_MAX} are the most")]
    TooLong(usize),
    /// It is no template at all, or says something unknown.
    #[error("it is no template: {0}")]
    Shape(String),
    /// A side that no label has.
    #[error("\"{0}\" is {1}, and a label's sides have {min} to {max} mm", min = SIDE_MM.start(), max = SIDE_MM.end())]
    Side(&'static str, u16),
    /// No lines, or too many.
    #[error("it has {0} lines, and a label has {min} to {max}", min = LINES.start(), max = LINES.end())]
    Lines(usize),
    /// It names nobody.
    #[error("no line shows the \"name\", and a badge without one is nobody's")]
    NoName,
    /// A line, counted from 1, whose size is out of range.
    #[error("line {0} has the size {1}, and sizes are {min} to {max} (percent of the largest)", min = SIZE_PERCENT.start(), max = SIZE_PERCENT.end())]
    Size(usize, u8),
    /// A fixed line without words, or with too many.
    #[error("line {0} shows a \"text\" of {1} characters, and it needs 1 to {TEXT_CHARS_MAX} on one line")]
    Text(usize, usize),
    /// A line that shows something else and has a text.
    #[error("line {0} has a \"text\" that would not be shown; write \"show\": \"text\" for it")]
    TextElsewhere(usize),
}

impl Template {
    /// Reads a template. What it has beyond what is known here is passed over: a newer server may know more.
    ///
    /// # Errors
    /// [`BadTemplate`], the first thing that is wrong with it.
    pub fn read(value: &Value) -> Result<Self, BadTemplate> {
        let bytes = value.to_string().len();
        if bytes > TEMPLATE_BYTES_MAX {
            return Err(BadTemplate::TooLong(bytes));
        }
        if !value.is_object() {
            return Err(BadTemplate::Shape("it does not stand in braces".into()));
        }
        let read = Self::deserialize(value).map_err(|error| BadTemplate::Shape(error.to_string()))?;
        read.check()?;
        Ok(read)
    }

    fn check(&self) -> Result<(), BadTemplate> {
        for (side, mm) in [("width_mm", self.width_mm), ("height_mm", self.height_mm)] {
            if !SIDE_MM.contains(&mm) {
                return Err(BadTemplate::Side(side, mm));
            }
        }
        if !LINES.contains(&self.lines.len()) {
            return Err(BadTemplate::Lines(self.lines.len()));
        }
        if !self.lines.iter().any(|line| line.show == Shown::Name) {
            return Err(BadTemplate::NoName);
        }
        (1..).zip(&self.lines).try_for_each(|(n, line)| line.check(n))
    }

    /// The plain layout on labels of the same size, with a code only where this one has one.
    #[must_use]
    pub fn plain(&self) -> Self {
        let code = if self.code == CodePlace::None { CodePlace::None } else { CodePlace::Beside };
        Self { code, ..Self::plain_of((self.width_mm, self.height_mm)) }
    }

    /// The plain layout for a template that cannot be read: on its labels as far as it names their size, for they lie in the printer.
    #[must_use]
    pub fn plain_for(value: &Value) -> Self {
        let side = |name: &str| {
            let mm = value.get(name)?.as_u64()?;
            u16::try_from(mm).ok().filter(|mm| SIDE_MM.contains(mm))
        };
        let plain = Self::plain_of(side("width_mm").zip(side("height_mm")).unwrap_or(PLAIN_MM));
        // Whoever wants no ticket's code on a badge gets none, whatever else cannot be read.
        let code =
            if value.get("code").is_some_and(|code| code == "none") { CodePlace::None } else { plain.code };
        Self { code, ..plain }
    }

    /// What the built-in labels show too, in sizes that fit labels of any sides; theirs are drawn by eye for two.
    fn plain_of((width_mm, height_mm): (u16, u16)) -> Self {
        let line = |show, size| TemplateLine {
            show,
            text: String::new(),
            size,
            bold: show == Shown::Name,
            align: Align::Start,
        };
        let lines = vec![line(Shown::Name, 100), line(Shown::Organisation, 50), line(Shown::Kind, 40)];
        Self { width_mm, height_mm, code: CodePlace::Beside, lines }
    }

    /// Width and height in millimetres.
    #[must_use]
    pub const fn mm(&self) -> (u16, u16) {
        (self.width_mm, self.height_mm)
    }
}

impl TemplateLine {
    fn check(&self, n: usize) -> Result<(), BadTemplate> {
        if !SIZE_PERCENT.contains(&self.size) {
            return Err(BadTemplate::Size(n, self.size));
        }
        let (blank, chars) = (self.text.trim().is_empty(), self.text.chars().count());
        if self.show != Shown::Text {
            return if blank { Ok(()) } else { Err(BadTemplate::TextElsewhere(n)) };
        }
        if blank || chars > TEXT_CHARS_MAX || self.text.chars().any(char::is_control) {
            return Err(BadTemplate::Text(n, chars));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn named() -> Value {
        json!({ "width_mm": 90, "height_mm": 54, "lines": [{ "show": "name" }] })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut template = named();
        template[name] = value;
        template
    }

    #[test]
    fn a_template_says_little_and_what_a_later_server_adds_is_passed_over() {
        let read = Template::read(&with("logo", json!({ "png": "…" }))).unwrap();
        assert_eq!((read.mm(), read.code, read.lines.len()), ((90, 54), CodePlace::Beside, 1));
        let line = &read.lines[0];
        assert_eq!((line.show, line.size, line.bold, line.align), (Shown::Name, 50, false, Align::Start));
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let said = |value: &Value| Template::read(value).unwrap_err().to_string();
        let line = |line: Value| with("lines", json!([{ "show": "name" }, line]));
        for (value, words) in [
            (json!([90, 54]), "it is no template: it does not stand in braces"),
            (json!({ "width_mm": 90 }), "missing field `height_mm`"),
            (with("width_mm", json!(301)), "\"width_mm\" is 301, and a label's sides have 20 to 300 mm"),
            (with("height_mm", json!(-5)), "invalid value: integer `-5`"),
            (with("lines", json!([])), "it has 0 lines, and a label has 1 to 8"),
            (with("lines", json!([{ "show": "kind" }])), "no line shows the \"name\""),
            (
                with("code", json!("left")),
                "unknown variant `left`, expected one of `beside`, `below`, `none`",
            ),
            (line(json!({ "show": "photo" })), "unknown variant `photo`"),
            (line(json!({ "show": "kind", "size": 5 })), "line 2 has the size 5, and sizes are 10 to 100"),
            (line(json!({ "show": "text", "text": " " })), "line 2 shows a \"text\" of 1 characters"),
            (
                line(json!({ "show": "text", "text": "x".repeat(81) })),
                "of 81 characters, and it needs 1 to 80",
            ),
            (line(json!({ "show": "text", "text": "a\nb" })), "on one line"),
            (line(json!({ "show": "kind", "text": "Hi" })), "line 2 has a \"text\" that would not be shown"),
            (with("note", json!("x".repeat(9_000))), "bytes of JSON, and 8192 are the most"),
        ] {
            assert!(said(&value).contains(words), "{value}: {}", said(&value));
        }
    }

    #[test]
    fn the_plain_layout_keeps_the_labels_that_lie_in_the_printer() {
        let odd = json!({ "width_mm": 54, "height_mm": 90, "lines": "all of them" });
        assert_eq!(Template::plain_for(&odd).mm(), (54, 90));
        for without in [json!(null), json!({ "width_mm": 54 }), json!({ "width_mm": 54, "height_mm": 1e9 })] {
            assert_eq!(Template::plain_for(&without).mm(), PLAIN_MM);
        }
        let no_code = Template::read(&with("code", json!("none"))).unwrap();
        let later = json!({ "code": "none", "lines": [{ "show": "portrait", "size": 100 }] });
        assert!(Template::read(&later).is_err());
        assert_eq!(
            Template::plain_for(&later).code,
            CodePlace::None,
            "also where the rest is of a later version"
        );
        assert_eq!(no_code.plain().code, CodePlace::None, "who wants no code gets none");
    }

    /// Any JSON of the shapes that a template has.
    fn any_template() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i32>().prop_map(Value::from),
            (0..400_u16).prop_map(Value::from),
            "name|kind|text|event|below|\\PC{0,90}".prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
        ];
        let field = "width_mm|height_mm|lines|show|text|size|code|align|bold";
        leaf.prop_recursive(4, 40, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..9).prop_map(Value::from),
                prop::collection::btree_map(field, inner, 0..9).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_came_gives_a_template_that_can_be_kept(value in any_template()) {
            let template = Template::read(&value).unwrap_or_else(|_| Template::plain_for(&value));
            prop_assert_eq!(template.check(), Ok(()));
            prop_assert_eq!(template.plain().check(), Ok(()));
            let kept = serde_json::to_value(&template).unwrap();
            prop_assert_eq!(Template::read(&kept), Ok(template));
        }
    }
}
