//! Handles: the operations as methods, for discovery.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit::{
        docs,
        signature::{arguments, output},
        types::{argument, ident},
    },
    model::{Api, Docs, Handle, Operation},
};

/// The accessors of the client.
pub(super) fn accessors(api: &Api) -> TokenStream {
    let client = ident(&format!("{}Client", api.service));
    let accessors = api.handles.iter().map(|handle| {
        let (name, tag) = (ident(&handle.name), ident(&handle.tag));
        let doc = docs::attributes(&handle.docs);
        quote! {
            #doc
            #[must_use]
            pub fn #tag(&self) -> #name<'_> {
                #name { client: self }
            }
        }
    });
    quote! {
        impl #client { #( #accessors )* }
    }
}

/// The handles, each with its name.
pub(super) fn emit(api: &Api) -> Vec<(&str, TokenStream)> {
    api.handles.iter().map(|handle| (handle.name.as_str(), one(handle, api))).collect()
}

fn one(handle: &Handle, api: &Api) -> TokenStream {
    let (name, service) = (ident(&handle.name), ident(&api.service));
    let doc = docs::attributes(&handle.docs);
    let methods = api.operations.iter().filter(|operation| operation.tag == handle.tag).map(method);
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'a> {
            pub(crate) client: &'a ApiClient<#service>,
        }

        impl #name<'_> { #( #methods )* }
    }
}

fn method(operation: &Operation) -> TokenStream {
    let (method, name) = (ident(&operation.method), ident(&operation.name));
    let summary = operation.docs.0.first().cloned().unwrap_or_default();
    if operation.paging.is_some() {
        let doc = docs::attributes(&Docs(vec![
            summary,
            format!("Walks the pages; see [`{}`] for the options.", operation.name),
        ]));
        return quote! {
            #doc
            #[must_use]
            pub fn #method(&self, list: #name) -> Pages<#name> {
                self.client.pages(list)
            }
        };
    }
    let options =
        if operation.query.iter().any(|field| !field.required) { ", which has options" } else { "" };
    let see = format!("Sends [`{}`]{options}.", operation.name);
    let doc = docs::attributes(&Docs(vec![
        summary,
        see,
        "# Errors".to_owned(),
        "[`Error`] says what the service answered, or why there is no answer.".to_owned(),
    ]));
    let required = arguments(operation);
    let parameters = required.iter().map(|(name, ty)| {
        let (name, ty) = (ident(name), argument(ty));
        quote!(#name: #ty)
    });
    let values = required.iter().map(|(name, _)| ident(name));
    let output = output(operation);
    quote! {
        #doc
        pub async fn #method(&self, #( #parameters ),*) -> Result<#output, Error> {
            self.client.send(&#name::new( #( #values ),* )).await
        }
    }
}
