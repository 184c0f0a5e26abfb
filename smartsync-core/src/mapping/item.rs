//! Reads the values of a mapping file one by one, and notes what is wrong with each.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{nearest::by_nearness, nearest::or_list, word, word::NotAWord};
use crate::{
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath, KeyPathSegment},
    words::mapping as words,
};

/// A value of the file, where it stands, and what was found so far.
pub(super) struct Item<'f> {
    pub(super) value: &'f Value,
    pub(super) path: KeyPath,
    pub(super) found: &'f mut Vec<Diagnostic>,
}

impl<'f> Item<'f> {
    pub(super) fn new(value: &'f Value, path: KeyPath, found: &'f mut Vec<Diagnostic>) -> Self {
        Self { value, path, found }
    }

    /// Notes that the value is wrong.
    pub(super) fn refuse<T>(
        self,
        code: DiagnosticCode,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        self.found.push(Diagnostic::at_value(code, self.path, message, help));
        None
    }

    pub(super) fn wrong_type<T>(self, wanted: &str) -> Option<T> {
        let is_item = matches!(self.path.segments().last(), Some(KeyPathSegment::Index(_)));
        let say = if is_item { words::wrong_type_of_item } else { words::wrong_type };
        let message = say(self.name(), kind_of(self.value));
        self.refuse(DiagnosticCode::WrongType, message, words::write(wanted))
    }

    /// The key of the value, or of the list it stands in.
    fn name(&self) -> &str {
        let parts = self.path.segments().iter().rev();
        let mut keys = parts.filter_map(|part| match part {
            KeyPathSegment::Key(key) => Some(key.as_str()),
            KeyPathSegment::Index(_) => None,
        });
        keys.next().unwrap_or(words::THE_FILE)
    }
}

pub(super) fn flag(item: Item<'_>) -> Option<bool> {
    match item.value.as_bool() {
        Some(flag) => Some(flag),
        None => item.wrong_type(words::WRITE_BOOLEAN),
    }
}

/// A text, and the item again, to say what is wrong with it.
pub(super) fn text(item: Item<'_>) -> Option<(&str, Item<'_>)> {
    match item.value.as_str() {
        Some(text) => Some((text, item)),
        None => item.wrong_type(words::WRITE_STRING),
    }
}

/// A word of a closed list.
pub(super) fn word<T: DeserializeOwned>(item: Item<'_>) -> Option<T> {
    let (text, item) = text(item)?;
    match word::read(text) {
        Ok(word) => Some(word),
        Err(NotAWord(known)) => {
            let message = words::unknown_word(text, item.name());
            let help = words::write(&or_list(by_nearness(text, known.iter().copied())));
            item.refuse(DiagnosticCode::UnknownWord, message, help)
        }
    }
}

/// An id of Oneflow.
pub(super) fn id<T: From<i64>>(item: Item<'_>) -> Option<T> {
    match (item.value, item.value.as_i64()) {
        (_, Some(id)) if id > 0 => Some(T::from(id)),
        (Value::Number(_), _) => {
            item.refuse(DiagnosticCode::InvalidId, words::INVALID_ID, words::INVALID_ID_HELP)
        }
        _ => item.wrong_type(words::WRITE_NUMBER),
    }
}

/// A list, each item by itself; `None` if any is wrong.
pub(super) fn list<T>(item: Item<'_>, read: impl Fn(Item<'_>) -> Option<T>) -> Option<Vec<T>> {
    let Some(values) = item.value.as_array() else {
        return item.wrong_type(words::WRITE_LIST);
    };
    let Item { path, found, .. } = item;
    let read = |(position, value)| read(Item::new(value, path.index(position), found));
    // Every item is read before one that is wrong spoils the list.
    let items: Vec<Option<T>> = values.iter().enumerate().map(read).collect();
    items.into_iter().collect()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => words::NULL,
        Value::Bool(_) => words::A_BOOLEAN,
        Value::Number(_) => words::A_NUMBER,
        Value::String(_) => words::A_STRING,
        Value::Array(_) => words::A_LIST,
        // How a TOML parser hands over what JSON does not have.
        Value::Object(members) if members.keys().any(|key| key.starts_with("$__toml")) => words::A_TIME,
        Value::Object(_) => words::A_TABLE,
    }
}
