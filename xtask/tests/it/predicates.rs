//! What a program can ask of an error: its docs say when it holds, and what to do then.

use std::{fs, path::Path};

use quote::ToTokens as _;
use syn::{Attribute, ImplItem, Item, ReturnType, TraitItem, Visibility};

use crate::debug::sources;

const CRATES: [&str; 4] = ["smartsync-transport", "oneflow-client", "teamtailor-client", "smartsync-core"];

/// `Type::predicate` of each predicate of an error, with its docs.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these two have methods")]
fn predicates(items: &[Item], found: &mut Vec<(String, String)>) {
    for item in items {
        match item {
            Item::Impl(item) if item.trait_.is_none() => {
                let of = item.self_ty.to_token_stream().to_string();
                for item in item.items.iter().filter(|_| of.ends_with("Error")) {
                    if let ImplItem::Fn(item) = item
                        && matches!(item.vis, Visibility::Public(_))
                        && is_bool(&item.sig.output)
                    {
                        found.push((format!("{of}::{}", item.sig.ident), docs(&item.attrs)));
                    }
                }
            }
            Item::Trait(of) if of.ident.to_string().ends_with("Error") => {
                for item in &of.items {
                    if let TraitItem::Fn(item) = item
                        && is_bool(&item.sig.output)
                    {
                        found.push((format!("{}::{}", of.ident, item.sig.ident), docs(&item.attrs)));
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_bool(output: &ReturnType) -> bool {
    output.to_token_stream().to_string() == "-> bool"
}

fn docs(attributes: &[Attribute]) -> String {
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    docs.map(|attribute| attribute.to_token_stream().to_string()).collect()
}

fn says_both(docs: &str) -> bool {
    docs.contains("**When:**") && docs.contains("**Then:**")
}

#[test]
fn every_predicate_of_an_error_says_when_it_holds_and_what_to_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for name in CRATES {
        for file in sources(&root.join(name).join("src")) {
            predicates(&syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap().items, &mut found);
        }
    }
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    for known in [
        "Error::is_not_found",
        "TransportError::is_refused",
        "TeamtailorError::refuses",
        "EngineError::is_retryable",
    ] {
        assert!(names.contains(&known), "{known} is not among {names:?}");
    }
    let silent: Vec<&String> =
        found.iter().filter(|(_, docs)| !says_both(docs)).map(|(name, _)| name).collect();
    assert!(silent.is_empty(), "say **When:** and **Then:** {silent:?}");
    // Those of a list are made by a macro, which says the first by itself.
    let lists = fs::read_to_string(root.join("smartsync-transport/src/page_error.rs")).unwrap();
    let rows: Vec<&str> =
        lists.lines().filter(|line| line.contains(": true, ") || line.contains(": false, ")).collect();
    assert!(rows.len() > 10 && rows.iter().all(|row| row.contains("**Then:**")), "{rows:#?}");
}
