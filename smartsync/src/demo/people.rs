//! What people do in the story, through the sandbox's own routes, and what they see.

use std::{collections::BTreeMap, fmt, time::Duration};

use oneflow_client::ContractId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use smartsync_sandbox::HttpSandbox;
use smartsync_transport::{Body, Method, Request, ReqwestTransport, Transport as _, Url};
use tokio::time::{Instant, sleep};

use crate::{config::ConfigError, demo::error::DemoError};

/// How often the candidate's card is looked at.
const POLL: Duration = Duration::from_millis(25);

/// A candidate's card as a recruiter sees it. `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CandidateCard {
    /// Default fields by attribute name.
    pub fields: BTreeMap<String, String>,
    /// Custom fields by api-name.
    pub custom_fields: BTreeMap<String, String>,
    /// Names of the files, oldest first.
    pub uploads: Vec<String>,
}

impl CandidateCard {
    /// The card with these custom fields set.
    pub(super) fn with(&self, fields: &[(&str, &str)]) -> Self {
        let mut card = self.clone();
        card.custom_fields
            .extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        card
    }

    /// What differs from `expected`, and whether the contract's document is there once.
    fn differences(&self, expected: &Self, contract: ContractId) -> Vec<String> {
        let names = [&self.fields, &self.custom_fields, &expected.fields, &expected.custom_fields];
        let mut names: Vec<&String> = names.into_iter().flat_map(BTreeMap::keys).collect();
        names.sort_unstable();
        names.dedup();
        let get =
            |card: &Self, name: &str| card.fields.get(name).or_else(|| card.custom_fields.get(name)).cloned();
        let wrong = names.into_iter().filter(|name| get(self, name) != get(expected, name));
        let mut differences: Vec<String> = wrong.map(|name| format!("`{name}` has another value")).collect();
        let mark = format!("({contract})");
        let (ours, others): (Vec<&String>, Vec<_>) =
            self.uploads.iter().partition(|name| name.contains(&mark));
        match ours.len() {
            0 => differences.push("the signed document is missing".to_owned()),
            1 => {}
            more => differences.push(format!("the signed document is there {more} times")),
        }
        if !others.into_iter().eq(&expected.uploads) {
            differences.push("the other files have changed".to_owned());
        }
        differences
    }
}

impl fmt::Debug for CandidateCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateCard")
            .field("fields", &self.fields.keys())
            .field("custom_fields", &self.custom_fields.keys())
            .field("uploads", &self.uploads.len())
            .finish()
    }
}

/// A request that one of the services got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MadeRequest {
    /// The service: `oneflow`, `teamtailor`, `storage`.
    pub origin: String,
    /// What it is for: `get_contract`.
    pub operation: String,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
}

/// The people of the story. They use the sandbox over HTTP, as everybody else does.
#[derive(Debug)]
pub(super) struct People {
    routes: Url,
    transport: ReqwestTransport,
}

impl People {
    pub(super) fn new(sandbox: &HttpSandbox) -> Result<Self, DemoError> {
        let routes = sandbox.control_url().clone();
        let transport = ReqwestTransport::for_base_url(&routes)
            .map_err(|source| ConfigError::Client { section: "sandbox", source })?;
        Ok(Self { routes, transport })
    }

    pub(super) async fn card(&self, candidate: &str) -> Result<CandidateCard, DemoError> {
        self.get(&format!("candidates/{candidate}")).await
    }

    pub(super) async fn requests(&self) -> Result<Vec<MadeRequest>, DemoError> {
        #[derive(Deserialize)]
        struct Log {
            requests: Vec<MadeRequest>,
        }
        let log: Log = self.get("requests").await?;
        Ok(log.requests)
    }

    pub(super) async fn fill_in(
        &self,
        contract: ContractId,
        (field, value): (&str, &str),
    ) -> Result<(), DemoError> {
        self.act("data-field", json!({ "contract": contract, "custom_id": field, "value": value })).await
    }

    pub(super) async fn sign_all(&self, contract: ContractId) -> Result<(), DemoError> {
        self.act("sign-all", json!({ "contract": contract })).await
    }

    pub(super) async fn change_email(&self, candidate: &str, email: &str) -> Result<(), DemoError> {
        self.act("candidate-field", json!({ "candidate": candidate, "field": "email", "value": email })).await
    }

    pub(super) async fn lose_file(&self, contract: ContractId) -> Result<(), DemoError> {
        self.act("file-missing", json!({ "contract": contract, "missing": true })).await
    }

    /// Looks at the card until it is as expected, with the contract's document on it.
    pub(super) async fn wait_for(
        &self,
        candidate: &str,
        contract: ContractId,
        expected: &CandidateCard,
        patience: Duration,
    ) -> Result<CandidateCard, DemoError> {
        let end = Instant::now() + patience;
        loop {
            let card = self.card(candidate).await?;
            let differences = card.differences(expected, contract);
            if differences.is_empty() {
                return Ok(card);
            }
            if Instant::now() >= end {
                return Err(DemoError::Card(differences));
            }
            sleep(POLL).await;
        }
    }

    async fn get<T: DeserializeOwned>(&self, route: &str) -> Result<T, DemoError> {
        let body = self.send(Method::GET, route, Body::empty()).await?;
        serde_json::from_slice(body.as_bytes())
            .map_err(|_| DemoError::Person(format!("the sandbox's answer to {route} cannot be read")))
    }

    async fn act(&self, route: &str, what: serde_json::Value) -> Result<(), DemoError> {
        self.send(Method::POST, route, Body::from(what.to_string())).await.map(drop)
    }

    async fn send(&self, method: Method, route: &str, body: Body) -> Result<Body, DemoError> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        let url = format!("{}/{route}", self.routes);
        *request.uri_mut() =
            url.parse().map_err(|_| DemoError::Person(format!("{url} is not a valid URL")))?;
        let response = self.transport.execute(request).await?;
        if !response.status().is_success() {
            return Err(DemoError::Person(format!("the sandbox refused {route}: {}", response.status())));
        }
        Ok(response.into_body())
    }
}
