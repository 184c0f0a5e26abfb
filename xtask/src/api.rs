//! `cargo xtask api`: what users of the published crates can name, as reviewed files below `docs/api/`.
//!
//! It is read from the pages that rustdoc writes, with all features: macros are expanded there, and what a private module
//! re-exports stands where a user finds it. `docs/decisions/0050` says why, and what it does not see.

mod page;

use std::{collections::BTreeSet, fs, io, path::Path};

use crate::{
    codegen::Mode,
    published::{Crate, cargo, published},
};

/// Writes the listings of the repository at `root`, or compares them. Returns what is stale (nothing with [`Mode::Write`]).
///
/// # Errors
///
/// When the documentation cannot be built or read, or a listing cannot be written.
pub fn run(root: &Path, mode: Mode) -> Result<Vec<String>, String> {
    let published = published(root)?;
    let mut arguments = vec!["doc", "--locked", "--quiet", "--no-deps", "--lib", "--all-features"];
    arguments.extend(published.crates.iter().flat_map(|one| ["-p", one.name.as_str()]));
    cargo(root, &arguments)?;
    let folder = root.join("docs/api");
    fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
    let mut stale = Vec::new();
    for one in &published.crates {
        let file = folder.join(&one.name).with_extension("txt");
        let text = listing(&published.target.join("doc"), one)?;
        match mode {
            Mode::Write => fs::write(&file, text).map_err(|error| unusable(&file, &error))?,
            Mode::Check => {
                let reviewed = match fs::read_to_string(&file) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
                    reviewed => reviewed.map_err(|error| unusable(&file, &error))?,
                };
                stale.extend(changes(&one.name, &reviewed, &text));
            }
        }
    }
    Ok(stale)
}

/// What a reviewer has not seen yet: a line for each change.
fn changes(name: &str, reviewed: &str, now: &str) -> Vec<String> {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (reviewed.lines().collect(), now.lines().collect());
    if old == new {
        return Vec::new();
    }
    let mut changes =
        vec![format!("docs/api/{name}.txt is not what users see; `cargo xtask api` writes it anew:")];
    changes.extend(old.difference(&new).map(|line| format!("- {line}")));
    changes.extend(new.difference(&old).map(|line| format!("+ {line}")));
    changes
}

/// The listing of a crate, from the documentation in `doc`.
///
/// # Errors
///
/// When a page cannot be read, or has no declaration.
pub fn listing(doc: &Path, one: &Crate) -> Result<String, String> {
    let mut lines = BTreeSet::new();
    for (feature, turned_on) in &one.features {
        lines.insert(line("", 0, format!("feature {feature} = [{}]", turned_on.join(", "))));
    }
    let name = one.in_code();
    let mut open = vec![Vec::new()];
    while let Some(module) = open.pop() {
        let folder = module.iter().fold(doc.join(&name), |folder, module: &String| folder.join(module));
        let index = read(&folder.join("index.html"))?;
        let path = module.join("::");
        lines.extend(
            index
                .code
                .iter()
                .filter(|code| code.id.starts_with("reexport."))
                .map(|code| line(&path, 1, code.text.trim_end_matches(';').to_owned())),
        );
        for item in index.items {
            if let Some(inner) = item.href.strip_suffix("/index.html") {
                let inner: Vec<String> = [module.as_slice(), &[inner.to_owned()]].concat();
                lines.insert(line(&inner.join("::"), 0, "pub mod".to_owned()));
                open.push(inner);
                continue;
            }
            let of_file = item.href.strip_suffix(".html").and_then(|file| file.split_once('.'));
            let Some((kind, of_file)) = of_file else { continue };
            let page = read(&folder.join(&item.href))?;
            if page.declaration.is_empty() {
                return Err(format!(
                    "no declaration in {}: does rustdoc write its pages otherwise now?",
                    item.href
                ));
            }
            let path = if path.is_empty() { of_file.to_owned() } else { format!("{path}::{of_file}") };
            let is_ours = page
                .source
                .as_ref()
                .is_some_and(|source| source.contains(&format!("/src/{name}/")) && !source.contains("://"));
            lines.extend(of_item(&path, kind, &page, is_ours));
        }
    }
    Ok(lines
        .into_iter()
        .map(
            |(path, _, text)| if path.is_empty() { format!("{text}\n") } else { format!("{path}: {text}\n") },
        )
        .collect())
}

