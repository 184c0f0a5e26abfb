//! The service's own description of what went wrong.

use std::fmt;

use crate::one_line;

/// One thing that the service says went wrong, read leniently from its error body.
///
/// `Display` and `Debug` print code, title and field, on [one line](one_line); the detail can quote what a person typed and is printed by
/// nobody but you.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The service's code for the problem: `4040000`, `100`.
    pub code: Option<String>,
    /// A short text that is the same for every case of the problem.
    pub title: Option<String>,
    /// A text on this one case, for developers. Can hold personal data.
    pub detail: Option<String>,
    /// The member of the request it is about: `/data/attributes/email`.
    pub field: Option<String>,
    /// The service's id of the request, for its support.
    pub request_id: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> =
            [&self.code, &self.title, &self.field].into_iter().filter_map(|part| part.as_deref()).collect();
        f.write_str(if parts.is_empty() { "no code, no title" } else { "" })?;
        f.write_str(&one_line(&parts.join(", ")))
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.code)
            .field("title", &self.title)
            .field("field", &self.field)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
