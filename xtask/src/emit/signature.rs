//! What an operation takes, and what it answers.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit::types::{bare, ident},
    model::{Operation, Output, Segment, Type},
};

/// What `new(..)` takes: path parameters, required query parameters, body.
pub(super) fn arguments(operation: &Operation) -> Vec<(String, Type)> {
    let path = operation.path.iter().filter_map(|segment| match segment {
        Segment::Argument(field) => Some(field),
        Segment::Text(_) => None,
    });
    let query = operation.query.iter().filter(|field| field.required);
    let body = operation.body.iter().map(|body| ("body".to_owned(), body.ty.clone()));
    path.chain(query).map(|field| (field.name.clone(), field.ty.clone())).chain(body).collect()
}

/// The type of the answer.
pub(super) fn output(operation: &Operation) -> TokenStream {
    let output = present(operation);
    if operation.may_be_empty { quote!(Option<#output>) } else { output }
}

/// The type of an answer with a body.
pub(super) fn present(operation: &Operation) -> TokenStream {
    match &operation.output {
        Output::Nothing => quote!(()),
        Output::Json(ty) => bare(ty),
        Output::OffsetPage { item: ty, .. } => {
            let ty = bare(ty);
            quote!(Page<#ty>)
        }
        Output::Document(ty) => {
            let ty = bare(ty);
            quote!(Document<#ty>)
        }
        Output::ListDocument(ty) => {
            let ty = bare(ty);
            quote!(ListDocument<#ty>)
        }
        Output::RedirectAddress(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}
