//! What of an exchange may be written to a file.

use std::{collections::BTreeMap, fmt};

use http::{HeaderMap, header};
use serde_json::{Map, Number, Value};
use url::Url;

use crate::asked::{Asked, has_few_digits, is_id, is_name, is_path_word, segments};

/// What of an exchange [`RecordedAnswers`](crate::test_util::RecordedAnswers) writes to its file.
///
/// | | recorded as it is | recorded as a placeholder | not recorded |
/// |---|---|---|---|
/// | a request's headers | | | all |
/// | an answer's headers | `content-type`, `retry-after`, and what [`keep_header`](Self::keep_header) names | `location` | all others |
/// | the path | words of the API, ids | any other segment; every one of the address of a file | |
/// | the query | names; paging, sorting, includes, ids, states | any other value | |
/// | JSON | names of members; booleans, `null`, `""`, `"0"`, `"1"`; ids, states, types, counts and the service's times, known by the name of their member; what [`keep`](Self::keep) names | any other text and number | |
/// | any other body | its length | | its bytes |
///
/// A placeholder has the shape of what it stands for, so that the answer decodes (`text 3`, `person-2@example.com`, `2000-01-05`,
/// `https://elsewhere.example/url-1`), and equal texts have equal ones all over the file. An address of the service itself stays a link
/// that can be followed; of every other one nothing is left, a signature least of all. Where the name of a member speaks of a person
/// (`national_id`, `salary_limit`, `birth_time`), it makes nothing an id, a count or a time.
///
/// What stays is what is needed to replay a test: the file names nobody, but whoever may read the account can look its ids up.
///
/// ```
/// use smartsync_transport::test_util::Redaction;
///
/// let redaction = Redaction::new()
///     .keep("/v1/template_types/*", "data_fields.name") // arrays have no level of their own
///     .keep("/v1/candidates", "?filter[email]"); // of the query
/// ```
#[derive(Default)]
pub struct Redaction {
    keeps: Vec<Keeps>,
    headers: Vec<String>,
}

/// Of a path and the name of a member.
type Keeps = Box<dyn Fn(&str, &str) -> bool + Send + Sync>;

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").field("rules", &self.keeps.len()).finish_non_exhaustive()
    }
}

impl Redaction {
    /// The table above, and nothing else kept.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also keeps a member, of requests to `path` and of their answers. In `path`, `*` is any one segment. A member is named from the
    /// top (`data.attributes.title`), and has arrays left out; one of the query begins with `?` (`?filter[email]`). What is kept of an
    /// address is not its query: it may be signed.
    #[must_use]
    pub fn keep(self, path: &str, member: &str) -> Self {
        let (path, member) = (path.to_owned(), member.to_owned());
        self.keep_where(move |asked, name| name == member && is_at(&path, asked))
    }

    /// Also keeps the members for which `keeps(path, member)` says so, each named as in [`Redaction::keep`].
    #[must_use]
    pub fn keep_where(mut self, keeps: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        self.keeps.push(Box::new(keeps));
        self
    }

    /// Also keeps a header of answers. `set-cookie` is a credential, and is not kept.
    #[must_use]
    pub fn keep_header(mut self, name: &str) -> Self {
        self.headers.push(name.to_ascii_lowercase());
        self
    }

    fn keeps(&self, path: &str, member: &str) -> bool {
        self.keeps.iter().any(|keeps| keeps(path, member))
    }
}

fn is_at(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (segments(pattern), segments(path));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == "*" || one == other => {}
            _ => return false,
        }
    }
}

/// The placeholders of a file: which text has which, and how many there are of each shape.
#[derive(Default)]
pub(crate) struct Placeholders {
    pub(crate) counts: BTreeMap<String, u64>,
    given: BTreeMap<(&'static str, String), u64>,
}

impl Placeholders {
    /// Counts on where a file ends.
    pub(crate) fn after(counts: &BTreeMap<String, u64>) -> Self {
        Self { counts: counts.clone(), given: BTreeMap::new() }
    }

