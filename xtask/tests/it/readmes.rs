//! The READMEs as a reader on a code host sees them: nothing that only rustdoc hides or resolves, links that lead somewhere, commands
//! and features that there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What users are offered on a registry.
const PUBLISHED: [&str; 6] = [
    "smartsync-transport",
    "oneflow-client",
    "teamtailor-client",
    "smartsync-core",
    "smartsync-sandbox",
    "smartsync",
];

/// What the clone of this repository is called in commands.
const CLONE: &str = "../smartsync/";

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every README of the repository.
fn readmes() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    for entry in fs::read_dir(root()).unwrap() {
        let readme = entry.unwrap().path().join("README.md");
        if readme.is_file() && !readme.starts_with(root().join("target")) {
            found.push(readme);
        }
    }
    assert!(found.len() > PUBLISHED.len());
    found
}

/// What is in a document.
#[derive(Default)]
pub(crate) struct Document {
    code: Vec<Code>,
    /// Where links lead to.
    pub(crate) links: BTreeSet<String>,
    /// `[text]` without a target, which rustdoc takes for a link to an item.
    bare: BTreeSet<String>,
    /// The anchors of its headings.
    pub(crate) anchors: BTreeSet<String>,
    /// The rows of each table below a heading: their cells.
    pub(crate) tables: BTreeMap<String, Vec<Vec<String>>>,
}

struct Code {
    language: String,
    text: String,
}

impl Code {
    fn is_rust(&self) -> bool {
        matches!(self.language.split(',').next(), Some("" | "rust" | "no_run" | "compile_fail"))
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is not looked at needs no name")]
pub(crate) fn read(text: &str) -> Document {
    let mut document = Document::default();
    let mut bare = |link: BrokenLink<'_>| {
        document.bare.insert(link.reference.to_string());
        None
    };
    let mut events = Vec::new();
    for event in Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(&mut bare)) {
        events.push(event);
    }
    let (mut heading, mut written, mut in_head) = (String::new(), String::new(), false);
    for event in events {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => "text".to_owned(),
                };
                document.code.push(Code { language, text: String::new() });
                written.clear();
            }
            Event::End(TagEnd::CodeBlock) => document.code.last_mut().unwrap().text = written.clone(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                document.links.insert(dest_url.to_string());
            }
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => written.clear(),
            Event::End(TagEnd::Heading(_)) => {
                heading.clone_from(&written);
                document.anchors.insert(anchor(&heading));
            }
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableRow) => {
                document.tables.entry(heading.clone()).or_default().push(Vec::new());
            }
            Event::End(TagEnd::TableCell) if !in_head => {
                if let Some(row) = document.tables.get_mut(&heading).and_then(|rows| rows.last_mut()) {
                    row.push(written.clone());
                }
            }
            Event::Text(text) | Event::Code(text) => written.push_str(&text),
            _ => {}
        }
    }
    document
}

/// As code hosts make it of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}

/// Lines that rustdoc takes away before it shows a block of Rust.
fn hidden(document: &Document) -> Vec<&str> {
    let is_hidden = |line: &&str| *line == "#" || line.starts_with("# ");
    let rust = document.code.iter().filter(|code| code.is_rust());
    rust.flat_map(|code| code.text.lines().map(str::trim_start)).filter(is_hidden).collect()
}

/// Links that lead nowhere from a file in `folder`.
fn dead(document: &Document, folder: &Path, own: &str) -> Vec<String> {
    let mut dead = Vec::new();
    for link in document.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
        let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
        let target = folder.join(path);
        let text = match path {
            "" => Some(own.to_owned()),
            _ => fs::read_to_string(&target).ok(),
        };
        let has_anchor = || text.is_some_and(|text| read(&text).anchors.contains(fragment));
        if !target.exists() || (!fragment.is_empty() && !has_anchor()) {
            dead.push(link.clone());
        }
    }
    dead.extend(document.bare.iter().map(|text| format!("[{text}]")));
    dead
}

