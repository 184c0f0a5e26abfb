//! What people see of candidates, and do at their cards.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{AtCandidate, Call, Failure};
use crate::action_error::ActionError;

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
struct Merge {
    candidate: String,
    into: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PutFile {
    candidate: String,
    name: String,
    internal: bool,
    text: String,
}

pub(super) fn list(call: &Call<'_>) -> Result<Value, Failure> {
    let ids = call.sandbox.candidates();
    let cards: Vec<_> = ids.iter().filter_map(|id| call.sandbox.candidate_card(id)).collect();
    Ok(json!(cards))
}

pub(super) fn card(call: &Call<'_>) -> Result<Value, Failure> {
    let card = call.sandbox.candidate_card(call.id).ok_or(ActionError::Candidate)?;
    Ok(json!(card))
}

pub(super) fn field(call: &Call<'_>) -> Result<Value, Failure> {
    let CandidateEdit { candidate, field, value } = call.read()?;
    call.sandbox.edit_candidate(&candidate, &field, value.as_deref())?;
    Ok(call.done([]))
}

pub(super) fn custom_field(call: &Call<'_>) -> Result<Value, Failure> {
    let CustomFieldEdit { candidate, api_name, value } = call.read()?;
    call.sandbox.edit_custom_field(&candidate, &api_name, value.as_deref())?;
    Ok(call.done([]))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.delete_candidate(&call.read::<AtCandidate>()?.candidate)?;
    Ok(call.done([]))
}

pub(super) fn merge(call: &Call<'_>) -> Result<Value, Failure> {
    let Merge { candidate, into } = call.read()?;
    call.sandbox.merge_candidate(&candidate, &into)?;
    Ok(call.done([]))
}

pub(super) fn put_file(call: &Call<'_>) -> Result<Value, Failure> {
    let PutFile { candidate, name, internal, text } = call.read()?;
    let id = call.sandbox.put_file(&candidate, &name, internal, text)?;
    Ok(call.done([("upload", id.into())]))
}
