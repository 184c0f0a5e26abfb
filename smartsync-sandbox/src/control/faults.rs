//! Lets something go wrong, and clears it.

use serde_json::{Map, Value, json};

use super::{Call, Failure};
use crate::{fault, origins::Origin};

pub(super) fn add(call: &Call<'_>) -> Result<Value, Failure> {
    let id = call.sandbox.add_fault(call.read()?)?;
    Ok(call.done([("fault", id.into())]))
}

pub(super) fn list(call: &Call<'_>) -> Result<Value, Failure> {
    Ok(json!(call.sandbox.faults()))
}

pub(super) fn clear(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.clear_faults();
    Ok(call.done([]))
}

pub(super) fn clear_one(call: &Call<'_>) -> Result<Value, Failure> {
    let is_cleared = call.id.parse().is_ok_and(|id| call.sandbox.clear_fault(id));
    if is_cleared { Ok(call.done([])) } else { Err(Failure::NoSuchFault) }
}

pub(super) fn operations(_: &Call<'_>) -> Result<Value, Failure> {
    let by_service = [Origin::Oneflow, Origin::Teamtailor, Origin::Storage]
        .map(|service| (service.as_str().to_owned(), json!(fault::operations(service))));
    Ok(Map::from_iter(by_service).into())
}
