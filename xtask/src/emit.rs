//! From the model to Rust text. Nothing here decides; nothing here can be refused.

mod debug;
mod docs;
mod handles;
mod imports;
mod operations;
mod structs;
mod types;
mod vocabulary;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::{emit::imports::Imports, model::Api};

/// The generated files: path below `src`, and text. `origin` is the first line of each.
pub(crate) fn emit(api: &Api, origin: &str) -> BTreeMap<String, String> {
    let imports = Imports::new(api);
    let mut parts: Vec<(&str, String)> = Vec::new();
    if !api.enums.is_empty() {
        parts.push(("enums", vocabulary::enums(api)));
    }
    if !api.ids.is_empty() {
        parts.push(("ids", vocabulary::ids(api)));
    }
    let groups = [
        ("handles", handles::emit(api)),
        ("models", structs::models(api)),
        ("operations", operations::emit(api)),
        ("requests", structs::requests(api)),
    ];
    for (name, items) in groups {
        if !items.is_empty() {
            parts.push((name, file(&imports, items)));
        }
    }
    parts.sort();

    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let mut files = BTreeMap::from([("generated.rs".to_owned(), format!("{origin}\n\n{}", root(&names)))]);
    for (name, text) in &parts {
        files.insert(format!("generated/{name}.rs"), format!("{origin}\n\n{text}"));
    }
    files
}

fn root(names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        match *name {
            "handles" => {
                text.push_str("/// The operations as methods, grouped by resource.\npub mod handles;\n");
            }
            name => text.push_str(&format!("mod {name};\n")),
        }
    }
    let public: Vec<String> =
        names.iter().filter(|name| **name != "handles").map(|name| format!("{name}::*")).collect();
    text.push_str(&format!("\npub use self::{{{}}};\n", public.join(", ")));
    text
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
    let plain = prettyplease::unparse(&file);
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
