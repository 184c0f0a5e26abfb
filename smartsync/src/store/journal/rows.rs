//! How the tables of the journal keep times, lists and fields.

use serde::Deserialize;
use smartsync_core::outcome::SideStates;

use super::look::LookedField;

/// A list of codes, as JSON.
pub(in crate::store) fn words(words: &[String]) -> String {
    serde_json::Value::from(words).to_string()
}

/// The other way round; empty if it cannot be read.
pub(in crate::store) fn of_words(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A field in the column: names, outcome, reason, member, and how base, contract and card related. There are a dozen in each row, so the
/// names of the keys are left out, and so is what is not known at the end. A version that noted fewer cells is read as well.
#[derive(Deserialize)]
struct Cells(
    String,
    String,
    String,
    #[serde(default)] Option<String>,
    #[serde(default)] Option<String>,
    #[serde(default)] Option<SideStates>,
);

pub(in crate::store) fn fields(fields: &[LookedField]) -> String {
    let cells = |field: &LookedField| -> serde_json::Value {
        let LookedField { data_field, candidate_field, outcome, reason, member, sides } = field;
        match sides {
            None => serde_json::json!([data_field, candidate_field, outcome, reason, member]),
            Some(sides) => {
                let sides = [sides.base.as_str(), sides.contract.as_str(), sides.card.as_str()];
                serde_json::json!([data_field, candidate_field, outcome, reason, member, sides])
            }
        }
    };
    serde_json::Value::from_iter(fields.iter().map(cells)).to_string()
}

/// The other way round; `None` if it cannot be read.
pub(in crate::store) fn of_fields(text: &str) -> Option<Vec<LookedField>> {
    let cells: Vec<Cells> = serde_json::from_str(text).ok()?;
    let field = |Cells(data_field, candidate_field, outcome, reason, member, sides)| LookedField {
        data_field,
        candidate_field,
        outcome,
        reason,
        member,
        sides,
    };
    Some(cells.into_iter().map(field).collect())
}

#[cfg(test)]
mod tests {
    use smartsync_core::outcome::{BaseState, SideState};

    use super::*;

    #[test]
    fn fields_are_read_as_they_were_written_and_those_of_an_older_version_without_their_sides() {
        let mut known = LookedField::new("city", "custom:city", "held", Some("conflict-held"));
        known.sides = Some(SideStates::new(BaseState::Empty, SideState::Moved, SideState::Differs));
        let unknown = LookedField::new("town", "custom:town", "written", None);
        let both = [known, unknown.clone()];
        assert_eq!(of_fields(&fields(&both)).unwrap(), both);
        assert_eq!(of_fields(r#"[["town", "custom:town", "written", null, null]]"#).unwrap(), [unknown]);
        assert_eq!(of_fields(r#"[["town"]]"#), None);
    }
}
