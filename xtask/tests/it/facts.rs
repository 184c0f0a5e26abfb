//! What is used and not confirmed has a fact, and a fact names what there is: `facts.toml` of each client against its documents, the
//! sources that lean on it, and the switches of the sandbox.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};
use syn::{ImplItem, Item, Type, Visibility};

use crate::debug::sources;

/// So many facts of both services have no switch of the sandbox. A switch that is made takes one off; none is added.
const WITHOUT_A_SWITCH: usize = 23;
const NONE_YET: &str = "none yet";
/// Each client, and the section of its `SPEC.md` with the open questions.
const CLIENTS: [(&str, &str); 2] =
    [("oneflow-client", "What is open\n"), ("teamtailor-client", "Open, and how to test it\n")];
/// Whose operations count as used.
const USERS: [&str; 2] = ["smartsync-core/src", "smartsync/src"];

#[derive(Deserialize)]
struct FactsFile {
    fact: Vec<Fact>,
    unused: Vec<Unused>,
}

#[derive(Deserialize)]
struct Fact {
    id: String,
    questions: BTreeSet<u32>,
    marks: Vec<String>,
    switch: String,
    #[serde(rename = "where")]
    leans_on_it: Vec<String>,
}

#[derive(Deserialize)]
struct Unused {
    question: u32,
}

/// Everything that a file of facts is held against.
struct World {
    document: Value,
    /// The names in the sources of those who use the client.
    words: BTreeSet<String>,
    questions: BTreeSet<u32>,
    files: BTreeSet<String>,
    switches: BTreeSet<String>,
}

