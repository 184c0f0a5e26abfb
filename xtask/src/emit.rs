//! From the model to Rust text. Nothing here decides; nothing here can be refused.

mod debug;
mod docs;
mod example;
mod handles;
mod homes;
mod imports;
mod operations;
mod structs;
mod types;
mod vocabulary;

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use crate::{
    emit::{homes::Homes, imports::Imports},
    model::Api,
};

/// The generated files: path below `src`, and text. `origin` is the first line of each.
pub(crate) fn emit(api: &Api, origin: &str) -> BTreeMap<String, String> {
    let (imports, homes) = (Imports::new(api), Homes::new(api));
    let mut files = BTreeMap::new();
    if !api.enums.is_empty() {
        files.insert("enums".to_owned(), vocabulary::enums(api));
    }
    if !api.ids.is_empty() {
        files.insert("ids".to_owned(), vocabulary::ids(api));
    }
    let groups = [
        ("handles", handles::emit(api)),
        ("models", structs::models(api, &homes)),
        ("operations", operations::emit(api)),
        ("requests", structs::requests(api, &homes)),
    ];
    for (group, items) in groups {
        let mut parts: BTreeMap<String, Vec<TokenStream>> = BTreeMap::new();
        for (home, item) in items {
            parts.entry(home).or_default().push(item);
        }
        if !parts.is_empty() {
            files.insert(group.to_owned(), root(parts.keys()));
        }
        if group == "handles" {
            let accessors = file(&imports, vec![handles::accessors(api)]);
            files.entry(group.to_owned()).or_default().push_str(&format!("\n{accessors}"));
        }
        for (home, items) in parts {
            files.insert(format!("{group}/{home}"), file(&imports, items));
        }
    }
    let top = root(files.keys().filter(|name| !name.contains('/')));
    let files = files.into_iter().map(|(name, text)| (format!("generated/{name}.rs"), text));
    let files = files.chain([("generated.rs".to_owned(), top)]);
    files.map(|(name, text)| (name, format!("{origin}\n\n{text}"))).collect()
}

/// A module that passes on what its parts hold.
fn root<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let (mut text, mut public) = (String::new(), Vec::new());
    for name in names {
        if name == "handles" {
            text.push_str("/// The operations as methods, grouped by resource.\npub mod handles;\n");
        } else {
            text.push_str(&format!("mod {name};\n"));
            public.push(format!("{name}::*"));
        }
    }
    let line = match public.as_slice() {
        [only] => format!("pub use self::{only};"),
        several => format!("pub use self::{{{}}};", several.join(", ")),
    };
    format!("{text}\n{}", imports::wrap(&line))
}

/// Formats `items` one by one, with a blank line between them and the imports they need on top.
fn file(imports: &Imports, items: Vec<TokenStream>) -> String {
    let mut text = imports.lines(&items);
    for item in items {
        text.push('\n');
        text.push_str(&format_item(item));
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

/// A call of a macro with a table in braces: one line for each row. prettyplease leaves a macro's inside alone.
fn table(call: &syn::Macro) -> String {
    let path: Vec<String> = call.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let mut text = format!("{}! {{\n    ", path.join("::"));
    for token in call.tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                text.push_str("{\n");
                let (mut row, mut rows) = (String::new(), String::new());
                for token in group.stream() {
                    let is_last = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
                    let is_punct = matches!(token, TokenTree::Punct(_));
                    row.push_str(if is_punct || row.is_empty() { "" } else { " " });
                    row.push_str(&token.to_string());
                    if is_last {
                        rows.push_str(&format!("        {row}\n"));
                        row.clear();
                    }
                }
                text.push_str(&format!("{rows}    }}"));
            }
            token => text.push_str(&format!("{token} ")),
        }
    }
    format!("{text}\n}}\n")
}
