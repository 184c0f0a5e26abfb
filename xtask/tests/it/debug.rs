//! Every type of every crate: none derives `Debug` over a text, unless somebody has looked at what stands in it.
//!
//! A `Debug` that is written by hand is held to its promise by the canary tests of its crate; one that is derived prints whatever
//! the members hold. So a new type with a text in it fails here until its `Debug` is written, or the text is said to be no person's.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use quote::ToTokens as _;
use syn::{Attribute, Fields, Item};

use crate::support::looked_at::LOOKED_AT;

/// Types that hold a text, or may: an address can hold a query, a value anything.
const TEXTS: [&str; 12] = [
    "String",
    "str",
    "Url",
    "Uri",
    "Value",
    "RawValue",
    "Bytes",
    "HeaderMap",
    "HeaderValue",
    "Request",
    "Response",
    "OsString",
];

const CRATES: [&str; 5] =
    ["smartsync-transport", "oneflow-client", "teamtailor-client", "smartsync-core", "smartsync"];

#[test]
fn no_debug_is_derived_over_a_text_that_nobody_has_looked_at() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut found, mut types) = (BTreeSet::new(), 0);
    for name in CRATES {
        for file in sources(&root.join(name).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            let items =
                syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items;
            walk(name, &items, &mut found, &mut types);
        }
    }
    assert!(types > 300, "the sources are read at all: {types}");
    let looked_at: BTreeSet<String> = LOOKED_AT.iter().map(|&member| member.to_owned()).collect();
    let new: Vec<&String> = found.difference(&looked_at).collect();
    assert!(new.is_empty(), "write `Debug` by hand, or say that it is no person's text: {new:#?}");
    let gone: Vec<&String> = looked_at.difference(&found).collect();
    assert!(gone.is_empty(), "not there any more: {gone:#?}");
}

pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Adds `crate Type.member` for every text in a derived `Debug`.
fn walk(name: &str, items: &[Item], found: &mut BTreeSet<String>, types: &mut usize) {
    for item in items {
        if let Item::Struct(item) = item {
            *types += 1;
            if derives_debug(&item.attrs) {
                members(&format!("{name} {}", item.ident), &item.fields, found);
            }
        } else if let Item::Enum(item) = item {
            *types += 1;
            for variant in item.variants.iter().filter(|_| derives_debug(&item.attrs)) {
                members(&format!("{name} {}::{}", item.ident, variant.ident), &variant.fields, found);
            }
        } else if let Item::Mod(module) = item
            && !is_test(&module.attrs)
        {
            walk(name, module.content.as_ref().map_or(&[], |(_, items)| items), found, types);
        }
    }
}

fn members(of: &str, fields: &Fields, found: &mut BTreeSet<String>) {
    for (position, field) in fields.iter().enumerate() {
        let kind = field.ty.to_token_stream().to_string();
        // A text that is part of the program.
        let kind = kind.replace("& 'static str", "").replace("& 'static [& 'static str]", "");
        let mut words = kind.split(|c: char| !c.is_alphanumeric() && c != '_');
        let member = field.ident.as_ref().map_or_else(|| position.to_string(), ToString::to_string);
        let is_text = words.any(|word| TEXTS.contains(&word));
        // An error of somebody else's; ours are looked at where they are made. A `Patch` prints no value.
        let is_foreign_error = kind.contains("dyn ") && kind.contains("Error");
        if (is_text || is_foreign_error) && !kind.starts_with("Patch <") {
            found.insert(format!("{of}.{member}"));
        }
    }
}

fn derives_debug(attributes: &[Attribute]) -> bool {
    let is_it = |attribute: &&Attribute| {
        let text = attribute.to_token_stream().to_string();
        attribute.path().is_ident("derive")
            && text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Debug")
    };
    attributes.iter().any(|attribute| is_it(&attribute))
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.to_token_stream().to_string().contains("test"))
}
