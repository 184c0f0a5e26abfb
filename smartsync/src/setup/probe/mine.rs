//! What a run has made itself, and nothing else.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use smartsync_transport::{Request, Response, http::StatusCode};

use super::{
    intent_log::{Entry, IntentLog},
    known::Known,
    of_written::TEXT,
    written::{MadeKind, WRITTEN, Written},
};
use crate::config::FactService;

/// Something that this run has made. Only an answer to a create of the run makes one, a list in which its mark stands, or its own log.
///
/// ```compile_fail
/// use smartsync::setup::{MadeKind, Mine};
///
/// // Private: nobody can say of a candidate that it is the probe's own.
/// let theirs = Mine { kind: MadeKind::Candidate, id: "4711".to_owned() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    kind: MadeKind,
    id: String,
}

impl Mine {
    pub(super) const fn kind(&self) -> MadeKind {
        self.kind
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// What the run knows and has made; written down before it goes on.
#[derive(Debug)]
pub(super) struct Own {
    log: IntentLog,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: Known,
    /// With how often each was sent.
    sent: Vec<(&'static str, u32)>,
    made: Vec<Mine>,
    gone: Vec<Mine>,
    /// Asked for without an answer that says what became of it.
    open: Vec<MadeKind>,
}

impl Own {
    pub(super) fn new(log: IntentLog, mark: &str) -> Self {
        let mut state = State::default();
        state.known.insert("mark", mark);
        Self { log, state: Mutex::new(state) }
    }

    /// That of a run that was interrupted.
    pub(super) fn of_log(log: IntentLog, entries: Vec<Entry>) -> Self {
        let mut state = State::default();
        for entry in entries {
            state.follow(entry);
        }
        Self { log, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, entry: Entry) -> io::Result<()> {
        self.log.note(&entry)?;
        self.state().follow(entry);
        Ok(())
    }

    /// Has requests name what a read has shown: never what only a run can make.
    pub(super) fn teach(&self, name: &'static str, value: &str) -> bool {
        let is_own = MadeKind::ALL.iter().any(|kind| kind.as_str() == name)
            || WRITTEN.iter().any(|written| written.teaches == Some(name));
        !is_own && self.state().known.insert(name, value)
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.state().known.get(name).is_some()
    }

    pub(super) fn left(&self) -> Vec<Mine> {
        let state = self.state();
        state.made.iter().filter(|mine| !state.gone.contains(mine)).cloned().collect()
    }

    /// Whether something may have been made without an answer.
    pub(super) fn is_open(&self, kind: MadeKind) -> bool {
        self.state().open.contains(&kind)
    }

    /// What of this kind the run has made last.
    pub(super) fn last(&self, kind: MadeKind) -> Option<Mine> {
        self.left().into_iter().rev().find(|mine| mine.kind == kind)
    }

    pub(super) fn gone(&self, mine: &Mine) -> io::Result<()> {
        self.note(Entry::Gone { kind: mine.kind, id: mine.id.clone() })
    }

    pub(super) fn never_made(&self, kind: MadeKind) -> io::Result<()> {
        self.note(Entry::NeverMade { kind })
    }

    /// Nothing is left: the log goes.
    pub(super) fn end(&self) -> io::Result<()> {
        self.log.end()
    }

    /// Path and body of a request. `None`: something that it names is not known, or was not made by this run.
    pub(super) fn filled(&self, written: &Written, mine: Option<&Mine>) -> Option<(String, Option<String>)> {
        self.state().filled(written, mine)
    }

    /// The request of the list that this is, which counts as sent from now on. What it makes is noted first.
    pub(super) fn lets_through(
        &self,
        service: FactService,
        target: &str,
        request: &Request,
    ) -> io::Result<Option<&'static Written>> {
        let body = request.body().as_bytes();
        let fits = |written: &Written, state: &State| {
            let mut own: Vec<Option<&Mine>> = state.made.iter().map(Some).collect();
            own.push(None);
            own.into_iter().any(|mine| {
                state
                    .filled(written, mine)
                    .is_some_and(|(path, text)| path == target && text.unwrap_or_default().as_bytes() == body)
            })
        };
        let found = {
            let mut state = self.state();
            let found = WRITTEN.iter().find(|written| {
                written.service == service
                    && written.verb.method() == *request.method()
                    && state.times(written.name) < written.times
                    && fits(written, &state)
            });
            if let Some(written) = found {
                let times = state.times(written.name) + 1;
                state.sent.retain(|(name, _)| *name != written.name);
                state.sent.push((written.name, times));
            }
            found
        };
        if let Some(kind) = found.and_then(|written| written.makes) {
            self.note(Entry::Intended { kind })?;
        }
        Ok(found)
    }

    /// What the answer to a request of the list says of what this run has made.
    pub(super) fn learn(&self, written: &Written, response: &Response) -> io::Result<()> {
        let status = response.status();
        let body: Value = serde_json::from_slice(response.body().as_bytes()).unwrap_or_default();
        if let Some(kind) = written.makes {
            match id_of(kind.service(), &body).filter(|_| status.is_success()) {
                Some(id) => self.note(Entry::Made { kind, id })?,
                None if is_refused(status) => self.note(Entry::Refused { kind })?,
                None => {}
            }
        }
        if let (Some(name), true) = (written.teaches, status.is_success())
            && let Some(id) = id_of(written.service, &body)
        {
            self.state().known.insert(name, &id);
        }
        // A value that the run has written goes with its candidate. The answer to the write may not show its id.
        if written.name == "card" {
            self.learn_text_value(&body);
        }
        if let Some(kind) = written.finds {
            let mark = self.state().known.get("mark").map(str::to_owned).unwrap_or_default();
            for item in body["data"].as_array().into_iter().flatten() {
                let place = match kind {
                    MadeKind::Candidate => "/attributes/email",
                    MadeKind::Contract => "/_private/name",
                };
                let name = item.pointer(place).and_then(Value::as_str).unwrap_or_default();
                let is_ours = !mark.is_empty() && name.to_ascii_lowercase().contains(&mark);
                if let Some(id) = item_id(item).filter(|_| is_ours)
                    && !self.state().made.iter().any(|mine| mine.kind == kind && mine.id == id)
                {
                    self.note(Entry::Made { kind, id })?;
                }
            }
        }
        Ok(())
    }
}

impl Own {
    fn learn_text_value(&self, card: &Value) {
        let mut state = self.state();
        let field = state.known.get(TEXT).map(str::to_owned);
        let of_field = |one: &&Value| {
            one["type"] == "custom-field-values"
                && one.pointer("/relationships/custom-field/data/id").and_then(Value::as_str)
                    == field.as_deref()
        };
        let value = card["included"].as_array().into_iter().flatten().find(of_field).and_then(item_id);
        if let Some(id) = value {
            state.known.insert("text-value", &id);
        }
    }
}

/// Whether a status says for certain that nothing was made. One that a proxy may have given after the effect does not.
fn is_refused(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT
}

fn id_of(service: FactService, body: &Value) -> Option<String> {
    match service {
        FactService::Teamtailor => item_id(&body["data"]),
        FactService::Oneflow => item_id(body),
    }
}

/// Digits, as text or as a number.
fn item_id(item: &Value) -> Option<String> {
    let id =
        item["id"].as_str().map(str::to_owned).or_else(|| item["id"].as_u64().map(|id| id.to_string()))?;
    super::asked::is_id(&id).then_some(id)
}

impl State {
    fn follow(&mut self, entry: Entry) {
        match entry {
            Entry::Begun { mark } => {
                self.known.insert("mark", &mark);
            }
            Entry::Intended { kind } => self.open.push(kind),
            Entry::Refused { kind } => self.settle(kind),
            Entry::Made { kind, id } => {
                self.settle(kind);
                self.made.push(Mine { kind, id });
            }
            Entry::Gone { kind, id } => self.gone.push(Mine { kind, id }),
            Entry::NeverMade { kind } => self.open.retain(|open| *open != kind),
        }
    }

    /// One that was asked for is no longer open.
    fn settle(&mut self, kind: MadeKind) {
        if let Some(place) = self.open.iter().position(|open| *open == kind) {
            self.open.remove(place);
        }
    }

    fn times(&self, name: &str) -> u32 {
        self.sent.iter().find(|(sent, _)| *sent == name).map_or(0, |(_, times)| *times)
    }

    fn filled(&self, written: &Written, mine: Option<&Mine>) -> Option<(String, Option<String>)> {
        let mut known = self.known.clone();
        if let Some(mine) = mine {
            known.insert(mine.kind.as_str(), &mine.id);
        }
        let path = known.fill(written.path)?;
        let body = written.body.map(|body| known.fill(body));
        match body {
            Some(body) => Some((path, Some(body?))),
            None => Some((path, None)),
        }
    }
}
