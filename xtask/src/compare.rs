//! `cargo xtask compare oneflow|teamtailor FILE`: our document of a service beside one that its vendor publishes, and which of our facts that settles.
//!
//! Operations are the same if method and path are, whatever their parameters are called; members if they have the same place in the same operation.
//! Descriptions, examples and names of schemas are not compared: two documents of one service share none of them.

mod flattened;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::Value;

use self::flattened::{Member, Operation, flattened};

#[derive(Deserialize)]
struct FactsFile {
    fact: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    id: String,
    marks: Vec<String>,
}

/// What their document says of a fact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    /// It has whatever the marks of the fact are on.
    Has,
    /// It has the operations, and not what the marks are on, or as another type.
    HasNot,
    /// Some of it.
    Partly,
}

/// The report on the document at `theirs`, which is of this service.
///
/// # Errors
///
/// For a service that there is not, and a file that is no document.
pub fn run(root: &Path, service: &str, theirs: &Path) -> Result<String, String> {
    if !["oneflow", "teamtailor"].contains(&service) {
        return Err(format!("there is no service `{service}`: oneflow or teamtailor"));
    }
    let client = root.join(format!("{service}-client"));
    let (ours, theirs) = (document(&client.join("openapi.yaml"))?, document(theirs)?);
    let path = client.join("facts.toml");
    let facts = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let facts: FactsFile = toml::from_str(&facts).map_err(|error| format!("{}: {error}", path.display()))?;
    report(&ours, &theirs, &facts.fact)
}

/// JSON is YAML as well.
fn document(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let document: Value =
        yaml_serde::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    match document["openapi"].as_str() {
        Some(version) if version.starts_with("3.") && document["paths"].is_object() => Ok(document),
        _ => Err(format!("{}: this is no OpenAPI document of version 3 with `paths`", path.display())),
    }
}

fn report(ours: &Value, theirs: &Value, facts: &[Fact]) -> Result<String, String> {
    let (ours, theirs) = (flattened(ours), flattened(theirs));
    let mut text = String::new();
    let heads = [
        ("Operations that only our document has", only(&ours, &theirs)),
        ("Operations that only theirs has", only(&theirs, &ours)),
        ("What differs in the operations of both", differences(&ours, &theirs)),
        ("Facts", of_facts(&ours, &theirs, facts)),
    ];
    for (head, lines) in heads {
        writeln!(text, "# {head}: {}", lines.len()).map_err(|error| error.to_string())?;
        for line in lines {
            writeln!(text, "{line}").map_err(|error| error.to_string())?;
        }
        text.push('\n');
    }
    Ok(text)
}

fn only(these: &BTreeMap<String, Operation>, those: &BTreeMap<String, Operation>) -> Vec<String> {
    these.keys().filter(|key| !those.contains_key(*key)).cloned().collect()
}

fn differences(ours: &BTreeMap<String, Operation>, theirs: &BTreeMap<String, Operation>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, ours) in ours {
        let Some(theirs) = theirs.get(key) else { continue };
        let places: BTreeSet<&String> = ours.members.keys().chain(theirs.members.keys()).collect();
        for place in places {
            let found = match (ours.members.get(place), theirs.members.get(place)) {
                (Some(_), None) => Some("only in ours".to_owned()),
                (None, Some(_)) => Some("only in theirs".to_owned()),
                (Some(ours), Some(theirs)) => differ(ours, theirs),
                (None, None) => None,
            };
            lines.extend(found.map(|found| format!("{key} {place}: {found}")));
        }
    }
    lines
}

/// What is not known of one of them differs in nothing.
fn differ(ours: &Member, theirs: &Member) -> Option<String> {
    let listed = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    if !ours.types.is_empty() && !theirs.types.is_empty() && ours.types != theirs.types {
        return Some(format!("ours is {}, theirs {}", listed(&ours.types), listed(&theirs.types)));
    }
    if ours.values.is_empty() || theirs.values.is_empty() || ours.values == theirs.values {
        return None;
    }
    let alone = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        let alone: BTreeSet<String> = these.difference(those).cloned().collect();
        listed(&alone)
    };
    Some(format!(
        "values only in ours: {}; only in theirs: {}",
        alone(&ours.values, &theirs.values),
        alone(&theirs.values, &ours.values)
    ))
}

/// One line for each fact of which their document says something.
fn of_facts(
    ours: &BTreeMap<String, Operation>,
    theirs: &BTreeMap<String, Operation>,
    facts: &[Fact],
) -> Vec<String> {
    let mut lines = Vec::new();
    for fact in facts {
        let words: BTreeSet<Word> = fact.marks.iter().filter_map(|mark| word(ours, theirs, mark)).collect();
        let spoken: Vec<&str> =
            fact.marks.iter().filter(|mark| word(ours, theirs, mark).is_some()).map(String::as_str).collect();
        let says = match words.iter().collect::<Vec<_>>().as_slice() {
            [] => continue,
            [Word::Has] => "their document has it: the mark may say `documented`",
            [Word::HasNot] => "their document does not have it, in operations that it has",
            _ => "their document has some of it",
        };
        lines.push(format!("{}: {says} ({})", fact.id, spoken.join(", ")));
    }
    lines
}

/// What they say of one mark; `None`: nothing, since they have none of its operations.
fn word(
    ours: &BTreeMap<String, Operation>,
    theirs: &BTreeMap<String, Operation>,
    mark: &str,
) -> Option<Word> {
    let mut has = BTreeSet::new();
    for (key, ours) in ours {
        let is_operation = ours.id == mark;
        let Some(theirs) = theirs.get(key) else {
            // An operation that they do not have, in a document of the whole service.
            if is_operation {
                has.insert(false);
            }
            continue;
        };
        if is_operation {
            has.insert(true);
        }
        for (place, member) in ours.members.iter().filter(|(_, member)| member.marks.contains(mark)) {
            let other = theirs.members.get(place);
            has.insert(other.is_some_and(|other| match mark.split_once('=') {
                Some((_, value)) => other.values.contains(value),
                None => differ(member, other).is_none(),
            }));
        }
    }
    match (has.contains(&true), has.contains(&false)) {
        (true, true) => Some(Word::Partly),
        (true, false) => Some(Word::Has),
        (false, true) => Some(Word::HasNot),
        (false, false) => None,
    }
}
