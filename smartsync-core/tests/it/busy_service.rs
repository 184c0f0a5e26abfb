//! A client that keeps the service's rate limit waits it out between the tries of a write, and tries three times.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use smartsync_core::{DocumentOutcome, Engine, Mapping, Reason, Report};
use smartsync_sandbox::{Fault, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Limiter, RetryPolicy, Sleep, Wait};
use teamtailor_client::TeamtailorClient;

use crate::support::{
    fenced::Fence,
    in_sandbox::clients,
    stage::{keys, summary},
    story::{SandboxClock, Story},
};

/// Waits in the sandbox's own time.
#[derive(Debug)]
struct InSandbox(Arc<Sandbox>);

#[async_trait]
impl Sleep for InSandbox {
    async fn sleep(&self, wait: Wait) {
        self.0.advance(wait.at_most);
    }

    fn now(&self) -> Option<Duration> {
        self.0.now().as_duration().try_into().ok()
    }
}

/// An engine whose client of Teamtailor keeps the limit.
fn patient(story: &Story) -> Engine {
    let (sandbox, mapping) = (&story.sandbox, Mapping::default());
    let fence = Fence::around(&mapping);
    let (oneflow, _) = clients(sandbox, &fence, |wire| wire);
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(fence.fenced(sandbox.teamtailor_transport()))
        .retry(RetryPolicy::none())
        .limiter(Limiter::new(50, Duration::from_secs(10)))
        .sleep(InSandbox(sandbox.clone()))
        .build()
        .unwrap();
    let builder = Engine::builder(oneflow, teamtailor, mapping, story.ledger.clone(), keys());
    builder.clock(SandboxClock(sandbox.clone())).build().unwrap()
}

/// The report of a signed contract with a notice period to write, where Teamtailor has had enough of this operation so many
/// times; and how often it was asked for.
async fn refused(times: u32, operation: &str) -> (Story, Report, usize) {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    story.sandbox.clear_request_log();
    if times > 0 {
        let busy = Fault::limit().of(Origin::Teamtailor).operation(operation).times(times);
        story.sandbox.add_fault(busy).unwrap();
    }
    let engine = patient(&story);
    let report = engine.apply(engine.plan(story.contract.into()).await.unwrap()).await;
    let log = story.sandbox.request_log();
    let asked = log.iter().filter(|request| request.operation == operation).count();
    (story, report, asked)
}

#[tokio::test]
async fn a_field_is_sent_again_when_the_service_is_ready_three_times_at_most() {
    for (times, outcome, requests) in
        [(0, "written", 1), (1, "written", 2), (2, "written", 3), (3, "failed unavailable", 3)]
    {
        let (story, report, asked) = refused(times, "create_custom_field_value").await;
        let line = format!("oneflow-notice {outcome}");
        assert!(summary(&report.outcomes).contains(&line), "{times}: {report:?}");
        assert_eq!((asked, report.is_complete()), (requests, outcome == "written"), "{times}");
        assert_eq!(story.field("oneflow-notice").is_some(), outcome == "written", "{times}");
    }
}

#[tokio::test]
async fn a_document_is_sent_again_when_the_service_is_ready_three_times_at_most() {
    let later = DocumentOutcome::Later(Reason::Unavailable);
    for (times, outcome, requests) in [
        (0, DocumentOutcome::Attached, 1),
        (1, DocumentOutcome::Attached, 2),
        (2, DocumentOutcome::Attached, 3),
        (3, later, 3),
    ] {
        let (story, report, asked) = refused(times, "create_upload").await;
        assert_eq!((report.document, asked), (outcome, requests), "{times}");
        assert_eq!(story.uploads().len(), usize::from(outcome == DocumentOutcome::Attached), "{times}");
    }
}
