//! The service's own description of what went wrong.

use std::fmt;

use http::StatusCode;

use crate::plain_text::{LEFT_OUT, is_code};

/// One thing that the service says went wrong, read leniently from its error body.
///
/// Its members are the service's text, and may hold what a person typed. `Display` and `Debug` print code, title and field only
/// where they are known: a code of up to seven digits, the words of a status, and what the
/// [service's words](crate::Service::is_known) are. For anything else stands a note that it is left out. The detail is printed
/// by nobody but you.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The service's code for the problem: `4040000`, `100`.
    pub code: Option<String>,
    /// A short text, meant to be the same for every case of the problem.
    pub title: Option<String>,
    /// A text on this one case, for developers. Can hold personal data.
    pub detail: Option<String>,
    /// The member of the request it is about: `/data/attributes/email`.
    pub field: Option<String>,
    /// The service's id of the request, for its support.
    pub request_id: Option<String>,
    known: Known,
}

/// Which of its texts are the service's own words.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Known {
    code: bool,
    title: bool,
    field: bool,
}

impl Problem {
    /// Has what the service's words are shown.
    pub(crate) fn known_by(mut self, is_known: fn(&str) -> bool) -> Self {
        let is = |text: &Option<String>| text.as_deref().is_some_and(is_known);
        self.known = Known { code: is(&self.code), title: is(&self.title), field: is(&self.field) };
        self
    }

    /// Code, title and field as they may be shown.
    fn shown(&self) -> [Option<&str>; 3] {
        let Known { code, title, field } = self.known;
        [
            shown(&self.code, |text| code || is_code(text)),
            shown(&self.title, |text| title || is_of_a_status(text)),
            shown(&self.field, |_| field),
        ]
    }
}

fn shown(text: &Option<String>, is_known: impl Fn(&str) -> bool) -> Option<&str> {
    text.as_deref().map(|text| if is_known(text) { text } else { LEFT_OUT })
}

/// `Not Found`, `not found`.
fn is_of_a_status(text: &str) -> bool {
    let reasons = (400..600).filter_map(|code| StatusCode::from_u16(code).ok()?.canonical_reason());
    reasons.into_iter().any(|reason| reason.eq_ignore_ascii_case(text))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.shown().into_iter().flatten().collect();
        let known: Vec<&str> = parts.iter().copied().filter(|part| *part != LEFT_OUT).collect();
        let said = match (known.is_empty(), parts.len() - known.len()) {
            (true, 0) => "no code, no title".to_owned(),
            (true, _) => LEFT_OUT.to_owned(),
            (false, 0) => known.join(", "),
            (false, _) => format!("{}, {LEFT_OUT}", known.join(", ")),
        };
        f.write_str(&said)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [code, title, field] = self.shown();
        f.debug_struct("Problem")
            .field("code", &code)
            .field("title", &title)
            .field("field", &field)
            .field("request_id", &self.request_id.is_some())
            .finish_non_exhaustive()
    }
}
