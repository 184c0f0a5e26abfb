//! Time to decode a candidate with 60 included values: `teamtailor-client` against serde_json into a hand-made struct.
//!
//! Both sides end with the same pairs of api-name and value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smartsync_benches::{median, time};
use smartsync_transport::{Endpoint, Response};
use teamtailor_client::{
    candidates::{Candidate, GetCandidate},
    jsonapi::Document,
};

const VALUES: usize = 60;
const ROUNDS: usize = 15;
const REPEATS: u32 = 300;

fn main() {
    let body = document();
    assert_eq!(with_client(&body), by_hand(&body), "both sides read the same");
    let (mut client_times, mut hand_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let hand = time(REPEATS, || by_hand(&body));
        let client = time(REPEATS, || with_client(&body));
        hand_times.push(hand);
        client_times.push(client);
        ratios.push(client / hand);
    }
    println!(
        "{VALUES} values, {} bytes: by hand {:.0} µs, client {:.0} µs, ratio {:.2} (goal: at most 1.3)",
        body.len(),
        median(&mut hand_times),
        median(&mut client_times),
        median(&mut ratios)
    );
}

type Pairs = Vec<(String, Value)>;

fn with_client(body: &str) -> Pairs {
    let response = Response::new(body.to_owned().into());
    let document: Document<Candidate> = GetCandidate::new("4711").decode(&response).expect("a candidate");
    document
        .custom_field_values()
        .map(|pair| {
            let (value, field) = pair.expect("a value and its definition");
            (
                field.attributes.api_name.clone().unwrap_or_default(),
                value.attributes.value.unwrap_or_default(),
            )
        })
        .collect()
}

/// The yardstick: exactly the members that are needed, no unknown ones, no leniency.
fn by_hand(body: &str) -> Pairs {
    #[derive(Deserialize)]
    struct Answer {
        data: Card,
        included: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Card {
        #[serde(rename = "attributes")]
        _attributes: BTreeMap<String, Value>,
        relationships: CardRelationships,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct CardRelationships {
        custom_field_values: Many,
    }
    #[derive(Deserialize)]
    struct Many {
        data: Vec<Id>,
    }
    #[derive(Deserialize)]
    struct One {
        data: Id,
    }
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "kebab-case")]
    enum Item {
        CustomFieldValues { id: String, attributes: CustomValue, relationships: HeldValueRelationships },
        CustomFields { id: String, attributes: Field },
    }
    #[derive(Deserialize)]
    struct CustomValue {
        value: Value,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct HeldValueRelationships {
        custom_field: One,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Field {
        api_name: String,
    }
    let answer: Answer = serde_json::from_str(body).expect("a candidate");
    let (mut values, mut fields) = (BTreeMap::new(), BTreeMap::new());
    for item in answer.included {
        match item {
            Item::CustomFieldValues { id, attributes, relationships } => {
                values.insert(id, (attributes.value, relationships.custom_field.data.id));
            }
            Item::CustomFields { id, attributes } => {
                fields.insert(id, attributes.api_name);
            }
        }
    }
    let ids = answer.data.relationships.custom_field_values.data;
    ids.iter()
        .map(|id| {
            let (value, field) = values.remove(&id.id).expect("an included value");
            (fields.get(&field).expect("an included definition").clone(), value)
        })
        .collect()
}

fn document() -> String {
    let number = |base: usize, position: usize| (base + position).to_string();
    let values = (0..VALUES).map(|at| Resource {
        id: number(900, at),
        kind: "custom-field-values",
        links: json!({ "self": format!("https://api.teamtailor.com/v1/custom-field-values/{}", 900 + at) }),
        attributes: json!({ "field-type": "CustomField::Text", "value": format!("value number {at}") }),
        relationships: json!({
                "custom-field": { "data": { "type": "custom-fields", "id": number(30, at) } },
                "owner": { "links": {} } }),
    });
    let fields = (0..VALUES).map(|at| {
        Resource {
            id: number(30, at),
            kind: "custom-fields",
            links: json!({ "self": format!("https://api.teamtailor.com/v1/custom-fields/{}", 30 + at) }),
            attributes: json!({ "name": format!("Field {at}"), "api-name": format!("field-{at}"),
                "field-type": "CustomField::Text",
                "created-at": "2024-05-02T08:00:00.000+02:00", "updated-at": "2024-05-02T08:00:00.000+02:00" }),
            relationships: json!({ "custom-field-values": { "links": {} } }),
        }
    });
    let linkage: Vec<Value> =
        (0..VALUES).map(|at| json!({ "type": "custom-field-values", "id": number(900, at) })).collect();
    let candidate = Resource {
        id: "4711".to_owned(),
        kind: "candidates",
        links: json!({}),
        attributes: json!({ "first-name": "Ann", "last-name": "Sample", "email": "ann@example.com",
            "phone": "+46700000000", "tags": [], "updated-at": "2025-07-14T10:11:12.345+02:00" }),
        relationships: json!({ "custom-field-values": { "links": {}, "data": linkage } }),
    };
    let answer = Answer { data: candidate, included: values.chain(fields).collect() };
    serde_json::to_string(&answer).expect("a document")
}

#[derive(Serialize)]
struct Answer {
    data: Resource,
    included: Vec<Resource>,
}

/// Its members are written in the service's order, which `json!` does not keep: id and type come first.
#[derive(Serialize)]
struct Resource {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    links: Value,
    attributes: Value,
    relationships: Value,
}
