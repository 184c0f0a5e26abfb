//! The documentation as a site, as far as it can be judged without making it: every page is listed, in its place, and nothing on it leads
//! nowhere. `.ci/site` has mdBook make it.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use xtask::site::{SUMMARY, Site, read};

use crate::readmes::{self, root};

/// The folders whose pages are listed by their titles, in the order of their names.
const LISTED: [&str; 4] = ["reasons", "diagnostics", "commands", "decisions"];

/// Whether the pages that are made from something are to be written anew.
pub(crate) fn is_update() -> bool {
    env::var("UPDATE_PAGES").is_ok()
}

/// What a page of `docs/` must be. With `UPDATE_PAGES=1` it is written so.
pub(crate) fn is_page(page: &str, expected: &str) {
    let path = root().join("docs").join(page);
    if is_update() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    let first = is.lines().zip(expected.lines()).find(|(is, ought)| is != ought);
    assert!(is == expected, "docs/{page}: `UPDATE_PAGES=1 cargo test -p xtask` writes it anew: {first:?}");
}

/// Every page below `docs/`, from there on.
fn pages(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.insert(path.strip_prefix(root().join("docs")).unwrap().to_owned());
        }
    }
}

/// The title of a page, as the list of pages shows it: up to the full stop.
fn title(page: &Path) -> String {
    let text = fs::read_to_string(page).unwrap();
    let title = text.lines().next().unwrap().trim_start_matches("# ").trim_end_matches('.');
    title.to_owned()
}

/// The list of pages, in which each of the folders that are listed is as it is on the disk.
fn summary() -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut done = BTreeSet::new();
    for line in fs::read_to_string(root().join(SUMMARY)).unwrap().lines() {
        let of = |folder: &&str| line.starts_with("  - [") && line.contains(&format!("]({folder}/"));
        let Some(folder) = LISTED.into_iter().find(|folder| of(folder)) else {
            lines.push(line.to_owned());
            continue;
        };
        if !done.insert(folder) {
            continue;
        }
        let mut found = BTreeSet::new();
        pages(&root().join("docs").join(folder), &mut found);
        for page in found.iter().filter(|page| !page.ends_with("README.md")) {
            lines.push(format!("  - [{}]({})", title(&root().join("docs").join(page)), page.display()));
        }
    }
    assert_eq!(done.len(), LISTED.len(), "{SUMMARY} has a line of each of {LISTED:?}");
    lines.join("\n") + "\n"
}

#[test]
fn every_page_is_listed() {
    is_page("SUMMARY.md", &summary());
    let mut found = BTreeSet::new();
    pages(&root().join("docs"), &mut found);
    let site = read(&root()).unwrap();
    let missing: Vec<_> = found
        .iter()
        .filter(|page| !site.pages.contains_key(&page.to_str().unwrap().replace("README.md", "index.md")))
        .collect();
    assert!(missing.is_empty(), "{SUMMARY} does not list them: {missing:?}");
}

