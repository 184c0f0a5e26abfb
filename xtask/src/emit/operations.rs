//! Operations as values, and how they are sent.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::{
    emit::{
        debug::{self, Shown},
        docs, example,
        imports::Imports,
        signature::{arguments, output, present},
        types::{Wrapping, argument, bare, converted, ident, setter, wrapping},
    },
    lower::FORM,
    model::{
        Api, Body, Direction, Docs, Field, Operation, Output, Paging, QUERY_PARAMS, Segment, Struct, Type,
    },
};

/// The operations, each with its name.
pub(super) fn emit<'a>(api: &'a Api, imports: &Imports) -> Vec<(&'a str, TokenStream)> {
    let operations = api.operations.iter();
    operations.map(|operation| (operation.name.as_str(), one(operation, api, imports))).collect()
}

fn one(operation: &Operation, api: &Api, imports: &Imports) -> TokenStream {
    let (name, doc) = (ident(&operation.name), docs::attributes(&operation.docs));
    let (example, errors) = (example::attributes(operation, api, imports), errors(operation));
    let fields = fields(operation);
    let shown: Vec<Shown<'_>> =
        fields.iter().map(|part| Shown { name: &part.name, ty: &part.ty, wrapping: part.wrapping }).collect();
    let (derive_debug, debug) = debug::debug(&operation.name, &shown);
    let declared = fields.iter().map(|part| {
        let (name, ty, doc) = (ident(&part.name), bare(&part.ty), docs::attributes(&part.docs));
        let ty = match part.wrapping {
            _ if part.name == QUERY_PARAMS => quote!(Vec<(String, String)>),
            Wrapping::Option => quote!(Option<#ty>),
            Wrapping::Bare | Wrapping::Patch => ty,
        };
        quote!(#doc pub #name: #ty)
    });
    let required = arguments(operation);
    let derive_default = required.is_empty().then(|| quote!(Default,));
    let constructor = constructor(&fields, &required);
    let setters = operation
        .query
        .iter()
        .filter(|field| !field.required)
        .map(|field| setter(field, query_wrapping(field), fields.len() == 1));
    let query_param = operation.output.is_list().then(query_param);
    let endpoint = endpoint(operation, api);
    let paged = paged(operation);
    quote! {
        #doc
        #example
        #errors
        #[derive(Clone, #derive_debug #derive_default PartialEq)]
        #[must_use]
        #[non_exhaustive]
        pub struct #name { #( #declared, )* }

        impl #name {
            #constructor
            #( #setters )*
            #query_param
        }

        #endpoint
        #paged
        #debug
    }
}

fn errors(operation: &Operation) -> TokenStream {
    let refusals = match operation.refusals.as_slice() {
        [] => "The documentation lists no error status for this operation: see [`Error`](smartsync_transport::Error).".to_owned(),
        refusals => {
            format!("[`Error`](smartsync_transport::Error). The documentation lists {}.", refusals.join(", "))
        }
    };
    let refusals = docs::sentence(&refusals);
    quote!(#[doc = " # Errors"] #[doc = ""] #refusals)
}

struct Part {
    name: String,
    ty: Type,
    docs: Docs,
    wrapping: Wrapping,
}

fn query_wrapping(field: &Field) -> Wrapping {
    // No items of a filter are not the same as no filter.
    let is_filter = field.wire.starts_with("filter");
    let is_bare = field.required || (matches!(field.ty, Type::List(_)) && !is_filter);
    if is_bare { Wrapping::Bare } else { Wrapping::Option }
}

/// The setter of what the document does not know.
fn query_param() -> TokenStream {
    let docs = docs::attributes(&Docs(vec![
        "Adds a parameter to the query that this type has no setter for, such as a filter that no documentation shows.".to_owned(),
        "Name and value are percent-encoded, and an empty one is refused before anything is sent. What the service makes of it is not known: it may leave an unknown filter unheeded, and answer with everything.".to_owned(),
    ]));
    quote! {
        #docs
        pub fn query_param(mut self, name: impl Into<String>, value: impl ToString) -> Self {
            self.query_params.push((name.into(), value.to_string()));
            self
        }
    }
}

fn fields(operation: &Operation) -> Vec<Part> {
    let part = |field: &Field, wrapping| Part {
        name: field.name.clone(),
        ty: field.ty.clone(),
        docs: field.docs.clone(),
        wrapping,
    };
    let mut parts = Vec::new();
    for segment in &operation.path {
        if let Segment::Argument(field) = segment {
            parts.push(part(field, Wrapping::Bare));
        }
    }
    parts.extend(operation.query.iter().map(|field| part(field, query_wrapping(field))));
    if operation.output.is_list() {
        parts.push(Part {
            name: QUERY_PARAMS.to_owned(),
            ty: Type::List(Box::new(Type::Text { print: false })),
            docs: Docs(vec!["What is added to the query as it is: names and values.".to_owned()]),
            wrapping: Wrapping::Bare,
        });
    }
    if let Some(Body { ty, docs, .. }) = &operation.body {
        parts.push(Part {
            name: "body".to_owned(),
            ty: ty.clone(),
            docs: docs.clone(),
            wrapping: Wrapping::Bare,
        });
    }
    parts
}

fn constructor(fields: &[Part], required: &[(String, Type)]) -> TokenStream {
    if required.is_empty() {
        return quote! {
            /// The operation without options.
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let arguments = required.iter().map(|(name, ty)| {
        let (name, ty) = (ident(name), argument(ty));
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|part| {
        let name = ident(&part.name);
        let value = match required.iter().any(|(required, _)| *required == part.name) {
            true => converted(&part.ty, &name),
            false if part.wrapping == Wrapping::Option => quote!(None),
            false => quote!(Vec::new()),
        };
        if value.to_string() == part.name { quote!(#name) } else { quote!(#name: #value) }
    });
    quote! {
        /// The operation with what it requires.
        pub fn new( #( #arguments ),* ) -> Self {
            Self { #( #values ),* }
        }
    }
}

fn endpoint(operation: &Operation, api: &Api) -> TokenStream {
    let (name, service, verb) = (ident(&operation.name), ident(&api.service), ident(&operation.verb));
    let (snake, idempotent) = (&operation.snake, operation.idempotent);
    let (output, present) = (output(operation), present(operation));
    let call = call(operation, api);
    let accepts = matches!(operation.output, Output::RedirectAddress(_)).then(|| {
        quote! {
            fn accepts(status: StatusCode) -> bool {
                status.is_success() || status.is_redirection()
            }
        }
    });
    let decode = match &operation.output {
        Output::Nothing => quote! {
            fn decode(&self, _response: &Response) -> Result<Self::Output, DecodeError> {
                Ok(())
            }
        },
        Output::RedirectAddress(_) => quote! {
            fn decode(&self, response: &Response) -> Result<Self::Output, DecodeError> {
                #output::from_response(response)
            }
        },
        _ => {
            let about = about(operation, api);
            let read = match (about, operation.may_be_empty) {
                (None, false) if matches!(operation.output, Output::OffsetPage { or_list: true, .. }) => {
                    quote!(crate::page::page_or_list(response.body().as_bytes()))
                }
                (None, false) => quote!(decode_json(response.body().as_bytes())),
                (None, true) => quote! {
                    let body = response.body().as_bytes();
                    if body.is_empty() { Ok(None) } else { decode_json(body).map(Some) }
                },
                (Some(about), false) => quote! {
                    let answer: #output = decode_json(response.body().as_bytes())?;
                    #about
                    Ok(answer)
                },
                (Some(about), true) => quote! {
                    let body = response.body().as_bytes();
                    if body.is_empty() {
                        return Ok(None);
                    }
                    let answer: #present = decode_json(body)?;
                    #about
                    Ok(Some(answer))
                },
            };
            quote! {
                fn decode(&self, response: &Response) -> Result<Self::Output, DecodeError> {
                    #read
                }
            }
        }
    };
    quote! {
        impl Endpoint for #name {
            type Service = #service;
            type Output = #output;

            const OPERATION: &'static str = #snake;
            const METHOD: Method = Method::#verb;
            const IDEMPOTENT: bool = #idempotent;

            fn call(&self) -> Result<Call, BuildError> {
                #call
            }
            #accepts
            #decode
        }
    }
}

/// The checks that `answer` is what was asked for: its id, where the path ends with one, and its type, where it keeps one.
fn about(operation: &Operation, api: &Api) -> Option<TokenStream> {
    let (name, answer) = match &operation.output {
        Output::Json(Type::Struct(name)) => (name, quote!(answer)),
        Output::Document(Type::Struct(name)) => (name, quote!(answer.data)),
        _ => return None,
    };
    let answered = api.structs.iter().find(|item| item.name == *name)?;
    let checks = [about_id(operation, answered, &answer), about_type(answered, &answer)];
    let checks: Vec<TokenStream> = checks.into_iter().flatten().collect();
    (!checks.is_empty()).then(|| quote!(#( #checks )*))
}

fn about_id(operation: &Operation, answered: &Struct, answer: &TokenStream) -> Option<TokenStream> {
    // A POST may make another one.
    if !matches!(operation.verb.as_str(), "GET" | "PATCH" | "PUT") {
        return None;
    }
    let Segment::Argument(asked) = operation.path.last()? else { return None };
    let id = answered.fields.iter().find(|field| field.wire == "id" && field.ty == asked.ty)?;
    let is_id = matches!(id.ty, Type::Id { .. });
    let (asked, name) = (ident(&asked.name), ident(&id.name));
    let check = match wrapping(id, Direction::Answer) {
        Wrapping::Option => quote! {
            if let Some(id) = &#answer.#name {
                about(id, &self.#asked)?;
            }
        },
        Wrapping::Bare | Wrapping::Patch => quote!(about(&#answer.#name, &self.#asked)?;),
    };
    is_id.then_some(check)
}

fn about_type(answered: &Struct, answer: &TokenStream) -> Option<TokenStream> {
    let kind = answered.fields.iter().find(|field| field.wire == "type")?;
    if answered.resource.is_empty() {
        return None;
    }
    let (model, name) = (ident(&answered.name), ident(&kind.name));
    Some(match wrapping(kind, Direction::Answer) {
        Wrapping::Option => quote! {
            if let Some(kind) = &#answer.#name {
                of_type(kind.as_str(), <#model as Resource>::TYPES)?;
            }
        },
        Wrapping::Bare | Wrapping::Patch => {
            quote!(of_type(#answer.#name.as_str(), <#model as Resource>::TYPES)?;)
        }
    })
}

/// Whether the service gives an empty value a meaning.
fn may_be_empty(ty: &Type, api: &Api) -> bool {
    let Type::Enum(name) = ty else { return false };
    let values = api.enums.iter().filter(|item| item.name == *name).flat_map(|item| &item.variants);
    values.map(|variant| &variant.text).any(String::is_empty)
}

fn call(operation: &Operation, api: &Api) -> TokenStream {
    let segments = operation.path.iter().map(|segment| match segment {
        Segment::Text(text) => quote!(.segment(#text)),
        Segment::Argument(field) => {
            let value = borrowed(field);
            quote!(.segment(#value))
        }
    });
    let query = operation.query.iter().map(|field| {
        let (name, wire) = (ident(&field.name), &field.wire);
        if let Some(when_unset) = field.when_unset.map(Literal::i64_unsuffixed) {
            let value = quote!(self.#name.unwrap_or(#when_unset));
            return match Literal::u64_unsuffixed(field.least) {
                _ if field.least == 0 => quote!(.query(#wire, #value)),
                least => quote!(.query_at_least(#wire, Some(#value), #least)),
            };
        }
        match (&field.ty, field.required) {
            (Type::List(_), true) => quote!(.query_filter(#wire, Some(&self.#name))),
            (Type::List(_), false) if query_wrapping(field) == Wrapping::Option => {
                quote!(.query_filter(#wire, self.#name.as_deref()))
            }
            (Type::List(_), false) => quote!(.query_list(#wire, &self.#name)),
            (Type::Integer { .. }, false) if field.least > 0 => {
                let least = Literal::u64_unsuffixed(field.least);
                quote!(.query_at_least(#wire, self.#name, #least))
            }
            (Type::Timestamp, true) => quote!(.query(#wire, self.#name.as_str())),
            (Type::Timestamp, false) => quote!(.query_opt(#wire, self.#name.as_ref().map(Timestamp::as_str))),
            (ty, true) if may_be_empty(ty, api) => quote!(.query_or_empty(#wire, Some(&self.#name))),
            (ty, false) if may_be_empty(ty, api) => quote!(.query_or_empty(#wire, self.#name.as_ref())),
            (_, true) => {
                let value = borrowed(field);
                quote!(.query(#wire, #value))
            }
            (ty, false) if ty.is_copy() => quote!(.query_opt(#wire, self.#name)),
            (_, false) => quote!(.query_opt(#wire, self.#name.as_ref())),
        }
    });
    let constants = operation.constants.iter().map(|(wire, value)| quote!(.query(#wire, #value)));
    let params = operation.output.is_list().then(|| quote!(.query_params(&self.query_params)));
    let call = quote!(Call::new() #( #segments )* #( #constants )* #( #query )* #params);
    let Some(body) = &operation.body else { return quote!(Ok(#call)) };
    if body.content_type == FORM {
        return quote!(Ok(#call.multipart(self.body.parts())));
    }
    let content_type = &body.content_type;
    if let Some(kind) = &body.linkage {
        let linkage = match &body.ty {
            Type::List(_) => quote!(RequestLinkage::many(#kind, self.body.iter().map(|id| id.as_str()))),
            _ => quote!(RequestLinkage::one(#kind, self.body.as_str())),
        };
        return quote!(Ok(#call.json(#content_type, &#linkage)));
    }
    let Some(envelope) = &body.envelope else { return quote!(Ok(#call.json(#content_type, &self.body))) };
    let kind = &envelope.kind;
    let id = operation.path.iter().rev().find_map(|segment| match segment {
        Segment::Argument(field) if envelope.with_id => Some(ident(&field.name)),
        _ => None,
    });
    let id = id.map(|name| quote!(.with_id(self.#name.as_str())));
    let attributes = if envelope.with_attributes { quote!(Some(&self.body)) } else { quote!(None::<&()>) };
    let relationships = envelope.relationships.iter().map(|field| {
        let (name, wire, kind) = (ident(&field.name), &field.wire, &field.relationship);
        match (&field.ty, field.required) {
            (Type::HandWritten(_), _) => {
                quote!(.with_relationship(#wire, self.body.#name.kind(), self.body.#name.id()))
            }
            (Type::List(_), true) => {
                quote!(.with_to_many_opt(#wire, #kind, Some(self.body.#name.iter().map(|id| id.as_str()))))
            }
            (Type::List(_), false) => {
                let ids = quote!(self.body.#name.iter().flatten().map(|id| id.as_str()));
                quote!(.with_to_many_opt(#wire, #kind, self.body.#name.is_some().then(|| #ids)))
            }
            (_, true) => quote!(.with_relationship(#wire, #kind, self.body.#name.as_str())),
            (_, false) => {
                quote!(.with_relationship_opt(#wire, #kind, self.body.#name.as_ref().map(|id| id.as_str())))
            }
        }
    });
    quote! {
        let body = Envelope::new(#kind, #attributes) #id #( #relationships )*;
        Ok(#call.json(#content_type, &body))
    }
}

fn borrowed(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    if field.ty.is_copy() { quote!(self.#name) } else { quote!(&self.#name) }
}

fn paged(operation: &Operation) -> Option<TokenStream> {
    let name = ident(&operation.name);
    let (Output::OffsetPage { item, .. } | Output::ListDocument(item)) = &operation.output else {
        return None;
    };
    let item = bare(item);
    Some(match operation.paging? {
        Paging::Offset => quote!(crate::page::paged!(#name of #item);),
        Paging::Link => quote!(crate::jsonapi::paged!(#name of #item);),
    })
}