    fn number(&mut self, shape: &'static str, text: &str) -> u64 {
        let counts = &mut self.counts;
        *self.given.entry((shape, text.to_owned())).or_insert_with(|| {
            let count = counts.entry(shape.to_owned()).or_default();
            *count += 1;
            *count
        })
    }

    /// Of the shape of `text`.
    fn text(&mut self, text: &str) -> String {
        let has_digits = text.contains(|c: char| c.is_ascii_digit());
        let is_digits_and =
            |others: &str| has_digits && text.chars().all(|c| c.is_ascii_digit() || others.contains(c));
        if let Some(url) = web_address(text) {
            elsewhere(self.number(URL, url.as_str()))
        } else if text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok() {
            day(self.number("date", text)).to_string()
        } else if is_time(text) {
            format!("{}T00:00:00Z", day(self.number("time", text)))
        } else if text.contains('@') && !text.contains(char::is_whitespace) {
            format!("person-{}@example.com", self.number("email", text))
        } else if text.starts_with('+') && is_digits_and("+ -()") {
            // Numbers that are given to nobody, for use in stories.
            format!("+447700900{:03}", self.number("phone", text) % 1_000)
        } else if is_digits_and(" .,-\u{a0}") {
            (1_000 + self.number("digits", text)).to_string()
        } else {
            format!("text {}", self.number("text", text))
        }
    }

    /// A part of a path or of a query.
    fn part(&mut self, text: &str) -> String {
        match is_placeholder(text) {
            true => text.to_owned(),
            false => format!("{PART}{}", self.number("part", text)),
        }
    }
}

const URL: &str = "url";
const PART: &str = "redacted-";

/// Whether a part of a path or of a query stands for any.
pub(crate) fn is_placeholder(part: &str) -> bool {
    part.strip_prefix(PART).is_some_and(is_id)
}

fn elsewhere(number: u64) -> String {
    format!("https://elsewhere.example/url-{number}")
}

fn day(number: u64) -> jiff::civil::Date {
    let days = i64::try_from(number % 36_500).unwrap_or_default();
    jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(days))
}

fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_time(text: &str) -> bool {
    let has_its_letters = text.chars().all(|c| c.is_ascii_digit() || "TZ:+-.".contains(c));
    has_its_letters && text.contains('T') && crate::timestamp::Timestamp::from(text).instant().is_some()
}

/// Redacts one exchange.
pub(crate) struct Redactor<'a> {
    pub(crate) redaction: &'a Redaction,
    pub(crate) placeholders: &'a mut Placeholders,
    pub(crate) url: &'a Url,
    /// Whether it is of a file, at an address that somebody else gave.
    pub(crate) is_file: bool,
}

