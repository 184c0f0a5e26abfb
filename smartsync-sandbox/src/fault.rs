//! What goes wrong on the way to a service or back, as data.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{oneflow, origins::Origin, storage, teamtailor};

/// Longest latency, in milliseconds: ten minutes.
const MAX_LATENCY_MS: u64 = 600_000;

/// Something that goes wrong with requests: which ones meet it, and what becomes of them. Without further calls every request to every
/// service meets it, until it is cleared.
///
/// A transport of the sandbox and HTTP meet faults, [`Sandbox::handle`](crate::Sandbox::handle) does not. As JSON it is what the control route
/// `POST /sandbox/faults` takes.
///
/// ```
/// use smartsync_sandbox::{Fault, Origin, Sandbox, SandboxSettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::new(SandboxSettings::new());
/// // The second and the third contract that is read.
/// let down = Fault::status(503, "<html>down</html>").of(Origin::Oneflow).operation("get_contract").skip(1).times(2);
/// let id = sandbox.add_fault(down)?;
/// assert_eq!(sandbox.faults()[0].met, 0);
/// assert!(sandbox.clear_fault(id));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Fault {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default)]
    skip: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    fault: Effect,
}

/// What becomes of a request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Effect {
    /// It has no effect, and this is the answer.
    Status {
        code: u16,
        #[serde(default)]
        body: String,
    },
    /// It has no effect, and is answered as if the limit was used up.
    Limit,
    /// It takes effect, and the answer is held back for so many milliseconds.
    LatencyMs(u64),
    /// It has no effect, and there is no answer.
    LostRequest,
    /// It takes effect, and there is no answer.
    LostAnswer,
}

/// Why a fault would never be met, or cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// The status is not one that ends an exchange.
    #[error("the status of a fault is 200 to 599")]
    Status,
    /// The latency is longer than ten minutes.
    #[error("the latency of a fault is up to 600000 milliseconds")]
    Latency,
    /// The fault is for no request at all.
    #[error("a fault is met once or more; without `times`, until it is cleared")]
    Times,
    /// No service has such an operation, or not the one that the fault is for.
    #[error(
        "the service has no operation of this name; a request log and GET /sandbox/operations show the names"
    )]
    Operation,
}

impl Fault {
    /// The request has no effect, and is answered with this status (200 to 599) and this body.
    pub fn status(code: u16, body: impl Into<String>) -> Self {
        Self::new(Effect::Status { code, body: body.into() })
    }

    /// The request has no effect, and is answered as if the limit of the service was used up: 429, with its body and headers.
    pub fn limit() -> Self {
        Self::new(Effect::Limit)
    }

    /// The request takes effect, and its answer is held back, for up to ten minutes and to the millisecond: in process by moving the sandbox's time,
    /// over HTTP for real.
    pub fn latency(latency: Duration) -> Self {
        Self::new(Effect::LatencyMs(u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The request has no effect, and the connection is closed without an answer.
    pub fn lost_request() -> Self {
        Self::new(Effect::LostRequest)
    }

    /// The request takes effect, and the connection is closed without an answer.
    pub fn lost_answer() -> Self {
        Self::new(Effect::LostAnswer)
    }

    fn new(fault: Effect) -> Self {
        Self { service: None, operation: None, skip: 0, times: None, fault }
    }

    /// Only requests to this service.
    pub fn of(mut self, service: Origin) -> Self {
        self.service = Some(service);
        self
    }

    /// Only requests for this operation, as the [request log](crate::LoggedRequest::operation) calls it: `get_contract`.
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// So many of these requests pass first.
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// So many of these requests meet it; the others pass.
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    pub(crate) fn check(&self) -> Result<(), FaultError> {
        if let Effect::Status { code, .. } = &self.fault
            && !(200..600).contains(code)
        {
            return Err(FaultError::Status);
        }
        if matches!(self.fault, Effect::LatencyMs(latency) if latency > MAX_LATENCY_MS) {
            return Err(FaultError::Latency);
        }
        if self.times == Some(0) {
            return Err(FaultError::Times);
        }
        let has = |service: Origin, name: &str| {
            self.service.is_none_or(|wanted| wanted == service) && operations(service).contains(&name)
        };
        let every = [Origin::Oneflow, Origin::Teamtailor, Origin::Storage];
        match &self.operation {
            Some(name) if !every.into_iter().any(|service| has(service, name)) => Err(FaultError::Operation),
            _ => Ok(()),
        }
    }

    fn is_for(&self, service: Origin, operation: &str) -> bool {
        self.service.is_none_or(|wanted| wanted == service)
            && self.operation.as_ref().is_none_or(|wanted| wanted == operation)
    }
}

/// The names of a service's operations.
pub(crate) fn operations(service: Origin) -> Vec<&'static str> {
    match service {
        Origin::Oneflow => oneflow::operations().collect(),
        Origin::Teamtailor => teamtailor::operations().collect(),
        Origin::Storage => vec![storage::OPERATION],
    }
}

/// Without the body, which may be anything.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("service", &self.service)
            .field("operation", &self.operation)
            .field("skip", &self.skip)
            .field("times", &self.times)
            .field("fault", &self.fault)
            .finish()
    }
}

/// Without the body.
impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { code, .. } => f.debug_tuple("Status").field(code).finish(),
            Self::Limit => f.write_str("Limit"),
            Self::LatencyMs(latency) => f.debug_tuple("LatencyMs").field(latency).finish(),
            Self::LostRequest => f.write_str("LostRequest"),
            Self::LostAnswer => f.write_str("LostAnswer"),
        }
    }
}

/// A fault of a sandbox, and how often it was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedFault {
    /// Its number, for [`Sandbox::clear_fault`](crate::Sandbox::clear_fault).
    pub id: u32,
    /// How many requests have met it.
    pub met: u32,
    /// What it is.
    #[serde(flatten)]
    pub fault: Fault,
    #[serde(skip)]
    skipped: u32,
}

impl PlannedFault {
    pub(crate) fn new(id: u32, fault: Fault) -> Self {
        Self { id, met: 0, fault, skipped: 0 }
    }

    /// What becomes of a request that is the fault's, and counts it.
    pub(crate) fn meet(&mut self, service: Origin, operation: &str) -> Option<Effect> {
        if !self.fault.is_for(service, operation) {
            return None;
        }
        if self.skipped < self.fault.skip {
            self.skipped += 1;
            return None;
        }
        if self.fault.times.is_some_and(|times| self.met >= times) {
            return None;
        }
        self.met = self.met.saturating_add(1);
        Some(self.fault.fault.clone())
    }
}
