//! `event label`: the template of the event's name badges, checked before any desk hears of it.

use std::{fs, path::Path};

use serde_json::Value;
use usher_labels::{Fonts, Label, TEMPLATE_BYTES_MAX, Template, Templated, templated};

use super::{Done, Problem, capitalised, file_problem, label_args::LabelArgs, open, store_problem};
use crate::store::Server;

/// A guest who does not exist, as badges show one.
const GUEST: [&str; 3] = ["Ana María Gómez", "Universität Köln", "Full pass"];
/// As long as the codes that the import makes.
const CODE: &str = "U-SAMPLE-0123456789ABCDEFGHJKMNPQRS";

pub(super) fn label(data: &Path, args: &LabelArgs) -> Result<Done, Problem> {
    let server = open(data)?;
    if args.show {
        return show(&server);
    }
    if args.clear {
        return clear(&server);
    }
    let given = args.file.as_deref().map(read).transpose()?;
    match &args.preview {
        Some(out) => preview(&server, given, out, args.name.as_deref()),
        None => given.map_or(Ok(Done::Whole), |template| keep(&server, &template)),
    }
}

fn show(server: &Server) -> Result<Done, Problem> {
    match kept(server)? {
        Some(value) => println!("{value:#}"),
        None => println!("The event has no template: desks print by the size that they were set to."),
    }
    Ok(Done::Whole)
}

fn clear(server: &Server) -> Result<Done, Problem> {
    let had = server.set_label(None).map_err(store_problem)?;
    println!("{}", if had { "Took the template away." } else { "There was no template." });
    Ok(Done::Whole)
}

fn keep(server: &Server, template: &Template) -> Result<Done, Problem> {
    let sample = sample(server, None)?;
    match templated(&sample, template, &Fonts::installed()) {
        Ok(Templated { plain: true, .. }) => return Err(too_small()),
        Ok(_) => {}
        Err(error) => eprintln!("It could not be tried out on this computer: {error}"),
    }
    let value =
        serde_json::to_value(template).map_err(|error| not_read("The template", &error.to_string()))?;
    let changed = server.set_label(Some(value)).map_err(store_problem)?;
    let (width, height) = template.mm();
    let words = if changed { "Desks hear of it at their next contact." } else { "It was kept already." };
    println!("Badges of {width} × {height} mm with {} lines. {words}", template.lines.len());
    println!("A desk goes by it where its badges are set to \"As the event says\".");
    Ok(Done::Whole)
}

fn preview(
    server: &Server,
    given: Option<Template>,
    out: &Path,
    name: Option<&str>,
) -> Result<Done, Problem> {
    let template = match given {
        Some(template) => template,
        None => kept_template(server)?,
    };
    let sample = sample(server, name)?;
    let made = templated(&sample, &template, &Fonts::installed()).map_err(|error| {
        Problem::new(capitalised(&error.to_string()), "Install them, or choose another name.")
    })?;
    fs::write(out, made.pdf).map_err(|error| file_problem(out, "written", &error))?;
    println!("Wrote {}.", out.display());
    if made.plain {
        return Err(too_small());
    }
    Ok(Done::Whole)
}

fn kept_template(server: &Server) -> Result<Template, Problem> {
    let value = kept(server)?.ok_or_else(|| {
        Problem::new(
            "The event has no template.",
            "Name a file: usher-server event label FILE.json --preview OUT.pdf",
        )
    })?;
    Template::read(&value).map_err(|error| not_read("The template that is kept", &error.to_string()))
}

fn kept(server: &Server) -> Result<Option<Value>, Problem> {
    Ok(server.event().map_err(store_problem)?.label)
}

fn sample(server: &Server, name: Option<&str>) -> Result<Label, Problem> {
    let [guest, organisation, kind] = GUEST.map(str::to_owned);
    let event = server.event().map_err(store_problem)?.name;
    Ok(Label { name: name.map_or(guest, str::to_owned), organisation, kind, event, code: Some(CODE.into()) })
}

/// Reads a file, strictly: a word that means nothing is a mistake of writing.
fn read(path: &Path) -> Result<Template, Problem> {
    let what = path.display().to_string();
    let bytes = fs::metadata(path).map_err(|error| file_problem(path, "read", &error))?.len();
    if bytes > 4 * TEMPLATE_BYTES_MAX as u64 {
        return Err(not_read(&what, &format!("it has {bytes} bytes, and a template has a few hundred")));
    }
    let text = fs::read_to_string(path).map_err(|error| file_problem(path, "read", &error))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| not_read(&what, &format!("it is no JSON: {error}")))?;
    let template = Template::read(&value).map_err(|error| not_read(&what, &error.to_string()))?;
    let known = serde_json::to_value(&template).map_err(|error| not_read(&what, &error.to_string()))?;
    match unknown(&value, &known) {
        Some(field) => Err(not_read(&what, &format!("nothing is called \"{field}\" in a template"))),
        None => Ok(template),
    }
}

/// The first name in `given` that stands at no place of `known`.
fn unknown(given: &Value, known: &Value) -> Option<String> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            given.iter().find_map(|(name, value)| match known.get(name) {
                Some(known) => unknown(value, known),
                None => Some(name.clone()),
            })
        }
        (Value::Array(given), Value::Array(known)) => {
            given.iter().zip(known).find_map(|(given, known)| unknown(given, known))
        }
        _ => None,
    }
}

fn not_read(what: &str, why: &str) -> Problem {
    Problem::new(
        format!("{what} was not taken: {why}."),
        "Nothing was changed. `usher-server event label --help` shows a template.",
    )
}

fn too_small() -> Problem {
    Problem::new(
        "By this template letters or code would be too small to be read, and desks would print the plain layout instead.",
        "Nothing was changed. Leave lines out, make them larger, or take larger labels.",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_that_means_nothing_is_named_wherever_it_stands() {
        let known = json!({ "width_mm": 90, "lines": [{ "show": "name", "size": 50 }] });
        assert_eq!(unknown(&json!({ "width_mm": 62 }), &known), None);
        assert_eq!(unknown(&json!({ "lines": [{ "show": "kind" }] }), &known), None);
        assert_eq!(unknown(&json!({ "colour": "red" }), &known), Some("colour".into()));
        assert_eq!(unknown(&json!({ "lines": [{ "szie": 50 }] }), &known), Some("szie".into()));
    }
}
