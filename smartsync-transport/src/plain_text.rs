//! Text of somebody else in a form that says nothing of anybody.

/// The most characters that are shown.
pub(crate) const MOST: usize = 80;
/// The most digits in a row: no telephone number and no number of a person.
const MOST_DIGITS: usize = 7;
/// Stands for what is left out.
pub(crate) const LEFT_OUT: &str = "(text omitted)";

/// `text` where it is short and plain, else a note that it is left out: 80 characters at most, ASCII letters, digits, spaces
/// and `-_.,:;/()[]*`, seven digits in a row at most. So it has no control character, no quote and no `@`.
///
/// It is for names that a program or its owner chose: of fields, of members. What a service says of an error may hold a person's
/// name in plain letters, and is shown only where its service lists the words ([`Service`](crate::Service)).
///
/// ```
/// # use smartsync_transport::plain_text;
/// assert_eq!(plain_text("data.attributes.start-date"), "data.attributes.start-date");
/// for text in ["ann@example.com", "19700101-1234", "red\u{1b}[31m", "\"Ann\"", "Åsa"] {
///     assert_eq!(plain_text(text), "(text omitted)");
/// }
/// ```
#[must_use]
pub fn plain_text(text: &str) -> &str {
    if is_plain(text) { text } else { LEFT_OUT }
}

pub(crate) fn is_plain(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" -_.,:;/()[]*".contains(&byte);
    let digits = text.split(|c: char| !c.is_ascii_digit()).map(str::len);
    (1..=MOST).contains(&text.len()) && text.bytes().all(is_allowed) && digits.max() <= Some(MOST_DIGITS)
}
