//! What a person decided on one field, as the journal keeps it.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use smartsync_core::plan::Take;
use smartsync_transport::one_line;

/// No longer name is kept, in characters.
const LONGEST_NAME: usize = 100;

/// What a person decided on one field of a contract: which side is right, upon which plan, and who said so, if that was told.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decided {
    /// The candidate's field, as the mapping names it.
    pub field: String,
    /// The side that was taken.
    pub take: Take,
    /// The fingerprint of the plan upon which it was decided: the one that the person was shown, or the one that was made at that moment.
    pub plan: String,
    /// A name for who decided, as the caller gave it.
    pub by: Option<String>,
}

impl Decided {
    /// This side of this field, upon this plan.
    #[must_use]
    pub fn new(field: &str, take: Take, plan: &str) -> Self {
        Self { field: one_line(field).into_owned(), take, plan: plan.to_owned(), by: None }
    }

    /// The same with a name for who decided: on one line, and no longer than 100 characters.
    #[must_use]
    pub fn by(self, name: Option<&str>) -> Self {
        let short = |name: &str| one_line(name).chars().take(LONGEST_NAME).collect::<String>();
        Self { by: name.map(str::trim).filter(|name| !name.is_empty()).map(short), ..self }
    }

    /// As a column has it.
    pub(in crate::store) fn to_row(&self) -> String {
        serde_json::json!([self.field, self.take.as_str(), self.plan, self.by]).to_string()
    }

    /// The other way round; `None` if it cannot be read.
    pub(in crate::store) fn of_row(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Cells(String, String, String, Option<String>);
        let Cells(field, take, plan, by) = serde_json::from_str(text).ok()?;
        let take = Take::ALL.into_iter().find(|one| one.as_str() == take)?;
        Some(Self { field, take, plan, by })
    }
}

/// Without the name of whoever decided.
impl fmt::Debug for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decided")
            .field("field", &self.field)
            .field("take", &self.take)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

/// As `smartsync history --json` prints it.
impl Serialize for Decided {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            field: &'a str,
            take: &'static str,
            plan: &'a str,
            by: Option<&'a str>,
        }
        let by = self.by.as_deref();
        Row { field: &self.field, take: self.take.as_str(), plan: &self.plan, by }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_read_as_it_was_written_and_a_name_is_one_short_line() {
        for (take, by) in [(Take::Contract, None), (Take::Card, Some("Rae"))] {
            let decided = Decided::new("custom:city", take, "0a").by(by);
            assert_eq!(Decided::of_row(&decided.to_row()), Some(decided));
        }
        let named = |name: &str| Decided::new("email", Take::Card, "0a").by(Some(name)).by;
        assert_eq!(named(" \n"), None);
        assert_eq!(named(&"x".repeat(200)).unwrap().len(), LONGEST_NAME);
        assert!(!named("Rae\nRecruiter").unwrap().contains('\n'));
        assert_eq!(Decided::of_row("[]"), None);
    }
}
