//! A page that rustdoc wrote, read for what it declares.
//!
//! Of a page only the elements that hold code are read: the declaration, headers of impls, methods, variants and fields. All
//! prose is left out, so a changed comment changes no listing.

/// A piece of code on a page, and where it stands.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// The heading that it is under, by its id: `implementations`, `trait-implementations`.
    pub(super) part: String,
    /// The id of its element: `method.send`, `variant.Draft`.
    pub(super) id: String,
    /// The classes of its element: `method trait-impl`.
    pub(super) class: String,
    /// The code, on one line.
    pub(super) text: String,
}

/// A link from a module to one of its items.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// `struct`, `mod`.
    pub(super) kind: String,
    /// The page, from the module's folder.
    pub(super) href: String,
}

/// What a page declares.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The declaration of the item itself.
    pub(super) declaration: String,
    /// Where the source of the item is, if it is of the crate that the page is about.
    pub(super) source: Option<String>,
    /// The code below it, in the order of the page.
    pub(super) code: Vec<Code>,
    /// Of a module: its items.
    pub(super) items: Vec<Item>,
}

/// Reads a page.
pub(super) fn read(html: &str) -> Page {
    let mut page = Page::default();
    let mut place = Code::default();
    let mut capture: Option<(String, String)> = None;
    let mut is_in_heading = false;
    let mut is_item = false;
    let mut hidden = 0;
    for token in tokens(html) {
        match token {
            Token::Open { name, attributes } => {
                let class = attribute(attributes, "class").unwrap_or_default();
                let id = attribute(attributes, "id");
                if let Some((_, text)) = &mut capture {
                    // A `where` stands in an element of its own.
                    text.push_str(if name == "div" || name == "br" { " " } else { "" });
                    // "Show 25 fields"
                    hidden += usize::from(name == "summary");
                } else if name == "pre" && has(&class, "item-decl")
                    || has(&class, "code-header")
                    || name == "code" && (has(&place.class, "structfield") || place.id.contains(".field."))
                    || name == "code" && place.id.starts_with("reexport.")
                {
                    capture = Some((name.to_owned(), String::new()));
                    if name == "pre" {
                        place = Code { id: "declaration".to_owned(), ..Code::default() };
                    }
                } else if name == "h2" && has(&class, "section-header") {
                    place = Code { part: id.unwrap_or_default(), ..Code::default() };
                } else if let (Some(id), "section" | "span" | "dt") = (id, name) {
                    place = Code { part: place.part, id, class, text: String::new() };
                } else if name == "dt" {
                    is_item = true;
                } else if name == "a" && is_item {
                    let href = attribute(attributes, "href").unwrap_or_default();
                    page.items.push(Item { kind: class, href });
                    is_item = false;
                } else if name == "span" && has(&class, "sub-heading") {
                    is_in_heading = true;
                } else if name == "a" && is_in_heading && has(&class, "src") {
                    page.source = attribute(attributes, "href");
                }
            }
            Token::Close(name) => {
                if let Some((element, text)) = &mut capture {
                    hidden = usize::saturating_sub(hidden, usize::from(name == "summary"));
                    text.push_str(if name == "div" { " " } else { "" });
                    if element == name {
                        let text = one_line(text);
                        // A second declaration on a page is that of the type behind an alias.
                        match (place.id.as_str(), page.declaration.is_empty()) {
                            ("declaration", true) => page.declaration = text,
                            ("declaration", false) => {}
                            _ => page.code.push(Code { text, ..place.clone() }),
                        }
                        capture = None;
                    }
                }
                is_in_heading &= name != "span";
                // The code of a re-export and of a field is read once; more of it on the page is prose.
                if name == "code" && capture.is_none() {
                    place.id.clear();
                    place.class.clear();
                }
            }
            Token::Text(piece) => {
                if let (Some((_, text)), 0) = (&mut capture, hidden) {
                    text.push_str(piece);
                }
            }
        }
    }
    page
}

enum Token<'a> {
    Open { name: &'a str, attributes: &'a str },
    Close(&'a str),
    Text(&'a str),
}

/// What rustdoc writes is regular: `<` and `>` stand for themselves in tags alone, comments and scripts aside.
fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let body = html.find("<body").map_or(html, |at| &html[at..]);
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            return Some(Token::Text(text));
        };
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        rest = after;
        Some(match tag.strip_prefix('/') {
            Some(name) => Token::Close(name),
            None => {
                let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
                Token::Open { name, attributes }
            }
        })
    })
}

/// The value of an attribute, which stands in double quotes.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let at = if attributes.starts_with(&start) { 0 } else { attributes.find(&format!(" {start}"))? + 1 };
    Some(plain(attributes[at + start.len()..].split('"').next()?))
}

fn has(classes: &str, class: &str) -> bool {
    classes.split_whitespace().any(|one| one == class)
}

/// Code on one line: how rustdoc breaks its lines is its own affair.
fn one_line(html: &str) -> String {
    let text = plain(html).split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("( ", "(").replace(", )", ")").replace(" )", ")").replace(", >", ">").replace(" ⓘ", "")
}

fn plain(html: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(html.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}
