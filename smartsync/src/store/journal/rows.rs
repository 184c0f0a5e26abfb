//! How the tables of the journal keep times, lists and fields.

use super::look::LookedField;

/// A list of codes, as JSON.
pub(in crate::store) fn words(words: &[String]) -> String {
    serde_json::Value::from(words).to_string()
}

/// The other way round; empty if it cannot be read.
pub(in crate::store) fn of_words(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A field in the column: names, outcome, reason, member. There are a dozen in each row, so the names of the keys are left out.
type Cells = (String, String, String, Option<String>, Option<String>);

pub(in crate::store) fn fields(fields: &[LookedField]) -> String {
    let cells = |field: &LookedField| -> serde_json::Value {
        let LookedField { data_field, candidate_field, outcome, reason, member } = field;
        serde_json::json!([data_field, candidate_field, outcome, reason, member])
    };
    serde_json::Value::from_iter(fields.iter().map(cells)).to_string()
}

/// The other way round; `None` if it cannot be read.
pub(in crate::store) fn of_fields(text: &str) -> Option<Vec<LookedField>> {
    let cells: Vec<Cells> = serde_json::from_str(text).ok()?;
    let field = |(data_field, candidate_field, outcome, reason, member)| LookedField {
        data_field,
        candidate_field,
        outcome,
        reason,
        member,
    };
    Some(cells.into_iter().map(field).collect())
}
