//! One member of an answer has a shape that is not documented: it costs the field that needed it, and nothing else.

use serde_json::{Value, json};
use smartsync_core::{Next, Retry};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{DEFINITIONS, IDA, OPTIONS, Stage, candidate, cold, contract, token};

const MAPPING: &str = r#"
    [sync]
    document = { attach = false }
    [[field]]
    oneflow = "city"
    teamtailor = "custom:oneflow-city"
    [[field]]
    oneflow = "first-name"
    teamtailor = "first_name"
    when = "edited"
    on_conflict = "contract_wins"
"#;
/// What is done to an answer.
#[derive(Clone, Debug)]
enum Change {
    Set(&'static str, Value),
    Remove(&'static str, &'static str),
}

use Change::{Remove, Set};

impl Change {
    fn apply(&self, answer: &str) -> String {
        let mut answer: Value = serde_json::from_str(answer).unwrap();
        match self {
            Set(place, value) => *answer.pointer_mut(place).expect(place) = value.clone(),
            Remove(place, member) => {
                answer.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(*member).unwrap();
            }
        }
        answer.to_string()
    }
}

/// Every field with its outcome, those without a partner left out, and the requests that write. A write is answered with
/// silence, so a field that would be written ends as `sent`.
async fn look(contract: String, card: String, definitions: String) -> (Vec<String>, usize, Next) {
    let read = ScriptedTransport::new().json(200, definitions).json(200, OPTIONS);
    look_with(contract, read.json(200, card)).await
}

async fn look_with(contract: String, teamtailor: ScriptedTransport) -> (Vec<String>, usize, Next) {
    let stage = Stage::new(MAPPING, ScriptedTransport::new().json(200, contract), teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let rows = plan
        .outcomes()
        .iter()
        .filter(|field| field.outcome.reason().is_none_or(|reason| reason.code() != "not-in-contract"));
    let rows = rows.map(|field| {
        let why = field.outcome.reason().map(|reason| format!(" {}", reason.code())).unwrap_or_default();
        let member = field.member.map(|member| format!(" {member}")).unwrap_or_default();
        format!("{} {}{why}{member}", field.data_field, field.outcome.as_str())
    });
    let rows = rows.collect();
    let steps = plan.steps().len();
    let next = stage.engine.apply(plan).await.next;
    (rows, steps, next)
}

fn paper() -> String {
    let fields = [("city", "Oslo"), ("oneflow-salary", "45000"), ("first-name", "Ida Marie")];
    contract("pending", &token("4711", "hire-1"), &fields)
}

/// The salary is on the card, the city is not.
fn card() -> String {
    candidate(IDA, &[("902", "32", "42000")], &[])
}

#[tokio::test]
async fn how_a_participant_signs_and_is_reached_is_nobodys_business_here() {
    let whole: Value = serde_json::from_str(&paper()).unwrap();
    for party in 0..whole["parties"].as_array().unwrap().len() {
        for member in [
            "sign_method",
            "delivery_channel",
            "delivery_status",
            "two_step_authentication_method",
            "_options",
        ] {
            let mut changed = whole.clone();
            let party = &mut changed["parties"][party];
            let participant = match party.get("participant") {
                Some(_) => &mut party["participant"],
                None => &mut party["participants"][0],
            };
            participant[member] = json!([{ "another": "shape" }]);
            let (rows, steps, _) = look(changed.to_string(), card(), DEFINITIONS.to_owned()).await;
            assert_eq!((rows, steps), look_at_all().await, "{member}");
        }
    }
}

/// What is seen where all can be read.
async fn look_at_all() -> (Vec<String>, usize) {
    let (rows, steps, _) = look(paper(), card(), DEFINITIONS.to_owned()).await;
    assert_eq!(rows, ALL);
    (rows, steps)
}

const ALL: [&str; 3] = ["city written", "first-name written", "oneflow-salary written"];

/// What becomes of the others when the key of a data field could not be read: any of them may be that one.
fn without_a_key(city: &str) -> Vec<String> {
    let held = |key: &str| format!("{key} held answer-unreadable data_fields");
    let mut all = vec![city.to_owned(), ALL[1].to_owned(), held("oneflow-car"), held("oneflow-kind")];
    all.extend([ALL[2].to_owned(), held("oneflow-start-date")]);
    all
}

/// What becomes of all where none of the data fields could be read.
fn without_any_field() -> Vec<String> {
    let held = |key: &str| format!("{key} held answer-unreadable data_fields");
    let keys = ["city", "first-name", "oneflow-car", "oneflow-kind", "oneflow-salary", "oneflow-start-date"];
    keys.map(held).to_vec()
}

#[tokio::test]
async fn a_member_of_a_contract_costs_the_field_that_needed_it() {
    let (rows, steps, _) = look(paper(), card(), DEFINITIONS.to_owned()).await;
    assert_eq!((rows, steps), (ALL.map(str::to_owned).to_vec(), 3), "this is what is changed below");
    let one = |city: &str| vec![city.to_owned(), ALL[1].to_owned(), ALL[2].to_owned()];
    let every = |why: &str| {
        ["city", "first-name", "oneflow-car", "oneflow-kind", "oneflow-salary", "oneflow-start-date"]
            .map(|key| format!("{key} held {why}"))
            .to_vec()
    };
    let private = "/parties/1/participant/_private_ownerside";
    let table: Vec<(Change, Vec<String>)> = vec![
        (Set("/data_fields/0/value", json!(45000)), one("city held answer-unreadable value")),
        (Set("/data_fields/0/value", json!(["Oslo"])), one("city held answer-unreadable value")),
        (
            Set("/data_fields/0/_private_ownerside/updated_time", json!(1234)),
            one("city held answer-unreadable updated_time"),
        ),
        // Absent, nobody knows whether it was ever changed.
        (
            Remove("/data_fields/0/_private_ownerside", "updated_time"),
            one("city held answer-unreadable updated_time"),
        ),
        (
            Set("/data_fields/0/_private_ownerside", json!(7)),
            without_a_key("city held answer-unreadable data_fields"),
        ),
        (
            Remove("/data_fields/0", "_private_ownerside"),
            without_a_key("city held answer-unreadable data_fields"),
        ),
        (
            Set("/data_fields/0/_private_ownerside", Value::Null),
            without_a_key("city held answer-unreadable data_fields"),
        ),
        // The others say when they were made, so an empty object says nothing at all.
        (
            Set("/data_fields/0/_private_ownerside", json!({})),
            without_a_key("city held answer-unreadable data_fields"),
        ),
        (
            Set("/data_fields/0/_private_ownerside/custom_id", json!(7)),
            without_a_key("city held answer-unreadable data_fields"),
        ),
        (Set("/data_fields/0", Value::Null), without_a_key("city held answer-unreadable data_fields")),
        // Oneflow always sends these: without them, nobody knows what the contract holds.
        (Remove("/data_fields/0", "value"), one("city held answer-unreadable value")),
        (Remove("", "data_fields"), without_any_field()),
        (Set("/data_fields", Value::Null), without_any_field()),
        // A link that could not be read is a link: nothing stands in for it.
        (Set(private, json!(true)), every("answer-unreadable")),
        (
            Set("/parties/1/participant/_private_ownerside/custom_id", json!(["x"])),
            every("answer-unreadable"),
        ),
        (Set(private, json!([token("4711", "hire-1")])), every("answer-unreadable")),
        (Set("/parties", json!(7)), every("answer-unreadable")),
        (Set("/parties/1", json!("x")), every("answer-unreadable")),
        (Set("/state", json!(5)), every("answer-unreadable state")),
        (Set("/state", Value::Null), every("contract-state-unknown")),
        (Set("/state", json!("")), every("contract-state-unknown")),
        (Remove("", "state"), every("contract-state-unknown")),
        // What nothing needs costs nothing.
        (Set("/_permissions", json!(7)), one(ALL[0])),
        (Set("/_links", json!([])), one(ALL[0])),
        (Set("/_private/name", json!({})), one(ALL[0])),
        (Set("/_private", json!(["Employment", null, 12])), one(ALL[0])),
        (Set("/data_fields/0/placeholder", json!(true)), one(ALL[0])),
        (Set("/updated_time", json!(1234)), one(ALL[0])),
    ];
    for (change, expected) in table {
        let (rows, steps, next) = look(change.apply(&paper()), card(), DEFINITIONS.to_owned()).await;
        assert_eq!(rows, expected, "{change:?}");
        let written = expected.iter().filter(|row| row.ends_with("written")).count();
        assert_eq!(steps, written, "{change:?}");
        if written < 3 {
            assert!(matches!(next, Next::Retry(_)), "{change:?}");
        }
    }
    // A field that says when it was made and has no key is nobody's.
    let keyless = Set("/data_fields/0/_private_ownerside/custom_id", Value::Null).apply(&paper());
    let (rows, steps, _) = look(keyless, card(), DEFINITIONS.to_owned()).await;
    assert_eq!((rows, steps), (ALL[1..].iter().map(|&row| row.to_owned()).collect(), 2));
}

#[tokio::test]
async fn a_member_of_a_candidate_costs_the_field_that_needed_it() {
    let rows = |city: &str, name: &str, salary: &str| {
        vec![format!("city {city}"), format!("first-name {name}"), format!("oneflow-salary {salary}")]
    };
    let (written, unsaid) = ("written", "held answer-unreadable custom-field-values");
    let value = "held answer-unreadable value";
    let table: Vec<(Change, Vec<String>)> = vec![
        (
            Set("/data/attributes/first-name", json!(7)),
            rows(written, "held answer-unreadable first-name", written),
        ),
        (
            Remove("/data/attributes", "first-name"),
            rows(written, "held answer-unreadable first-name", written),
        ),
        (Remove("/data", "attributes"), rows(written, "held answer-unreadable first-name", written)),
        (Set("/data/attributes", json!([])), rows(written, "held answer-unreadable first-name", written)),
        (Set("/data/attributes", Value::Null), rows(written, "held answer-unreadable first-name", written)),
        // A value that is not said is not empty.
        (Remove("/included/0", "attributes"), rows(written, written, value)),
        (Set("/included/0/attributes", json!({})), rows(written, written, value)),
        (Set("/included/0/attributes", Value::Null), rows(written, written, value)),
        (Set("/included/0/attributes/value", json!([])), rows(written, written, value)),
        (Set("/included/0/attributes/value", json!({ "value": 42000 })), rows(written, written, value)),
        (Set("/included/0/attributes/value", json!(false)), rows(written, written, value)),
        (Set("/included/0/attributes", json!(7)), rows(written, written, value)),
        (Set("/included/0/relationships", json!(7)), rows(unsaid, written, unsaid)),
        (Set("/included/0/relationships/custom-field/data", json!(7)), rows(unsaid, written, unsaid)),
        (Set("/included/0/relationships/custom-field/data/id", json!("")), rows(unsaid, written, unsaid)),
        (Set("/included/0/id", json!(true)), rows(unsaid, written, unsaid)),
        (Set("/included/0/type", json!([])), rows(unsaid, written, unsaid)),
        (Set("/data/relationships/custom-field-values/data", Value::Null), rows(unsaid, written, unsaid)),
        (Set("/data/relationships/custom-field-values/data", json!([])), rows(unsaid, written, unsaid)),
        (Set("/data/relationships/custom-field-values/data", json!(7)), rows(unsaid, written, unsaid)),
        // All that came along is the candidate's, where the answer does not say which of it is.
        (Set("/data/relationships", json!(7)), rows(written, written, written)),
        // The value of a field that was deleted belongs to none, and says nothing of the others.
        (Set("/included/0/relationships/custom-field/data", Value::Null), rows(written, written, written)),
    ];
    for (change, expected) in table {
        let (found, _, _) = look(paper(), change.apply(&card()), DEFINITIONS.to_owned()).await;
        assert_eq!(found, expected, "{change:?}");
    }
    for (member, value) in [("picture", json!({})), ("tags", json!(["a", null])), ("sourced", json!("yes"))] {
        let mut answer: Value = serde_json::from_str(&card()).unwrap();
        answer["data"]["attributes"][member] = value;
        let (found, _, _) = look(paper(), answer.to_string(), DEFINITIONS.to_owned()).await;
        assert_eq!(found, rows(written, written, written), "{member}");
    }
}

#[tokio::test]
async fn two_values_of_one_id_or_of_one_field_are_neither() {
    let twice = candidate(IDA, &[("902", "32", "42000"), ("902", "34", r#""Bergen""#)], &[]);
    let (found, steps, _) = look(paper(), twice, DEFINITIONS.to_owned()).await;
    let unsaid = "held answer-unreadable custom-field-values";
    assert_eq!(found[0], format!("city {unsaid}"));
    assert_eq!(found[2], format!("oneflow-salary {unsaid}"));
    assert_eq!(steps, 1, "the default fields");
    let twice = candidate(IDA, &[("902", "32", "42000"), ("903", "32", "43000")], &[]);
    let (found, ..) = look(paper(), twice, DEFINITIONS.to_owned()).await;
    assert_eq!(found[2], "oneflow-salary held answer-unreadable value");
}

#[tokio::test]
async fn a_value_that_is_linked_twice_may_stand_in_the_place_of_another() {
    let mut answer: Value = serde_json::from_str(&card()).unwrap();
    let links = answer["data"]["relationships"]["custom-field-values"]["data"].as_array_mut().unwrap();
    links.push(links[0].clone());
    let (found, ..) = look(paper(), answer.to_string(), DEFINITIONS.to_owned()).await;
    assert_eq!(found[0], "city held answer-unreadable custom-field-values");
}

#[tokio::test]
async fn a_value_whose_field_did_not_come_along_with_the_others_may_be_of_another() {
    let both = [("902", "32", "42000"), ("904", "34", r#""Bergen""#)];
    let with = |ids: &[&str], twice: &str| {
        let mut answer: Value = serde_json::from_str(&candidate(IDA, &both, &[])).unwrap();
        // The value of the city is said to be of a field that nobody knows.
        answer["included"][1]["relationships"]["custom-field"]["data"]["id"] = json!("999999");
        for (name, id) in ids.iter().map(|id| ("City", *id)).chain([("Salary", twice)]) {
            let field = json!({ "id": id, "type": "custom-fields", "attributes": { "name": name } });
            answer["included"].as_array_mut().unwrap().push(field);
        }
        look(paper(), answer.to_string(), DEFINITIONS.to_owned())
    };
    let (found, ..) = with(&["34"], "32").await;
    assert_eq!(found[0], "city held answer-unreadable custom-field-values");
    let (found, ..) = with(&["34", "999999"], "999999").await;
    assert_eq!(found[0], "city held answer-unreadable custom-field-values", "two of one id are neither");
    let (found, ..) = with(&["34", "999999"], "32").await;
    assert_eq!(found[0], "city written", "the field is there, if only for this card");
}

#[tokio::test]
async fn a_custom_field_that_cannot_be_read_keeps_its_row() {
    for (place, member) in [("", "attributes"), ("/attributes", "api-name"), ("/attributes", "field-type")] {
        let mut definitions: Value = serde_json::from_str(DEFINITIONS).unwrap();
        let object = definitions.pointer_mut(&format!("/data/1{place}")).unwrap().as_object_mut().unwrap();
        object.remove(member).unwrap();
        let (found, _, next) = look(paper(), card(), definitions.to_string()).await;
        let row = "oneflow-salary held answer-unreadable custom-fields".to_owned();
        assert!(found.contains(&row), "{member}: {found:?}");
        assert!(matches!(next, Next::Retry(_)), "{member}");
    }
    for (member, value) in [
        ("api-name", json!(7)),
        ("field-type", json!(7)),
        ("owner-type", json!([])),
        ("owner-type", json!({})),
    ] {
        let mut definitions: Value = serde_json::from_str(DEFINITIONS).unwrap();
        definitions["data"][1]["attributes"][member] = value;
        let (found, _, next) = look(paper(), card(), definitions.to_string()).await;
        let row = found.iter().find(|row| row.starts_with("oneflow-salary ")).unwrap();
        assert!(row.starts_with("oneflow-salary held answer-unreadable") || member == "owner-type", "{row}");
        assert!(matches!(next, Next::Retry(_)), "{member}");
    }
    for item in [json!(7), Value::Null, json!({ "id": "", "type": "custom-fields" }), json!([])] {
        let mut definitions: Value = serde_json::from_str(DEFINITIONS).unwrap();
        definitions["data"][1] = item.clone();
        let (found, ..) = look(paper(), card(), definitions.to_string()).await;
        assert!(
            found.contains(&"oneflow-salary held answer-unreadable custom-fields".to_owned()),
            "{item}: {found:?}"
        );
    }
    // What nothing needs costs nothing.
    for (member, value) in [("created-at", json!(true)), ("name", json!(7)), ("updated-at", json!({}))] {
        let mut definitions: Value = serde_json::from_str(DEFINITIONS).unwrap();
        definitions["data"][1]["attributes"][member] = value;
        let (found, ..) = look(paper(), card(), definitions.to_string()).await;
        assert_eq!(found, ALL, "{member}");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_read_costs_the_fields_that_need_it() {
    let fields = [("city", "Oslo"), ("oneflow-kind", "Fixed term"), ("first-name", "Ida Marie")];
    let paper = || contract("pending", &token("4711", "hire-1"), &fields);
    let kind = "oneflow-kind held answer-unreadable custom-field-options";
    for (status, answer) in
        [(200, "<html>"), (200, "[]"), (200, "null"), (403, "{}"), (404, "{}"), (422, "{}")]
    {
        let read = ScriptedTransport::new().json(200, DEFINITIONS).json(status, answer).json(200, card());
        let (found, steps, next) = look_with(paper(), read).await;
        assert_eq!(found, [ALL[0], ALL[1], kind], "{status} {answer}");
        assert_eq!((steps, next), (2, Next::Retry(Retry::default())), "{status} {answer}");
    }
    let lost = |key: &str| format!("{key} held answer-unreadable custom-fields");
    for answer in ["<html>", "[]", "null", "{}"] {
        let read = ScriptedTransport::new().json(200, answer).json(200, card());
        let (found, steps, next) = look_with(paper(), read).await;
        assert_eq!(found, [lost("city"), ALL[1].to_owned(), lost("oneflow-kind")], "{answer}");
        assert_eq!((steps, next), (1, Next::Retry(Retry::default())), "{answer}");
    }
}

/// How the data fields of a contract end that are mapped nowhere, on Ida's card.
async fn by_convention(fields: &[(&str, &str)], definitions: &str) -> (Vec<String>, usize, Next) {
    let paper = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), fields));
    let read = ScriptedTransport::new().json(200, definitions);
    let is_list = definitions.contains("data");
    let read = if is_list { read.json(200, OPTIONS) } else { read };
    let stage = Stage::new("sync.document.attach = false", paper, read.json(200, candidate(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let is_meant = |row: &&smartsync_core::FieldOutcome| fields.iter().any(|(key, _)| row.data_field == *key);
    let rows = plan.outcomes().iter().filter(is_meant).map(|row| {
        let why = row.outcome.reason().map(|reason| format!(" {}", reason.code())).unwrap_or_default();
        format!("{} to {} {}{why}", row.data_field, row.candidate_field, row.outcome.as_str())
    });
    let rows = rows.collect();
    let steps = plan.steps().len();
    (rows, steps, stage.engine.apply(plan).await.next)
}

#[tokio::test]
async fn a_name_that_is_not_known_may_be_that_of_any_data_field() {
    let fields = [("city", "Oslo"), ("phone", "+46701740605"), ("oneflow-first-name", "Ida Marie")];
    let mut named: Value = serde_json::from_str(DEFINITIONS).unwrap();
    named["data"][6]["attributes"]["api-name"] = json!("oneflow-phone");
    let (rows, steps, _) = by_convention(&fields, &named.to_string()).await;
    let written = [
        "city to custom:oneflow-city written",
        "oneflow-first-name to first_name skipped identity-only-prefilled",
        "phone to custom:oneflow-phone written",
    ];
    assert_eq!((rows, steps), (written.map(str::to_owned).to_vec(), 2), "this is what is changed below");
    // A custom field may have the name of the default field, and be written back.
    let held = [
        "city to custom:oneflow-city held answer-unreadable",
        "oneflow-first-name to first_name held answer-unreadable",
        "phone to phone held answer-unreadable",
    ];
    let mut lost = named.clone();
    lost["data"][6]["attributes"]["api-name"] = json!(7);
    lost["data"][3]["attributes"]["api-name"] = json!(["oneflow-city"]);
    for list in [lost.to_string().as_str(), "<html>", "[]", "null"] {
        let (mut rows, steps, next) = by_convention(&fields, list).await;
        rows.sort();
        assert_eq!((rows, steps), (held.map(str::to_owned).to_vec(), 0), "{list}");
        assert_eq!(next, Next::Retry(Retry::default()), "{list}");
    }
    // A name that is known stands for itself, also where the type is not.
    named["data"][6]["attributes"]["field-type"] = json!(7);
    let (rows, steps, next) = by_convention(&fields, &named.to_string()).await;
    let mut expected = written.map(str::to_owned).to_vec();
    expected[2] = "phone to custom:oneflow-phone held answer-unreadable".to_owned();
    assert_eq!((rows, steps, next), (expected, 1, Next::Retry(Retry::default())));
}

#[tokio::test]
async fn two_options_of_one_id_are_neither_and_are_read_again() {
    let twice = |second: &str| {
        let mut options: Value = serde_json::from_str(OPTIONS).unwrap();
        options["data"][0]["id"] = json!("7002");
        options["data"][0]["attributes"]["value"] = json!(second);
        options.to_string()
    };
    let look = |options: String| {
        let paper = contract("pending", &token("4711", "hire-1"), &[("oneflow-kind", "Fixed term")]);
        let read = ScriptedTransport::new().json(200, DEFINITIONS).json(200, options);
        look_with(paper, read.json(200, candidate(IDA, &[], &[])))
    };
    let (found, steps, next) = look(twice("Permanent")).await;
    assert_eq!(found, ["oneflow-kind held answer-unreadable custom-field-options"]);
    assert_eq!((steps, next), (0, Next::Retry(Retry::default())));
    let (found, ..) = look(twice("Fixed term")).await;
    assert_eq!(found, ["oneflow-kind written"], "one option twice is one option");
}

#[tokio::test]
async fn without_a_service_or_a_key_no_list_is_taken_for_unreadable() {
    let paper = || ScriptedTransport::new().json(200, paper());
    for (of_fields, of_options, is_retryable) in
        [(401, 200, false), (403, 200, false), (503, 200, true), (200, 401, false), (200, 503, true)]
    {
        let options = |status| ScriptedTransport::new().json(200, DEFINITIONS).json(status, OPTIONS);
        let script = if of_fields == 200 {
            options(of_options)
        } else {
            ScriptedTransport::new().json(of_fields, "{}")
        };
        let error = Stage::new(MAPPING, paper(), script).engine.plan(9001.into()).await.unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{of_fields} {of_options}: {error}");
    }
}

#[tokio::test]
async fn a_contract_that_is_no_contract_is_looked_at_again() {
    for answer in ["[]", "null", "", "<html>", "{}", r#"{"id": 9002, "state": "pending"}"#, "[9001]"] {
        let stage = Stage::new(MAPPING, ScriptedTransport::new().json(200, answer), ScriptedTransport::new());
        let error = stage.engine.plan(9001.into()).await.unwrap_err();
        assert!(error.is_retryable(), "{answer}");
    }
}

#[tokio::test]
async fn an_edit_whose_time_is_not_said_is_neither_taken_for_untouched_nor_forgotten() {
    let fields = [("city", "Oslo")];
    let card = || candidate(IDA, &[("904", "34", r#""Bergen""#)], &[]);
    let place = "/data_fields/0/_private_ownerside";
    let table = [
        (None, "city written", Next::Done),
        (
            Some(Set("/data_fields/0/_private_ownerside/updated_time", Value::Null)),
            "city skipped candidate-is-newer",
            Next::Done,
        ),
        (
            Some(Remove(place, "updated_time")),
            "city held answer-unreadable updated_time",
            Next::Retry(Retry::default()),
        ),
    ];
    for (change, row, next) in table {
        let paper = contract("pending", &token("4711", "hire-1"), &fields);
        let paper = change.as_ref().map_or(paper.clone(), |change| change.apply(&paper));
        let written = r#"{ "data": { "id": "904", "type": "custom-field-values", "attributes": { "value": "Oslo" } } }"#;
        let read = cold().json(200, card());
        let (rows, _, then) = look_with(paper, read.json(200, written)).await;
        assert_eq!((rows, then), (vec![row.to_owned()], next), "{change:?}");
    }
    // The key stands elsewhere, and the times nowhere.
    let paper = Remove("/data_fields/0", "_private_ownerside").apply(&contract(
        "pending",
        &token("4711", "hire-1"),
        &fields,
    ));
    let mut paper: Value = serde_json::from_str(&paper).unwrap();
    paper["data_fields"][0]["custom_id"] = json!("city");
    let read = cold().json(200, card());
    let (rows, _, then) = look_with(paper.to_string(), read).await;
    assert_eq!(rows, ["city held answer-unreadable created_time"]);
    assert_eq!(then, Next::Retry(Retry::default()));
}
