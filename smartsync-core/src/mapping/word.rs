//! Reads a word of a closed list, and knows the words of the list when it is none of them.

use std::fmt;

use serde::{
    de::{self, DeserializeOwned, IntoDeserializer, value::StrDeserializer},
    forward_to_deserialize_any,
};

/// The words that serde expected.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAWord(pub(super) &'static [&'static str]);

/// Reads a word of an enum. The words are those that serde knows, so that no second list has to be kept.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, NotAWord> {
    T::deserialize(Word(text.into_deserializer()))
}

struct Word<'a>(StrDeserializer<'a, NotAWord>);

impl<'de> de::Deserializer<'de> for Word<'_> {
    type Error = NotAWord;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotAWord> {
        visitor.visit_enum(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl fmt::Display for NotAWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of the allowed values")
    }
}

impl std::error::Error for NotAWord {}

impl de::Error for NotAWord {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}
