//! Acting as a person over HTTP: the routes under `/sandbox`.

mod at_candidates;
mod at_contracts;
mod definitions;
mod faults;
mod making;
mod routes;
mod surroundings;

use std::fmt;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use self::routes::{ROUTES, Route};
use crate::{action_error::ActionError, fault::FaultError, route::arguments, sandbox::Sandbox, written_time};

/// The answer of a control route: a status and JSON. `Debug` shows the status only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ControlAnswer {
    /// 200; 400 for a body that the route does not take; 404 for an unknown route and a fault that is not there; 405 for another method; 409 for what a person cannot do.
    pub status: u16,
    /// What was asked for, or `{"error": ".."}`, which says what to do about it.
    pub body: Value,
}

impl ControlAnswer {
    pub(crate) fn error(status: u16, text: &str) -> Self {
        Self { status, body: json!({ "error": text }) }
    }
}

impl fmt::Debug for ControlAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ControlAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What a route is called with.
struct Call<'a> {
    sandbox: &'a Sandbox,
    /// `{id}` of the path.
    id: &'a str,
    body: &'a [u8],
}

impl Call<'_> {
    /// The body, if it is what the route takes.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        // Without serde's message, which may quote a value.
        serde_json::from_slice(self.body).map_err(|error| Failure::Body(error.line(), error.column()))
    }

    /// That something was done, and the ids of what was made.
    fn done<const N: usize>(&self, made: [(&str, Value); N]) -> Value {
        let mut answer: Map<String, Value> =
            made.into_iter().map(|(name, id)| (name.to_owned(), id)).collect();
        answer.insert("now".to_owned(), written_time::oneflow(self.sandbox.now()).into());
        answer.into()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtContract {
    contract: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtCandidate {
    candidate: String,
}

enum Failure {
    /// The body, and where it stops being what the route takes.
    Body(usize, usize),
    Fault(FaultError),
    NoSuchFault,
    Action(ActionError),
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        Self::Action(error)
    }
}

impl From<FaultError> for Failure {
    fn from(error: FaultError) -> Self {
        Self::Fault(error)
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
    let segments: Vec<String> = path.trim_matches('/').split('/').map(str::to_owned).collect();
    let of_path: Vec<(&Route, Vec<String>)> =
        ROUTES.iter().filter_map(|route| Some((route, arguments(route.path, &segments)?))).collect();
    let Some((route, arguments)) = of_path.iter().find(|(route, _)| route.method == method) else {
        let methods: Vec<_> = of_path.iter().map(|(route, _)| route.method).collect();
        return if methods.is_empty() {
            ControlAnswer::error(404, "there is no such route; GET /sandbox lists them")
        } else {
            ControlAnswer::error(405, &format!("this route takes {}", methods.join(" and ")))
        };
    };
    let id = arguments.first().map(String::as_str).unwrap_or_default();
    match (route.answer)(&Call { sandbox, id, body }) {
        Ok(body) => ControlAnswer { status: 200, body },
        Err(failure) => failure.answer(route),
    }
}

impl Failure {
    fn answer(self, route: &Route) -> ControlAnswer {
        match self {
            Self::Body(line, column) => {
                let example = route.body.unwrap_or("nothing");
                let text = format!(
                    "the body is not what this route takes, from line {line}, column {column}; it takes, for example, {example}"
                );
                ControlAnswer::error(400, &text)
            }
            Self::Fault(error) => ControlAnswer::error(400, &error.to_string()),
            Self::NoSuchFault => {
                ControlAnswer::error(404, "there is no fault of this number; GET /sandbox/faults lists them")
            }
            Self::Action(error) => ControlAnswer::error(409, &format!("{error}; {}", remedy(error))),
        }
    }
}

/// What to do about it, for who acts over HTTP.
fn remedy(error: ActionError) -> &'static str {
    match error {
        ActionError::Contract => "GET /sandbox/contracts lists them",
        ActionError::Participant => "GET /sandbox/contracts/{id} shows who takes part and who has signed",
        ActionError::DataField => {
            "GET /sandbox/contracts/{id} shows its data fields, GET /sandbox/templates those of a template type"
        }
        ActionError::State => {
            "GET /sandbox/contracts/{id} shows its state: a draft is published, a pending contract is signed or declined, and both can be filled in"
        }
        ActionError::Template | ActionError::TemplateType => {
            "GET /sandbox/templates lists them with their data fields"
        }
        ActionError::Candidate => "GET /sandbox/candidates lists them",
        ActionError::Field => {
            "GET /sandbox/custom-fields lists the custom fields; the others are email, first-name, last-name, linkedin-url, phone and pitch"
        }
        ActionError::Option => "GET /sandbox/custom-fields lists the options of each",
        ActionError::Taken => {
            "GET /sandbox/custom-fields and GET /sandbox/templates list what there is; take another name"
        }
        ActionError::Value => {
            "an e-mail address belongs to one candidate, an option is given by its label (GET /sandbox/custom-fields), a day as 2031-05-01, and a data field holds 1,024 characters"
        }
    }
}
