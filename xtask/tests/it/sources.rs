//! What no page of a service has, and where it was met: the table in a client's `SPEC.md` and the docs of its code say the same.

use std::{collections::BTreeSet, fs, path::Path};

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::{Attribute, Expr, ExprLit, Fields, ImplItem, Item, ItemEnum, Lit, Type};

use crate::debug;

/// Where a fact stands in the code, how sure it is, and where it was met.
type Fact = (String, String, String);

/// The rows below `## Met by others`.
fn listed(client: &Path) -> BTreeSet<Fact> {
    let paper = fs::read_to_string(client.join("SPEC.md")).unwrap();
    let section = paper.split("\n## ").find(|section| section.starts_with("Met by others\n")).unwrap();
    rows(section)
}

fn rows(section: &str) -> BTreeSet<Fact> {
    let mut found = BTreeSet::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [places, mark, source] = cells.as_slice() else { panic!("three cells: {row}") };
        // After a colon stands what it is about, in words.
        let places = places.split_once("`: ").map_or(*places, |(places, _)| places);
        for place in places.split('`').skip(1).step_by(2) {
            let (of, members) = match place.split_once("::{") {
                None => ("", place),
                Some((of, members)) => (of, members.trim_end_matches('}')),
            };
            for member in members.split(", ") {
                let place = if of.is_empty() { member.to_owned() } else { format!("{of}::{member}") };
                assert!(
                    found.insert((place, (*mark).to_owned(), (*source).to_owned())),
                    "twice: {member} in {row}"
                );
            }
        }
    }
    found
}

/// What the docs say in the form `<how sure>; source: <where>`, up to a full stop at the end or a bracket.
fn said(place: &str, attributes: &[Attribute], found: &mut BTreeSet<Fact>) {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
            let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) =
                &attribute.meta.require_name_value().ok()?.value
            else {
                return None;
            };
            Some(text.value())
        });
    let text = lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n");
    for paragraph in text.replace("\n* ", "\n\n* ").split("\n\n") {
        let paragraph = paragraph.replace('\n', " ");
        let mut rest = paragraph.as_str();
        while let Some((before, after)) = rest.split_once("; source: ") {
            let stops = |(at, c): &(usize, char)| {
                *c == ')' || *c == '.' && !after[at + 1..].starts_with(|c: char| !c.is_whitespace())
            };
            let end = after.char_indices().find(stops).map_or(after.len(), |(at, _)| at);
            found.insert((place.to_owned(), mark(place, before).to_owned(), after[..end].to_owned()));
            rest = &after[end..];
        }
    }
}

fn mark(place: &str, before: &str) -> &'static str {
    let before = before.to_lowercase();
    let marks = [
        ("unconfirmed", "unconfirmed"),
        ("unconfirmed by the service's documentation", "unconfirmed"),
        ("published code, not from its documentation", "first-party"),
        ("documented", "documented"),
        ("documented by the service", "documented"),
    ];
    let found = marks.into_iter().find(|(text, _)| before.ends_with(text));
    found.unwrap_or_else(|| panic!("{place}: a source, and not how sure it is: {before}")).1
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what else there is has no facts of a service")]
fn walk(items: &[Item], found: &mut BTreeSet<Fact>) {
    for item in items {
        match item {
            Item::Struct(item) => {
                said(&item.ident.to_string(), &item.attrs, found);
                if let Fields::Named(fields) = &item.fields {
                    for field in &fields.named {
                        let name = field.ident.as_ref().unwrap();
                        said(&format!("{}::{name}", item.ident), &field.attrs, found);
                    }
                }
            }
            Item::Impl(item) => {
                let Type::Path(of) = item.self_ty.as_ref() else { continue };
                let of = &of.path.segments.last().unwrap().ident;
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        said(&format!("{of}::{}", item.sig.ident), &item.attrs, found);
                    }
                }
            }
            Item::Enum(item) => of_enum(item, found),
            Item::Macro(item) if item.mac.path.to_token_stream().to_string().ends_with("open_enum") => {
                let tokens: TokenStream = item.mac.tokens.clone();
                of_enum(&syn::parse2(tokens).unwrap(), found);
            }
            Item::Const(item) => said(&item.ident.to_string(), &item.attrs, found),
            _ => {}
        }
    }
}

fn of_enum(item: &ItemEnum, found: &mut BTreeSet<Fact>) {
    said(&item.ident.to_string(), &item.attrs, found);
    for variant in &item.variants {
        said(&format!("{}::{}", item.ident, variant.ident), &variant.attrs, found);
    }
}

fn documented(client: &Path) -> BTreeSet<Fact> {
    let mut found = BTreeSet::new();
    for file in debug::sources(&client.join("src")) {
        walk(&syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap().items, &mut found);
    }
    found
}

#[test]
fn the_paper_and_the_docs_name_the_same_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (client, at_least) in [("oneflow-client", 8), ("teamtailor-client", 40)] {
        let (listed, documented) = (listed(&root.join(client)), documented(&root.join(client)));
        assert!(listed.len() >= at_least, "{client}: the table is read at all: {listed:#?}");
        let silent: Vec<&Fact> = listed.difference(&documented).collect();
        assert!(silent.is_empty(), "{client}: SPEC.md has them, and the docs do not say so: {silent:#?}");
        let unlisted: Vec<&Fact> = documented.difference(&listed).collect();
        assert!(
            unlisted.is_empty(),
            "{client}: the docs say so, and SPEC.md does not have them under \"Met by others\": {unlisted:#?}"
        );
    }
}

#[test]
fn a_row_names_several_places_and_docs_say_several_sources() {
    let row = "| `A::{b, c}`, `D`: with `e` | unconfirmed | a program |";
    let fact = |place: &str, mark: &str, source: &str| (place.to_owned(), mark.to_owned(), source.to_owned());
    let expected = ["A::b", "A::c", "D"].map(|place| fact(place, "unconfirmed", "a program"));
    assert_eq!(rows(row), BTreeSet::from(expected));
    let code = "
        /// A struct.
        ///
        /// * one (documented; source: a page);
        /// * two (unconfirmed; source: a
        ///   receiver of example.test). `GET /x` ([source](https://example.test), unconfirmed by the service's documentation; source: two programs)
        pub struct A {
            /// Known from the service's own published code, not from its documentation; source: fixtures.
            pub b: u8,
        }
        smartsync_transport::open_enum! {
            /// An enum.
            pub enum E {
                /// A value. Unconfirmed by the service's documentation; source: types.
                F = \"f\",
            }
        }";
    let mut found = BTreeSet::new();
    walk(&syn::parse_file(code).unwrap().items, &mut found);
    let expected = [
        fact("A", "documented", "a page"),
        fact("A", "unconfirmed", "a receiver of example.test"),
        fact("A", "unconfirmed", "two programs"),
        fact("A::b", "first-party", "fixtures"),
        fact("E::F", "unconfirmed", "types"),
    ];
    assert_eq!(found, BTreeSet::from(expected));
}
