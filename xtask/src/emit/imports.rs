//! The `use` lines of a file: exactly the names that its tokens mention.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::model::{Api, Field, Output, Segment};

/// Where every name comes from.
#[derive(Debug)]
pub(super) struct Imports {
    /// Name to root (`std`) and path below it (`collections::BTreeMap`).
    origins: BTreeMap<String, (String, String)>,
}

const FOREIGN: &[&str] = &[
    "serde::Serialize",
    "serde::de::DeserializeOwned",
    "serde_json::Number",
    "serde_json::Value",
    "smartsync_transport::ApiClient",
    "smartsync_transport::BuildError",
    "smartsync_transport::Call",
    "smartsync_transport::DecodeError",
    "smartsync_transport::Endpoint",
    "smartsync_transport::Error",
    "smartsync_transport::Lenient",
    "smartsync_transport::Method",
    "smartsync_transport::NextPage",
    "smartsync_transport::Paged",
    "smartsync_transport::Pages",
    "smartsync_transport::Part",
    "smartsync_transport::Patch",
    "smartsync_transport::Response",
    "smartsync_transport::StatusCode",
    "smartsync_transport::Timestamp",
    "smartsync_transport::Unreadable",
    "smartsync_transport::decode_json",
    "smartsync_transport::generated_support::Hidden",
    "smartsync_transport::generated_support::about",
    "smartsync_transport::generated_support::comma_list",
    "smartsync_transport::generated_support::of_type",
    "std::collections::BTreeMap",
    "std::fmt",
];

const OWN: &[&str] = &[
    "crate::FilePart",
    "crate::Page",
    "crate::jsonapi::Document",
    "crate::jsonapi::Envelope",
    "crate::jsonapi::RequestLinkage",
    "crate::jsonapi::ListDocument",
    "crate::jsonapi::Resource",
];

impl Imports {
    pub(super) fn new(api: &Api) -> Self {
        let mut origins = BTreeMap::new();
        let mut add = |path: &str| {
            let (root, below) = match path.strip_prefix("crate::generated::") {
                Some(below) => ("crate::generated", below),
                None => path.split_once("::").unwrap_or(("crate", path)),
            };
            let name = path.rsplit("::").next().unwrap_or(path);
            origins.insert(name.to_owned(), (root.to_owned(), below.to_owned()));
        };
        FOREIGN.iter().chain(OWN).for_each(|path| add(path));
        add(&format!("crate::{}", api.service));
        add(&format!("crate::{}Client", api.service));
        let ids = api.ids.iter().map(|item| &item.name);
        let enums = api.enums.iter().map(|item| &item.name);
        let structs = api.structs.iter().map(|item| &item.name);
        let unions = api.unions.iter().map(|item| &item.name);
        let operations = api.operations.iter().map(|item| &item.name);
        for name in ids.chain(enums).chain(structs).chain(unions).chain(operations) {
            add(&format!("crate::generated::{name}"));
        }
        for operation in &api.operations {
            if let Output::RedirectAddress(name) = &operation.output {
                add(&format!("crate::{name}"));
            }
        }
        fields(api).filter_map(|field| field.ty.hand_written()).for_each(&mut add);
        Self { origins }
    }

    /// The `use` lines for `items`: the standard library, other crates, this crate.
    pub(super) fn lines(&self, items: &[TokenStream]) -> String {
        let (used, declared) = (identifiers(items), declared(items));
        let mut roots: BTreeMap<(u8, &str), BTreeSet<&str>> = BTreeMap::new();
        for name in used.difference(&declared) {
            if let Some((root, below)) = self.origins.get(name) {
                let group = match root.as_str() {
                    "std" => 0,
                    "crate" | "crate::generated" => 2,
                    _ => 1,
                };
                roots.entry((group, root)).or_default().insert(below);
            }
        }
        let (mut text, mut before) = (String::new(), None);
        for ((group, root), names) in roots {
            if before.is_some_and(|before| before != group) {
                text.push('\n');
            }
            before = Some(group);
            let names: Vec<&str> = names.into_iter().collect();
            let line = match names.as_slice() {
                [name] => format!("use {root}::{name};"),
                names => format!("use {root}::{{{}}};", names.join(", ")),
            };
            text.push_str(&wrap(&line));
        }
        text
    }
}

/// Every field of the model.
fn fields(api: &Api) -> impl Iterator<Item = &Field> {
    let in_structs = api.structs.iter().flat_map(|item| &item.fields);
    let in_paths =
        api.operations.iter().flat_map(|operation| &operation.path).filter_map(|segment| match segment {
            Segment::Argument(field) => Some(field),
            Segment::Text(_) => None,
        });
    in_structs.chain(in_paths).chain(api.operations.iter().flat_map(|operation| &operation.query))
}

/// Breaks a long `use` line.
pub(super) fn wrap(line: &str) -> String {
    match syn::parse_str::<syn::File>(line) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => format!("{line}\n"),
    }
}

/// All identifiers in `items`.
fn identifiers<'a>(items: impl IntoIterator<Item = &'a TokenStream>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in items {
        collect(item.clone(), &mut found);
    }
    found
}

fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
    // What follows `::` is found through what stands before it.
    let mut colons = 0;
    let mut in_enum = false;
    for token in tokens {
        let is_first = colons < 2;
        colons = match &token {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons + 1,
            _ => 0,
        };
        match token {
            TokenTree::Ident(ident) if is_first => {
                in_enum |= ident == "enum";
                found.insert(ident.to_string());
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            TokenTree::Group(group) if in_enum && group.delimiter() == Delimiter::Brace => {
                in_enum = false;
                collect_payloads(group.stream(), found);
            }
            TokenTree::Group(group) => collect(group.stream(), found),
        }
    }
}

/// The types in the variants of an enum, without the variants' own names.
fn collect_payloads(variants: TokenStream, found: &mut BTreeSet<String>) {
    for token in variants {
        if let TokenTree::Group(group) = token {
            collect(group.stream(), found);
        }
    }
}

/// Names of the structs and enums that `items` declare.
fn declared(items: &[TokenStream]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in items {
        let mut previous = String::new();
        for token in item.clone() {
            let text = token.to_string();
            if matches!(previous.as_str(), "struct" | "enum" | "fn") {
                found.insert(text.clone());
            }
            previous = text;
        }
    }
    found
}
