//! Clients that send each request once, at once.

use oneflow_client::OneflowClient;
use smartsync_transport::{Limiter, RetryPolicy, Transport};
use teamtailor_client::TeamtailorClient;

/// Clients of both services over these transports.
pub(crate) fn plain_clients(
    oneflow: impl Transport + 'static,
    teamtailor: impl Transport + 'static,
) -> (OneflowClient, TeamtailorClient) {
    let oneflow = OneflowClient::builder()
        .api_token("a-token")
        .transport(oneflow)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    let teamtailor = TeamtailorClient::builder()
        .api_key("a-key")
        .transport(teamtailor)
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()
        .unwrap();
    (oneflow, teamtailor)
}
