//! What proves a sentence: tests, steps of the gate, or the word that nothing can.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use syn::{Attribute, File, Item, ItemFn, ItemMod};

/// By the id of the sentence.
pub type Table = BTreeMap<String, Evidence>;

/// What stands in the table for one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Evidence {
    /// Tests that fail where the sentence is not so: `smartsync/tests/it/keys.rs::a_weak_sign_key_is_not_registered`.
    pub tests: Vec<String>,
    /// Steps of the gate, by their titles in `.ci/run`.
    pub gate: Vec<String>,
    /// Why nothing can check it: a definition, an invitation, a word about people.
    pub statement: Option<String>,
}

impl Evidence {
    /// What is wrong with it.
    pub(super) fn faults(&self, root: &Path, gate: &str) -> Vec<String> {
        let is_checked = !self.tests.is_empty() || !self.gate.is_empty();
        let mut faults: Vec<String> = match self.statement.as_deref().map(str::trim) {
            None if !is_checked => vec!["it has neither a test nor a step of the gate".to_owned()],
            Some(_) if is_checked => {
                vec!["what has a test or a step of the gate is no mere statement".to_owned()]
            }
            Some("") => vec!["it does not say why nothing can check it".to_owned()],
            _ => Vec::new(),
        };
        faults.extend(self.tests.iter().filter_map(|test| why_no_test(root, test)));
        let is_step = |title: &str| gate.lines().any(|line| line.trim() == format!("step \"{title}\""));
        let unknown = self.gate.iter().filter(|title| !is_step(title));
        faults.extend(unknown.map(|title| format!("the gate has no step \"{title}\"")));
        faults
    }
}

/// What is wrong with `path::function`, if anything is: it has to be a test that is built and run.
fn why_no_test(root: &Path, test: &str) -> Option<String> {
    let Some((path, name)) = test.split_once("::") else {
        return Some(format!("`{test}` names no test: write `path::function`"));
    };
    let read =
        |path: &Path| fs::read_to_string(root.join(path)).ok().and_then(|text| syn::parse_file(&text).ok());
    let Some(file) = read(Path::new(path)) else {
        return Some(format!("`{path}` is no file of Rust"));
    };
    match find(&file.items, name) {
        None => return Some(format!("`{path}` has no function `{name}`")),
        Some(Found::Plain) => return Some(format!("`{name}` in `{path}` is no test")),
        Some(Found::Ignored) => return Some(format!("the test `{name}` in `{path}` is ignored")),
        Some(Found::Test) => {}
    }
    (!is_built(Path::new(path), read)).then(|| format!("`{path}` belongs to no test that is built"))
}

/// What a function of a name is.
enum Found {
    Test,
    Ignored,
    Plain,
}

fn find(items: &[Item], name: &str) -> Option<Found> {
    items.iter().find_map(|item| match item {
        Item::Fn(function) if function.sig.ident == name => Some(judged(function)),
        Item::Mod(ItemMod { content: Some((_, items)), .. }) => find(items, name),
        // `proptest! { #[test] fn .. }`
        Item::Macro(item) => in_macro(&item.mac.tokens.to_string(), name),
        _ => None,
    })
}

fn judged(function: &ItemFn) -> Found {
    let has = |word: &str| function.attrs.iter().any(|attribute| ends_with(attribute, word));
    match (has("test"), has("ignore")) {
        (_, true) => Found::Ignored,
        (true, false) => Found::Test,
        (false, false) => Found::Plain,
    }
}

/// `#[test]` and `#[tokio::test(..)]` end with `test`.
fn ends_with(attribute: &Attribute, word: &str) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == word)
}

/// The attributes of a function inside a macro stand between the end of the one before and its name.
fn in_macro(tokens: &str, name: &str) -> Option<Found> {
    let at = tokens.match_indices(&format!("fn {name}")).map(|(at, _)| at).find(|at| {
        let after = tokens[at + 3 + name.len()..].chars().next();
        after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })?;
    let attributes = tokens[..at].rsplit('}').next().unwrap_or_default().replace(' ', "");
    if attributes.contains("#[ignore") {
        Some(Found::Ignored)
    } else if attributes.contains("#[test]") {
        Some(Found::Test)
    } else {
        Some(Found::Plain)
    }
}

/// Whether modules lead to the file, from the root of a crate or of a test.
fn is_built(path: &Path, read: impl Fn(&Path) -> Option<File>) -> bool {
    let mut path = path.to_owned();
    loop {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let Some(folder) = path.parent().map(Path::to_owned) else { return false };
        if ["lib", "main"].contains(&stem.as_str()) {
            return true;
        }
        let names_it = |file: &Path| {
            let is_named = |item: &Item| matches!(item, Item::Mod(module) if module.ident == stem && module.content.is_none());
            read(file).is_some_and(|file| file.items.iter().any(is_named))
        };
        let parents = [folder.join("lib.rs"), folder.join("main.rs"), folder.with_extension("rs")];
        let Some(parent) = parents.into_iter().find(|file| names_it(file)) else { return false };
        path = parent;
    }
}
