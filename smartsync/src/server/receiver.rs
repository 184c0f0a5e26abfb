//! Receives notifications: verify, note durably, answer. No request is made to either service here.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use oneflow_client::{
    ContractId,
    webhook::{Verifier, WebhookError},
};
use smartsync_transport::CauseChain;

use crate::{
    config::WebhookPath,
    server::{
        connections::ConnectionSlot,
        current::Current,
        meters::{Meters, Refusal},
        readiness::Readiness,
        refusals::Refusals,
    },
    store::{Accepted, Intake, StoreError, lane::MAX_COUNTED},
};

/// Largest notification that is read. Real ones have a few hundred bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// How long the body of a notification may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Takes notifications in, from bytes to noted.
#[derive(Clone)]
pub(crate) struct Receiver {
    verifier: Current<Verifier>,
    intake: Arc<dyn Intake>,
    readiness: Readiness,
    refused: Refusals,
    not_noted: Refusals,
    meters: Arc<Meters>,
}

/// The routes of the server: notifications at `path`, `/healthz`, `/readyz`.
///
/// | answer | when |
/// |---|---|
/// | 200 | the notification is on the disk, or was there before |
/// | 400 | no notification of Oneflow |
/// | 401 | no key of ours signed it |
/// | 408 | the body did not come within 10 s |
/// | 413 | more than 64 KiB |
/// | 429 | a thousand contracts came under its callback id before |
/// | 503 | it could not be noted: Oneflow sends it again |
///
/// `/healthz` answers 200 as long as the process answers at all; `/readyz` 200 where a write into the database has just
/// succeeded, else 503.
pub fn router(path: &WebhookPath, verifier: Verifier, intake: impl Intake + 'static) -> Router {
    routes(path, Current::new(verifier), Arc::new(intake), Arc::default())
}

/// The same with a verifier that may be replaced, and what comes is counted.
pub(crate) fn routes(
    path: &WebhookPath,
    verifier: Current<Verifier>,
    intake: Arc<dyn Intake>,
    meters: Arc<Meters>,
) -> Router {
    let receiver = Receiver::new(verifier, intake, meters);
    Router::new()
        .route(path.as_str(), post(notification))
        .route("/healthz", get(StatusCode::OK))
        .route("/readyz", get(ready))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(receiver)
}

async fn notification(State(receiver): State<Receiver>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let slot = request.extensions().get::<Arc<ConnectionSlot>>().cloned();
    let refuse = |answer: Response, refusal: Refusal, why: &str| {
        receiver.meters.refused(refusal);
        receiver.refused.note(peer, &why);
        answer
    };
    let body = match tokio::time::timeout(BODY_TIMEOUT, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(rejection)) => {
            let answer = rejection.into_response();
            let is_large = answer.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let refusal = if is_large { Refusal::TooLarge } else { Refusal::Incomplete };
            return refuse(answer, refusal, "its body is too large or incomplete");
        }
        Err(_) => {
            let answer = StatusCode::REQUEST_TIMEOUT.into_response();
            return refuse(answer, Refusal::TooSlow, "its body did not arrive in time");
        }
    };
    if let Some(slot) = slot {
        slot.has_all();
    }
    receiver.accept(&body, peer).await.into_response()
}

impl Receiver {
    pub(crate) fn new(verifier: Current<Verifier>, intake: Arc<dyn Intake>, meters: Arc<Meters>) -> Self {
        Self {
            verifier,
            readiness: Readiness::of(Arc::clone(&intake)),
            intake,
            refused: Refusals::new("a notification was refused"),
            not_noted: Refusals::ours("a notification could not be recorded"),
            meters,
        }
    }

    /// Verifies, notes, and says how that is answered. `peer`: who sent it, for the log.
    pub(crate) async fn accept(&self, body: &[u8], peer: Option<SocketAddr>) -> StatusCode {
        let verified = match self.verifier.get().verify(body) {
            Ok(verified) => verified,
            Err(error) => {
                self.refused.note(peer, &error);
                let forged = matches!(error, WebhookError::Signature | WebhookError::Unsigned);
                let (refusal, answer) = if forged {
                    (Refusal::Signature, StatusCode::UNAUTHORIZED)
                } else {
                    (Refusal::NoNotification, StatusCode::BAD_REQUEST)
                };
                self.meters.refused(refusal);
                return answer;
            }
        };
        let contract = verified.contract();
        let accepted = self.intake.accept(verified.callback_id(), contract.into()).await;
        match &accepted {
            Ok(accepted) => self.meters.accepted(*accepted),
            Err(error @ StoreError::TooManyUnderOneId) => {
                self.meters.refused(Refusal::Copies);
                self.refused.note(peer, error);
                return StatusCode::TOO_MANY_REQUESTS;
            }
            Err(_) => self.meters.refused(Refusal::NotRecorded),
        }
        match accepted {
            Ok(Accepted::New) => tracing::info!(%contract, "notification recorded"),
            Ok(Accepted::Duplicate) => tracing::debug!(%contract, "duplicate notification"),
            Ok(Accepted::SameId { contracts, is_last }) => log_same_id(contract, contracts, is_last),
            Err(error) => {
                self.not_noted.note(peer, &format_args!("contract {contract}: {}", CauseChain(&error)));
                return StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        StatusCode::OK
    }
}

/// Says that one callback id names several contracts, up to a number of them: whoever sends altered copies can send many.
fn log_same_id(contract: ContractId, contracts: u32, is_last: bool) {
    if contracts == MAX_COUNTED {
        tracing::debug!(%contract, "recorded a notification with the callback id of many others");
        return;
    }
    tracing::warn!(
        %contract,
        contracts,
        is_last,
        "recorded a notification whose callback id was already used for another contract: one of them is an altered copy; all of them will be looked at"
    );
}

async fn ready(State(receiver): State<Receiver>) -> StatusCode {
    if receiver.readiness.is_ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
