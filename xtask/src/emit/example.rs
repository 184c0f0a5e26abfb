//! The example of an operation: its call with a client. It compiles as a doc test, and what it takes from the caller
//! are the parameters of the function around it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit::{
        imports::Imports,
        signature::arguments,
        types::{Wrapping, bare, ident, wrapping},
    },
    model::{Api, Body, Direction, Field, Operation, Output, Struct, Type},
    names,
};

/// The doc attributes of the example, with a blank line before and after.
pub(super) fn attributes(operation: &Operation, api: &Api, imports: &Imports) -> TokenStream {
    let function = function(operation, api);
    let uses = imports.of_example(std::slice::from_ref(&function));
    let code = prettyplease::unparse(&match syn::parse2(function) {
        Ok(file) => file,
        // The emitter wrote something that is no Rust: the doc test fails and shows it.
        Err(error) => {
            let error = error.to_string();
            syn::parse_quote!(compile_error!(#error);)
        }
    });
    let mut lines = vec![String::new(), "```no_run".to_owned()];
    lines.extend(uses);
    let (mut in_body, mut rest) = (false, code.lines().peekable());
    while let Some(line) = rest.next() {
        let is_end = line.trim() == "Ok(())" && rest.peek() == Some(&"}");
        in_body &= !is_end;
        lines.push(match line.strip_prefix("    ") {
            Some(line) if in_body => line.to_owned(),
            _ => format!("# {line}"),
        });
        in_body |= line.ends_with('{');
    }
    lines.extend(["```".to_owned(), String::new()]);
    let lines = lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote! { #( #[doc = #lines] )* }
}

fn function(operation: &Operation, api: &Api) -> TokenStream {
    let client = ident(&format!("{}Client", api.service));
    let (body, body_parameters) = body(operation, api);
    let option = operation.query.iter().find(|field| !field.required && is_telling(field));
    let own = arguments(operation).into_iter().filter(|(name, _)| name != "body" || body.is_none());
    let parameters = own.map(|(name, ty)| (name, owned(&ty))).chain(body_parameters);
    let parameters = parameters.chain(option.map(|field| (field.name.clone(), owned(&field.ty))));
    let parameters = parameters.map(|(name, ty)| {
        let name = ident(&name);
        quote!(#name: #ty)
    });
    let call = call(operation, option);
    quote! {
        async fn example(client: #client, #( #parameters ),*) -> Result<(), Box<dyn std::error::Error>> {
            #body
            #call
            Ok(())
        }
    }
}

/// Whether an example with this option shows more than one without.
fn is_telling(field: &Field) -> bool {
    field.wire.starts_with("filter") || field.wire == "include"
}

fn call(operation: &Operation, option: Option<&Field>) -> TokenStream {
    let (tag, method, name) = (ident(&operation.tag), ident(&operation.method), ident(&operation.name));
    let values = arguments(operation).into_iter().map(|(name, _)| ident(&name));
    let values = quote!(#( #values ),*);
    let option = option.map(|field| {
        let name = ident(&field.name);
        quote!(.#name(#name))
    });
    let answer = match &operation.output {
        Output::Nothing => None,
        Output::RedirectAddress(name) => Some(names::snake(name)),
        Output::Json(ty)
        | Output::OffsetPage { item: ty, .. }
        | Output::Document(ty)
        | Output::ListDocument(ty) => Some(variable(ty)),
    };
    let answer = answer.map(|answer| ident(&answer));
    if operation.paging.is_some() {
        return quote! {
            let mut items = client.#tag().#method(#name::new(#values) #option).items();
            while let Some(#answer) = items.next().await {
                let #answer = #answer?;
            }
        };
    }
    let sent = match option {
        None => quote!(client.#tag().#method(#values).await?;),
        Some(option) => quote!(client.send(&#name::new(#values) #option).await?;),
    };
    match answer {
        None => sent,
        Some(answer) => quote!(let #answer = #sent),
    }
}

/// What one would call a value of this type.
fn variable(ty: &Type) -> String {
    match ty {
        Type::Struct(name) | Type::Union(name) | Type::Enum(name) => names::snake(name),
        _ => "answer".to_owned(),
    }
}

/// The statement that makes the body, and what it takes. None if the body is one value.
fn body(operation: &Operation, api: &Api) -> (Option<TokenStream>, Vec<(String, TokenStream)>) {
    let Some(Body { ty: Type::Struct(name), .. }) = &operation.body else { return (None, Vec::new()) };
    let Some(item) = api.structs.iter().find(|item| item.name == *name) else { return (None, Vec::new()) };
    let taken: Vec<String> = arguments(operation).into_iter().map(|(name, _)| name).collect();
    // A field may share its name with an argument of the path.
    let free = |field: &Field| match taken.contains(&field.name) {
        true => format!("new_{}", field.name),
        false => field.name.clone(),
    };
    let required: Vec<&Field> = item.fields.iter().filter(|field| field.required).collect();
    let optional = item.fields.iter().find(|field| !field.required).filter(|_| required.is_empty());
    let parameter = |field: &Field| (free(field), parameter(field, item));
    let parameters = required.iter().copied().chain(optional).map(parameter).collect();
    let values = required.iter().map(|field| ident(&free(field)));
    let set = optional.map(|field| {
        let (name, value) = (ident(&field.name), ident(&free(field)));
        quote!(.#name(#value))
    });
    let name = ident(name);
    (Some(quote!(let body = #name::new(#( #values ),*) #set;)), parameters)
}

fn parameter(field: &Field, item: &Struct) -> TokenStream {
    let ty = owned(&field.ty);
    let is_option = field.required
        && item.direction == Direction::Request
        && wrapping(field, item.direction) == Wrapping::Option;
    if is_option { quote!(Option<#ty>) } else { ty }
}

/// The type as a caller of the crate names it.
fn owned(ty: &Type) -> TokenStream {
    match ty {
        Type::Number => quote!(serde_json::Number),
        Type::Untyped => quote!(serde_json::Value),
        Type::List(item) => {
            let item = owned(item);
            quote!(Vec<#item>)
        }
        Type::Map(value) => {
            let value = owned(value);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        _ => bare(ty),
    }
}
