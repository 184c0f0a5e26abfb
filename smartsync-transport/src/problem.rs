//! The service's own description of what went wrong.

use std::fmt;

use crate::{
    known_words::{is_code, is_place, is_title},
    plain_text::LEFT_OUT,
};

/// One thing that the service says went wrong, read leniently from its error body.
///
/// Its members are the service's text, and may hold what a person typed. `Display` and `Debug` print code, title and field only
/// where they are known, and no longer than 80 characters each: a code of three digits or of the seven that begin with a status,
/// the words of a status or one of the [service's titles](crate::Service::TITLES), and a place that is made of the
/// [service's names](crate::Service::NAMES). For anything else stands a note that it is left out. The detail is printed by nobody but you.
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
    title: bool,
    field: bool,
}

impl Problem {
    /// Has what its service lists be shown: its `titles`, and the `names` that a place is made of.
    pub(crate) fn known_by(mut self, titles: &[&str], names: &[&str]) -> Self {
        let is = |text: &Option<String>, list: &[&str], is_one: fn(&str, &[&str]) -> bool| {
            text.as_deref().is_some_and(|text| is_one(text, list))
        };
        self.known =
            Known { title: is(&self.title, titles, is_title), field: is(&self.field, names, is_place) };
        self
    }

    /// Code, title and field as they may be shown.
    fn shown(&self) -> [Option<&str>; 3] {
        let Known { title, field } = self.known;
        [
            shown(&self.code, is_code),
            shown(&self.title, |text| title || is_title(text, &[])),
            shown(&self.field, |_| field),
        ]
    }
}

fn shown(text: &Option<String>, is_known: impl Fn(&str) -> bool) -> Option<&str> {
    text.as_deref().map(|text| if is_known(text) { text } else { LEFT_OUT })
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
