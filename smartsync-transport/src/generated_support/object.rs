//! Objects of an answer, member by member.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use crate::{
    decode::OTHER_TYPE,
    generated_support::readable::{Read, Readable, Seed, pass},
    unreadable::Unreadable,
};

/// A model that is read from an object. [`read_object!`](crate::read_object) implements it.
pub trait Object: Sized {
    /// Reads all members. It is unreadable if a required one is absent or unreadable, or if it is an object of another type.
    /// If `strict`, that is an error, which has the place of that member.
    ///
    /// # Errors
    ///
    /// That of the deserializer.
    fn read_members<'de, M: MapAccess<'de>>(members: M, strict: bool) -> Result<Read<Self>, M::Error>;
}

/// Reads an object by itself. Only an object is one: a list is not read by position.
///
/// # Errors
///
/// That of the deserializer, for broken JSON.
pub fn read_object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<Read<T>, D::Error> {
    deserializer.deserialize_any(Alone(PhantomData))
}

/// Reads an object that must be there.
///
/// # Errors
///
/// That of the deserializer, also if it is no object or a required member is absent or unreadable.
pub fn deserialize_object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Strict(PhantomData))
}

struct Alone<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Alone<T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<M: MapAccess<'de>>(self, members: M) -> Result<Read<T>, M::Error> {
        T::read_members(members, false)
    }

    pass!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str) visit_bytes(&[u8]));
    pass!(null);
    pass!(list);
}

struct Strict<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Strict<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, members: M) -> Result<T, M::Error> {
        match T::read_members(members, true) {
            Ok(Read::Whole(object) | Read::Partial(object)) => Ok(object),
            Ok(Read::Null | Read::Unreadable) => Err(Error::custom("a required member could not be read")),
            Err(error) => Err(error),
        }
    }
}

/// The name of a member, as what `F` makes of it.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "`read_object!` makes it")]
pub struct Name<F>(pub F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Name<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}

/// The place of a member while its object is being read.
#[derive(Debug)]
pub struct Slot<T> {
    value: Option<T>,
    is_there: bool,
    is_whole: bool,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: None, is_there: false, is_whole: true }
    }
}

impl<T> Slot<T> {
    /// Takes what stood there.
    #[inline(always)] // Large values would be copied from hand to hand.
    fn put(&mut self, read: Read<T>) {
        if self.is_there {
            // Of two members of one name, neither is the right one.
            (self.value, self.is_whole) = (None, false);
            return;
        }
        self.is_there = true;
        match read {
            Read::Null => {}
            Read::Whole(value) => self.value = Some(value),
            Read::Partial(value) => {
                self.value = Some(value);
                self.is_whole = false;
            }
            Read::Unreadable => self.is_whole = false,
        }
    }

    /// Notes the member if it was there and could not be read.
    pub fn note(&self, name: &'static str, unreadable: &mut Unreadable) {
        if !self.is_whole {
            unreadable.insert(name);
        }
    }

    /// The same for a member that the service always sends: absent, it could not be read either.
    pub fn note_expected(&self, name: &'static str, unreadable: &mut Unreadable) {
        if !self.is_there {
            unreadable.insert(name);
        }
        self.note(name, unreadable);
    }

    /// The same for a member that is never `null` either.
    pub fn note_expected_value(&self, name: &'static str, unreadable: &mut Unreadable) {
        if self.value.is_none() {
            unreadable.insert(name);
        }
        self.note(name, unreadable);
    }

    /// The value, if there is one.
    #[inline(always)]
    pub fn into_value(self) -> Option<T> {
        self.value
    }
}

impl<T: Readable> Slot<T> {
    /// Reads the value of the member. If `strict`, an unreadable one is an error.
    ///
    /// # Errors
    ///
    /// That of the deserializer.
    #[inline(always)]
    pub fn read<'de, M: MapAccess<'de>>(&mut self, members: &mut M, strict: bool) -> Result<(), M::Error> {
        let read = members.next_value_seed(Seed::new(strict))?;
        self.put(read);
        Ok(())
    }
}

/// The member `type` of a resource: whether it is the one that the model is for.
#[derive(Debug)]
pub struct TypeIs {
    types: &'static [&'static str],
    fits: bool,
}

impl TypeIs {
    /// One of `types`. Absent is not another one.
    #[must_use]
    pub fn new(types: &'static [&'static str]) -> Self {
        Self { types, fits: true }
    }

    /// Whether it is none of another type.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.fits
    }

    /// Reads the value of the member. If `strict`, another type is an error.
    ///
    /// # Errors
    ///
    /// That of the deserializer.
    pub fn read<'de, M: MapAccess<'de>>(&mut self, members: &mut M, strict: bool) -> Result<(), M::Error> {
        self.fits &= members.next_value_seed(TypeSeed { types: self.types, strict })?;
        Ok(())
    }
}

struct TypeSeed {
    types: &'static [&'static str],
    strict: bool,
}

impl<'de> DeserializeSeed<'de> for TypeSeed {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        let fits = match deserializer.deserialize_any(OneOf(self.types))? {
            Read::Whole(fits) | Read::Partial(fits) => fits,
            Read::Null => true,
            Read::Unreadable => false,
        };
        if self.strict && !fits { Err(Error::custom(OTHER_TYPE)) } else { Ok(fits) }
    }
}

