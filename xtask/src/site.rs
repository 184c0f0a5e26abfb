//! `cargo xtask site FOLDER`: lays out what mdBook makes the site of.
//!
//! The pages are read where they lie in the repository, and link to each other and to files as a code host wants it. On the site there is no
//! repository: what is in `docs/` stands at its root, every other page at its own place, and a file comes along if a page links to it.
//! `docs/decisions/0077` says why.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::Range,
    path::Path,
};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag};

/// The list of pages, and with it their order.
pub const SUMMARY: &str = "docs/SUMMARY.md";

/// How mdBook is to make the site.
const BOOK: &str = "docs/book.toml";

/// What mdBook is given: the text of each page by its place on the site, and the files that come along.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Site {
    /// Each page, and the list of them: its place on the site, and its text.
    pub pages: BTreeMap<String, String>,
    /// Each file that a page links to: its place on the site, and where it is in the repository.
    pub files: BTreeMap<String, String>,
    /// What is wrong: links that lead nowhere, or out of the site.
    pub wrong: Vec<String>,
}

/// Writes the site of the repository at `root` into `folder`, and says what is wrong with it.
///
/// # Errors
///
/// When a file cannot be read or written.
pub fn run(root: &Path, folder: &Path) -> Result<Vec<String>, String> {
    let site = read(root)?;
    if !site.wrong.is_empty() {
        return Ok(site.wrong);
    }
    let pages = folder.join("src");
    // A page that is gone must not stay.
    if pages.exists() {
        fs::remove_dir_all(&pages).map_err(|error| format!("{}: {error}", pages.display()))?;
    }
    for (place, text) in &site.pages {
        write(&pages.join(place), text.as_bytes())?;
    }
    for (place, file) in &site.files {
        write(&pages.join(place), &bytes(root, file)?)?;
    }
    write(&folder.join("book.toml"), &bytes(root, BOOK)?)?;
    Ok(Vec::new())
}

/// The site of the repository at `root`.
///
/// # Errors
///
/// When the list of pages, or a page of it, cannot be read.
pub fn read(root: &Path) -> Result<Site, String> {
    let mut site = Site::default();
    let summary = text(root, SUMMARY)?;
    let listed: Vec<String> = links(&summary).into_iter().map(|link| resolved(SUMMARY, &link.to)).collect();
    let mut pages: BTreeSet<String> = BTreeSet::new();
    for page in &listed {
        if !pages.insert(page.clone()) {
            site.wrong.push(format!("{SUMMARY}: {page} is listed twice"));
        }
    }
    for page in [SUMMARY.to_owned()].iter().chain(&pages) {
        let text = text(root, page)?;
        let text = site.moved(root, page, &text, &pages);
        site.pages.insert(place(page), text);
    }
    Ok(site)
}

impl Site {
    /// The text of a page as it is on the site: each link leads where the same is there.
    fn moved(&mut self, root: &Path, page: &str, text: &str, pages: &BTreeSet<String>) -> String {
        let mut moved = text.to_owned();
        // From the end on, so that what is in front stays where it is.
        for link in links(text).into_iter().rev() {
            let new = match self.target(root, page, &link.to, pages) {
                Target::Elsewhere => continue,
                Target::NotOnTheSite => text[link.text.clone()].to_owned(),
                Target::Here(to) => {
                    text[link.whole.clone()].replacen(&format!("({}", link.to), &format!("({to}"), 1)
                }
                Target::Nowhere(why) => {
                    self.wrong.push(format!("{page}: {}: {why}", link.to));
                    continue;
                }
            };
            moved.replace_range(link.whole, &new);
        }
        moved
    }

    /// Where a link of a page leads on the site.
    fn target(&mut self, root: &Path, page: &str, link: &str, pages: &BTreeSet<String>) -> Target {
        let is_bare = link.is_empty() && page.contains("/guide/");
        if is_bare || link.contains("::") || link.starts_with("fn@") {
            return Target::NotOnTheSite;
        }
        if link.is_empty() || link.contains("://") || link.starts_with("mailto:") || link.starts_with('#') {
            return Target::Elsewhere;
        }
        let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
        let mut target = resolved(page, path);
        if root.join(&target).is_dir() {
            // A folder is what its README says of it; without one, only a code host can show it.
            target = format!("{target}/README.md").trim_start_matches('/').to_owned();
            if !root.join(&target).is_file() {
                return Target::NotOnTheSite;
            }
        }
        if !root.join(&target).is_file() {
            return Target::Nowhere("there is no such file".to_owned());
        }
        if target == SUMMARY {
            // It is beside every page.
            return Target::NotOnTheSite;
        }
        if target.ends_with(".md") && !pages.contains(&target) {
            return Target::Nowhere(format!("{target} is not in {SUMMARY}"));
        }
        if !target.ends_with(".md") {
            self.files.insert(place(&target), target.clone());
        }
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        Target::Here(format!("{}{anchor}", relative(&place(page), &place(&target))))
    }
}

/// Where a link leads.
enum Target {
    /// Out of the repository, or to a heading of the same page.
    Elsewhere,
    /// To a folder, which only a code host shows, to the list of pages, or to an item of a crate, which only rustdoc finds: its text stays.
    NotOnTheSite,
    /// There, from the page's place on the site.
    Here(String),
    Nowhere(String),
}

/// A link in the text of a page.
#[derive(Debug)]
struct Link {
    to: String,
    whole: Range<usize>,
    text: Range<usize>,
}

/// The links of a page, in their order. One that has no target, `[Item]`, leads to nothing.
fn links(page: &str) -> Vec<Link> {
    let mut bare = |_: BrokenLink<'_>| Some(("".into(), "".into()));
    let events = Parser::new_with_broken_link_callback(page, Options::ENABLE_TABLES, Some(&mut bare));
    let mut links = Vec::new();
    for (event, whole) in events.into_offset_iter() {
        let Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) =
            event
        else {
            continue;
        };
        let raw = &page[whole.clone()];
        let text = match link_type {
            LinkType::Inline => whole.start + 1..whole.start + raw.rfind("](").unwrap_or(1),
            LinkType::ShortcutUnknown => whole.start + 1..whole.end - 1,
            _ => continue,
        };
        // Brackets around what is no name of an item are only brackets.
        if link_type == LinkType::ShortcutUnknown && !page[text.clone()].starts_with('`') {
            continue;
        }
        links.push(Link { to: dest_url.to_string(), whole, text });
    }
    links
}

/// Where on the site a file of the repository is. A README is what its folder shows; mdBook would call it so as well, and lead links astray.
fn place(file: &str) -> String {
    let place = file.strip_prefix("docs/").unwrap_or(file);
    match place.strip_suffix("README.md") {
        Some(folder) => format!("{folder}index.md"),
        None => place.to_owned(),
    }
}

/// The file that a relative link of another file names, from the root on.
fn resolved(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The way from one file to another.
fn relative(from: &str, to: &str) -> String {
    let (mut from, mut to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    from.pop();
    while !from.is_empty() && to.len() > 1 && from.first() == to.first() {
        from.remove(0);
        to.remove(0);
    }
    format!("{}{}", "../".repeat(from.len()), to.join("/"))
}

fn text(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}

fn bytes(root: &Path, file: &str) -> Result<Vec<u8>, String> {
    fs::read(root.join(file)).map_err(|error| format!("{file}: {error}"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let told = |error| format!("{}: {error}", path.display());
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(told)?;
    fs::write(path, bytes).map_err(told)
}
