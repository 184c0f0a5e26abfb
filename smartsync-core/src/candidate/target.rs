//! Where a value is written: a field of the candidate's card.

use std::fmt;

use teamtailor_client::CustomFieldId;

use super::candidate_field::DefaultField;

/// Where a value is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Default(DefaultField),
    Custom(CustomFieldId),
}

/// `email`, or `custom:31`: by id, since an api-name can be given to another field.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(field) => f.write_str(field.as_str()),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}
