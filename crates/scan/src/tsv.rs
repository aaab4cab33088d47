//! The lines of `usher-scan`: tab-separated, one per code, safe for any payload and any path.

/// A field with tabs, line ends and backslashes written as `\t`, `\n`, `\r` and `\\`.
#[must_use]
pub fn escape(field: &str) -> String {
    let mut escaped = String::with_capacity(field.len());
    for c in field.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unescape(field: &str) -> String {
        let mut chars = field.chars();
        let mut plain = String::new();
        while let Some(c) = chars.next() {
            plain.push(match c {
                '\\' => match chars.next().unwrap() {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    other => other,
                },
                other => other,
            });
        }
        plain
    }

    proptest! {
        #[test]
        fn an_escaped_field_has_no_separator_and_comes_back(field in "(\\PC|[\\t\\n\\r\\\\tnr])*") {
            let escaped = escape(&field);
            prop_assert!(!escaped.contains(['\t', '\n', '\r']));
            prop_assert_eq!(unescape(&escaped), field);
        }
    }
}
