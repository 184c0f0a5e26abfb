//! A look as JSON, as `smartsync history --json` prints it: with the sentences to the codes.

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::{Serialize, Serializer};
use smartsync_core::{
    CandidateId, Reason,
    outcome::{ContractEdit, SideStates},
};

use super::{
    decided::Decided,
    look::{Action, Look, LookedField, NextLook},
};

#[derive(Serialize)]
struct Row<'a> {
    contract: ContractId,
    candidate: Option<&'a CandidateId>,
    at: Timestamp,
    trigger: &'static str,
    failures: Option<u32>,
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<&'a Decided>,
    state: Option<&'a str>,
    plan: Option<&'a str>,
    fields: &'a [LookedField],
    document: Option<End<'a>>,
    drifts: Option<bool>,
    reason: Option<&'a str>,
    error: Option<&'a str>,
    next: &'static str,
    next_at: Option<Timestamp>,
    duration_ms: u64,
    requests: u32,
}

#[derive(Serialize)]
struct End<'a> {
    outcome: &'a str,
    reason: Option<&'a str>,
    sentence: Option<&'static str>,
}

impl<'a> End<'a> {
    fn new(outcome: &'a str, reason: Option<&'a str>) -> Self {
        Self { outcome, reason, sentence: reason.and_then(Reason::from_code).map(Reason::sentence) }
    }
}

impl Serialize for Look {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (occasion, next): (_, NextLook) = (&self.occasion, self.next);
        let document = self.document.as_ref();
        let error = self.error.as_ref();
        Row {
            contract: occasion.contract,
            candidate: self.candidate.as_ref(),
            at: occasion.at,
            trigger: occasion.trigger.as_str(),
            failures: occasion.trigger.failures(),
            action: self.action.map(Action::as_str),
            decided: self.decided.as_ref(),
            state: self.state.as_deref(),
            plan: self.plan.as_deref(),
            fields: &self.fields,
            document: document.map(|(outcome, reason)| End::new(outcome, reason.as_deref())),
            drifts: self.drifts,
            reason: error.map(|(code, _)| code.as_str()),
            error: error.map(|(_, text)| text.as_str()),
            next: next.as_str(),
            next_at: next.at(),
            duration_ms: u64::try_from(occasion.duration.as_millis()).unwrap_or(u64::MAX),
            requests: occasion.requests,
        }
        .serialize(serializer)
    }
}

/// With the keys that a field of a plan has.
impl Serialize for LookedField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Field<'a> {
            oneflow: &'a str,
            teamtailor: &'a str,
            #[serde(flatten)]
            end: End<'a>,
            #[serde(skip_serializing_if = "Option::is_none")]
            member: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            sides: Option<SideStates>,
            #[serde(skip_serializing_if = "Option::is_none")]
            edit: Option<ContractEdit>,
        }
        let end = End::new(&self.outcome, self.reason.as_deref());
        let member = self.member.as_deref();
        let (sides, edit) = (self.sides, self.sides.and_then(SideStates::edit));
        Field { oneflow: &self.data_field, teamtailor: &self.candidate_field, end, member, sides, edit }
            .serialize(serializer)
    }
}