struct OneOf(&'static [&'static str]);

impl<'de> Visitor<'de> for OneOf {
    type Value = Read<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a type")
    }

    fn visit_str<E>(self, kind: &str) -> Result<Read<bool>, E> {
        Ok(Read::Whole(self.0.contains(&kind)))
    }

    pass!(visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_bytes(&[u8]));
    pass!(null);
    pass!(list);
    pass!(object);
}

/// Reads a model from an object, by a table of its members: each by itself. What could not be read is noted in the field
/// `unreadable`.
///
/// `required`: without it there is no object. `optional`: an `Option`. `or_default`: absent and `null` mean its default.
/// `expected`: an `Option`, and absent counts as unreadable. `expected_or_default`: a default, and absent and `null` do.
/// `of "type"`: an object of another `type` is none. With the feature `serialize` of the crate that calls it, what is read can be
/// written as well.
#[doc(hidden)]
#[macro_export]
macro_rules! read_object {
    ( $name:ident { $( $kind:ident $field:ident: $wire:literal, )* } ) => {
        $crate::read_object!(@object $name [ $( $kind $field $wire, )* ] []);
    };
    ( $name:ident of $type:literal { $( $kind:ident $field:ident: $wire:literal, )* } ) => {
        $crate::read_object!(@object $name [ $( $kind $field $wire, )* ] [ $type ]);
    };
    ( @object $name:ident [ $( $kind:ident $field:ident $wire:literal, )* ] [ $( $type:literal )? ] ) => {
        #[cfg(feature = "serialize")]
        $crate::write_object!($name [ $( $kind $field $wire, )* ] [ $( $type )? ]);

        impl $crate::generated_support::Object for $name {
            fn read_members<'de, M: $crate::__private::MapAccess<'de>>(
                mut members: M,
                strict: bool,
            ) -> ::std::result::Result<$crate::generated_support::Read<Self>, M::Error> {
                #[allow(non_camel_case_types, dead_code)]
                enum Member { $( $field, )* __Type }
                let _ = strict;
                $( let mut $field = $crate::generated_support::Slot::default(); )*
                $( let mut __type = $crate::generated_support::TypeIs::new(&[$type]); )?
                let name = |name: &str| -> ::std::option::Option<Member> { match name {
                    $( $wire => ::std::option::Option::Some(Member::$field), )*
                    $( "type" => { const _: &str = $type; ::std::option::Option::Some(Member::__Type) } )?
                    _ => ::std::option::Option::None,
                } };
                while let ::std::option::Option::Some(member) =
                    members.next_key_seed($crate::generated_support::Name(name))?
                {
                    match member {
                        $(
                            ::std::option::Option::Some(Member::$field) => {
                                $field.read(&mut members, $crate::read_object!(@strict $kind strict))?;
                            }
                        )*
                        $(
                            ::std::option::Option::Some(Member::__Type) => {
                                const _: &str = $type;
                                __type.read(&mut members, strict)?;
                            }
                        )?
                        _ => {
                            members.next_value::<$crate::__private::IgnoredAny>()?;
                        }
                    }
                }
                $(
                    const _: &str = $type;
                    if !__type.fits() {
                        return ::std::result::Result::Ok($crate::generated_support::Read::Unreadable);
                    }
                )?
                let mut unreadable = $crate::Unreadable::default();
                $( $crate::read_object!(@note $kind $field $wire unreadable); )*
                ::std::result::Result::Ok($crate::generated_support::Read::Whole(Self {
                    $( $field: $crate::read_object!(@take $kind $field $wire strict), )*
                    unreadable,
                }))
            }
        }

        impl $crate::generated_support::Readable for $name {
            fn read<'de, D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<$crate::generated_support::Read<Self>, D::Error> {
                $crate::generated_support::read_object(deserializer)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::generated_support::deserialize_object(deserializer)
            }
        }
    };
    ( @note expected $slot:ident $wire:literal $unreadable:ident ) => { $slot.note_expected($wire, &mut $unreadable) };
    ( @note expected_or_default $slot:ident $wire:literal $unreadable:ident ) => { $slot.note_expected_value($wire, &mut $unreadable) };
    ( @note $kind:ident $slot:ident $wire:literal $unreadable:ident ) => { $slot.note($wire, &mut $unreadable) };
    ( @strict required $strict:ident ) => { $strict };
    ( @strict $kind:ident $strict:ident ) => { false };
    ( @take required $slot:ident $wire:literal $strict:ident ) => {
        match $slot.into_value() {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => return $crate::generated_support::missing($wire, $strict),
        }
    };
    ( @take optional $slot:ident $wire:literal $strict:ident ) => { $slot.into_value() };
    ( @take expected $slot:ident $wire:literal $strict:ident ) => { $slot.into_value() };
    ( @take expected_or_default $slot:ident $wire:literal $strict:ident ) => { $slot.into_value().unwrap_or_default() };
    ( @take or_default $slot:ident $wire:literal $strict:ident ) => { $slot.into_value().unwrap_or_default() };
}

/// What an object without a required member is.
///
/// # Errors
///
/// That of the deserializer, if `strict`.
pub fn missing<T, E: Error>(name: &'static str, strict: bool) -> Result<Read<T>, E> {
    if strict { Err(E::missing_field(name)) } else { Ok(Read::Unreadable) }
}
