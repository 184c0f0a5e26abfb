//! `cargo xtask packages`: whether what would be published is complete, and nothing else is in it.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::Path,
};

use crate::published::{Crate, cargo, published};

const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// What must be in every package.
const NEEDED: &[&str] = &["CHANGELOG.md", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// What may be in a package besides: the rest is left out, or is named here.
const FILES: &[&str] = &[
    ".cargo_vcs_info.json",
    "Cargo.lock",
    "Cargo.toml.orig",
    "SPEC.md",
    "build.rs",
    "facts.toml",
    "openapi.yaml",
    "smartsync.schema.json",
];

/// Folders of a package, and what their files end with.
const FOLDERS: &[(&str, &str)] = &[
    ("src/", ".rs"),
    ("examples/", ".rs"),
    ("guide/", ".md"),
    ("templates/", ".html"),
    ("templates/", ".css"),
];

/// Checks every published crate of the repository at `root`. Returns what is wrong.
///
/// # Errors
///
/// When `cargo` fails, or a file cannot be read.
pub fn run(root: &Path) -> Result<Vec<String>, String> {
    let crates = published(root)?.crates;
    let mut wrong = addresses(&crates);
    for one in &crates {
        wrong.extend(manifest(one));
        let listed = cargo(root, &["package", "--locked", "--list", "--allow-dirty", "-p", &one.name])?;
        let files: Vec<String> = listed.lines().map(|file| file.replace('\\', "/")).collect();
        wrong.extend(contents(&one.name, &files));
        for file in &files {
            let at = one.folder().join(file);
            // Some files of a package are written by cargo.
            if !at.exists() {
                continue;
            }
            let bytes = read(&at)?;
            if LICENCES.contains(&file.as_str()) && bytes != read(&root.join(file))? {
                wrong.push(format!("{}: {file} is not that of the repository", one.name));
            }
            if has_private_key(&bytes) {
                wrong.push(format!("{}: {file} holds a private key", one.name));
            }
        }
    }
    if wrong.is_empty() && crates.iter().all(|one| one.repository.is_none()) {
        // If stdout is closed, nobody wants to know.
        let _ = writeln!(
            io::stdout(),
            "one warning is expected: \"manifest has no documentation, homepage or repository\". Set `repository` in \
             Cargo.toml once the repository has an address; until then, relative links of READMEs lead nowhere in a registry"
        );
    }
    Ok(wrong)
}

/// An address is that of all crates, or of none yet.
fn addresses(crates: &[Crate]) -> Vec<String> {
    let addresses: BTreeSet<_> = crates.iter().map(|one| one.repository.as_deref()).collect();
    if addresses.len() > 1 {
        vec![format!("the crates differ in their `repository`: {addresses:?}")]
    } else {
        Vec::new()
    }
}

/// What the manifest of a crate lacks.
pub fn manifest(one: &Crate) -> Vec<String> {
    let is_keyword =
        |word: &String| !word.is_empty() && word.len() <= 20 && !word.contains(char::is_whitespace);
    let rules = [
        ("`description`", one.description.as_ref().is_some_and(|text| !text.trim().is_empty())),
        ("`license` (MIT OR Apache-2.0)", one.license.as_deref() == Some("MIT OR Apache-2.0")),
        ("`readme`", one.readme.as_deref() == Some("README.md")),
        ("`rust-version`", one.rust_version.is_some()),
        (
            "`keywords`: one to five, of 20 letters at most",
            (1..=5).contains(&one.keywords.len()) && one.keywords.iter().all(is_keyword),
        ),
        ("`categories`: one to five", (1..=5).contains(&one.categories.len())),
        ("`all-features` in `[package.metadata.docs.rs]`", one.docs_rs("all-features") == Some(&true.into())),
    ];
    rules.iter().filter(|(_, holds)| !holds).map(|(rule, _)| format!("{}: {rule}", one.name)).collect()
}

/// What is missing in a package with these files, and what should not be there.
pub fn contents(name: &str, files: &[String]) -> Vec<String> {
    let missing =
        NEEDED.iter().filter(|needed| !files.iter().any(|file| file == *needed)).map(ToString::to_string);
    let has_example = files.iter().any(|file| file.starts_with("examples/"));
    let missing = missing.chain((!has_example).then(|| "an example".to_owned()));
    let is_known = |file: &str| {
        NEEDED.contains(&file)
            || FILES.contains(&file)
            || FOLDERS.iter().any(|(folder, end)| file.starts_with(folder) && file.ends_with(end))
    };
    let foreign = files.iter().filter(|file| !is_known(file));
    missing
        .map(|file| format!("{name}: the package lacks {file}"))
        .chain(foreign.map(|file| format!("{name}: the package has {file}, which nobody expects there")))
        .collect()
}

fn has_private_key(bytes: &[u8]) -> bool {
    // In two parts, so that this file has none.
    let mark = ["PRIVATE KEY", "-----"].concat();
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}
