//! Receives notifications: verify, note durably, answer. No request is made to either service here.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest as _, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use oneflow_client::{
    ContractId,
    webhook::{Verifier, WebhookError},
};
use smartsync_transport::CauseChain;

use crate::{Accepted, Inbox, StoreError, WebhookPath, intake::MOST_COUNTED};

/// Largest notification that is read. Real ones have a few hundred bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How long the body of a notification may take.
const BODY: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Receiver {
    verifier: Arc<Verifier>,
    inbox: Inbox,
}

/// The routes of the server: notifications at `path`, `/healthz`, `/readyz`.
///
/// | answer | when |
/// |---|---|
/// | 200 | the notification is on the disk, or was there before |
/// | 400 | no notification of Oneflow |
/// | 401 | no key of ours signed it |
/// | 408 | the body did not come within 10 s |
/// | 413 | more than 1 MiB |
/// | 503 | it could not be noted: Oneflow sends it again |
pub fn router(path: &WebhookPath, verifier: Verifier, inbox: Inbox) -> Router {
    Router::new()
        .route(path.as_str(), post(notification))
        .route("/healthz", get(StatusCode::OK))
        .route("/readyz", get(ready))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Receiver { verifier: Arc::new(verifier), inbox })
}

async fn notification(State(receiver): State<Receiver>, request: Request) -> Response {
    let body = match tokio::time::timeout(BODY, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(rejection)) => return rejection.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    receiver.accept(&body).await.into_response()
}

impl Receiver {
    async fn accept(&self, body: &[u8]) -> StatusCode {
        let verified = match self.verifier.verify(body) {
            Ok(verified) => verified,
            Err(error) => {
                tracing::warn!(%error, "a notification was refused");
                let forged = matches!(error, WebhookError::Signature | WebhookError::Unsigned);
                return if forged { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            }
        };
        let contract = verified.contract();
        match self.inbox.accept(verified.callback_id(), contract).await {
            Ok(Accepted::New) => tracing::info!(%contract, "a notification was noted"),
            Ok(Accepted::Duplicate) => tracing::debug!(%contract, "a notification came again"),
            Ok(Accepted::SameId { contracts, is_last }) => tell_of_same_id(contract, contracts, is_last),
            Err(error) => {
                tracing::error!(%contract, error = %CauseChain(&error), "a notification could not be noted");
                return StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        StatusCode::OK
    }
}

/// Says that one callback id names several contracts, up to a number of them: whoever sends altered copies can send many.
fn tell_of_same_id(contract: ContractId, contracts: u32, is_last: bool) {
    if contracts == MOST_COUNTED {
        tracing::debug!(%contract, "a notification with the callback id of many others was noted");
        return;
    }
    tracing::warn!(
        %contract,
        contracts,
        is_last,
        "a notification was noted whose callback id named another contract before: one of them is an altered copy, and all are looked at"
    );
}

async fn ready(State(receiver): State<Receiver>) -> StatusCode {
    match receiver.inbox.is_ready().await {
        // A full queue is work, not a fault.
        Ok(()) | Err(StoreError::Busy) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
