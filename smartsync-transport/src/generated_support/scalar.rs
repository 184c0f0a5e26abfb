//! Texts, numbers and booleans, each read by itself.

use std::{fmt, marker::PhantomData};

use serde::{Deserializer, de::Visitor};
use serde_json::Number;

use crate::{
    generated_support::readable::{Read, pass},
    timestamp::Timestamp,
};

/// What can be made of a text, a number or a boolean; `None`: the shape is another one.
pub trait Scalar: Sized {
    /// Of a text.
    #[must_use]
    fn of_text(_: &str) -> Option<Self> {
        None
    }

    /// Of a whole number.
    #[must_use]
    fn of_i64(_: i64) -> Option<Self> {
        None
    }

    /// Of a whole number that is not negative.
    #[must_use]
    fn of_u64(number: u64) -> Option<Self> {
        Self::of_i64(i64::try_from(number).ok()?)
    }

    /// Of a number with a fraction.
    #[must_use]
    fn of_f64(_: f64) -> Option<Self> {
        None
    }

    /// Of a boolean.
    #[must_use]
    fn of_bool(_: bool) -> Option<Self> {
        None
    }
}

/// Reads a scalar.
///
/// # Errors
///
/// That of the deserializer, for broken JSON.
pub fn read_scalar<'de, T: Scalar, D: Deserializer<'de>>(deserializer: D) -> Result<Read<T>, D::Error> {
    deserializer.deserialize_any(ScalarVisitor(PhantomData))
}

struct ScalarVisitor<T>(PhantomData<T>);

fn whole<T, E>(value: Option<T>) -> Result<Read<T>, E> {
    Ok(value.map_or(Read::Unreadable, Read::Whole))
}

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_str<E>(self, text: &str) -> Result<Read<T>, E> {
        whole(T::of_text(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Read<T>, E> {
        whole(T::of_i64(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Read<T>, E> {
        whole(T::of_u64(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Read<T>, E> {
        whole(T::of_f64(number))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Read<T>, E> {
        whole(T::of_bool(flag))
    }

    pass!(visit_bytes(&[u8]));
    pass!(null);
    pass!(list);
    pass!(object);
}

/// Makes a [`Scalar`] one that can be read by itself.
#[doc(hidden)]
#[macro_export]
macro_rules! readable_scalar {
    ($($name:ty),+) => { $(
        impl $crate::generated_support::Readable for $name {
            fn read<'de, D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<$crate::generated_support::Read<Self>, D::Error> {
                $crate::generated_support::read_scalar(deserializer)
            }
        }
    )+ };
}

/// Makes a [`Scalar`] that `serde` can read anywhere.
#[doc(hidden)]
#[macro_export]
macro_rules! deserialize_scalar {
    ($name:ty) => {
        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::generated_support::deserialize(deserializer)
            }
        }
    };
}

readable_scalar!(bool, i32, i64, u32, u64, Number, String, Timestamp);

impl Scalar for bool {
    fn of_bool(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl Scalar for i64 {
    fn of_i64(number: i64) -> Option<Self> {
        Some(number)
    }
}

impl Scalar for i32 {
    fn of_i64(number: i64) -> Option<Self> {
        number.try_into().ok()
    }
}

impl Scalar for u64 {
    fn of_i64(number: i64) -> Option<Self> {
        number.try_into().ok()
    }

    fn of_u64(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl Scalar for u32 {
    fn of_i64(number: i64) -> Option<Self> {
        number.try_into().ok()
    }
}

impl Scalar for Number {
    fn of_i64(number: i64) -> Option<Self> {
        Some(number.into())
    }

    fn of_u64(number: u64) -> Option<Self> {
        Some(number.into())
    }

    fn of_f64(number: f64) -> Option<Self> {
        Self::from_f64(number)
    }
}

impl Scalar for String {
    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Scalar for Timestamp {
    fn of_text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

/// Reads the text of an id from wherever: a whole number as its digits, an empty text as it is.
///
/// # Errors
///
/// That of the deserializer, also for another shape.
pub fn deserialize_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text(String);

    impl Scalar for Text {
        fn of_text(text: &str) -> Option<Self> {
            Some(Self(text.to_owned()))
        }

        fn of_i64(id: i64) -> Option<Self> {
            Some(Self(id.to_string()))
        }

        fn of_u64(id: u64) -> Option<Self> {
            Some(Self(id.to_string()))
        }
    }

    match read_scalar(deserializer)? {
        Read::Whole(Text(id)) | Read::Partial(Text(id)) => Ok(id),
        Read::Null | Read::Unreadable => Err(serde::de::Error::custom("a shape that is not documented")),
    }
}
