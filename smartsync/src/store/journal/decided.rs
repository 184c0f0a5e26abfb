//! What a person decided on one field, and how that ended, as the journal keeps it.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use smartsync_core::{FieldOutcome, Outcome, plan::DecidedField, plan::Take};
use smartsync_transport::one_line;

use super::look::Look;

/// No longer name is kept, in characters.
const LONGEST_NAME: usize = 100;

/// What a person decided on one field of a contract: which side is right, upon which plan, and who said so, if that was told.
///
/// There is a row before anything is written, and another one once it is known [how it ended](Self::ended). Where the second is missing, the process has ended
/// in between, and what was done is seen on the card.
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
    /// How it ended. `None`: it is about to be carried out.
    pub ended: Option<DecisionEnd>,
}

/// How a decision ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecisionEnd {
    /// It was carried out.
    Applied,
    /// It was not, since something had changed in between or stands in the way: the code of the reason.
    Refused(String),
    /// A service or the ledger did not take it: the code of the reason.
    Failed(String),
    /// Nobody knows: it was broken off, and the next look shows what was done.
    Unknown,
}

impl DecisionEnd {
    /// How a decision ended, by how the fields did.
    #[must_use]
    pub fn of(decided: &DecidedField, outcomes: &[FieldOutcome]) -> Self {
        if decided.is_followed_in(outcomes) {
            return Self::Applied;
        }
        let Some(end) = decided.end_in(outcomes) else { return Self::Unknown };
        let why = end.reason().map(|reason| reason.code().to_owned()).unwrap_or_default();
        if matches!(end.outcome, Outcome::Failed(_)) { Self::Failed(why) } else { Self::Refused(why) }
    }

    /// The name: `applied`, `refused`, `failed` or `unknown`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The code of the reason, where there is one.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Refused(why) | Self::Failed(why) => Some(why.as_str()).filter(|why| !why.is_empty()),
            Self::Applied | Self::Unknown => None,
        }
    }

    fn of_row(name: &str, why: Option<String>) -> Self {
        match name {
            "applied" => Self::Applied,
            "refused" => Self::Refused(why.unwrap_or_default()),
            "failed" => Self::Failed(why.unwrap_or_default()),
            _ => Self::Unknown,
        }
    }
}

impl Decided {
    /// This side of this field, upon this plan.
    #[must_use]
    pub fn new(field: &str, take: Take, plan: &str) -> Self {
        Self { field: one_line(field).into_owned(), take, plan: plan.to_owned(), by: None, ended: None }
    }

    /// The same with a name for who decided: on one line, and no longer than 100 characters.
    #[must_use]
    pub fn by(self, name: Option<&str>) -> Self {
        let short = |name: &str| one_line(name).chars().take(LONGEST_NAME).collect::<String>();
        Self { by: name.map(str::trim).filter(|name| !name.is_empty()).map(short), ..self }
    }

    /// The same, ended so.
    #[must_use]
    pub fn ended(self, end: DecisionEnd) -> Self {
        Self { ended: Some(end), ..self }
    }

    /// As a column has it.
    pub(in crate::store) fn to_row(&self) -> String {
        let ended = self.ended.as_ref().map(DecisionEnd::as_str);
        let why = self.ended.as_ref().and_then(DecisionEnd::why);
        serde_json::json!([self.field, self.take.as_str(), self.plan, self.by, ended, why]).to_string()
    }

    /// The other way round; `None` if it cannot be read. A version that noted fewer cells did so once the decision had been carried out, whatever became of
    /// it.
    pub(in crate::store) fn of_row(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Cells(
            String,
            String,
            String,
            Option<String>,
            #[serde(default = "unknown")] Option<String>,
            #[serde(default)] Option<String>,
        );
        let Cells(field, take, plan, by, ended, why) = serde_json::from_str(text).ok()?;
        let take = Take::ALL.into_iter().find(|one| one.as_str() == take)?;
        Some(Self { field, take, plan, by, ended: ended.map(|name| DecisionEnd::of_row(&name, why)) })
    }
}

/// Of each of these rows of a contract, the newest first, whether it is of a decision that was to be carried out and of which no later row says how it ended.
#[must_use]
pub fn decisions_without_end(looks: &[Look]) -> Vec<bool> {
    let mut ends: Vec<Decided> = Vec::new();
    let is_without_end = |look: &Look| {
        let Some(decided) = &look.decided else { return false };
        let begun = Decided { ended: None, ..decided.clone() };
        if decided.ended.is_some() {
            ends.push(begun);
            return false;
        }
        // Each end is that of one decision: the last before it.
        let end = ends.iter().position(|end| *end == begun);
        end.map(|end| ends.swap_remove(end)).is_none()
    };
    looks.iter().map(is_without_end).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "serde calls it for an optional cell")]
fn unknown() -> Option<String> {
    Some(DecisionEnd::Unknown.as_str().to_owned())
}

/// Without the name of whoever decided.
impl fmt::Debug for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decided")
            .field("field", &self.field)
            .field("take", &self.take)
            .field("plan", &self.plan)
            .field("ended", &self.ended)
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
            ended: Option<&'static str>,
            why: Option<&'a str>,
        }
        let (by, ended) = (self.by.as_deref(), self.ended.as_ref());
        let why = ended.and_then(DecisionEnd::why);
        let ended = ended.map(DecisionEnd::as_str);
        Row { field: &self.field, take: self.take.as_str(), plan: &self.plan, by, ended, why }
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_read_as_it_was_written_and_a_name_is_one_short_line() {
        for (take, by) in [(Take::Contract, None), (Take::Card, Some("Rae"))] {
            let decided = Decided::new("custom:city", take, "0a").by(by);
            assert_eq!(Decided::of_row(&decided.to_row()), Some(decided.clone()));
            for end in [
                DecisionEnd::Applied,
                DecisionEnd::Refused("changed-meanwhile".to_owned()),
                DecisionEnd::Failed("unavailable".to_owned()),
                DecisionEnd::Unknown,
            ] {
                let ended = decided.clone().ended(end);
                assert_eq!(Decided::of_row(&ended.to_row()), Some(ended));
            }
        }
        let named = |name: &str| Decided::new("email", Take::Card, "0a").by(Some(name)).by;
        assert_eq!(named(" \n"), None);
        assert_eq!(named(&"x".repeat(200)).unwrap().len(), LONGEST_NAME);
        assert!(!named("Rae\nRecruiter").unwrap().contains('\n'));
        assert_eq!(Decided::of_row("[]"), None);
    }

    #[test]
    fn a_decision_has_an_end_if_a_later_row_tells_of_it_and_each_end_is_that_of_one() {
        let row = |end: Option<DecisionEnd>, field: &str| {
            let decided = Decided { ended: end, ..Decided::new(field, Take::Card, "0a") };
            Look::of_decision(decided, 9001.into(), jiff::Timestamp::UNIX_EPOCH, None)
        };
        let applied = || Some(DecisionEnd::Applied);
        // The newest first: the city was decided twice, and the first time was cut off.
        let rows = [
            row(applied(), "city"),
            row(None, "city"),
            row(None, "town"),
            row(None, "city"),
            row(applied(), "town"),
        ];
        assert_eq!(decisions_without_end(&rows), [false, false, true, true, false]);
    }

    #[test]
    fn how_a_decision_of_an_older_version_ended_is_not_known() {
        let old = Decided::of_row(r#"["custom:city", "card", "0a", "Rae"]"#).unwrap();
        assert_eq!(old.ended, Some(DecisionEnd::Unknown));
    }
}
