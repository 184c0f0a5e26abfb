//! Reads what is JSON and more than `serde_json` reads: half a surrogate pair in a text, a number without measure, deep nesting.
//!
//! One such value, typed into a field by anybody, must not cost the whole answer. So a text that `serde_json` gives up on is
//! read a second time if it is well-formed: level by level, each value from its own text.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::{Error, Number, Value, value::RawValue};

/// As deep as `serde_json` goes.
const MAX_DEPTH: u8 = 128;

/// The name of a newtype by which a reader asks for a value of any shape.
pub(crate) const UNTYPED: &str = "smartsync_transport::untyped";

/// What a reader is given for a scalar that is JSON and no value: JSON has no bytes, and these are no text.
const NO_VALUE: &[u8] = &[0xff];

/// Deserializes a whole text.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let read = serde_json::from_str(text);
    // What was read is not taken out of the result: it can be large.
    if matches!(&read, Err(error) if error.is_syntax())
        && let Some(whole) = Tolerant::new(text)
    {
        return T::deserialize(whole);
    }
    read
}

/// One value of a document.
#[derive(Clone, Copy)]
pub(crate) struct Tolerant<'de> {
    text: &'de str,
    depth: u8,
}

impl<'de> Tolerant<'de> {
    /// The whole document; `None` if it is not well-formed.
    pub(crate) fn new(text: &'de str) -> Option<Self> {
        let raw = serde_json::from_str::<&RawValue>(text).ok()?;
        Some(Self { text: raw.get(), depth: 0 })
    }

    fn below(self, raw: &'de RawValue) -> Result<Self, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::custom("too deep"));
        }
        Ok(Self { text: raw.get(), depth: self.depth + 1 })
    }

    fn strict(self) -> serde_json::Deserializer<serde_json::de::StrRead<'de>> {
        serde_json::Deserializer::from_str(self.text)
    }
}

impl<'de> Deserializer<'de> for Tolerant<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text.as_bytes().first() {
            Some(b'{' | b'[') => self.strict().deserialize_any(Level { visitor, here: self }),
            Some(b'"') => match serde_json::from_str::<Cow<'_, str>>(self.text) {
                Ok(text) => visitor.visit_str(&text),
                Err(_) => visitor.visit_bytes(NO_VALUE),
            },
            Some(b't' | b'f' | b'n') => self.strict().deserialize_any(visitor),
            _ => match serde_json::from_str::<Number>(self.text) {
                Ok(number) => number.deserialize_any(visitor),
                Err(_) => visitor.visit_bytes(NO_VALUE),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == UNTYPED {
            return match serde_json::from_str::<Value>(self.text) {
                Ok(value) => visitor.visit_newtype_struct(value),
                Err(_) => visitor.visit_bytes(NO_VALUE),
            };
        }
        if name == "$serde_json::private::RawValue" {
            return self.strict().deserialize_newtype_struct(name, visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.strict().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

/// Hands on the items or the members of one value, each as a [`Tolerant`].
struct Level<'de, V> {
    visitor: V,
    here: Tolerant<'de>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Level<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(Parts { inner, here: self.here })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Parts { inner, here: self.here })
    }
}

struct Parts<'de, A> {
    inner: A,
    here: Tolerant<'de>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Parts<'de, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        let Some(raw) = self.inner.next_element::<&'de RawValue>()? else { return Ok(None) };
        read(self.here, raw, seed).map(Some)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Parts<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(raw) = self.inner.next_key::<&'de RawValue>()? else { return Ok(None) };
        // The names of models are plain ASCII: one that is no text is none of them.
        let name = serde_json::from_str::<Cow<'_, str>>(raw.get()).unwrap_or(Cow::Borrowed("\u{fffd}"));
        seed.deserialize(IntoDeserializer::<A::Error>::into_deserializer(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let raw = self.inner.next_value::<&'de RawValue>()?;
        read(self.here, raw, seed)
    }
}

/// The error stays that of the level above, whose place serde keeps: its kind is told by its text alone.
fn read<'de, T: DeserializeSeed<'de>, E: serde::de::Error>(
    here: Tolerant<'de>,
    raw: &'de RawValue,
    seed: T,
) -> Result<T::Value, E> {
    here.below(raw).and_then(|below| seed.deserialize(below)).map_err(E::custom)
}
