//! `Debug` of a model or an operation.

use std::fmt;

/// Stands in `Debug` for a value that a person may have typed.
#[expect(clippy::exhaustive_structs, reason = "generated code names it")]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// Implements `Debug` by the table of a struct's members: `name` is shown, `name: hidden` prints `_`, `name: hidden_option`
/// whether there is a value, `name: hidden_list` how many there are.
#[doc(hidden)]
#[macro_export]
macro_rules! debug_object {
    (@value $value:expr) => { &$value };
    (@value $value:expr, hidden) => { &$crate::generated_support::Hidden };
    (@value $value:expr, hidden_option) => { &$value.as_ref().map(|_| $crate::generated_support::Hidden) };
    (@value $value:expr, hidden_list) => { &::std::format_args!("[_; {}]", $value.len()) };
    ( $name:ident { $( $field:ident $(: $how:ident)?, )* } ) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(::std::stringify!($name))
                    $( .field(::std::stringify!($field), $crate::debug_object!(@value self.$field $(, $how)?)) )*
                    .finish()
            }
        }
    };
}
