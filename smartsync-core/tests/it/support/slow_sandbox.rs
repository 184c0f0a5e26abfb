//! The sandbox behind a wire, and a ledger, that take their time, so that callers at the same time come between each other.

use std::sync::Arc;

use smartsync_core::{Engine, EngineBuilder, Mapping};
use smartsync_sandbox::{SandboxSettings, WireFaults};

use crate::support::{
    shaky_ledger::Shaky,
    story::{Story, build_between},
};

/// An engine for the story's services and ledger, in which every request and every step of the ledger takes as long as any other.
pub(crate) fn slow_engine(story: &Story, finish: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Engine {
    let ledger = Arc::new(Shaky::new(story.ledger.clone(), None));
    let slow = WireFaults::none().taking_turns();
    build_between(&story.sandbox, ledger, Mapping::default(), |wire| slow.on(wire), finish)
}

/// A contract that was changed, signed by all and never looked at.
pub(crate) async fn signed() -> Story {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    story.sandbox.clear_request_log();
    story
}

/// How often the contract was read, the value written and the document attached.
pub(crate) fn counts(story: &Story) -> (usize, usize, usize) {
    let log = story.sandbox.request_log();
    let count = |method: &str, path: &str| {
        log.iter().filter(|request| request.method == *method && request.path.ends_with(path)).count()
    };
    let contract = format!("/contracts/{}", story.contract);
    (count("GET", &contract), count("POST", "/custom-field-values"), count("POST", "/uploads"))
}
