//! What a check of a store is made of: its rules, each with its sentence, and the error that names the one that is broken.

/// Declares the rules and the error, each with its documentation.
macro_rules! rules {
    (
        $( #[$of_rules:meta] )* $rules:ident, $( #[$of_fault:meta] )* $fault:ident:
        $( $rule:ident = $sentence:literal, )+
    ) => {
        $( #[$of_rules] )*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $rules {
            $( #[doc = $sentence] $rule, )+
        }

        impl $rules {
            /// All of them.
            pub const ALL: &[Self] = &[ $( Self::$rule, )+ ];
        }

        impl std::fmt::Display for $rules {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $( Self::$rule => $sentence, )+
                })
            }
        }

        #[derive(Debug, thiserror::Error)]
        $( #[$of_fault] )*
        #[non_exhaustive]
        pub struct $fault {
            /// The rule.
            pub rule: $rules,
            /// What the store said, if it failed.
            pub source: Option<$crate::store::StoreError>,
        }

        impl From<$rules> for $fault {
            fn from(rule: $rules) -> Self {
                Self { rule, source: None }
            }
        }

        impl From<$crate::store::StoreError> for $fault {
            fn from(error: $crate::store::StoreError) -> Self {
                Self { rule: $rules::NeverFails, source: Some(error) }
            }
        }
    };
}

pub(super) use rules;
