//! One type per kind of id, so that a candidate's id cannot stand where a contract's is wanted.

/// Declares a newtype for a numeric id: a number on the wire. A number written as text is read as well.
///
/// ```
/// smartsync_transport::number_id! {
///     /// Id of a contract.
///     pub struct ContractId;
/// }
///
/// let id: ContractId = "42".parse().unwrap();
/// assert_eq!(id, ContractId::new(42));
/// assert_eq!(id, 42); // or as the bare number
/// assert_eq!(id.to_string(), "42");
/// assert_eq!(i64::from(id), 42);
///
/// // A `u64` may be too large: it is refused, never wrapped.
/// assert_eq!(ContractId::try_from(42_u64), Ok(id));
/// assert!(ContractId::try_from(u64::MAX).is_err());
/// ```
#[macro_export]
macro_rules! number_id {
    ( $(#[$meta:meta])* $visibility:vis struct $name:ident; ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive($crate::__private::Serialize)]
        #[serde(crate = "::smartsync_transport::__private::serde", transparent)]
        $visibility struct $name(i64);

        impl $crate::generated_support::Scalar for $name {
            fn of_i64(id: i64) -> ::std::option::Option<Self> {
                ::std::option::Option::Some(Self(id))
            }

            fn of_text(id: &str) -> ::std::option::Option<Self> {
                id.parse().ok()
            }
        }

        $crate::readable_scalar!($name);
        $crate::deserialize_scalar!($name);

        impl $name {
            /// The id with this number.
            #[must_use]
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        // The only `From` of an integer: with a second one, `get(42)` would have no type.
        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                *id
            }
        }

        impl TryFrom<u64> for $name {
            type Error = ::std::num::TryFromIntError;

            fn try_from(id: u64) -> ::std::result::Result<Self, Self::Error> {
                i64::try_from(id).map(Self)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl PartialEq<i64> for $name {
            fn eq(&self, number: &i64) -> bool {
                self.0 == *number
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

/// Declares a newtype for a textual id: a text on the wire. A whole number is read as its digits. In an answer, an
/// empty text is no id.
///
/// `Display` is the text as it travels, whatever it is: addresses and requests are made with it. `Debug` prints it if it
/// looks like an id, and `_` for any other text.
///
/// ```
/// smartsync_transport::text_id! {
///     /// Id of a candidate.
///     pub struct CandidateId;
/// }
///
/// assert_eq!(CandidateId::from("4711").as_str(), "4711");
/// assert_eq!(format!("{:?}", CandidateId::from("4711")), "CandidateId(\"4711\")");
/// assert_eq!(format!("{:?}", CandidateId::from("Ann Sample")), "CandidateId(_)");
///
/// assert_eq!(CandidateId::from(4711), "4711");
/// assert!("".parse::<CandidateId>().is_err()); // what comes from outside can be empty by mistake
/// ```
#[macro_export]
macro_rules! text_id {
    ( $(#[$meta:meta])* $visibility:vis struct $name:ident; ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive($crate::__private::Serialize)]
        #[serde(crate = "::smartsync_transport::__private::serde", transparent)]
        $visibility struct $name(String);

        impl $crate::generated_support::Scalar for $name {
            fn of_text(id: &str) -> ::std::option::Option<Self> {
                (!id.is_empty()).then(|| Self(id.to_owned()))
            }

            fn of_i64(id: i64) -> ::std::option::Option<Self> {
                ::std::option::Option::Some(Self(id.to_string()))
            }

            fn of_u64(id: u64) -> ::std::option::Option<Self> {
                ::std::option::Option::Some(Self(id.to_string()))
            }
        }

        $crate::readable_scalar!($name);

        // What a host has stored is read as it is; only in an answer is an empty text no id.
        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::generated_support::deserialize_id(deserializer).map(Self)
            }
        }

        impl $name {
            /// The id with this text.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&String> for $name {
            fn from(id: &String) -> Self {
                Self(id.clone())
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        // `i32` as well: it is what a bare number is taken for where several would do.
        $crate::text_id!(@of $name: i32, i64, u32, u64);

        impl ::std::str::FromStr for $name {
            type Err = $crate::EmptyId;

            fn from_str(id: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::EmptyId::check(id)?;
                Ok(Self(id.to_owned()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        // Ids hash and sort as their texts do.
        impl ::std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, text: &String) -> bool {
                self.0 == *text
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::generated_support::debug_text_id(stringify!($name), &self.0, f)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    ( @of $name:ident: $($number:ty),+ ) => { $(
        impl From<$number> for $name {
            fn from(id: $number) -> Self {
                Self(id.to_string())
            }
        }
    )+ };
}

/// A text that should be an id and is empty, or nothing but space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id is empty")]
#[non_exhaustive]
pub struct EmptyId;

/// For `text_id!` only.
#[doc(hidden)]
impl EmptyId {
    pub fn check(id: &str) -> Result<(), Self> {
        if id.trim().is_empty() { Err(Self) } else { Ok(()) }
    }
}
