//! Selects: Teamtailor reads the ids of options and writes their labels.

use std::fmt;

use serde_json::Value;

use crate::{custom_field_options::CustomFieldOption, ids::CustomFieldOptionId};

/// The options of one select, to map between their ids and their labels.
///
/// Teamtailor answers the value of a select with the **labels** of the chosen options, and takes their **ids**.
///
/// ```
/// use serde_json::json;
/// use teamtailor_client::{Choices, custom_field_options::CustomFieldOption};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let options: Vec<CustomFieldOption> = serde_json::from_value(json!([
///     { "id": "7001", "attributes": { "value": "Nights" } },
///     { "id": "7002", "attributes": { "value": "Weekends" } },
/// ]))?;
/// let choices = Choices::new(&options);
/// assert_eq!(choices.chosen(&json!(["Weekends"]))?, ["7002"]); // as read
/// assert_eq!(choices.several(["Nights", "Weekends"])?, json!(["7001", "7002"])); // to write to a MultiSelect
/// assert_eq!(choices.one("Nights")?, json!("7001")); // to write to a Select
/// assert_eq!(choices.label(&"7002".into()), Some("Weekends"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Choices(Vec<(CustomFieldOptionId, String)>);

/// Why a label has no option. It holds no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChoiceError {
    /// No option has this label.
    Unknown,
    /// Several options have this label.
    Ambiguous,
    /// The value is neither a text nor a list of texts.
    Shape,
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the select has no option with this label",
            Self::Ambiguous => "the select has several options with this label",
            Self::Shape => "the value of a select must be a string or a list of strings",
        })
    }
}

impl std::error::Error for ChoiceError {}

impl Choices {
    /// The options of one select. One without a label is left out.
    #[must_use]
    pub fn new<'a>(options: impl IntoIterator<Item = &'a CustomFieldOption>) -> Self {
        let labelled =
            |option: &CustomFieldOption| Some((option.id.clone(), option.attributes.value.clone()?));
        Self(options.into_iter().filter_map(labelled).collect())
    }

    /// The label of an option.
    #[must_use]
    pub fn label(&self, id: &CustomFieldOptionId) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == id).map(|(_, label)| label.as_str())
    }

    /// The option of this label; a text that is no label but an id counts as that option.
    ///
    /// # Errors
    ///
    /// [`ChoiceError::Unknown`] and [`ChoiceError::Ambiguous`].
    pub fn id(&self, label: &str) -> Result<&CustomFieldOptionId, ChoiceError> {
        let mut found = self.0.iter().filter(|(_, other)| other.trim() == label.trim());
        match (found.next(), found.next()) {
            (Some((id, _)), None) => Ok(id),
            (Some(_), Some(_)) => Err(ChoiceError::Ambiguous),
            (None, _) => {
                let by_id = self.0.iter().find(|(id, _)| id.as_str() == label);
                by_id.map(|(id, _)| id).ok_or(ChoiceError::Unknown)
            }
        }
    }

    /// The options behind a value as Teamtailor answers it: a label, a list of labels, or `null`.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] for a value that is none of these, or for a label without an option.
    pub fn chosen(&self, value: &Value) -> Result<Vec<CustomFieldOptionId>, ChoiceError> {
        let one = |label: &str| self.id(label).cloned();
        match value {
            Value::Null => Ok(Vec::new()),
            Value::String(label) if label.is_empty() => Ok(Vec::new()),
            Value::String(label) => Ok(vec![one(label)?]),
            Value::Array(labels) => {
                labels.iter().map(|label| one(label.as_str().ok_or(ChoiceError::Shape)?)).collect()
            }
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => Err(ChoiceError::Shape),
        }
    }

    /// The value to write to a Select: the id of the option of this label.
    ///
    /// # Errors
    ///
    /// [`ChoiceError::Unknown`] and [`ChoiceError::Ambiguous`].
    pub fn one(&self, label: &str) -> Result<Value, ChoiceError> {
        self.id(label).map(|id| Value::from(id.as_str()))
    }

    /// The value to write to a MultiSelect: the ids of the options of these labels.
    ///
    /// # Errors
    ///
    /// [`ChoiceError::Unknown`] and [`ChoiceError::Ambiguous`].
    pub fn several<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Result<Value, ChoiceError> {
        labels.into_iter().map(|label| self.one(label)).collect()
    }
}

/// Prints the ids: labels are the company's own words.
impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}