#[test]
fn what_is_wrong_with_a_document_is_found() {
    let text = "# One, two\n\n[`Item`] and [there](there.md), [down](#one-two) and [lost](#lost), [out](https://example.com)\n\n\
        ```rust\nfn main() {\n    # hidden();\n    #[derive(Debug)]\n}\n```\n\n```toml\n# a comment\n```\n\n```\n#\n```\n";
    let document = read(text);
    assert_eq!(hidden(&document), ["# hidden();", "#"]);
    assert_eq!(dead(&document, &root(), text), ["#lost", "there.md", "[`Item`]"]);
    assert!(dead(&read("[a](README.md#the-crates)"), &root(), "").is_empty());
}

/// The pages of every guide, which the READMEs link to.
fn guides() -> Vec<PathBuf> {
    let folders =
        PUBLISHED.map(|name| root().join(name).join("guide")).into_iter().filter(|folder| folder.is_dir());
    let pages: Vec<PathBuf> =
        folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 10);
    pages
}

#[test]
fn nothing_is_hidden_that_a_code_host_shows() {
    for path in readmes().into_iter().chain(guides()) {
        let document = read(&fs::read_to_string(&path).unwrap());
        assert_eq!(hidden(&document), Vec::<&str>::new(), "{}", path.display());
        // Without a language it is Rust to rustdoc, and without colours to a code host.
        assert!(document.code.iter().all(|code| !code.language.is_empty()), "{}", path.display());
    }
}

/// What a code host shows above a page, and rustdoc in the list of pages.
#[test]
fn a_page_of_a_guide_begins_with_its_only_title() {
    for path in guides().into_iter().filter(|path| !path.ends_with("overview.md")) {
        let text = fs::read_to_string(&path).unwrap();
        let titles = Parser::new(&text)
            .filter(|event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })));
        assert_eq!((text.starts_with("# "), titles.count()), (true, 1), "{}", path.display());
    }
}

/// The pages for whoever runs the program.
fn pages_for_operators() -> Vec<PathBuf> {
    let pages: Vec<PathBuf> =
        fs::read_dir(root().join("docs/run")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 3);
    pages
}

#[test]
fn links_lead_somewhere() {
    for path in readmes().into_iter().chain(pages_for_operators()) {
        let text = fs::read_to_string(&path).unwrap();
        let dead = dead(&read(&text), path.parent().unwrap(), &text);
        assert_eq!(dead, Vec::<String>::new(), "{}", path.display());
    }
}

fn manifest(folder: &Path) -> toml::Table {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap()
}

