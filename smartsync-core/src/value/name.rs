//! A person's name.

use super::{invisible::has_stray, value_error::ValueError};

/// A text that has a letter and no `@`. Whatever no eye sees is refused, but for the joiners that some writings need: a
/// name with such a character looks like another name and is none.
pub(super) fn read(text: &str) -> Result<String, ValueError> {
    if has_stray(text) {
        return Err(ValueError::HiddenCharacters);
    }
    let is_name = text.contains(char::is_alphabetic) && !text.contains('@');
    if is_name { Ok(text.to_owned()) } else { Err(ValueError::Unreadable) }
}