impl Redactor<'_> {
    /// The path, and the pairs of the query. An address that came as a placeholder of another origin is that placeholder's.
    pub(crate) fn asked(&mut self, asked: &Asked) -> (String, Vec<(String, String)>) {
        let seen = self.placeholders.given.get(&(URL, self.url.to_string()));
        if let Some(url) = seen.and_then(|&number| Url::parse(&elsewhere(number)).ok()) {
            return (url.path().to_owned(), Vec::new());
        }
        (self.path(&asked.path), self.query(&asked.query))
    }

    fn path(&mut self, path: &str) -> String {
        let mut kept = Vec::new();
        for segment in path.split('/') {
            // The words there are the name of the file.
            let is_known = if self.is_file {
                segment.is_empty()
            } else {
                segments(segment).all(|text| is_path_word(&text))
            };
            kept.push(if is_known { segment.to_owned() } else { self.placeholders.part(segment) });
        }
        kept.join("/")
    }

    fn query(&mut self, query: &[(String, String)]) -> Vec<(String, String)> {
        let pair = |(name, value): &(String, String)| {
            let is_kept = !self.is_file && (is_query_word(name, value) || is_no_text(value))
                || self.redaction.keeps(self.url.path(), &format!("?{name}"));
            let value = if is_kept { value.clone() } else { self.placeholders.part(value) };
            let is_known = !self.is_file && is_name(name);
            (if is_known { name.clone() } else { self.placeholders.part(name) }, value)
        };
        query.iter().map(pair).collect()
    }

    pub(crate) fn headers(&mut self, headers: &HeaderMap) -> BTreeMap<String, String> {
        let mut kept = BTreeMap::new();
        for (name, value) in headers {
            let Ok(value) = value.to_str() else { continue };
            let value = if self.redaction.headers.iter().any(|kept| kept == name.as_str())
                && name != header::SET_COOKIE
            {
                Some(without_queries(value))
            } else if name == header::CONTENT_TYPE {
                let essence = value.split(';').next().unwrap_or_default().trim();
                let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte);
                (essence.contains('/') && essence.bytes().all(is_part)).then(|| essence.to_owned())
            } else if name == header::RETRY_AFTER {
                is_id(value).then(|| value.to_owned())
            } else if name == header::LOCATION {
                let address = self.url.join(value).ok().filter(|url| web_address(url.as_str()).is_some());
                address.map(|url| self.link(&url))
            } else {
                None
            };
            kept.extend(value.map(|value| (name.to_string(), value)));
        }
        kept
    }

    pub(crate) fn json(&mut self, value: Value) -> Value {
        self.value(value, "", "")
    }

    /// `member` is its whole name from the top, `name` the last part of it.
    fn value(&mut self, value: Value, member: &str, name: &str) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value,
            Value::Number(number) => Value::Number(self.number(number, member, name)),
            Value::String(text) => Value::String(self.text(text, member, name)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item, member, name)).collect(),
            Value::Object(members) => {
                let mut redacted = Map::new();
                // In one order, whatever features serde_json is built with.
                for (name, value) in members.into_iter().collect::<BTreeMap<_, _>>() {
                    let member = if member.is_empty() { name.clone() } else { format!("{member}.{name}") };
                    let value = self.value(value, &member, &name);
                    let is_kept = is_name(&name) || self.redaction.keeps(self.url.path(), &member);
                    redacted.insert(if is_kept { name } else { self.placeholders.text(&name) }, value);
                }
                Value::Object(redacted)
            }
        }
    }

    fn number(&mut self, number: Number, member: &str, name: &str) -> Number {
        let is_kept = number.as_i64() == Some(0)
            || is_known_number(name, &number.to_string())
            || self.redaction.keeps(self.url.path(), member);
        if is_kept {
            return number;
        }
        let replaced = self.placeholders.number("number", &number.to_string());
        match number.is_f64() {
            true => format!("{replaced}.5").parse().unwrap_or_else(|_| replaced.into()),
            false => replaced.into(),
        }
    }

    fn text(&mut self, text: String, member: &str, name: &str) -> String {
        if let Some(url) = web_address(&text).filter(|url| is_link(name) && url.origin() == self.url.origin())
        {
            self.link(&url)
        } else if self.redaction.keeps(self.url.path(), member) {
            without_queries(&text)
        } else if is_no_text(&text) || is_service_word(name, &text) {
            text
        } else {
            self.placeholders.text(&text)
        }
    }

    /// An address of the service itself stays one, with what a request there would be recorded with.
    fn link(&mut self, url: &Url) -> String {
        if self.is_file || url.origin() != self.url.origin() {
            return self.placeholders.text(url.as_str());
        }
        let asked = Asked::new(http::Method::GET, url.path(), url.query());
        // Without a user, which the origin does not have.
        let Ok(mut link) = Url::parse(&url.origin().ascii_serialization()) else {
            return self.placeholders.text(url.as_str());
        };
        link.set_path(&self.path(&asked.path));
        if !asked.query.is_empty() {
            link.query_pairs_mut().extend_pairs(self.query(&asked.query));
        }
        link.into()
    }
}

