//! The `use` lines of a file: exactly the names that its tokens mention.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{
    borrowed::{FOREIGN, OWN},
    emit::homes::{Home, Homes},
    model::{Api, Field, Operation, Output},
};

/// Where every name comes from.
#[derive(Debug)]
pub(super) struct Imports {
    service: String,
    origins: BTreeMap<String, Origin>,
}

#[derive(Debug)]
enum Origin {
    /// Another crate, the standard library, or a file written by hand: root (`std`) and path below it.
    Path(String, String),
    Id,
    Generated(Home),
}

impl Imports {
    pub(super) fn new(api: &Api, homes: &Homes) -> Self {
        let mut origins = BTreeMap::new();
        let mut add = |path: &str| {
            let (root, below) = path.split_once("::").unwrap_or(("crate", path));
            let name = path.rsplit("::").next().unwrap_or(path);
            origins.insert(name.to_owned(), Origin::Path(root.to_owned(), below.to_owned()));
        };
        FOREIGN.iter().chain(OWN).for_each(|path| add(path));
        add(&format!("crate::{}", api.service));
        add(&format!("crate::{}Client", api.service));
        for operation in &api.operations {
            if let Output::RedirectAddress(name) = &operation.output {
                add(&format!("crate::{name}"));
            }
        }
        fields(api).filter_map(|field| field.ty.hand_written()).for_each(&mut add);
        origins.extend(api.ids.iter().map(|id| (id.name.clone(), Origin::Id)));
        origins.extend(homes.iter().map(|(name, home)| (name.clone(), Origin::Generated(home.clone()))));
        Self { service: api.service.to_lowercase(), origins }
    }

    /// The `use` lines for `items` of the file `here`: the standard library, other crates, this crate.
    pub(super) fn lines(&self, items: &[TokenStream], here: Option<&Home>) -> String {
        let (used, declared) = (identifiers(items), declared(items));
        let mut roots: BTreeMap<(u8, String), BTreeSet<&str>> = BTreeMap::new();
        for (name, origin) in used.difference(&declared).filter_map(|name| self.origins.get_key_value(name)) {
            let (group, root, below) = match origin {
                Origin::Path(root, below) if root == "std" => (0, root.clone(), below),
                Origin::Path(root, below) if root == "crate" => (2, root.clone(), below),
                Origin::Path(root, below) => (1, root.clone(), below),
                Origin::Id => (2, "crate::generated::ids".to_owned(), name),
                Origin::Generated(home) if here == Some(home) => continue,
                Origin::Generated(home) if here.is_some_and(|here| here.resource == home.resource) => {
                    (2, format!("super::{}", home.file), name)
                }
                Origin::Generated(home) => (2, format!("crate::generated::{}", home.resource), name),
            };
            roots.entry((group, root)).or_default().insert(below);
        }
        let (mut text, mut before) = (String::new(), None);
        for ((group, root), names) in roots {
            if before.is_some_and(|before| before != group) {
                text.push('\n');
            }
            before = Some(group);
            text.push_str(&wrap(&format!("use {root}::{};", braced(names))));
        }
        text
    }

    /// The same for an example: as a user of the crate writes them. Those from the root, and of ids, are left out of
    /// what is shown.
    pub(super) fn of_example(&self, items: &[TokenStream]) -> Vec<String> {
        let used = identifiers(items);
        let (mut root, mut modules) = (BTreeSet::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
        for (name, origin) in used.iter().filter_map(|name| self.origins.get_key_value(name)) {
            match origin {
                Origin::Generated(home) => drop(modules.entry(&home.resource).or_default().insert(name)),
                Origin::Id => drop(root.insert(name.as_str())),
                Origin::Path(from, below) if from == "crate" => drop(root.insert(below)),
                Origin::Path(from, _) if from == "smartsync_transport" => drop(root.insert(name)),
                Origin::Path(..) => {}
            }
        }
        let hidden = format!("# use {}_client::{};", self.service, braced(root));
        let shown = modules.into_iter().map(|(module, names)| {
            wrap(&format!("use {}_client::{module}::{};", self.service, braced(names)))
        });
        let shown: String = shown.collect();
        std::iter::once(hidden).chain(shown.lines().map(str::to_owned)).collect()
    }
}

/// `One`, or `{One, Another}`.
pub(super) fn braced<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    match names.into_iter().collect::<Vec<_>>().as_slice() {
        [name] => (*name).to_owned(),
        names => format!("{{{}}}", names.join(", ")),
    }
}

/// Every field of the model.
fn fields(api: &Api) -> impl Iterator<Item = &Field> {
    let in_structs = api.structs.iter().flat_map(|item| &item.fields);
    in_structs.chain(api.operations.iter().flat_map(Operation::parameters))
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
