//! From the model to Rust text. Nothing here decides; nothing here can be refused.

mod debug;
mod docs;
mod example;
mod handles;
mod homes;
mod imports;
mod operations;
mod signature;
mod structs;
mod types;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use crate::{
    emit::{
        homes::{Home, Homes},
        imports::Imports,
    },
    model::Api,
};

/// What stands in a file.
enum Item {
    Code(TokenStream),
    /// A call of a macro, whose inside prettyplease leaves alone.
    Text(String),
}

/// The generated files: path below `src`, and text. `origin` is the first line of each.
pub(crate) fn emit(api: &Api, origin: &str) -> BTreeMap<String, String> {
    let homes = Homes::new(api);
    let imports = Imports::new(api, &homes);
    let mut files: BTreeMap<Home, Vec<(&str, Item)>> = BTreeMap::new();
    let code = operations::emit(api, &imports)
        .into_iter()
        .chain(handles::emit(api))
        .chain(structs::requests(api))
        .chain(structs::models(api))
        .map(|(name, code)| (name, Item::Code(code)));
    let text = vocabulary::enums(api).into_iter().map(|(name, text)| (name, Item::Text(text)));
    for (name, item) in code.chain(text) {
        files.entry(homes.of(name)).or_default().push((name, item));
    }

    let mut resources: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for (home, items) in &files {
        let names = items.iter().map(|(name, _)| *name).collect();
        resources.entry(&home.resource).or_default().insert(&home.file, names);
    }
    let mut texts: BTreeMap<String, String> =
        resources.iter().map(|(name, files)| ((*name).to_owned(), index(api, name, files))).collect();
    let mut modules: BTreeMap<&str, &str> = resources.keys().map(|name| (*name, "pub mod")).collect();
    if !api.ids.is_empty() {
        texts.insert("ids".to_owned(), format!("//! Ids.\n\n{}", vocabulary::ids(api)));
        modules.insert("ids", "pub mod");
    }
    if !api.handles.is_empty() {
        let accessors = Item::Code(handles::accessors(api));
        texts.insert("handles".to_owned(), file(&imports, None, [&accessors]));
        modules.insert("handles", "mod");
    }
    for (home, items) in &files {
        let text = file(&imports, Some(home), items.iter().map(|(_, item)| item));
        texts.insert(format!("{}/{}", home.resource, home.file), text);
    }
    let texts = texts.into_iter().map(|(name, text)| (format!("generated/{name}.rs"), text));
    let root = modules.into_iter().map(|(name, keyword)| format!("{keyword} {name};\n")).collect();
    let texts = texts.chain([("generated.rs".to_owned(), root)]);
    texts.map(|(name, text)| (name, format!("{origin}\n\n{text}"))).collect()
}

/// The module of a resource: what is in which of its files.
fn index(api: &Api, resource: &str, files: &BTreeMap<&str, Vec<&str>>) -> String {
    let docs =
        api.handles.iter().find(|handle| handle.tag == resource).map(|handle| docs::lines(&handle.docs));
    let docs = docs.unwrap_or_else(|| vec!["What several resources use.".to_owned()]);
    let docs: String = docs.iter().map(|line| format!("{}\n", format!("//! {line}").trim_end())).collect();
    let modules: String = files.keys().map(|name| format!("mod {name};\n")).collect();
    let exports = files.iter().map(|(name, items)| {
        let items: BTreeSet<&str> = items.iter().copied().collect();
        format!("{name}::{}", imports::braced(items))
    });
    let exports = exports.collect::<Vec<_>>().join(", ");
    format!("{docs}\n{modules}\n{}", imports::wrap(&format!("pub use self::{{{exports}}};")))
}

/// Formats `items` one by one, with a blank line between them and the imports they need on top.
fn file<'a>(imports: &Imports, home: Option<&Home>, items: impl IntoIterator<Item = &'a Item>) -> String {
    let items: Vec<&Item> = items.into_iter().collect();
    let code = items.iter().filter_map(|item| match item {
        Item::Code(code) => Some(code.clone()),
        Item::Text(_) => None,
    });
    let mut text = imports.lines(&code.collect::<Vec<_>>(), home);
    for item in items {
        if !text.is_empty() {
            text.push('\n');
        }
        match item {
            Item::Code(code) => text.push_str(&format_item(code.clone())),
            Item::Text(item) => text.push_str(item),
        }
    }
    text
}

fn format_item(item: TokenStream) -> String {
    let shown = item.to_string();
    let file = match syn::parse2::<syn::File>(item) {
        Ok(file) => file,
        // The emitter wrote something that is no Rust: a fault of the generator, not of the document.
        Err(error) => return format!("compile_error!(\"{error}\");\n// {shown}\n"),
    };
    let plain: String = file.items.iter().map(item_text).collect();
    let mut text = String::with_capacity(plain.len());
    let mut after_block = false;
    for line in plain.lines() {
        let opens_another = !line.trim_start().starts_with('}') && !line.is_empty();
        if after_block && opens_another {
            text.push('\n');
        }
        // After the last constant of an `impl`, too.
        after_block = matches!(line, "    }" | "}")
            || line.starts_with("    const IDEMPOTENT")
            || line.starts_with("    type Item");
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn item_text(item: &syn::Item) -> String {
    if let syn::Item::Macro(item) = item {
        return table(&item.mac);
    }
    match syn::parse2(quote!(#item)) {
        Ok(alone) => prettyplease::unparse(&alone),
        Err(error) => format!("compile_error!(\"{error}\");\n"),
    }
}

/// A call of a macro, whose inside prettyplease leaves alone: in parentheses, or with a table in braces.
fn table(call: &syn::Macro) -> String {
    let path: Vec<String> = call.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let path = path.join("::");
    if matches!(call.delimiter, syn::MacroDelimiter::Paren(_)) {
        return format!("{path}!({});\n", call.tokens);
    }
    let mut text = format!("{path}! {{\n    ");
    for token in call.tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let rows = rows(group.stream());
                // A row of that one is hardly more than a name.
                let lines = match path.ends_with("debug_object") {
                    true => docs::filled(rows.iter().map(String::as_str)),
                    false => rows,
                };
                let lines: String = lines.iter().map(|line| format!("        {line}\n")).collect();
                text.push_str(&format!("{{\n{lines}    }}"));
            }
            token => text.push_str(&format!("{token} ")),
        }
    }
    format!("{text}\n}}\n")
}

/// The rows of a table, each with its comma.
fn rows(tokens: TokenStream) -> Vec<String> {
    let (mut row, mut rows) = (String::new(), Vec::new());
    for token in tokens {
        let is_last = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        let is_punct = matches!(token, TokenTree::Punct(_));
        row.push_str(if is_punct || row.is_empty() { "" } else { " " });
        row.push_str(&token.to_string());
        if is_last {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}
