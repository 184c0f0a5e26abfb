//! Structs of answers and of requests.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit::{
        debug::{self, Shown},
        docs,
        types::{Wrapping, argument, converted, ident, is_collection, setter, wrapped, wrapping},
    },
    model::{Api, Direction, Field, Struct, Type, UNREADABLE, Union},
};

/// The structs of answers, each with its name.
pub(super) fn models(api: &Api) -> Vec<(&str, TokenStream)> {
    let structs = api.structs.iter().filter(|item| item.direction == Direction::Answer);
    structs.map(|item| (item.name.as_str(), model(item))).collect()
}

/// The structs and unions of requests, each with its name.
pub(super) fn requests(api: &Api) -> Vec<(&str, TokenStream)> {
    let structs = api.structs.iter().filter(|item| item.direction != Direction::Answer);
    let structs = structs.map(|item| (item.name.as_str(), request(item)));
    structs.chain(api.unions.iter().map(|item| (item.name.as_str(), union(item)))).collect()
}

fn shown(item: &Struct) -> Vec<Shown<'_>> {
    let fields = item.fields.iter();
    fields
        .map(|field| Shown { name: &field.name, ty: &field.ty, wrapping: wrapping(field, item.direction) })
        .collect()
}

fn model(item: &Struct) -> TokenStream {
    let (name, doc) = (ident(&item.name), docs::attributes(&item.docs));
    let unreadable = Type::HandWritten("smartsync_transport::Unreadable".to_owned());
    let mut shown = shown(item);
    shown.push(Shown { name: UNREADABLE, ty: &unreadable, wrapping: Wrapping::Bare });
    let (derive_debug, debug) = debug::debug(&item.name, &shown);
    let derive_default = item.default.then(|| quote!(Default,));
    let fields = item.fields.iter().map(|field| {
        let (name, ty, doc) =
            (ident(&field.name), wrapped(field, Direction::Answer), docs::attributes(&field.docs));
        quote! { #doc pub #name: #ty }
    });
    let resource = (!item.resource.is_empty()).then(|| {
        let types = &item.resource;
        quote! {
            impl Resource for #name {
                const TYPES: &'static [&'static str] = &[#( #types ),*];
            }
        }
    });
    let members = members(item);
    quote! {
        #doc
        #[derive(Clone, #derive_debug #derive_default PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #( #fields, )*
            /// Members that were there and could not be read.
            pub unreadable: Unreadable,
        }
        #members
        #resource
        #debug
    }
}

