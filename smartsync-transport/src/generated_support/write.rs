//! Models written again, in the form that they were read from.
//!
//! What could not be read is neither absent nor empty, and must not become that on its way through a cache. So it is written as what
//! no reader takes for a value, a list that ends in `null`, and reading it notes it again; a member that the service always sends is
//! left out for that. Only of an untyped member nothing can be written that could not be read: it is `null`.

use std::{any::TypeId, collections::BTreeMap};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap as _, SerializeSeq as _},
};
use serde_json::Value;

/// A model that is written as an object. [`read_object!`](crate::read_object) implements it.
pub trait Object: Serialize {}

/// The value of a member that could be unreadable.
pub trait Member: Serialize {
    /// Writes what was read of it, so that reading it notes again that something could not be.
    ///
    /// # Errors
    ///
    /// That of the serializer.
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_items::<(), S>(&[], serializer)
    }
}

impl<T: Object> Member for T {}

/// Whether any JSON is a `T`, so that nothing can be written that is none.
fn is_untyped<T: 'static>() -> bool {
    TypeId::of::<T>() == TypeId::of::<Value>()
}

impl<T: Serialize + 'static> Member for Option<T> {
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_untyped::<T>() { serializer.serialize_none() } else { write_items::<(), S>(&[], serializer) }
    }
}

impl<T: Serialize + 'static> Member for Vec<T> {
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // At least it is no list.
        if is_untyped::<T>() { serializer.serialize_bool(true) } else { write_items(self, serializer) }
    }
}

impl<T: Serialize + 'static> Member for BTreeMap<String, T> {
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_empty() || is_untyped::<T>() {
            return write_items::<(), S>(&[], serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("", &())?;
        map.end()
    }
}

/// The items that could be read, and `null`.
fn write_items<T: Serialize, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(items.len() + 1))?;
    for item in items {
        list.serialize_element(item)?;
    }
    list.serialize_element(&())?;
    list.end()
}

/// A member as it is written where it could not be read.
#[expect(clippy::exhaustive_structs, reason = "`write_object!` makes it")]
#[expect(missing_debug_implementations, reason = "it lives for one member, and its value may be anybody's")]
pub struct Unread<'a, T>(pub &'a T);

impl<T: Member> Serialize for Unread<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_unreadable(serializer)
    }
}

/// Writes a model by the table of [`read_object!`](crate::read_object).
///
/// `null` and absent are both `None`, and neither is written, except for a member that the service always sends.
#[doc(hidden)]
#[macro_export]
macro_rules! write_object {
    ( $name:ident [ $( $kind:ident $field:ident $wire:literal, )* ] [ $( $type:literal )? ] ) => {
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                use $crate::__private::SerializeMap as _;
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                $( map.serialize_entry("type", $type)?; )?
                $( $crate::write_object!(@member $kind map self $field $wire); )*
                map.end()
            }
        }

        impl $crate::generated_support::WriteObject for $name {}
    };
    ( @member required $map:ident $self:ident $field:ident $wire:literal ) => {
        $map.serialize_entry($wire, &$self.$field)?;
    };
    ( @member optional $map:ident $self:ident $field:ident $wire:literal ) => {
        if $self.unreadable.contains($wire) {
            $map.serialize_entry($wire, &$crate::generated_support::Unread(&$self.$field))?;
        } else if let ::std::option::Option::Some(value) = &$self.$field {
            $map.serialize_entry($wire, value)?;
        }
    };
    // Absent, it counts as unreadable.
    ( @member expected $map:ident $self:ident $field:ident $wire:literal ) => {
        if !$self.unreadable.contains($wire) {
            $map.serialize_entry($wire, &$self.$field)?;
        }
    };
    ( @member $kind:ident $map:ident $self:ident $field:ident $wire:literal ) => {
        if $self.unreadable.contains($wire) {
            $map.serialize_entry($wire, &$crate::generated_support::Unread(&$self.$field))?;
        } else {
            $map.serialize_entry($wire, &$self.$field)?;
        }
    };
}
