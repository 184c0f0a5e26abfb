//! The name of the signed document on the candidate's card.

use std::{fmt, str::FromStr};

use oneflow_client::ContractId;
use serde::{Serialize, Serializer};

use crate::keys::DocumentMark;

/// The part of a name by which people tell contracts apart.
const MARK: &str = "({contract_id})";
/// Stands for it until the whole name is known. No name holds such a character.
const OWN_NUMBER: &str = "\u{1}";
/// The longest name, as file systems count.
const MAX_BYTES: usize = 255;
/// Stands in for the name of a contract that has none.
const NO_NAME: &str = "Contract";

/// A template for the name of the signed document: `{contract_name} ({contract_id}).pdf`.
///
/// It must contain `({contract_id})`, parentheses included: by that part people tell the documents of two contracts apart.
/// SmartSync itself knows a document by a [mark](DocumentMark), which every name gets before its ending.
///
/// ```
/// use smartsync_core::{ContractId, SyncKeys, keys::DocumentMark, mapping::FileNameTemplate};
///
/// let template: FileNameTemplate = "{contract_name} ({contract_id}).pdf".parse()?;
/// let keys = SyncKeys::new("acme", ["an/example/key/that/nobody/should/ever/use0".into()])?;
/// let mark = DocumentMark::new(&keys, ContractId::new(9001), &"4711".into());
/// let name = template.name(ContractId::new(9001), "Employment: Ida", &mark);
/// assert_eq!(name, format!("Employment- Ida (9001) {}.pdf", mark.as_str()));
/// assert!("contract.pdf".parse::<FileNameTemplate>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNameTemplate(String);

/// A template that is no usable file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileNameError {
    /// Nobody could tell whose document it is.
    #[error(
        "the file name must contain `({{contract_id}})`, including the parentheses: it tells documents apart"
    )]
    NoContractId,
    /// Only two placeholders exist.
    #[error(
        "the file name has an unknown placeholder: only `{{contract_name}}` and `{{contract_id}}` are allowed"
    )]
    UnknownPlaceholder,
    /// No file has such a name.
    #[error("the file name is longer than {MAX_BYTES} bytes, not counting the contract's name")]
    TooLong,
}

impl FileNameTemplate {
    /// The name of a contract's document: a single safe name of at most 255 bytes. Characters that are unsafe in a file name
    /// become `-`. The contract's name is cut at the end where there is no room for it; all that the template itself has
    /// stays, and so does the mark, which stands before the ending of the name.
    #[must_use]
    pub fn name(&self, contract: ContractId, contract_name: &str, mark: &DocumentMark) -> String {
        let text = self.0.replace(OWN_NUMBER, "-");
        let (stem, ending) = split_ending(&text);
        let template = format!("{stem} {}{ending}", mark.as_str());
        let own = format!("({contract})");
        // The number in the template's own parentheses is put in at the end: what the contract's name makes of the rest must
        // not pass for the number of another contract.
        let template = template.replace(MARK, OWN_NUMBER).replace("{contract_id}", &contract.to_string());
        let parts: Vec<String> = template.split("{contract_name}").map(safe_characters).collect();
        let places = parts.len() - 1;
        let numbers: usize = parts.iter().map(|part| part.matches(OWN_NUMBER).count()).sum();
        let fixed = parts.iter().map(String::len).sum::<usize>() + numbers * (own.len() - OWN_NUMBER.len());
        let room = MAX_BYTES.saturating_sub(fixed).checked_div(places).unwrap_or_default();
        let joined = without_numbers_in_parentheses(&parts.join(&name_part(contract_name, room)));
        safe_start(&joined.replace(OWN_NUMBER, &own))
    }

    /// The bytes that the template's own text takes at most, with the mark.
    fn own_bytes(text: &str) -> usize {
        let text = text.replace("{contract_id}", &i64::MIN.to_string()).replace("{contract_name}", "");
        text.len() + " ".len() + DocumentMark::LENGTH
    }
}

/// A contract's name as part of a file name of which `room` bytes are left.
fn name_part(contract_name: &str, room: usize) -> String {
    let name = safe_characters(&contract_name.trim_matches(is_dot_or_space).replace(OWN_NUMBER, "-"));
    let name = without_marks(&name);
    let end = (0..=room.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or_default();
    let name = name[..end].trim_end_matches(is_dot_or_space);
    if name.is_empty() && room >= NO_NAME.len() { NO_NAME.to_owned() } else { name.to_owned() }
}

/// What a mark is made of is broken where it is as long as one: a contract's name must not pass for the document of another.
fn without_marks(name: &str) -> String {
    let (mut broken, mut digits) = (String::with_capacity(name.len()), 0);
    for c in name.chars() {
        digits = if c.is_ascii_hexdigit() { digits + 1 } else { 0 };
        if digits == DocumentMark::LENGTH {
            broken.push('-');
            digits = 1;
        }
        broken.push(c);
    }
    broken
}

/// The name before its ending, and the ending with its dot: `.pdf`.
fn split_ending(text: &str) -> (&str, &str) {
    match text.rfind('.') {
        Some(dot) if !text[dot..].contains(['{', '(', ' ']) => text.split_at(dot),
        Some(_) | None => (text, ""),
    }
}

fn is_dot_or_space(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

fn safe_characters(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) && !OWN_NUMBER.contains(c) { '-' } else { c }).collect()
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
