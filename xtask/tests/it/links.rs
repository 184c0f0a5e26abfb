//! Links of every page of the repository, as a code host follows them: to files and headings that there are. No network is needed.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::readmes::{Document, read, root};

/// Every page of the repository but what is built or installed.
fn pages(folder: &Path, found: &mut BTreeMap<PathBuf, Document>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with('.') || ["target", "node_modules", "venv"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            pages(&path, found);
        } else if name.ends_with(".md") {
            let document = read(&fs::read_to_string(&path).unwrap());
            found.insert(path, document);
        }
    }
}

/// Where links of these pages lead that lead nowhere.
fn dead(pages: &BTreeMap<PathBuf, Document>) -> Vec<String> {
    let mut dead = Vec::new();
    for (page, document) in pages {
        // Only rustdoc resolves these, and its own check is in the gate.
        let is_of_rustdoc = |link: &str| link.contains("::") || link.starts_with("fn@");
        let links =
            document.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
        for link in links.filter(|link| !is_of_rustdoc(link)) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let Ok(target) = target.canonicalize() else {
                dead.push(format!("{}: {link}", page.display()));
                continue;
            };
            let has_anchor = || pages.get(&target).is_some_and(|page| page.anchors.contains(fragment));
            if !fragment.is_empty() && !has_anchor() {
                dead.push(format!("{}: {link}: there is no such heading", page.display()));
            }
        }
    }
    dead
}

#[test]
fn links_of_every_page_lead_somewhere() {
    let mut found = BTreeMap::new();
    pages(&root().canonicalize().unwrap(), &mut found);
    assert!(found.len() > 250, "{}", found.len());
    assert_eq!(dead(&found), [""; 0]);
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let text = "# One, two\n\n[down](#one-two) [lost](#lost) [out](https://example.com) [there](b.md#three) [gone](c.md)\n[gone](b.md#four) [item](crate::Item)\n";
    fs::write(folder.join("a.md"), text).unwrap();
    fs::write(folder.join("b.md"), "## Three\n").unwrap();
    let mut found = BTreeMap::new();
    pages(&folder, &mut found);
    let at = |link: &str| format!("{}: {link}", folder.join("a.md").display());
    assert_eq!(
        dead(&found),
        [at("#lost: there is no such heading"), at("b.md#four: there is no such heading"), at("c.md")]
    );
}
