//! What a line asks, and how it is answered.

use serde::Deserialize;
use serde_json::{Value, json};
use usher_protocol::window::WindowError;

use crate::lines::{LINE_BYTES_MAX, Line};

/// A call, taken from a line.
#[derive(Debug, Deserialize)]
pub(crate) struct Ask {
    /// Comes back with the answer.
    #[serde(default)]
    pub(crate) id: Value,
    /// The command's name.
    pub(crate) call: String,
    /// Its arguments.
    #[serde(default = "nothing")]
    pub(crate) args: Value,
}

fn nothing() -> Value {
    json!({})
}

/// Why a call brought no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The window's own errors: codes.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// The line is no call.
    #[error("{0}")]
    BadLine(String),
    /// A picture file that cannot be opened.
    #[error("{0}")]
    Picture(String),
    /// A file that cannot be written.
    #[error("{0}")]
    File(String),
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Self::File(error.to_string())
    }
}

impl Fault {
    fn to_json(&self) -> Value {
        let kind = match self {
            Self::Window(error) => return serde_json::to_value(error).unwrap_or_default(),
            Self::BadLine(_) => "bad_line",
            Self::Picture(_) => "picture",
            Self::File(_) => "file",
        };
        json!({"kind": kind, "detail": self.to_string()})
    }
}

/// The call in a line; none in an empty one.
pub(crate) fn read(line: &Line) -> Option<Result<Ask, (Value, Fault)>> {
    let bad = |id: Value, words: String| Some(Err((id, Fault::BadLine(words))));
    let text = match line {
        Line::Text(text) if text.trim().is_empty() => return None,
        Line::Text(text) => text,
        Line::TooLong => return bad(Value::Null, format!("a line has at most {LINE_BYTES_MAX} bytes")),
        Line::NotText => return bad(Value::Null, "a line is UTF-8 text".into()),
        Line::End => return None,
    };
    match serde_json::from_str::<Value>(text) {
        Err(error) => bad(Value::Null, format!("not JSON: {error}")),
        Ok(value) => {
            let id = value.get("id").cloned().unwrap_or_default();
            match serde_json::from_value(value) {
                Ok(ask) => Some(Ok(ask)),
                Err(error) => bad(id, format!("not a call {{\"id\":…,\"call\":…,\"args\":{{…}}}}: {error}")),
            }
        }
    }
}

/// The answer's line.
pub(crate) fn answer(id: &Value, result: &Result<Value, Fault>) -> Value {
    match result {
        Ok(value) => json!({"id": id, "ok": value}),
        Err(fault) => json!({"id": id, "error": fault.to_json()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Ask, (Value, Fault)> {
        read(&Line::Text(text.into())).unwrap()
    }

    #[test]
    fn a_call_may_leave_out_its_arguments() {
        let ask = read_text(r#"{"id":7,"call":"look"}"#).unwrap();
        assert_eq!((ask.id, ask.call.as_str(), ask.args), (json!(7), "look", json!({})));
        assert!(read(&Line::Text("  ".into())).is_none());
    }

    #[test]
    fn a_bad_line_gives_its_id_back_where_it_has_one() {
        let (id, fault) = read_text(r#"{"id":"x","cal":"look"}"#).unwrap_err();
        assert_eq!(id, json!("x"));
        let line = answer(&id, &Err(fault));
        assert_eq!((&line["id"], &line["error"]["kind"]), (&json!("x"), &json!("bad_line")));
        assert_eq!(read_text("{").unwrap_err().0, Value::Null);
        let window = answer(&json!(1), &Err(Fault::Window(WindowError::NotReady)));
        assert_eq!(window, json!({"id": 1, "error": {"kind": "not_ready"}}));
    }
}
