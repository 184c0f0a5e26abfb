//! Reading a value by itself: whatever stands there, the reader is behind it afterwards.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::tolerant::UNTYPED;

/// What stood in a place.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "every reader must handle all four")]
pub enum Read<T> {
    /// `null`.
    Null,
    /// The value, and all of it.
    Whole(T),
    /// A value of which a part could not be read: a list without some of its items.
    Partial(T),
    /// Something of another shape.
    Unreadable,
}

/// A value that can be read by itself: an unexpected shape is an answer and not an error.
///
/// `Err` means that the JSON itself is broken: nothing behind that place can be read.
pub trait Readable: Sized {
    /// What `null` means as an item of a list; `None`: it is no item.
    const NULL_ITEM: Option<Self> = None;

    /// Reads what stands there.
    ///
    /// # Errors
    ///
    /// That of the deserializer, for broken JSON.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error>;
}

/// Reads a value that must be there: an unreadable one is an error if `strict`, so that the error has its place.
pub(crate) struct Seed<T> {
    strict: bool,
    value: PhantomData<T>,
}

impl<T> Seed<T> {
    pub(crate) fn new(strict: bool) -> Self {
        Self { strict, value: PhantomData }
    }
}

impl<'de, T: Readable> DeserializeSeed<'de> for Seed<T> {
    type Value = Read<T>;

    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read<T>, D::Error> {
        // The value is not taken out of the result: large ones are read as well.
        let read = T::read(deserializer);
        if self.strict && matches!(read, Ok(Read::Null | Read::Unreadable)) {
            return Err(Error::custom("a shape that is not documented"));
        }
        read
    }
}

/// Passes what is left of a list.
pub(crate) fn pass_list<'de, T, A: SeqAccess<'de>>(mut items: A) -> Result<Read<T>, A::Error> {
    while items.next_element::<IgnoredAny>()?.is_some() {}
    Ok(Read::Unreadable)
}

/// Passes what is left of an object.
pub(crate) fn pass_object<'de, T, A: MapAccess<'de>>(mut members: A) -> Result<Read<T>, A::Error> {
    while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(Read::Unreadable)
}

/// The methods of a [`Visitor`] that a reader does not expect to be called: what they are given is passed.
///
/// Bytes stand for a scalar that is JSON and no value: see `tolerant.rs`.
macro_rules! pass {
    ($($method:ident($type:ty))*) => { $(
        fn $method<E: serde::de::Error>(self, _: $type) -> Result<Self::Value, E> {
            Ok(Read::Unreadable)
        }
    )* };
    (null) => {
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(Read::Null)
        }

        fn visit_none<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(Read::Null)
        }
    };
    (list) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
            $crate::generated_support::readable::pass_list(items)
        }
    };
    (object) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
            $crate::generated_support::readable::pass_object(members)
        }
    };
}
pub(crate) use pass;

struct Items<T, F> {
    each: F,
    item: PhantomData<T>,
}

impl<'de, T: Readable, F: FnMut(Read<T>)> Visitor<'de> for Items<T, F> {
    type Value = Read<()>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Self::Value, A::Error> {
        while let Some(item) = items.next_element_seed(Seed::<T>::new(false))? {
            (self.each)(item);
        }
        Ok(Read::Whole(()))
    }

    pass!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str) visit_bytes(&[u8]));
    pass!(null);
    pass!(object);
}

/// Reads a list, and hands on what stood in the place of each item.
///
/// # Errors
///
/// That of the deserializer, for broken JSON.
pub fn read_items<'de, T: Readable, D: Deserializer<'de>>(
    deserializer: D,
    each: impl FnMut(Read<T>),
) -> Result<Read<()>, D::Error> {
    deserializer.deserialize_any(Items { each, item: PhantomData })
}

/// Hands an item on, if it is one. Whether it is one, and whole.
fn take<T: Readable>(item: Read<T>, keep: impl FnOnce(T)) -> bool {
    let (item, is_whole) = match item {
        Read::Whole(item) => (Some(item), true),
        Read::Partial(item) => (Some(item), false),
        Read::Null => (T::NULL_ITEM, T::NULL_ITEM.is_some()),
        Read::Unreadable => (None, false),
    };
    if let Some(item) = item {
        keep(item);
    }
    is_whole
}

impl<T: Readable> Readable for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        let (mut list, mut is_whole) = (Vec::new(), true);
        let read = read_items(deserializer, |item| is_whole &= take(item, |item| list.push(item)))?;
        Ok(match read {
            Read::Whole(()) if is_whole => Read::Whole(list),
            Read::Whole(()) | Read::Partial(()) => Read::Partial(list),
            Read::Null => Read::Null,
            Read::Unreadable => Read::Unreadable,
        })
    }
}

/// The text of a value, whatever its shape.
impl Readable for Box<RawValue> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Self::deserialize(deserializer).map(Read::Whole)
    }
}

struct Map<T>(PhantomData<T>);

impl<'de, T: Readable> Visitor<'de> for Map<T> {
    type Value = Read<BTreeMap<String, T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let (mut map, mut is_whole) = (BTreeMap::new(), true);
        while let Some(name) = members.next_key::<String>()? {
            let member = members.next_value_seed(Seed::<T>::new(false))?;
            // Of two values under one name, neither is the right one.
            let mut is_new = true;
            is_whole &= take(member, |member| is_new = map.insert(name, member).is_none());
            is_whole &= is_new;
        }
        Ok(if is_whole { Read::Whole(map) } else { Read::Partial(map) })
    }

    pass!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str) visit_bytes(&[u8]));
    pass!(null);
    pass!(list);
}

impl<T: Readable> Readable for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        deserializer.deserialize_any(Map(PhantomData))
    }
}

/// Any JSON value has the right shape.
struct Untyped;

impl<'de> Visitor<'de> for Untyped {
    type Value = Read<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(if value.is_null() { Read::Null } else { Read::Whole(value) })
    }

    pass!(visit_bytes(&[u8]));
}

impl Readable for Value {
    const NULL_ITEM: Option<Self> = Some(Self::Null);

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        deserializer.deserialize_newtype_struct(UNTYPED, Untyped)
    }
}