/// A line: by path, and below it by rank, then by text.
type Line = (String, u8, String);

fn line(path: &str, rank: u8, text: String) -> Line {
    (path.to_owned(), rank, text)
}

/// The lines of an item.
fn of_item(path: &str, kind: &str, page: &page::Page, is_ours: bool) -> Vec<Line> {
    if !is_ours && kind != "macro" {
        return vec![line(path, 0, format!("{} (of another crate)", head(kind, &page.declaration)))];
    }
    let mut lines = vec![line(path, 0, head(kind, &page.declaration))];
    // An alias shows all that can be done with the type behind it.
    if kind == "type" {
        return lines;
    }
    let (mut traits, mut header) = (BTreeSet::new(), String::new());
    for code in &page.code {
        let (id, text) = (code.id.as_str(), code.text.as_str());
        let is_impl = id.starts_with("impl-");
        let named = match (code.part.as_str(), is_impl) {
            ("fields", _) => Some((1, format!("pub {text}"))),
            ("variants", _) => Some((
                1,
                match id.split_once(".field.") {
                    Some((variant, _)) => {
                        format!("variant {}: {text}", variant.trim_start_matches("variant."))
                    }
                    None => format!("variant {text}"),
                },
            )),
            ("implementations", true) => {
                text.clone_into(&mut header);
                None
            }
            ("implementations", false) => Some((2, within(&header, text))),
            ("trait-implementations" | "foreign-impls", true) => {
                text.clone_into(&mut header);
                match simple_trait(text) {
                    // Every derived `PartialEq` has it; nobody can name it.
                    _ if text.contains("StructuralPartialEq for ") => None,
                    Some(name) => {
                        traits.insert(name.to_owned());
                        None
                    }
                    None => Some((4, text.to_owned())),
                }
            }
            ("trait-implementations" | "foreign-impls", false) if id.starts_with("associatedtype.") => {
                Some((4, format!("{header}: {text}")))
            }
            ("synthetic-implementations", true)
                if ["!Send ", "!Sync ", "!Unpin "].iter().any(|no| text.contains(no)) =>
            {
                Some((4, text.to_owned()))
            }
            (part, false) if part.starts_with("required-") => Some((2, format!("required {text}"))),
            (part, false) if part.starts_with("provided-") => Some((2, format!("provided {text}"))),
            _ => None,
        };
        lines.extend(named.map(|(rank, text)| line(path, rank, text)));
    }
    if !traits.is_empty() {
        lines.push(line(path, 3, format!("impl {}", traits.into_iter().collect::<Vec<_>>().join(", "))));
    }
    lines
}

/// A declaration without its members, which have lines of their own.
fn head(kind: &str, declaration: &str) -> String {
    match (kind, declaration.split_once('{')) {
        ("struct" | "union" | "enum" | "trait", Some((head, body))) => {
            let rest = if body.contains("/* private fields */") { " { .. }" } else { "" };
            format!("{}{rest}", head.trim_end())
        }
        // A whole file, say.
        ("constant", _) if declaration.len() > 200 => {
            format!("{} = ..", declaration.split(" = ").next().unwrap_or_default())
        }
        _ => declaration.trim_end_matches(';').to_owned(),
    }
}

/// A method, and the impl that it stands in if that asks for something.
fn within(header: &str, method: &str) -> String {
    if header.contains(": ") { format!("{method} [{header}]") } else { method.to_owned() }
}

/// The trait of an impl that asks for nothing and is the only one of its trait.
fn simple_trait(header: &str) -> Option<&str> {
    let header = header.strip_prefix("impl<'de> ").or_else(|| header.strip_prefix("impl "))?;
    let (name, of) = header.split_once(" for ")?;
    let name = name.strip_suffix("<'de>").unwrap_or(name);
    (!name.contains(['<', '!', '&']) && !of.contains(" where ")).then_some(name)
}

fn read(file: &Path) -> Result<page::Page, String> {
    fs::read_to_string(file).map(|html| page::read(&html)).map_err(|error| unusable(file, &error))
}

fn unusable(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
