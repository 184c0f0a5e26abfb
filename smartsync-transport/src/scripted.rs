//! A transport for tests: answers from a script, no socket.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use http::{Method, StatusCode};

use crate::{
    asked::{Asked, complaint},
    body::Body,
    transport::{Request, Response, Transport, TransportError},
};

/// Gives the answers of a script and keeps the requests.
///
/// Each answer is given once. One behind [`on`](Self::on) is for the requests that `on` names; one before the first `on` is for any
/// request. Among those that fit a request, one that names it goes first, then the order of the script decides.
///
/// ```
/// use smartsync_transport::{Method, test_util::ScriptedTransport};
///
/// let script = ScriptedTransport::new()
///     .on(Method::GET, "/v1/contracts/9001")
///     .json(200, r#"{"id":9001,"state":"pending"}"#) // at the first look
///     .json(200, r#"{"id":9001,"state":"signed"}"#) // at the second
///     .on(Method::GET, "/v1/candidates?filter[email]=ann@example.com")
///     .json(200, r#"{"data":[]}"#);
/// // .. the code under test ..
/// assert!(script.requests().is_empty());
/// // script.assert_all_used();
/// ```
///
/// A request that no answer is left for gets none ([`TransportError::other`]); the error names it.
#[derive(Debug, Default)]
pub struct ScriptedTransport {
    script: Mutex<Script>,
}

#[derive(Default)]
struct Script {
    answers: Vec<Scripted>,
    /// What the next answers are for.
    on: Option<On>,
    requests: Vec<Request>,
    unanswered: Vec<String>,
}

#[derive(Clone)]
struct On {
    asked: Asked,
    /// As the test wrote it.
    text: String,
}

struct Scripted {
    on: Option<On>,
    /// `None` once it is given.
    answer: Option<Result<Response, TransportError>>,
}

/// Counts only: a request's URL can hold an e-mail address.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.answers.iter().filter(|scripted| scripted.answer.is_some()).count();
        write!(f, "{} requests, {left} answers left", self.requests.len())
    }
}

impl ScriptedTransport {
    /// An empty script: any request is answered with a [`TransportError`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The answers that follow, up to the next `on`, are for requests with this method and path: `/v1/contracts/9001`. The path
    /// begins with that of the base URL. Of a query, what is written must be in the request's
    /// (`/v1/candidates?filter[email]=ann@example.com`); what else is in there does not matter. Write both without escapes, or as they
    /// travel.
    #[must_use]
    pub fn on(self, method: Method, path_and_query: &str) -> Self {
        let text = format!("{method} {path_and_query}");
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        self.lock().on = Some(On { asked: Asked::new(method, path, Some(query)), text });
        self
    }

    /// Adds an answer with a JSON body.
    ///
    /// # Panics
    ///
    /// If `status` is no HTTP status.
    #[must_use]
    pub fn json(self, status: u16, body: impl Into<String>) -> Self {
        let mut response = Response::new(Body::from(body.into()));
        *response.status_mut() = StatusCode::from_u16(status).expect("an HTTP status is 100 to 999");
        self.answer(Ok(response))
    }

    /// Adds an answer.
    #[must_use]
    pub fn answer(self, answer: Result<Response, TransportError>) -> Self {
        let mut script = self.lock();
        let on = script.on.clone();
        script.answers.push(Scripted { on, answer: Some(answer) });
        drop(script);
        self
    }

    /// The requests so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// Holds the test to its script: each answer was given, and each request had one. The last line of a test; nothing is checked
    /// when the transport is dropped.
    ///
    /// # Panics
    ///
    /// If not: the message names the answers that are left, and the requests without one (the values of their queries left out).
    #[track_caller]
    pub fn assert_all_used(&self) {
        let script = self.lock();
        let left = script.answers.iter().filter(|scripted| scripted.answer.is_some());
        let unused: Vec<String> = left.map(Scripted::name).collect();
        let complaint = complaint("the script was not followed", &unused, &script.unanswered);
        drop(script);
        if let Some(complaint) = complaint {
            panic!("{complaint}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Scripted {
    fn name(&self) -> String {
        self.on.as_ref().map_or_else(|| "any request".to_owned(), |on| on.text.clone())
    }

    fn names(&self, asked: &Asked) -> bool {
        self.on.as_ref().is_some_and(|On { asked: on, .. }| {
            on.method == asked.method
                && on.segments().eq(asked.segments())
                && on.query.iter().all(|pair| asked.query.contains(pair))
        })
    }
}

impl Script {
    fn answer(&mut self, asked: &Asked) -> Result<Response, TransportError> {
        let left = || self.answers.iter().enumerate().filter(|(_, scripted)| scripted.answer.is_some());
        let named = left().find(|(_, scripted)| scripted.names(asked));
        let found = named.or_else(|| left().find(|(_, scripted)| scripted.on.is_none()));
        if let Some(answer) =
            found.map(|(position, _)| position).and_then(|position| self.answers[position].answer.take())
        {
            return answer;
        }
        self.unanswered.push(asked.to_string());
        let others = self.answers.iter().filter_map(|scripted| Some(scripted.on.as_ref()?.asked.to_string()));
        let mut others: Vec<String> = others.collect();
        others.dedup();
        Err(TransportError::other(
            if others.is_empty() || self.answers.iter().any(|scripted| scripted.names(asked)) {
                format!("the script has no answer left for {asked}")
            } else {
                format!("the script has no answer for {asked}, only for {}", others.join(", "))
            },
        ))
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Transport for ScriptedTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let asked = Asked::of(&request);
        let mut script = self.lock();
        script.requests.push(request);
        script.answer(&asked)
    }
}
