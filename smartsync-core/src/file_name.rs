//! The name of the signed document on the candidate's card.

use std::{fmt, str::FromStr};

use oneflow_client::ContractId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// The part of a name by which a document is found again.
const MARK: &str = "({contract_id})";

/// A template for the name of the signed document: `{contract_name} ({contract_id}).pdf`.
///
/// It must contain `({contract_id})`, parentheses included: by that part the document is found again, so that it is
/// not attached twice.
///
/// ```
/// use smartsync_core::{ContractId, FileNameTemplate};
///
/// let template: FileNameTemplate = "{contract_name} ({contract_id}).pdf".parse().unwrap();
/// assert_eq!(template.name(ContractId::new(9001), "Employment: Ida"), "Employment- Ida (9001).pdf");
/// assert!("contract.pdf".parse::<FileNameTemplate>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNameTemplate(String);

/// A template that is no usable file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileNameError {
    /// The document could not be found again.
    #[error(
        "the file name must contain `({{contract_id}})`, parentheses included: by it the document is found again"
    )]
    NoContractId,
    /// Only two placeholders exist.
    #[error(
        "the file name has an unknown placeholder: only `{{contract_name}}` and `{{contract_id}}` are known"
    )]
    UnknownPlaceholder,
}

impl FileNameTemplate {
    /// The name of a contract's document. Characters that are unsafe in a file name become `-`.
    #[must_use]
    pub fn name(&self, contract: ContractId, contract_name: &str) -> String {
        let contract_name = contract_name.trim();
        let contract_name = if contract_name.is_empty() { "Contract" } else { contract_name };
        // The name goes in last and is not searched for placeholders.
        let mut name = String::new();
        for (position, part) in self.0.split("{contract_name}").enumerate() {
            if position > 0 {
                name.push_str(contract_name);
            }
            name.push_str(&part.replace("{contract_id}", &contract.to_string()));
        }
        name.chars().map(safe).collect()
    }

    /// Whether a file of this name is the document of the contract.
    pub(crate) fn is_document_of(contract: ContractId, file_name: &str) -> bool {
        file_name.contains(&format!("({contract})"))
    }
}

fn safe(c: char) -> char {
    let unsafe_in_a_name =
        c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    if unsafe_in_a_name { '-' } else { c }
}

impl Default for FileNameTemplate {
    fn default() -> Self {
        Self(format!("{{contract_name}} {MARK}.pdf"))
    }
}

impl fmt::Display for FileNameTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for FileNameTemplate {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !text.contains(MARK) {
            return Err(FileNameError::NoContractId);
        }
        let rest = text.replace("{contract_id}", "").replace("{contract_name}", "");
        if rest.contains(['{', '}']) {
            return Err(FileNameError::UnknownPlaceholder);
        }
        Ok(Self(text.to_owned()))
    }
}

impl Serialize for FileNameTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for FileNameTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
