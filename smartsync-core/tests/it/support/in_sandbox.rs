//! Clients of the sandbox behind a fence, and a request for a contract of its sample candidate.

use std::sync::Arc;

use oneflow_client::OneflowClient;
use smartsync_core::ContractRequest;
use smartsync_sandbox::{Sandbox, SandboxTransport};
use smartsync_transport::{Limiter, RetryPolicy, Transport};
use teamtailor_client::TeamtailorClient;

use crate::support::fenced::Fence;

/// Clients of both services, with something between them and the sandbox.
pub(crate) fn clients<T: Transport + 'static>(
    sandbox: &Sandbox,
    fence: &Arc<Fence>,
    between: impl Fn(SandboxTransport) -> T,
) -> (OneflowClient, TeamtailorClient) {
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(fence.fenced(between(sandbox.oneflow_transport())))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(fence.fenced(between(sandbox.teamtailor_transport())))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    (oneflow, teamtailor)
}

/// A contract of the sample candidate, from the sample template.
pub(crate) fn request(sandbox: &Sandbox, id: &str) -> ContractRequest {
    let seeded = sandbox.seeded();
    ContractRequest::new(
        id.parse().unwrap(),
        seeded.candidate.into(),
        seeded.template.into(),
        seeded.workspace.into(),
    )
}
