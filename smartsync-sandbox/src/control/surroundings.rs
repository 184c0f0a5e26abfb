//! Time, the key, and what has passed between the program under test and the services.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, Failure};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    usable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uploads {
    number: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u32,
}

pub(super) fn teamtailor_key(call: &Call<'_>) -> Result<Value, Failure> {
    if call.read::<Key>()?.usable {
        call.sandbox.give_back_key();
    } else {
        call.sandbox.take_away_key();
    }
    Ok(call.done([]))
}

pub(super) fn refuse_uploads(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.refuse_uploads(call.read::<Uploads>()?.number);
    Ok(call.done([]))
}

pub(super) fn advance(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.advance(Duration::from_secs(call.read::<Advance>()?.advance_seconds.into()));
    Ok(call.done([]))
}

pub(super) fn requests(call: &Call<'_>) -> Result<Value, Failure> {
    Ok(json!({ "requests": call.sandbox.request_log(), "dropped": call.sandbox.dropped_log_entries() }))
}

pub(super) fn forget_requests(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.clear_request_log();
    Ok(call.done([]))
}

pub(super) fn deliveries(call: &Call<'_>) -> Result<Value, Failure> {
    Ok(json!({
        "pending": call.sandbox.pending_notifications(),
        "delivered": call.sandbox.delivered_notifications(),
        "given_up": call.sandbox.given_up_notifications(),
    }))
}