impl World {
    fn faults(&self, file: &FactsFile) -> Vec<String> {
        let (all, used) = (marks(&self.document), used(&self.document, &self.words));
        let named: BTreeSet<&str> =
            file.fact.iter().flat_map(|fact| &fact.marks).map(String::as_str).collect();
        let mut found = Vec::new();
        for (mark, confidence) in &all {
            if confidence == "unconfirmed" && used.contains(owner(mark)) && !named.contains(mark.as_str()) {
                found.push(format!("{mark} is used and unconfirmed, and no fact names it"));
            }
        }
        for fact in &file.fact {
            let id = &fact.id;
            for mark in &fact.marks {
                match all.get(mark).map(String::as_str) {
                    Some("unconfirmed") => {}
                    Some(other) => found.push(format!("{id}: {mark} is {other}")),
                    None => found.push(format!("{id}: there is no mark {mark}")),
                }
            }
            let gone = fact.leans_on_it.iter().filter(|file| !self.files.contains(*file));
            found.extend(gone.map(|file| format!("{id}: there is no file {file}")));
            if fact.switch != NONE_YET && !self.switches.contains(&fact.switch) {
                found.push(format!("{id}: the sandbox has no {}", fact.switch));
            }
        }
        let named: BTreeSet<u32> = file.fact.iter().flat_map(|fact| &fact.questions).copied().collect();
        let unused: BTreeSet<u32> = file.unused.iter().map(|unused| unused.question).collect();
        let answered: BTreeSet<u32> = named.union(&unused).copied().collect();
        let open = self.questions.difference(&answered);
        found.extend(open.map(|question| format!("question {question} has no fact and no reason why not")));
        let closed = answered.difference(&self.questions);
        found.extend(closed.map(|question| format!("there is no question {question}")));
        found
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The operations by their ids, each with the parameters that it shares with the others of its path.
fn operations(document: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for (_, item) in entries(&document["paths"]) {
        for (_, operation) in entries(item).filter(|(verb, _)| *verb != "parameters") {
            for one in [Some(operation), operation.get("x-also")].into_iter().flatten() {
                let mut one = one.clone();
                let parameters = elements(&item["parameters"]).chain(elements(&one["parameters"]));
                let parameters: Vec<Value> = parameters.cloned().collect();
                let name = one["operationId"].as_str().unwrap().to_owned();
                one["parameters"] = Value::Array(parameters);
                one["x-also"] = Value::Null;
                found.insert(name, one);
            }
        }
    }
    found
}

/// Every mark of a document by its place, with how sure it is.
fn marks(document: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |place: String, value: &Value| {
        if let Some(confidence) = value.get("x-confidence").and_then(Value::as_str) {
            found.insert(place, confidence.to_owned());
        }
    };
    for (name, operation) in operations(document) {
        for parameter in elements(&operation["parameters"]) {
            add(format!("{name}({})", parameter["name"].as_str().unwrap_or_default()), parameter);
        }
        add(name, &operation);
    }
    for (name, parameter) in entries(&document["components"]["parameters"]) {
        add(format!("({name})"), parameter);
    }
    for (name, schema) in entries(&document["components"]["schemas"]) {
        marks_of_schema(name, schema, &mut found);
    }
    found
}

fn marks_of_schema(place: &str, schema: &Value, found: &mut BTreeMap<String, String>) {
    if let Some(confidence) = schema.get("x-confidence").and_then(Value::as_str) {
        found.insert(place.to_owned(), confidence.to_owned());
    }
    for (value, confidence) in entries(&schema["x-confidences"]) {
        found.insert(format!("{place}={value}"), confidence.as_str().unwrap().to_owned());
    }
    for (name, property) in entries(&schema["properties"]) {
        marks_of_schema(&format!("{place}.{name}"), property, found);
    }
    if schema.get("items").is_some() {
        marks_of_schema(place, &schema["items"], found);
    }
}

/// The operation, the shared parameter or the schema of a mark.
fn owner(mark: &str) -> &str {
    match mark.strip_prefix('(') {
        Some(shared) => shared.trim_end_matches(')'),
        None => mark.split(['.', '=', '(']).next().unwrap_or_default(),
    }
}

/// The operations whose types stand among the words, and the names of everything in the document that these reach.
fn used(document: &Value, words: &BTreeSet<String>) -> BTreeSet<String> {
    let (mut found, mut to_do) = (BTreeSet::new(), Vec::new());
    for (name, operation) in operations(document) {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let of_type: String = first.into_iter().chain(letters).collect();
        if words.contains(&of_type) {
            references(&operation, &mut to_do);
            found.insert(name);
        }
    }
    while let Some(reference) = to_do.pop() {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        if found.insert(name) {
            let part = document.pointer(reference.trim_start_matches('#'));
            references(part.unwrap_or_else(|| panic!("{reference} leads nowhere")), &mut to_do);
        }
    }
    found
}

fn references(value: &Value, found: &mut Vec<String>) {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        found.push(reference.to_owned());
    }
    entries(value).for_each(|(_, part)| references(part, found));
    elements(value).for_each(|part| references(part, found));
}

/// `Type::name` of the public functions and members.
fn public_names(items: &[Item], found: &mut BTreeSet<String>) {
    for item in items {
        if let Item::Struct(item) = item {
            for field in item.fields.iter().filter(|field| matches!(field.vis, Visibility::Public(_))) {
                found.extend(field.ident.as_ref().map(|name| format!("{}::{name}", item.ident)));
            }
        }
        if let Item::Impl(item) = item
            && item.trait_.is_none()
            && let Type::Path(of) = item.self_ty.as_ref()
        {
            let of = &of.path.segments.last().unwrap().ident;
            for item in &item.items {
                if let ImplItem::Fn(item) = item
                    && matches!(item.vis, Visibility::Public(_))
                {
                    found.insert(format!("{of}::{}", item.sig.ident));
                }
            }
        }
    }
}

/// The numbers in the first column of the table in this section.
fn questions(paper: &str, section: &str) -> BTreeSet<u32> {
    let section = paper.split("\n## ").find(|one| one.starts_with(section)).unwrap();
    let numbers =
        section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()?.parse().ok());
    numbers.collect()
}

fn world(root: &Path, client: &str, section: &str, file: &FactsFile) -> World {
    let read = |place: &str| fs::read_to_string(root.join(place)).unwrap();
    let mut words = BTreeSet::new();
    for path in USERS.iter().flat_map(|folder| sources(&root.join(folder))) {
        let text = fs::read_to_string(path).unwrap();
        let names = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.extend(names.map(str::to_owned));
    }
    let mut switches = BTreeSet::new();
    for path in sources(&root.join("smartsync-sandbox/src")) {
        public_names(&syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap().items, &mut switches);
    }
    let named = file.fact.iter().flat_map(|fact| &fact.leans_on_it);
    World {
        document: yaml_serde::from_str(&read(&format!("{client}/openapi.yaml"))).unwrap(),
        words,
        questions: questions(&read(&format!("{client}/SPEC.md")), section),
        files: named.filter(|file| root.join(file).is_file()).cloned().collect(),
        switches,
    }
}

