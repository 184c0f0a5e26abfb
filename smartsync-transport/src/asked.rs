//! What a request asks for, as a test names it: method, path, query.

use std::{borrow::Cow, fmt};

use http::Method;
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use crate::transport::Request;

/// Paths are compared segment by segment and queries pair by pair, both without their escapes.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn new(method: Method, path: &str, query: Option<&str>) -> Self {
        let query = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        Self { method, path: path.to_owned(), query }
    }

    pub(crate) fn of(request: &Request) -> Self {
        Self::new(request.method().clone(), request.uri().path(), request.uri().query())
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        segments(&self.path)
    }
}

pub(crate) fn segments(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy())
}

/// As it may stand in an error: a query can hold an e-mail address, so only its names are shown, and of the path only what is an id or
/// a word of the service's.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.method)?;
        for (position, segment) in self.path.split('/').enumerate() {
            let separator = if position == 0 { "" } else { "/" };
            let shown =
                if is_path_word(&percent_decode_str(segment).decode_utf8_lossy()) { segment } else { "…" };
            write!(f, "{separator}{shown}")?;
        }
        for (position, (name, _)) in self.query.iter().enumerate() {
            let name = if is_name(name) { name } else { "…" };
            write!(f, "{}{name}", if position == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

/// Whether a segment of a path is an id, or a word of the service's: no capitals, no spaces, few digits.
pub(crate) fn is_path_word(segment: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-:.".contains(&byte);
    is_id(segment) || has_few_digits(segment) && segment.bytes().all(is_word)
}

/// Whether the name of a member or of a parameter is one of the service's, and no text that somebody made a name of.
pub(crate) fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-:.[]$".contains(&byte);
    let begins_small = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_' || c == '$');
    let is_inside = |pair: &[u8]| !pair[1].is_ascii_uppercase() || pair[0].is_ascii_alphanumeric();
    // `customField` is a name, and `parties.0.Ann` is not.
    let has_no_names = name.as_bytes().windows(2).all(is_inside);
    begins_small && has_no_names && has_few_digits(name) && name.bytes().all(is_part)
}

/// Whether a text is an id: digits, or a UUID.
pub(crate) fn is_id(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_uuid = || text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex);
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) || is_uuid()
}

/// A number of a person and a key have more.
pub(crate) fn has_few_digits(text: &str) -> bool {
    text.len() <= 64 && text.bytes().filter(u8::is_ascii_digit).count() <= 3
}

/// What a test's last line says, if there is something to say.
pub(crate) fn complaint(what: &str, unused: &[String], unanswered: &[String]) -> Option<String> {
    let mut text = what.to_owned();
    for (title, which) in
        [("answers that were not asked for", unused), ("requests without an answer", unanswered)]
    {
        if !which.is_empty() {
            text += &format!("\n  {title}: {}", which.join(", "));
        }
    }
    (text.len() > what.len()).then_some(text)
}
