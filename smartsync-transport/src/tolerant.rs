//! Reads what is JSON and more than `serde_json` reads: half a surrogate pair in a text, a number without measure, deep nesting.
//!
//! One such value, typed into a field by anybody, must not cost the whole answer. So a text that `serde_json` gives up on is
//! read a second time if it is well-formed: level by level, each value from its own text.

use std::{borrow::Cow, cell::RefCell, fmt, iter::Enumerate, vec};

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

/// Why a text could not be read, and where.
pub(crate) struct Fault {
    pub(crate) error: Error,
    pub(crate) place: String,
}

/// Deserializes a whole text.
///
/// Every model is compiled for two readers, `serde_json` and [`Tolerant`]: each one more would be a third of its code again.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Fault> {
    serde_json::from_str(text).or_else(|error| again(text, error))
}

/// Reads what `serde_json` gave up on, for an answer or for the place of the fault.
#[cold]
fn again<'de, T: Deserialize<'de>>(text: &'de str, error: Error) -> Result<T, Fault> {
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else {
        return Err(Fault { error, place: String::new() });
    };
    let place = Place::default();
    T::deserialize(Tolerant { text: raw.get(), depth: 0, place: &place })
        .map_err(|error| Fault { error, place: place.into_path() })
}

/// Text in place of bytes that are none: what is no UTF-8 becomes half a surrogate pair, which is JSON and no value.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            // The first character keeps a backslash before it from escaping the second one.
            text.push_str("\u{fffd}\\ud800");
        }
    }
    text
}

/// The way to the first fault, from the inside out.
#[derive(Default)]
struct Place(RefCell<Vec<String>>);

impl Place {
    fn is_inside(&self, part: String) {
        self.0.borrow_mut().push(part);
    }

    fn into_path(self) -> String {
        let path: String = self.0.into_inner().into_iter().rev().collect();
        path.strip_prefix('.').unwrap_or(&path).to_owned()
    }
}

/// One value of a document that is JSON.
#[derive(Clone, Copy)]
struct Tolerant<'de, 'p> {
    text: &'de str,
    depth: u8,
    place: &'p Place,
}

impl<'de> Tolerant<'de, '_> {
    /// Reads a part of this value.
    fn read<T: DeserializeSeed<'de>>(
        self,
        raw: &'de RawValue,
        seed: T,
        part: impl FnOnce() -> String,
    ) -> Result<T::Value, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::custom("too deep"));
        }
        let read = seed.deserialize(Self { text: raw.get(), depth: self.depth + 1, place: self.place });
        if read.is_err() {
            self.place.is_inside(part());
        }
        read
    }

    fn strict(self) -> serde_json::Deserializer<serde_json::de::StrRead<'de>> {
        serde_json::Deserializer::from_str(self.text)
    }
}

impl<'de> Deserializer<'de> for Tolerant<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = serde_json::from_str(self.text)?;
                visitor.visit_map(Object { members: members.into_iter(), value: None, here: self })
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(self.text)?;
                visitor.visit_seq(List { items: items.into_iter().enumerate(), here: self })
            }
            Some(b'"') => match serde_json::from_str::<Cow<'_, str>>(self.text) {
                Ok(text) => visitor.visit_str(&text),
                Err(_) => visitor.visit_bytes(NO_VALUE),
            },
            Some(b't') => visitor.visit_bool(true),
            Some(b'f') => visitor.visit_bool(false),
            Some(b'n') => visitor.visit_unit(),
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

/// The members of an object in their order, each by its own text, with those that stand there twice.
struct Members<'de>(Vec<(&'de RawValue, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut inner: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = inner.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Each)
    }
}

/// What is left of a list.
struct List<'de, 'p> {
    items: Enumerate<vec::IntoIter<&'de RawValue>>,
    here: Tolerant<'de, 'p>,
}

impl<'de> SeqAccess<'de> for List<'de, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some((index, raw)) = self.items.next() else { return Ok(None) };
        self.here.read(raw, seed, || format!("[{index}]")).map(Some)
    }
}

/// What is left of an object.
struct Object<'de, 'p> {
    members: vec::IntoIter<(&'de RawValue, &'de RawValue)>,
    /// The member whose name was read.
    value: Option<(&'de RawValue, &'de RawValue)>,
    here: Tolerant<'de, 'p>,
}

impl<'de> MapAccess<'de> for Object<'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.value = self.members.next();
        let Some((name, _)) = self.value else { return Ok(None) };
        seed.deserialize(IntoDeserializer::<Error>::into_deserializer(text(name))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let (name, value) = self.value.take().ok_or_else(|| Error::custom("a value before its name"))?;
        self.here.read(value, seed, || format!(".{}", text(name)))
    }
}

/// The name of a member. The names of models are plain ASCII: one that is no text is none of them.
fn text(name: &RawValue) -> Cow<'_, str> {
    serde_json::from_str(name.get()).unwrap_or(Cow::Borrowed("\u{fffd}"))
}