#[test]
fn what_is_used_and_not_confirmed_has_a_fact() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut without_a_switch = 0;
    for (client, section) in CLIENTS {
        let text = fs::read_to_string(root.join(client).join("facts.toml")).unwrap();
        let file: FactsFile = toml::from_str(&text).unwrap_or_else(|error| panic!("{client}: {error}"));
        without_a_switch += file.fact.iter().filter(|fact| fact.switch == NONE_YET).count();
        let world = world(root, client, section, &file);
        let used = used(&world.document, &world.words);
        assert!(used.len() > 50 && world.questions.len() > 25, "{client} is read at all: {used:?}");
        let faults = world.faults(&file);
        assert!(faults.is_empty(), "{client}/facts.toml: {faults:#?}");
    }
    assert_eq!(
        without_a_switch, WITHOUT_A_SWITCH,
        "facts without a switch: lower the number with each one that gets one"
    );
}

#[test]
fn each_thing_that_a_file_of_facts_may_lack_is_found() {
    let document = json!({
        "paths": { "/things": {
            "parameters": [{ "$ref": "#/components/parameters/After" }],
            "get": {
                "operationId": "listThings",
                "x-confidence": "unconfirmed",
                "parameters": [{ "name": "filter[name]", "x-confidence": "unconfirmed" }],
                "responses": { "200": { "schema": { "$ref": "#/components/schemas/Thing" } } },
            },
            "post": { "operationId": "createThing", "x-confidence": "unconfirmed" },
        } },
        "components": {
            "parameters": { "After": { "name": "page[after]", "x-confidence": "unconfirmed" } },
            "schemas": {
                "Thing": { "x-confidence": "documented", "properties": {
                    "kind": { "allOf": [{ "$ref": "#/components/schemas/Kind" }] },
                    "data": { "properties": { "size": { "x-confidence": "unconfirmed" } } },
                } },
                "Kind": { "enum": ["a", "b"], "x-confidences": { "b": "unconfirmed" } },
                "Other": { "x-confidence": "unconfirmed" },
            },
        },
    });
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<String>>();
    let world = World {
        document,
        words: names(&["ListThings", "Other"]),
        questions: BTreeSet::from([1, 2, 3]),
        files: names(&["src/here.rs"]),
        switches: names(&["Settings::there"]),
    };
    let file = |text: &str| toml::from_str::<FactsFile>(text).unwrap();
    let whole = "
        unused = [{ question = 3 }]
        [[fact]]
        id = 'things'
        questions = [1, 2]
        marks = ['listThings', 'listThings(filter[name])', '(After)', 'Thing.data.size', 'Kind=b']
        switch = 'Settings::there'
        where = ['src/here.rs']";
    assert_eq!(world.faults(&file(whole)), [""; 0]);
    for (from, to, fault) in [
        ("'listThings', ", "", "listThings is used and unconfirmed, and no fact names it"),
        (
            "'listThings(filter[name])', ",
            "",
            "listThings(filter[name]) is used and unconfirmed, and no fact names it",
        ),
        ("'(After)', ", "", "(After) is used and unconfirmed, and no fact names it"),
        ("'Thing.data.size', ", "", "Thing.data.size is used and unconfirmed, and no fact names it"),
        (", 'Kind=b'", "", "Kind=b is used and unconfirmed, and no fact names it"),
        ("'Kind=b'", "'Kind=b', 'Thing'", "things: Thing is documented"),
        ("'Kind=b'", "'Kind=b', 'Kind=c'", "things: there is no mark Kind=c"),
        ("src/here.rs", "src/gone.rs", "things: there is no file src/gone.rs"),
        ("Settings::there", "Settings::gone", "things: the sandbox has no Settings::gone"),
        ("[1, 2]", "[1]", "question 2 has no fact and no reason why not"),
        ("[1, 2]", "[1, 2, 4]", "there is no question 4"),
    ] {
        assert!(whole.contains(from), "{from}");
        assert_eq!(world.faults(&file(&whole.replacen(from, to, 1))), [fault]);
    }
    assert_eq!(world.faults(&file(&whole.replace("Settings::there", NONE_YET))), [""; 0]);
}