/// How the struct is read: the table of its members.
fn members(item: &Struct) -> TokenStream {
    let name = ident(&item.name);
    // A resource that keeps its type is read whatever it is: the operation that asks for one checks it.
    let keeps_type = item.fields.iter().any(|field| field.wire == "type");
    let of = item.resource.first().filter(|_| !keeps_type).map(|kind| quote!(of #kind));
    let members = item.fields.iter().map(|field| {
        let (presence, name, wire) = (presence(field), ident(&field.name), &field.wire);
        quote!(#presence #name: #wire)
    });
    quote! { smartsync_transport::read_object! { #name #of { #( #members, )* } } }
}

fn presence(field: &Field) -> TokenStream {
    match wrapping(field, Direction::Answer) {
        Wrapping::Option if field.expected => quote!(expected),
        Wrapping::Option => quote!(optional),
        // A bare field that is not required has a default: `null` and absent both mean that.
        Wrapping::Bare if field.expected => quote!(expected_or_default),
        Wrapping::Bare if !field.required || field.nullable || is_collection(field) => quote!(or_default),
        Wrapping::Bare | Wrapping::Patch => quote!(required),
    }
}

fn rename(field: &Field) -> Vec<TokenStream> {
    let wire = &field.wire;
    if field.name == *wire { Vec::new() } else { vec![quote!(rename = #wire)] }
}

fn serde(attributes: Vec<TokenStream>) -> Option<TokenStream> {
    (!attributes.is_empty()).then(|| quote!(#[serde( #( #attributes ),* )]))
}

fn request(item: &Struct) -> TokenStream {
    let (name, doc) = (ident(&item.name), docs::attributes(&item.docs));
    let (derive_debug, debug) = debug::debug(&item.name, &shown(item));
    let nothing_required = !item.fields.iter().any(|field| field.required);
    let derive_default = nothing_required.then(|| quote!(Default,));
    let constant = item.constant.as_ref().map(|(tag, value)| quote!(#[serde(tag = #tag, rename = #value)]));
    let is_form = item.direction == Direction::Form;
    let derive_serialize = (!is_form).then(|| quote!(, Serialize));
    let fields = item.fields.iter().map(|field| {
        let (name, ty, doc) =
            (ident(&field.name), wrapped(field, item.direction), docs::attributes(&field.docs));
        let serde = (!is_form).then(|| serde(request_attributes(field)));
        quote! { #doc #serde pub #name: #ty }
    });
    let constructor = constructor(&item.fields);
    let optional = item.fields.iter().filter(|field| !field.required);
    let only = item.fields.len() == 1;
    let setters = optional.map(|field| setter(field, wrapping(field, item.direction), only));
    let parts = is_form.then(|| parts(&item.fields));
    let is_empty = (nothing_required && item.constant.is_none()).then(|| {
        quote! {
            /// Whether nothing is set.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    });
    quote! {
        #doc
        #[derive(Clone, #derive_debug #derive_default PartialEq #derive_serialize)]
        #constant
        #[must_use]
        #[non_exhaustive]
        pub struct #name { #( #fields, )* }

        impl #name {
            #constructor
            #( #setters )*
            #is_empty
            #parts
        }

        #debug
    }
}

/// The parts of a form, in the order of its fields.
fn parts(fields: &[Field]) -> TokenStream {
    let parts = fields.iter().map(|field| {
        let (name, wire) = (ident(&field.name), &field.wire);
        match (field.required, field.ty == Type::File) {
            (true, true) => quote!(Some(self.#name.part(#wire))),
            (true, false) => quote!(Some(Part::text(#wire, self.#name.to_string()))),
            (false, true) => quote!(self.#name.as_ref().map(|file| file.part(#wire))),
            (false, false) => quote!(self.#name.as_ref().map(|value| Part::text(#wire, value.to_string()))),
        }
    });
    quote! {
        pub(crate) fn parts(&self) -> Vec<Part> {
            [ #( #parts ),* ].into_iter().flatten().collect()
        }
    }
}

fn request_attributes(field: &Field) -> Vec<TokenStream> {
    if field.relationship.is_some() {
        // It stands outside of the attributes: the operation writes it.
        return vec![quote!(skip)];
    }
    let mut attributes = rename(field);
    match wrapping(field, Direction::Request) {
        Wrapping::Option if !field.required => {
            attributes.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        Wrapping::Patch => attributes.push(quote!(skip_serializing_if = "Patch::is_keep")),
        Wrapping::Bare | Wrapping::Option => {}
    }
    attributes
}

fn constructor(fields: &[Field]) -> TokenStream {
    if !fields.iter().any(|field| field.required) {
        return quote! {
            /// With nothing set.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let arguments = fields.iter().filter(|field| field.required).map(|field| {
        let (name, ty) = (ident(&field.name), argument(&field.ty));
        match wrapping(field, Direction::Request) {
            Wrapping::Option => {
                let ty = crate::emit::types::bare(&field.ty);
                quote!(#name: Option<#ty>)
            }
            Wrapping::Bare | Wrapping::Patch => quote!(#name: #ty),
        }
    });
    let values = fields.iter().map(|field| {
        let name = ident(&field.name);
        let value = match (field.required, wrapping(field, Direction::Request)) {
            (true, Wrapping::Option) => quote!(#name),
            (true, _) => converted(&field.ty, &name),
            (false, Wrapping::Patch) => quote!(Patch::Keep),
            (false, _) => quote!(None),
        };
        if value.to_string() == field.name { quote!(#name) } else { quote!(#name: #value) }
    });
    quote! {
        /// With what is required.
        pub fn new( #( #arguments ),* ) -> Self {
            Self { #( #values ),* }
        }
    }
}

fn union(item: &Union) -> TokenStream {
    let (name, doc) = (ident(&item.name), docs::attributes(&item.docs));
    let variants = item.variants.iter().map(|(variant, ty)| {
        let doc = docs::sentence(&format!("See [`{ty}`]."));
        let (variant, ty) = (ident(variant), ident(ty));
        quote!(#doc #variant(#ty))
    });
    let conversions = item.variants.iter().map(|(variant, ty)| {
        let (variant, ty) = (ident(variant), ident(ty));
        quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(value)
                }
            }
        }
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name { #( #variants, )* }

        #( #conversions )*
    }
}
