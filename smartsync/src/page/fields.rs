//! What a form or the address of a view says.

use std::fmt;

use url::form_urlencoded;

/// The fields of a form, or of the query of an address, in their order.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn parse(text: &[u8]) -> Self {
        let fields = form_urlencoded::parse(text);
        Self(fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// What the first field of this name says, unless that is nothing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// What the fields say whose names begin so, with the rest of each name.
    pub(super) fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(start)?, value.as_str())))
    }

    /// The same as a number or another thing that can be read.
    pub(super) fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }
}

/// Names only: somebody has typed what they say.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// An address with these fields; those without a value are left out.
pub(super) fn address(path: &str, fields: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_read_as_it_was_written() {
        let text =
            address("/contracts", &[("reason", Some("a&b =c")), ("state", None), ("after", Some("7"))]);
        assert_eq!(text, "/contracts?reason=a%26b+%3Dc&after=7");
        let fields = Fields::parse(text.split_once('?').unwrap().1.as_bytes());
        assert_eq!((fields.get("reason"), fields.read::<i64>("after")), (Some("a&b =c"), Some(7)));
        assert_eq!((fields.get("state"), Fields::parse(b"a=+").get("a")), (None, None));
        assert_eq!(format!("{fields:?}"), r#"{"reason", "after"}"#);
        assert_eq!(address("/", &[]), "/");
    }
}
