//! String enums that grow: a value this version does not know is kept, not refused.

use std::fmt;

/// The text of an enum value that this version of the library does not name.
///
/// Its text is reachable through the enum's `as_str()` only, so that no `match` on a text stops working when a later
/// version names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

/// For `open_enum!` only.
#[doc(hidden)]
impl UnknownValue {
    #[must_use]
    pub fn __new(text: &str) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn __text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// Declares an open string enum, from and to text: `as_str()`, `From<&str>`, `FromStr` (which never fails), `Display` and
/// serde; unknown texts round-trip.
///
/// ```
/// smartsync_transport::open_enum! {
///     /// State of a contract.
///     pub enum ContractState {
///         /// Not sent yet.
///         Draft = "draft",
///         /// Signed by everyone.
///         Signed = "signed",
///     }
/// }
///
/// let state: ContractState = serde_json::from_str(r#""frozen""#).unwrap();
/// assert!(matches!(state, ContractState::Unknown(_)));
/// assert_eq!(state.as_str(), "frozen");
/// assert_eq!(serde_json::to_string(&state).unwrap(), r#""frozen""#);
/// assert_eq!("signed".parse(), Ok(ContractState::Signed));
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not name; see `as_str()`.
            Unknown($crate::UnknownValue),
        }

        impl $name {
            /// The text as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(value) => value.__text(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Unknown($crate::UnknownValue::__new(text)),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::generated_support::Scalar for $name {
            fn of_text(text: &str) -> ::std::option::Option<Self> {
                ::std::option::Option::Some(Self::from(text))
            }
        }

        $crate::readable_scalar!($name);
        $crate::deserialize_scalar!($name);
    };
}
