//! Texts with places for what only a run knows: its mark, and ids.

use std::collections::BTreeMap;

/// What stands for each `<name>` of a text. Its values can change neither the path nor the JSON around them.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(BTreeMap<&'static str, String>);

impl Known {
    /// Keeps a value, if it is one that a text can hold. Says whether.
    pub(super) fn insert(&mut self, name: &'static str, value: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let fits = (1..=128).contains(&value.len()) && value.bytes().all(is_plain);
        if fits {
            self.0.insert(name, value.to_owned());
        }
        fits
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The text with a value for each name. `None`: one is not known.
    pub(super) fn fill(&self, text: &str) -> Option<String> {
        let mut parts = text.split('<');
        let mut filled = parts.next()?.to_owned();
        for part in parts {
            let (name, rest) = part.split_once('>')?;
            filled.push_str(self.get(name)?);
            filled.push_str(rest);
        }
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_with_what_is_known_and_with_nothing_that_could_change_it() {
        let mut known = Known::default();
        assert!(known.insert("candidate", "4711"));
        assert_eq!(known.fill("/candidates/<candidate>").unwrap(), "/candidates/4711");
        assert_eq!(known.fill("/candidates/<other>"), None);
        for value in ["", "4711/uploads", "\"", "..", "a b", "%2F", "?"] {
            assert!(!known.insert("candidate", value), "{value}");
        }
        assert_eq!(known.get("candidate"), Some("4711"));
    }
}
