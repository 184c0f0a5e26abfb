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
/// assert_eq!(id.to_string(), "42");
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

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
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
}
