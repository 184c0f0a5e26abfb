//! The name of the signed document on the candidate's card.

use std::{fmt, str::FromStr};

use oneflow_client::ContractId;
use serde::{Serialize, Serializer};

/// The part of a name by which a document is found again.
const MARK: &str = "({contract_id})";
/// The longest name, as file systems count.
const MAX_BYTES: usize = 255;
/// Stands in for the name of a contract that has none.
const NO_NAME: &str = "Contract";

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
    /// No file has such a name.
    #[error("the file name without the contract's name has more than {MAX_BYTES} bytes")]
    TooLong,
}

impl FileNameTemplate {
    /// The name of a contract's document: a single safe name of at most 255 bytes. Characters that are unsafe in a file name
    /// become `-`. The contract's name is cut at the end where there is no room for it; all that the template itself has
    /// stays.
    #[must_use]
    pub fn name(&self, contract: ContractId, contract_name: &str) -> String {
        let template = self.0.replace("{contract_id}", &contract.to_string());
        let parts: Vec<String> = template.split("{contract_name}").map(safe_characters).collect();
        let places = parts.len() - 1;
        let fixed: usize = parts.iter().map(String::len).sum();
        let room = MAX_BYTES.saturating_sub(fixed).checked_div(places).unwrap_or_default();
        safe_start(&parts.join(&name_part(contract_name, room)))
    }

    /// Whether a file of this name is the document of the contract.
    pub(crate) fn is_document_of(contract: ContractId, file_name: &str) -> bool {
        file_name.contains(&format!("({contract})"))
    }

    /// The bytes that the template's own text takes at most.
    fn own_bytes(text: &str) -> usize {
        text.replace("{contract_id}", &i64::MIN.to_string()).replace("{contract_name}", "").len()
    }
}

/// A contract's name as part of a file name of which `room` bytes are left.
fn name_part(contract_name: &str, room: usize) -> String {
    let name = safe_characters(contract_name.trim_matches(is_dot_or_space));
    // `(9001)` in a name would pass for the document of that contract.
    let name = without_numbers_in_parentheses(&name);
    let end = (0..=room.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    let name = name[..end].trim_end_matches(is_dot_or_space);
    if name.is_empty() && room >= NO_NAME.len() { NO_NAME.to_owned() } else { name.to_owned() }
}

fn is_dot_or_space(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

fn safe_characters(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '-' } else { c }).collect()
}

/// Separators of paths, what Windows refuses, and what a person cannot see: controls, and characters that reverse or hide
/// the text around them, so that `fdp.exe` could pass for `exe.pdf`.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `Renewal of (9001)` becomes `Renewal of [9001]`.
fn without_numbers_in_parentheses(name: &str) -> String {
    let mut rest = name;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && after[digits..].starts_with(')') {
            out.push_str(&format!("[{}]", &after[..digits]));
            rest = &after[digits + 1..];
        } else {
            out.push('(');
            rest = after;
        }
    }
    out + rest
}

/// A name that is neither hidden nor a device of Windows, for which the part before the first dot counts.
fn safe_start(name: &str) -> String {
    let name = name.trim_start_matches(is_dot_or_space).trim_end_matches(is_dot_or_space);
    match name.split_once('.') {
        Some((device, rest)) if is_device(device) => format!("{device}-{rest}"),
        Some(_) | None => name.to_owned(),
    }
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_uppercase();
    let is_numbered = |name: &str| {
        stem.strip_prefix(name).is_some_and(|number| {
            matches!(number, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || is_numbered("COM") || is_numbered("LPT")
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
        if Self::own_bytes(text) > MAX_BYTES {
            return Err(FileNameError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

impl Serialize for FileNameTemplate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
