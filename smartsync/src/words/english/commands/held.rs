//! `smartsync held`.

use std::fmt::Display;

/// The columns of the list.
pub const COLUMNS: [&str; 6] = ["held since", "contract", "candidate", "field", "what happened", "why"];

pub const NONE: &str = "no field is held";
pub const NO_CANDIDATE: &str = "none";

/// The two sides of a field.
#[must_use]
pub fn field(oneflow: &str, teamtailor: &str) -> String {
    format!("{oneflow} -> {teamtailor}")
}

#[must_use]
pub fn count(count: &str) -> String {
    if count == "1" { "1 field is held.".to_owned() } else { format!("{count} fields are held.") }
}

pub const DECIDE: &str = "`smartsync resolve CONTRACT FIELD --take contract|card` decides: it shows the field as it is now, and asks. It does not ask if `--plan` names the plan that was seen, as it stands above.";

/// What stands above the hash of a contract's plan.
#[must_use]
pub fn plan_of(contract: impl Display) -> String {
    format!("plan of {contract}")
}

/// The command line that shows what comes next.
#[must_use]
pub fn more(command: &str) -> String {
    format!("`{command}` shows the next ones.")
}
