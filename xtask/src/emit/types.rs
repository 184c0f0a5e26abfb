//! Rust types, arguments and setters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::{
    emit::docs,
    model::{Direction, Field, Type},
};

pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The bare type.
pub(super) fn bare(ty: &Type) -> TokenStream {
    match ty {
        Type::Bool => quote!(bool),
        Type::Integer { signed, bits } => {
            let name = ident(&format!("{}{bits}", if *signed { "i" } else { "u" }));
            quote!(#name)
        }
        Type::Number => quote!(Number),
        Type::Text { .. } => quote!(String),
        Type::Timestamp => quote!(Timestamp),
        Type::Untyped => quote!(Value),
        Type::File => quote!(FilePart),
        Type::Id { name, .. } | Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Type::HandWritten(path) => {
            let name = ident(path.rsplit("::").next().unwrap_or(path));
            quote!(#name)
        }
        Type::List(item) => {
            let item = bare(item);
            quote!(Vec<#item>)
        }
        Type::Map(value) => {
            let value = bare(value);
            quote!(BTreeMap<String, #value>)
        }
    }
}

/// How a field is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    Bare,
    Option,
    Patch,
}

pub(super) fn is_collection(field: &Field) -> bool {
    matches!(field.ty, Type::List(_) | Type::Map(_))
}

pub(super) fn wrapping(field: &Field, direction: Direction) -> Wrapping {
    match direction {
        // What is written by hand says itself what absent means: it has a default.
        Direction::Answer
            if is_collection(field) || field.or_default || matches!(field.ty, Type::HandWritten(_)) =>
        {
            Wrapping::Bare
        }
        Direction::Answer if field.required && !field.nullable => Wrapping::Bare,
        Direction::Answer => Wrapping::Option,
        Direction::Form if field.required => Wrapping::Bare,
        Direction::Form => Wrapping::Option,
        // A `null` is one of the values of an untyped member.
        Direction::Request if field.required && (!field.nullable || field.ty == Type::Untyped) => {
            Wrapping::Bare
        }
        Direction::Request if field.nullable && !field.required => Wrapping::Patch,
        Direction::Request => Wrapping::Option,
    }
}

pub(super) fn wrapped(field: &Field, direction: Direction) -> TokenStream {
    let ty = bare(&field.ty);
    match wrapping(field, direction) {
        Wrapping::Bare => ty,
        Wrapping::Option => quote!(Option<#ty>),
        Wrapping::Patch => quote!(Patch<#ty>),
    }
}

/// The type that a caller gives for a value of type `ty`.
pub(super) fn argument(ty: &Type) -> TokenStream {
    let own = bare(ty);
    match ty {
        Type::Bool | Type::Integer { .. } | Type::Struct(_) | Type::Map(_) | Type::File => own,
        Type::Number
        | Type::Text { .. }
        | Type::Timestamp
        | Type::Untyped
        | Type::Id { .. }
        | Type::Enum(_)
        | Type::Union(_)
        | Type::HandWritten(_) => quote!(impl Into<#own>),
        Type::List(item) => {
            let item = argument(item);
            quote!(impl IntoIterator<Item = #item>)
        }
    }
}

/// The value out of what a caller gave.
pub(super) fn converted(ty: &Type, name: &Ident) -> TokenStream {
    match ty {
        Type::Bool | Type::Integer { .. } | Type::Struct(_) | Type::Map(_) | Type::File => quote!(#name),
        Type::List(item)
            if matches!(**item, Type::Bool | Type::Integer { .. } | Type::Struct(_) | Type::Map(_)) =>
        {
            quote!(#name.into_iter().collect())
        }
        Type::List(_) => quote!(#name.into_iter().map(Into::into).collect()),
        _ => quote!(#name.into()),
    }
}

/// The setter of an optional field, of a struct that has others as well unless it is the `only` one.
pub(super) fn setter(field: &Field, wrap: Wrapping, only: bool) -> TokenStream {
    let (name, argument) = (ident(&field.name), argument(&field.ty));
    let value = converted(&field.ty, &name);
    let value = match wrap {
        Wrapping::Bare => value,
        Wrapping::Option => quote!(Some(#value)),
        Wrapping::Patch => quote!(Patch::Set(#value)),
    };
    let doc = docs::attributes(&field.docs);
    let others = (!only).then(|| quote!(, ..self));
    let set = quote! {
        #doc
        pub fn #name(self, #name: #argument) -> Self {
            Self { #name: #value #others }
        }
    };
    if wrap != Wrapping::Patch {
        return set;
    }
    let clear = ident(&format!("clear_{}", field.name.trim_end_matches('_')));
    let doc = docs::sentence(&format!("Empties `{}`: sends `null`.", field.name));
    quote! {
        #set
        #doc
        pub fn #clear(self) -> Self {
            Self { #name: Patch::Clear #others }
        }
    }
}