/// Says nothing of anybody by itself. The services write a checkbox as such a text.
fn is_no_text(text: &str) -> bool {
    matches!(text, "" | "0" | "1" | "true" | "false")
}

/// Whether a text is an id, a time or a word of the service's, by the name of its member and by its shape.
fn is_service_word(name: &str, text: &str) -> bool {
    // No point and no slash: what is an address is no word.
    let is_made_of = |others: &[u8]| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
        has_few_digits(text) && text.len() <= 40 && text.bytes().all(is_part)
    };
    let has_no_capitals = !text.contains(|c: char| c.is_ascii_uppercase());
    let is_small = || has_no_capitals && is_made_of(b"_-:");
    match name {
        "id" => is_id(text),
        "code" => is_id(text) && text.len() <= 3,
        "currency" | "country_code" => is_made_of(b"") && text.len() <= 3,
        "pointer" => has_no_capitals && is_made_of(b"_-/"),
        "type" | "parameter" | "source" | "upload_as" => is_small(),
        _ if is_of_a_person(name) => false,
        _ if is_or_ends(name, &["type"]) => is_made_of(b"_-:"),
        _ if is_or_ends(name, &["time", "at"]) => is_time(text),
        _ => is_or_ends(name, &["state", "status", "method", "channel", "requirement"]) && is_small(),
    }
}

/// Whether a number is an id or a count, by the name of its member. Most numbers of a person have ten digits and more.
fn is_known_number(name: &str, number: &str) -> bool {
    match name {
        "id" | "error_code" => is_id(number),
        _ => {
            let names = ["id", "ids", "count", "limit", "offset", "order", "position", "status"];
            is_or_ends(name, &names) && !is_of_a_person(name) && is_id(number) && number.len() <= 9
        }
    }
}

/// Whether a name speaks of a person, so that what its last word says of the value counts for nothing.
fn is_of_a_person(name: &str) -> bool {
    const OF_A_PERSON: [&str; 19] = [
        "birth", "blood", "born", "civil", "facebook", "fiscal", "health", "identity", "income", "marital",
        "national", "passport", "pay", "personal", "salary", "social", "ssn", "tax", "wage",
    ];
    name.split(['_', '-']).any(|word| OF_A_PERSON.iter().any(|of| word.eq_ignore_ascii_case(of)))
}

/// Whether the last word of a name, behind `_` or `-`, is one of `words`.
fn is_or_ends(name: &str, words: &[&str]) -> bool {
    name.rsplit(['_', '-']).next().is_some_and(|last| words.contains(&last))
}

fn is_link(name: &str) -> bool {
    matches!(name, "href" | "self" | "related" | "first" | "prev" | "previous" | "next" | "last")
}

fn is_query_word(name: &str, value: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-,.:".contains(&byte);
    let is_words = value.len() <= 400 && value.bytes().all(is_part);
    let inner = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    match name {
        "limit" | "offset" | "page[number]" | "page[size]" => is_id(value) || value == "all",
        "sort" | "include" | "download" => is_words,
        _ if name.starts_with("fields[") => is_words,
        _ => is_service_word(inner, value) || is_known_number(inner, value),
    }
}

/// A text that is kept, without what follows `?` in its addresses and without a user in them: both may be secrets.
fn without_queries(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || "\"'<>()".contains(c);
    let mut kept = String::new();
    for piece in text.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends);
        let Some((scheme, rest)) = word.split_once("://") else {
            kept += piece;
            continue;
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let host = rest.split('/').next().unwrap_or_default();
        let user = host.rfind('@').map_or(0, |at| at + 1);
        kept += &format!("{scheme}://{}{}", &rest[user..], &piece[word.len()..]);
    }
    kept
}
