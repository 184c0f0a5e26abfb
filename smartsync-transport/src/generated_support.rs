//! What generated clients call. Hidden from the documentation: it serves the generator, not people.

use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::Lenient;
pub use crate::id::{debug_text_id, read_number, read_text};

/// Stands in `Debug` for a value that a person may have typed.
#[expect(clippy::exhaustive_structs, reason = "generated code names it")]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// Reads `null` like an absent member.
pub fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a member whose shape no source confirms: another shape than expected counts as absent.
pub fn lenient<'de, D: Deserializer<'de>, T: Default + DeserializeOwned>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Lenient::deserialize(deserializer)?;
    Ok(value.into_result().unwrap_or_default())
}

/// The items as one query value; nothing for no items.
pub fn comma_list<T: fmt::Display>(items: &[T]) -> Option<String> {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    (!items.is_empty()).then(|| items.join(","))
}