/// The features of a crate but for `default`, and whether they are on by default.
fn features(folder: &Path) -> BTreeMap<String, bool> {
    let manifest = manifest(folder);
    let Some(features) = manifest.get("features").and_then(toml::Value::as_table) else {
        return BTreeMap::new();
    };
    let on: Vec<&str> =
        features["default"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    features
        .keys()
        .filter(|name| *name != "default")
        .map(|name| (name.clone(), on.contains(&name.as_str())))
        .collect()
}

/// The first two cells of the rows below `## Features`: the name, and whether it is on by default.
fn told(readme: &str) -> BTreeMap<String, bool> {
    let mut told = BTreeMap::new();
    for row in read(readme).tables.remove("Features").unwrap_or_default() {
        let is_on = match row[1].as_str() {
            "yes" => true,
            "no" => false,
            other => panic!("the second cell says whether it is on by default, not {other}"),
        };
        assert!(told.insert(row[0].clone(), is_on).is_none(), "{} has two rows", row[0]);
    }
    told
}

#[test]
fn every_feature_has_a_row_and_no_row_is_stale() {
    let table = "## Features\n\n| feature | default | brings |\n|---|---|---|\n| `one` | yes | it |\n| `two` | no | that |\n";
    assert_eq!(told(table), [("one".to_owned(), true), ("two".to_owned(), false)].into());
    for name in PUBLISHED {
        let folder = root().join(name);
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        assert_eq!(told(&readme), features(&folder), "{name}/README.md, below `## Features`");
    }
}

/// What is wrong with a command that a reader is told to type in `folder`.
fn wrong_command(folder: &Path, command: &str) -> Option<String> {
    let command = command.split(" #").next().unwrap_or_default();
    let words: Vec<&str> = command.split_whitespace().collect();
    let after = |option: &str| {
        let place = words.iter().position(|word| *word == option)?;
        words.get(place + 1).copied()
    };
    if let Some(path) = after("--path") {
        // A program is installed in the clone, a library is taken into a crate beside it.
        let name = if words.contains(&"install") { Some(path) } else { path.strip_prefix(CLONE) };
        let Some(name) = name else {
            return Some(format!("a clone of this repository is called {CLONE}"));
        };
        if !root().join(name).join("Cargo.toml").is_file() {
            return Some(format!("there is no crate {path}"));
        }
        let known = features(&root().join(name));
        let unknown = after("--features")
            .unwrap_or_default()
            .split(',')
            .find(|one| !one.is_empty() && !known.contains_key(*one));
        return unknown.map(|feature| format!("{name} has no feature {feature}"));
    }
    let example = after("--example")?;
    let package = after("-p").or_else(|| after("--package"));
    let places = match package {
        Some("smartsync-examples") => vec![root().join("examples")],
        Some(package) => vec![root().join(package).join("examples")],
        None => vec![folder.join("examples"), folder.to_owned()],
    };
    let is_there = places.iter().any(|place| place.join(example).with_extension("rs").is_file());
    (!is_there).then(|| format!("there is no example {example}"))
}

#[test]
fn commands_name_crates_features_and_examples_that_there_are() {
    for (command, why) in [
        ("cargo add --path ../smartsync/oneflow-client --features tracing", None),
        (
            "cargo add --path ../smartsync/oneflow-client --features tracing,other # so",
            Some("oneflow-client has no feature other"),
        ),
        ("cargo add --path ../smartsync/client", Some("there is no crate ../smartsync/client")),
        ("cargo install --path smartsync", None),
        ("cargo install --path smart", Some("there is no crate smart")),
        ("cargo add --path ../oneflow-client", Some("a clone of this repository is called ../smartsync/")),
        ("cargo run -p smartsync-examples --example walk_pages", None),
        ("cargo run -p smartsync-examples --example gone", Some("there is no example gone")),
    ] {
        assert_eq!(wrong_command(&root(), command).as_deref(), why, "{command}");
    }
    for path in readmes().into_iter().chain(guides()) {
        let document = read(&fs::read_to_string(&path).unwrap());
        let shells = document.code.iter().filter(|code| matches!(code.language.as_str(), "sh" | "console"));
        for line in shells.flat_map(|code| code.text.lines()) {
            assert_eq!(wrong_command(path.parent().unwrap(), line), None, "{}: {line}", path.display());
        }
    }
    for name in PUBLISHED {
        let readme = fs::read_to_string(root().join(name).join("README.md")).unwrap();
        let shown = readme.contains("## Getting started") && readme.contains(" --path ");
        assert!(shown, "{name}: how to get it today");
    }
}

/// The front page of a crate's documentation is at another address than its README, so only links with a scheme work in both.
#[test]
fn a_readme_that_is_a_front_page_has_no_relative_links() {
    for name in PUBLISHED {
        let lib = fs::read_to_string(root().join(name).join("src/lib.rs")).unwrap();
        if !lib.starts_with("#![doc = include_str!(\"../README.md\")]") {
            continue;
        }
        let document = read(&fs::read_to_string(root().join(name).join("README.md")).unwrap());
        let relative: Vec<&String> =
            document.links.iter().filter(|link| !link.contains("://") && !link.starts_with('#')).collect();
        assert!(relative.is_empty(), "{name}: {relative:?}");
    }
}
