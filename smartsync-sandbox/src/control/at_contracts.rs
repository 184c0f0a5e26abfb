//! What people see of contracts, and do at them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{AtContract, Call, Failure};
use crate::{action_error::ActionError, participants::OwnDetails};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFieldEdit {
    contract: i64,
    custom_id: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByParticipant {
    contract: i64,
    participant: Option<i64>,
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
struct FileMissing {
    contract: i64,
    missing: bool,
}

pub(super) fn list(call: &Call<'_>) -> Result<Value, Failure> {
    let ids = call.sandbox.contracts();
    let cards: Vec<_> = ids.into_iter().filter_map(|id| call.sandbox.contract_card(id)).collect();
    Ok(json!(cards))
}

pub(super) fn card(call: &Call<'_>) -> Result<Value, Failure> {
    let id = call.id.parse().map_err(|_| ActionError::Contract)?;
    let card = call.sandbox.contract_card(id).ok_or(ActionError::Contract)?;
    Ok(json!(card))
}

pub(super) fn data_field(call: &Call<'_>) -> Result<Value, Failure> {
    let DataFieldEdit { contract, custom_id, value } = call.read()?;
    call.sandbox.fill_data_field(contract, &custom_id, &value)?;
    Ok(call.done([]))
}

pub(super) fn publish(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.publish(call.read::<AtContract>()?.contract)?;
    Ok(call.done([]))
}

pub(super) fn sign(call: &Call<'_>) -> Result<Value, Failure> {
    let ByParticipant { contract, participant } = call.read()?;
    call.sandbox.sign(contract, participant)?;
    Ok(call.done([]))
}

pub(super) fn sign_all(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.sign_all(call.read::<AtContract>()?.contract)?;
    Ok(call.done([]))
}

pub(super) fn decline(call: &Call<'_>) -> Result<Value, Failure> {
    let ByParticipant { contract, participant } = call.read()?;
    call.sandbox.decline(contract, participant)?;
    Ok(call.done([]))
}

pub(super) fn delegate(call: &Call<'_>) -> Result<Value, Failure> {
    let Delegate { contract, participant, name, email } = call.read()?;
    let signer = call.sandbox.delegate(contract, participant, &name, &email)?;
    Ok(call.done([("participant", signer.into())]))
}

pub(super) fn own_details(call: &Call<'_>) -> Result<Value, Failure> {
    let DetailsEdit { contract, participant, name, email, phone_number } = call.read()?;
    call.sandbox.change_own_details(contract, participant, OwnDetails { name, email, phone_number })?;
    Ok(call.done([]))
}

pub(super) fn add_participant(call: &Call<'_>) -> Result<Value, Failure> {
    let NewPerson { contract, by, name, email } = call.read()?;
    let added = match by {
        Some(by) => call.sandbox.add_participant(contract, by, &name, &email)?,
        None => call.sandbox.add_counterparty(contract, &name, &email)?,
    };
    Ok(call.done([("participant", added.into())]))
}

pub(super) fn expire(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.expire(call.read::<AtContract>()?.contract)?;
    Ok(call.done([]))
}

pub(super) fn delete(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.delete_contract(call.read::<AtContract>()?.contract)?;
    Ok(call.done([]))
}

pub(super) fn file_missing(call: &Call<'_>) -> Result<Value, Failure> {
    let FileMissing { contract, missing } = call.read()?;
    call.sandbox.set_file_missing(contract, missing)?;
    Ok(call.done([]))
}