/// Where the links of the site lead that lead nowhere there.
fn dead(site: &Site) -> Vec<String> {
    let mut dead = Vec::new();
    for (page, text) in &site.pages {
        let folder = Path::new(page).parent().unwrap();
        for link in &readmes::read(text).links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { normal(&folder.join(path)) };
            let has_anchor = site
                .pages
                .get(&target)
                .is_some_and(|text| fragment.is_empty() || readmes::read(text).anchors.contains(fragment));
            if !has_anchor && (!site.files.contains_key(&target) || !fragment.is_empty()) {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    dead
}

fn normal(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().unwrap()) {
        match part {
            ".." => assert!(parts.pop().is_some(), "{}", path.display()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn nothing_on_the_site_leads_nowhere() {
    let site = read(&root()).unwrap();
    assert_eq!(site.wrong, [""; 0]);
    assert_eq!(dead(&site), [""; 0]);
    assert!(site.pages.len() > 200 && site.files.len() > 10);
    let summary = &site.pages["SUMMARY.md"];
    for (link, why) in [
        ("](index.md)", "the first page of the repository is that of the site"),
        ("](reasons/conflict-held.md)", "`[docs] url` is followed by this"),
        ("](diagnostics/SM0001.md)", "and by this"),
        ("](smartsync/index.md)", "what is beside `docs` has its own place"),
    ] {
        assert!(summary.contains(link), "{why}");
    }
}

/// A repository of these files.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_link_leads_to_the_same_thing_on_the_site_as_on_a_code_host() {
    let page = "[a](../host/README.md#keys) [b](../deploy) [c](../deploy/proxy.conf) ![d](../pictures/now.png) [e](#here)\n\
        [f](https://example.com) [g](run/one.md) `[h](no.md)` [i](../host/examples) [`Item`]\n";
    let guide = "[`Item`] and [a mapping](crate::Mapping), [back](../README.md)\n";
    let repository = repository(&[
        (
            SUMMARY,
            "- [Docs](docs.md)\n  - [One](run/one.md)\n- [Host](../host/README.md)\n- [G](../host/guide/g.md)\n- [D](../deploy/README.md)\n",
        ),
        ("docs/docs.md", page),
        ("docs/run/one.md", "[up](../docs.md) [host](../../host/README.md)\n"),
        ("docs/book.toml", ""),
        ("host/README.md", "[page](../docs/docs.md) [guide](guide/g.md)\n"),
        ("host/guide/g.md", guide),
        ("host/examples/a.rs", ""),
        ("deploy/README.md", ""),
        ("deploy/proxy.conf", ""),
        ("pictures/now.png", ""),
    ]);
    let site = read(repository.path()).unwrap();
    assert_eq!(site.wrong, [""; 0]);
    let is = |page: &str, text: &str| assert_eq!(site.pages[page], text);
    is(
        "docs.md",
        "[a](host/index.md#keys) [b](deploy/index.md) [c](deploy/proxy.conf) ![d](pictures/now.png) [e](#here)\n\
         [f](https://example.com) [g](run/one.md) `[h](no.md)` i [`Item`]\n",
    );
    is("run/one.md", "[up](../docs.md) [host](../host/index.md)\n");
    is("host/index.md", "[page](../docs.md) [guide](guide/g.md)\n");
    is("host/guide/g.md", "`Item` and a mapping, [back](../index.md)\n");
    assert_eq!(site.files.keys().collect::<Vec<_>>(), ["deploy/proxy.conf", "pictures/now.png"]);

    let laid_out = tempfile::tempdir().unwrap();
    fs::create_dir_all(laid_out.path().join("src")).unwrap();
    fs::write(laid_out.path().join("src/gone.md"), "").unwrap();
    assert_eq!(xtask::site::run(repository.path(), laid_out.path()).unwrap(), [""; 0]);
    assert!(
        laid_out.path().join("src/host/guide/g.md").is_file() && laid_out.path().join("book.toml").is_file()
    );
    assert!(!laid_out.path().join("src/gone.md").exists(), "a page that is gone is gone from the site");
}

#[test]
fn a_link_out_of_the_site_is_found() {
    let repository = repository(&[
        (SUMMARY, "- [Docs](docs.md)\n- [Docs](docs.md)\n"),
        ("docs/docs.md", "[a](gone.md) [b](unlisted.md) [c](../host/gone.rs)\n"),
        ("docs/unlisted.md", ""),
    ]);
    let mut wrong = read(repository.path()).unwrap().wrong;
    wrong.sort();
    assert_eq!(
        wrong,
        [
            "docs/SUMMARY.md: docs/docs.md is listed twice",
            "docs/docs.md: ../host/gone.rs: there is no such file",
            "docs/docs.md: gone.md: there is no such file",
            "docs/docs.md: unlisted.md: docs/unlisted.md is not in docs/SUMMARY.md",
        ]
    );
}
