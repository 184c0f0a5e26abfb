//! What serde says of a text, without what it quotes.

/// serde repeats a refused value: `invalid type: string "..", expected ..`. It may be a secret or a name.
pub(crate) fn without_values(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let quotes = ["invalid type", "invalid value", "unknown variant"];
    if !quotes.iter().any(|start| message.starts_with(start)) {
        return message;
    }
    let (refused, expected) = match message.rsplit_once(", expected ") {
        Some((refused, expected)) => (refused, format!(", expected {expected}")),
        // Where nothing else would do, serde ends with the value.
        None => (message.as_str(), String::new()),
    };
    match refused.find(['"', '`']) {
        Some(value) => format!("{}(not shown){expected}", &refused[..value]),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "lowercase")]
    enum Word {
        Left,
        Right,
    }

    #[derive(Debug, Deserialize)]
    enum NoWord {}

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        #[serde(default, rename = "number")]
        _number: u8,
        #[serde(default, rename = "word")]
        _word: Option<Word>,
        #[serde(default, rename = "none")]
        _none: Option<NoWord>,
    }

    #[test]
    fn a_refused_value_is_not_repeated() {
        for (text, expected) in [
            (
                r#"{"number":"Ann, expected B"}"#,
                "invalid type: string (not shown), expected u8 at line 1 column 27",
            ),
            (r#"{"number":4711}"#, "invalid value: integer (not shown), expected u8 at line 1 column 14"),
            (
                r#"{"word":"Ann"}"#,
                "unknown variant (not shown), expected `left` or `right` at line 1 column 13",
            ),
            (r#"{"none":"Ann"}"#, "unknown variant (not shown)"),
            (
                r#"{"numbre":1}"#,
                "unknown field `numbre`, expected one of `number`, `word`, `none` at line 1 column 9",
            ),
            (r#""Ann""#, "invalid type: string (not shown), expected struct Table at line 1 column 5"),
            (r#"{"number":1"#, "EOF while parsing an object at line 1 column 11"),
        ] {
            let error = serde_json::from_str::<Table>(text).unwrap_err();
            assert_eq!(without_values(&error), expected, "{text}");
        }
    }
}
