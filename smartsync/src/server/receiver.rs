//! Receives notifications: verify, note durably, answer. No request is made to either service here.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Request, State},
    http::{HeaderValue, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use oneflow_client::{
    ContractId,
    webhook::{Verified, Verifier, WebhookError},
};
use smartsync_transport::CauseChain;
use tracing::Instrument as _;

use crate::{
    config::WebhookPath,
    engine::{
        tenant_label::TenantLabel,
        test_notification::{NOTHING, RECEIVED_HEADER, TEST_CONTRACT, TEST_HEADER, is_test, received},
    },
    server::{
        connections::ConnectionSlot,
        current::Current,
        meters::{Meters, Refusal},
        readiness::Readiness,
        refusals::Refusals,
        test_tickets::{TestTickets, UsedTicket},
    },
    store::{Accepted, Intake, Item, StoreError, Subject, Tenant, lane::MAX_COUNTED},
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
    meters: Meters,
    tickets: TestTickets,
    /// Whose the notifications are.
    tenant: Tenant,
    label: TenantLabel,
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
/// succeeded, else 503. A notification of `smartsync webhook test` is verified, answered like `/readyz`, and not noted; the answer says
/// by a header what has arrived. It counts once, within five minutes; after that it is answered like one that no key of ours signed.
pub fn router(path: &WebhookPath, verifier: Verifier, intake: impl Intake + 'static) -> Router {
    let intake: Arc<dyn Intake> = Arc::new(intake);
    let receiver = Receiver::new(Current::new(verifier), Arc::clone(&intake), Meters::default());
    routes(intake, [(path.clone(), receiver)])
}

/// The same with a receiver at each of these paths. Which one a notification came to says whose it is, and nothing in it does.
pub(crate) fn routes(
    intake: Arc<dyn Intake>,
    receivers: impl IntoIterator<Item = (WebhookPath, Receiver)>,
) -> Router {
    let health = Router::new()
        .route("/healthz", get(StatusCode::OK))
        .route("/readyz", get(ready).with_state(Readiness::of(intake)));
    let receivers: Vec<(WebhookPath, Receiver)> =
        receivers.into_iter().map(|(path, receiver)| (path.clone(), receiver.at(&path))).collect();
    let all = receivers.iter().fold(health, |all, (path, receiver)| {
        all.route(path.as_str(), post(notification).with_state(receiver.clone()))
    });
    let receivers: Arc<[Receiver]> = receivers.into_iter().map(|(_, receiver)| receiver).collect();
    all.layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).layer(from_fn_with_state(receivers, answer_test))
}

/// Tells who tests the way in that they have reached us, at whatever path and by whatever method: if they have a key of ours.
async fn answer_test(State(receivers): State<Arc<[Receiver]>>, mut request: Request, next: Next) -> Response {
    let header = request.headers().get(TEST_HEADER).and_then(|header| header.to_str().ok());
    let used = header.and_then(|header| receivers.iter().find_map(|receiver| receiver.used_ticket(header)));
    let is_test = used.is_some();
    if let Some(used) = used {
        request.extensions_mut().insert(used);
    }
    let mut answer = next.run(request).await;
    if is_test && !answer.headers().contains_key(RECEIVED_HEADER) {
        answer.headers_mut().insert(RECEIVED_HEADER, HeaderValue::from_static(NOTHING));
    }
    answer
}

async fn notification(State(receiver): State<Receiver>, request: Request) -> Response {
    let span = receiver.label.span();
    receive(receiver, request).instrument(span).await
}

async fn receive(receiver: Receiver, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    let slot = request.extensions().get::<Arc<ConnectionSlot>>().cloned();
    let used = request.extensions().get::<UsedTicket>().cloned();
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
    let (status, is_test) = receiver.accept(&body, peer, used.as_ref()).await;
    let mut answer = status.into_response();
    if is_test && let Ok(digest) = HeaderValue::try_from(received(&body)) {
        answer.headers_mut().insert(RECEIVED_HEADER, digest);
    }
    answer
}

impl Receiver {
    pub(crate) fn new(verifier: Current<Verifier>, intake: Arc<dyn Intake>, meters: Meters) -> Self {
        Self {
            verifier,
            readiness: Readiness::of(Arc::clone(&intake)),
            intake,
            refused: Refusals::new("a notification was refused"),
            not_noted: Refusals::ours("a notification could not be recorded"),
            meters,
            tickets: TestTickets::default(),
            tenant: Tenant::default(),
            label: TenantLabel::default(),
        }
    }

    /// The same for notifications of a tenant.
    pub(crate) fn of(self, tenant: Tenant, label: TenantLabel) -> Self {
        Self { tenant, label, ..self }
    }

    /// The same at this path.
    fn at(self, path: &WebhookPath) -> Self {
        Self { tickets: self.tickets.at(path), ..self }
    }

    fn used_ticket(&self, header: &str) -> Option<UsedTicket> {
        self.tickets.use_header(&self.verifier.get(), header)
    }

    /// Verifies, notes, and says how that is answered, and whether by a header as well, to a genuine test. `peer`: who sent it, for the log. `used`: the
    /// test that its header was.
    pub(crate) async fn accept(
        &self,
        body: &[u8],
        peer: Option<SocketAddr>,
        used: Option<&UsedTicket>,
    ) -> (StatusCode, bool) {
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
                return (answer, used.is_some());
            }
        };
        // A proxy may have dropped the header.
        let callback_id = verified.callback_id();
        let is_used = used.is_some_and(|used| used.callback_id == callback_id);
        if is_test(callback_id) && !is_used && !self.tickets.use_signed(callback_id) {
            self.meters.refused(Refusal::Signature);
            self.refused.note(
                peer,
                &"it is a test that was made for another path or at another time, or was used before",
            );
            return (StatusCode::UNAUTHORIZED, used.is_some());
        }
        (self.note(&verified, peer).await, is_test(callback_id))
    }

    async fn note(&self, verified: &Verified, peer: Option<SocketAddr>) -> StatusCode {
        let contract = verified.contract();
        if contract == TEST_CONTRACT {
            tracing::info!("a test notification arrived; nothing was recorded");
            return if self.readiness.is_ready().await {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
        }
        let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
        let accepted = self.intake.accept(verified.callback_id(), item).await;
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

async fn ready(State(readiness): State<Readiness>) -> StatusCode {
    if readiness.is_ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
