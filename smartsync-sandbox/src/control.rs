//! Acting as a person over HTTP: the routes under `/sandbox`.

use std::{fmt, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{action_error::ActionError, participants::OwnDetails, sandbox::Sandbox, written_time};

/// The answer of a control route: a status and JSON. `Debug` shows the status only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ControlAnswer {
    /// 200; 400 for a body that cannot be read; 404 for an unknown route; 409 for what a person cannot do.
    pub status: u16,
    /// What was asked for, or `{"error": ".."}`.
    pub body: Value,
}

impl fmt::Debug for ControlAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The routes, as `GET /sandbox` lists them.
const ROUTES: &[(&str, &str)] = &[
    ("GET /sandbox/candidates/{id}", "a candidate's card"),
    ("GET /sandbox/contracts/{id}", "a contract"),
    ("GET /sandbox/requests", "requests so far, without headers, queries and bodies"),
    ("GET /sandbox/deliveries", "notifications: pending ones, how many were delivered and given up"),
    ("POST /sandbox/data-field", "a participant fills in a field: contract, custom_id, value"),
    ("POST /sandbox/publish", "a draft is sent: contract"),
    ("POST /sandbox/sign", "a participant signs: contract, participant (optional)"),
    ("POST /sandbox/sign-all", "everybody signs: contract"),
    ("POST /sandbox/decline", "a participant declines: contract, participant (optional)"),
    ("POST /sandbox/delegate", "a participant hands over: contract, participant, name, email"),
    (
        "POST /sandbox/own-details",
        "a participant changes its details: contract, participant, name, email, phone_number",
    ),
    (
        "POST /sandbox/add-participant",
        "a participant brings in another: contract, by, name, email; without `by` the owner does",
    ),
    ("POST /sandbox/put-file", "a file is put onto a card: candidate, name, internal, text"),
    ("POST /sandbox/expire", "the signing period ends: contract"),
    ("POST /sandbox/delete", "the contract is deleted: contract"),
    ("POST /sandbox/candidate-field", "a recruiter edits a default field: candidate, field, value"),
    ("POST /sandbox/custom-field", "a recruiter edits a custom field: candidate, api_name, value"),
    ("POST /sandbox/file-missing", "the contract's PDF is not there: contract, missing"),
    ("POST /sandbox/teamtailor-key", "the Teamtailor key has the scope or not: usable"),
    ("POST /sandbox/time", "time passes: advance_seconds"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFieldEdit {
    contract: i64,
    custom_id: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtContract {
    contract: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByParticipant {
    contract: i64,
    participant: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CandidateEdit {
    candidate: String,
    field: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomFieldEdit {
    candidate: String,
    api_name: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Delegate {
    contract: i64,
    participant: i64,
    name: String,
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DetailsEdit {
    contract: i64,
    participant: i64,
    name: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    contract: i64,
    by: Option<i64>,
    name: String,
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutFile {
    candidate: String,
    name: String,
    internal: bool,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileMissing {
    contract: i64,
    missing: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    usable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

enum Failure {
    Route,
    Body,
    Action(ActionError),
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        Self::Action(error)
    }
}

/// Answers a control route. `path` begins with `/sandbox`; `body` is JSON.
///
/// ```
/// use smartsync_sandbox::{Sandbox, SandboxSettings, control};
///
/// let sandbox = Sandbox::new(SandboxSettings::new());
/// let answer = control(&sandbox, "POST", "/sandbox/time", br#"{"advance_seconds": 60}"#);
/// assert_eq!(answer.status, 200);
/// assert_eq!(control(&sandbox, "POST", "/sandbox/sign", br#"{"contract": 1}"#).status, 409);
/// ```
#[must_use]
pub fn control(sandbox: &Sandbox, method: &str, path: &str, body: &[u8]) -> ControlAnswer {
    let result = match method {
        "GET" => answer_get(sandbox, path),
        "POST" => act(sandbox, path, body).map(|()| json!({ "now": written_time::oneflow(sandbox.now()) })),
        _ => Err(Failure::Route),
    };
    let error = |status, text: &str| ControlAnswer { status, body: json!({ "error": text }) };
    match result {
        Ok(body) => ControlAnswer { status: 200, body },
        Err(Failure::Route) => error(404, "there is no such route; GET /sandbox lists them"),
        Err(Failure::Body) => {
            error(400, "the body is not the JSON object that the route takes; see GET /sandbox")
        }
        Err(Failure::Action(reason)) => error(409, &reason.to_string()),
    }
}

fn answer_get(sandbox: &Sandbox, path: &str) -> Result<Value, Failure> {
    let segments: Vec<&str> = path.trim_matches('/').split('/').skip(1).collect();
    match segments[..] {
        [] => Ok(ROUTES.iter().map(|(route, what)| json!({ "route": route, "what": what })).collect()),
        ["candidates", id] => {
            let card = sandbox.candidate_card(id).ok_or(ActionError::Candidate)?;
            Ok(json!(card))
        }
        ["contracts", id] => {
            let id = id.parse().map_err(|_| ActionError::Contract)?;
            let card = sandbox.contract_card(id).ok_or(ActionError::Contract)?;
            Ok(json!(card))
        }
        ["requests"] => Ok(json!(sandbox.request_log())),
        ["deliveries"] => Ok(json!({
            "pending": sandbox.pending_notifications(),
            "delivered": sandbox.delivered_notifications(),
            "given_up": sandbox.given_up_notifications(),
        })),
        _ => Err(Failure::Route),
    }
}

fn act(sandbox: &Sandbox, path: &str, body: &[u8]) -> Result<(), Failure> {
    match path.trim_matches('/').strip_prefix("sandbox/").ok_or(Failure::Route)? {
        "data-field" => {
            let DataFieldEdit { contract, custom_id, value } = read(body)?;
            sandbox.fill_data_field(contract, &custom_id, &value)?;
        }
        "publish" => sandbox.publish(read::<AtContract>(body)?.contract)?,
        "sign" => {
            let ByParticipant { contract, participant } = read(body)?;
            sandbox.sign(contract, participant)?;
        }
        "sign-all" => sandbox.sign_all(read::<AtContract>(body)?.contract)?,
        "decline" => {
            let ByParticipant { contract, participant } = read(body)?;
            sandbox.decline(contract, participant)?;
        }
        "delegate" => {
            let Delegate { contract, participant, name, email } = read(body)?;
            sandbox.delegate(contract, participant, &name, &email)?;
        }
        "own-details" => {
            let DetailsEdit { contract, participant, name, email, phone_number } = read(body)?;
            sandbox.change_own_details(contract, participant, OwnDetails { name, email, phone_number })?;
        }
        "add-participant" => match read(body)? {
            NewPerson { contract, by: Some(by), name, email } => {
                sandbox.add_participant(contract, by, &name, &email)?;
            }
            NewPerson { contract, by: None, name, email } => {
                sandbox.add_counterparty(contract, &name, &email)?;
            }
        },
        "put-file" => {
            let PutFile { candidate, name, internal, text } = read(body)?;
            sandbox.put_file(&candidate, &name, internal, text)?;
        }
        "expire" => sandbox.expire(read::<AtContract>(body)?.contract)?,
        "delete" => sandbox.delete_contract(read::<AtContract>(body)?.contract)?,
        "candidate-field" => {
            let CandidateEdit { candidate, field, value } = read(body)?;
            sandbox.edit_candidate(&candidate, &field, value.as_deref())?;
        }
        "custom-field" => {
            let CustomFieldEdit { candidate, api_name, value } = read(body)?;
            sandbox.edit_custom_field(&candidate, &api_name, value.as_deref())?;
        }
        "file-missing" => {
            let FileMissing { contract, missing } = read(body)?;
            sandbox.set_file_missing(contract, missing)?;
        }
        "teamtailor-key" => {
            if read::<Key>(body)?.usable {
                sandbox.give_back_key();
            } else {
                sandbox.take_away_key();
            }
        }
        "time" => sandbox.advance(Duration::from_secs(read::<Advance>(body)?.advance_seconds.into())),
        _ => return Err(Failure::Route),
    }
    Ok(())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|_| Failure::Body)
}
