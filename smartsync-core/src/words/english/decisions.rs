//! Why a decision could not be followed, where no reason says so. Sentences for the person who decided.

pub(crate) const UNKNOWN_FIELD: &str = "The contract has no mapped field of this name.";
pub(crate) const SEVERAL_FIELDS: &str =
    "Several fields have this name, or it was decided twice; name the candidate's field, and each once.";
pub(crate) const NOTHING_TO_DECIDE: &str =
    "There is nothing to decide: both sides hold the same, or an empty field is filled in.";
