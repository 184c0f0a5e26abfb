//! `Debug` that prints ids, states and times, and never what a person typed.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit::types::{Wrapping, ident},
    model::Type,
};

/// One field as `Debug` sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) name: &'a str,
    pub(super) ty: &'a Type,
    pub(super) wrapping: Wrapping,
}

impl Shown<'_> {
    fn is_hidden(&self) -> bool {
        // `Patch` prints which of its three states it is, and no value.
        !self.ty.prints() && self.wrapping != Wrapping::Patch
    }

    /// The row of the table.
    fn row(&self) -> TokenStream {
        let name = ident(self.name);
        match (self.is_hidden(), self.wrapping, self.ty) {
            (false, _, _) => quote!(#name,),
            (true, Wrapping::Option, _) => quote!(#name: hidden_option,),
            (true, _, Type::List(_) | Type::Map(_)) => quote!(#name: hidden_list,),
            (true, _, _) => quote!(#name: hidden,),
        }
    }
}

/// The derive, if nothing has to be hidden, and the implementation, if something has.
pub(super) fn debug(name: &str, fields: &[Shown<'_>]) -> (Option<TokenStream>, Option<TokenStream>) {
    if !fields.iter().any(Shown::is_hidden) {
        return (Some(quote!(Debug,)), None);
    }
    let (ty, rows) = (ident(name), fields.iter().map(Shown::row));
    (None, Some(quote!(smartsync_transport::debug_object! { #ty { #( #rows )* } })))
}
