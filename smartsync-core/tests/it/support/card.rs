//! A Teamtailor that keeps one candidate: enough to see what a sync leaves behind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use smartsync_core::{Engine, Ledger, LedgerEntry, Mapping, MemoryLedger, SyncKeys};
use smartsync_transport::{Body, Method, Request, Response, Transport, TransportError};

use crate::support::{
    fenced::Fence,
    plain_clients::plain_clients,
    stage::{Noon, contract, http_response},
};

/// The candidate 4711 with custom fields of these ids.
#[derive(Clone, Debug)]
pub(crate) struct Card(Arc<Mutex<Content>>);

#[derive(Debug)]
struct Content {
    definitions: Value,
    attributes: Map<String, Value>,
    /// By custom field id; the value's id is the same with a 9 in front.
    values: BTreeMap<String, Value>,
    writes: usize,
}

impl Card {
    pub(crate) fn new(definitions: Value) -> Self {
        let names = ["first-name", "last-name", "email", "phone", "linkedin-url", "pitch"];
        let attributes = names.map(|name| (name.to_owned(), Value::Null)).into_iter().collect();
        let values = BTreeMap::new();
        Self(Arc::new(Mutex::new(Content { definitions, attributes, values, writes: 0 })))
    }

    /// What a recruiter does; `null` clears.
    pub(crate) fn edit(&self, field: &str, value: Value) {
        self.0.lock().unwrap().set(field, value);
    }

    /// The value of a default attribute or of a custom field.
    pub(crate) fn value(&self, field: &str) -> Value {
        let content = self.0.lock().unwrap();
        let value = content.attributes.get(field).or_else(|| content.values.get(field));
        value.cloned().unwrap_or(Value::Null)
    }

    /// The requests that changed something.
    pub(crate) fn writes(&self) -> usize {
        self.0.lock().unwrap().writes
    }
}

impl Content {
    fn set(&mut self, field: &str, value: Value) {
        let is_custom = field.bytes().all(|byte| byte.is_ascii_digit());
        if !is_custom {
            self.attributes.insert(field.to_owned(), value);
        } else if value.is_null() {
            self.values.remove(field);
        } else {
            self.values.insert(field.to_owned(), value);
        }
    }

    fn candidate(&self) -> Value {
        let identifiers: Vec<Value> = self
            .values
            .keys()
            .map(|field| json!({ "type": "custom-field-values", "id": format!("9{field}") }))
            .collect();
        let included: Vec<Value> = self
            .values
            .iter()
            .map(|(field, value)| {
                json!({ "type": "custom-field-values", "id": format!("9{field}"), "attributes": { "value": value },
                    "relationships": { "custom-field": { "data": { "type": "custom-fields", "id": field } } } })
            })
            .collect();
        json!({ "data": { "id": "4711", "type": "candidates", "attributes": self.attributes,
            "relationships": { "custom-field-values": { "data": identifiers }, "uploads": { "data": [] } } },
            "included": included })
    }

    fn answer(&mut self, method: &Method, path: &str, body: &Value) -> Value {
        let attributes = &body["data"]["attributes"];
        if *method != Method::GET {
            self.writes += 1;
        }
        let id = path.rsplit('/').next().unwrap_or_default().to_owned();
        match (method.as_str(), path) {
            ("GET", "/v1/custom-fields") => self.definitions.clone(),
            ("GET", "/v1/candidates/4711") => self.candidate(),
            ("PATCH", "/v1/candidates/4711") => {
                for (name, value) in attributes.as_object().unwrap() {
                    self.set(name, value.clone());
                }
                self.candidate()
            }
            ("POST", "/v1/custom-field-values") => {
                let field =
                    body["data"]["relationships"]["custom-field"]["data"]["id"].as_str().unwrap().to_owned();
                assert!(!self.values.contains_key(&field), "a second value for field {field}");
                self.set(&field, attributes["value"].clone());
                value_answer(&format!("9{field}"), &attributes["value"])
            }
            ("PATCH", _) => {
                let field = id.strip_prefix('9').unwrap().to_owned();
                assert!(self.values.contains_key(&field), "no value for field {field}");
                self.set(&field, attributes["value"].clone());
                value_answer(&id, &attributes["value"])
            }
            _ => panic!("unexpected {method} {path}"),
        }
    }
}

/// The answer to a write: the value as it is now.
fn value_answer(id: &str, value: &Value) -> Value {
    json!({ "data": { "id": id, "type": "custom-field-values", "attributes": { "value": value } } })
}

#[async_trait]
impl Transport for Card {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let body = serde_json::from_slice(request.body().as_bytes()).unwrap_or(Value::Null);
        let answer = self.0.lock().unwrap().answer(request.method(), request.uri().path(), &body);
        Ok(Response::new(Body::from(answer.to_string())))
    }
}

/// A Oneflow that keeps one contract.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paper(Arc<Mutex<Option<String>>>);

impl Paper {
    /// The contract as it is answered from now on.
    pub(crate) fn put(&self, contract: String) {
        *self.0.lock().unwrap() = Some(contract);
    }

    /// There is no contract from now on.
    pub(crate) fn take_away(&self) {
        *self.0.lock().unwrap() = None;
    }
}

#[async_trait]
impl Transport for Paper {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        assert_eq!((request.method(), request.uri().path()), (&Method::GET, "/v1/contracts/9001"));
        let contract = self.0.lock().unwrap().clone();
        Ok(contract
            .map_or_else(|| http_response(404, &[], "{}"), |contract| Response::new(Body::from(contract))))
    }
}

/// A custom field for a city, as Teamtailor lists it.
pub(crate) fn city_field() -> Value {
    json!({ "data": [ { "id": "34", "type": "custom-fields",
        "attributes": { "api-name": "city", "field-type": "CustomField::Text" } } ] })
}

/// No custom field.
pub(crate) fn no_fields() -> Value {
    json!({ "data": [] })
}

/// An empty card with these custom fields, a sent contract, and a ledger that knows whose the contract is and nothing else of it.
pub(crate) fn bound(fields: Value, contents: &[(&str, &str)]) -> (Card, Paper, Arc<MemoryLedger>) {
    let (card, paper, ledger) = (Card::new(fields), Paper::default(), Arc::new(MemoryLedger::new()));
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    ledger.put(9001.into(), entry);
    paper.put(contract("pending", "", contents));
    (card, paper, ledger)
}

/// An engine of this mapping between the contract and the card, whose requests are held to it.
pub(crate) fn engine_between(
    card: &Card,
    paper: &Paper,
    mapping: Mapping,
    ledger: Arc<dyn Ledger>,
    keys: SyncKeys,
) -> Engine {
    let fence = Fence::around(&mapping);
    let (oneflow, teamtailor) = plain_clients(fence.fenced(paper.clone()), fence.fenced(card.clone()));
    Engine::builder(oneflow, teamtailor, mapping, ledger, keys).clock(Noon).build().unwrap()
}
