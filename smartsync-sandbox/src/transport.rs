//! The sandbox as a transport, in the same process.

use async_trait::async_trait;
use smartsync_transport::{Request, Response, Sleep, Transport, TransportError, Wait};

use crate::{origins::Origin, sandbox::Sandbox, wire::Carried};

impl Sandbox {
    /// A transport to the Oneflow API.
    #[must_use]
    pub fn oneflow_transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone(), Origin::Oneflow)
    }

    /// A transport to the Teamtailor API.
    #[must_use]
    pub fn teamtailor_transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone(), Origin::Teamtailor)
    }

    /// A transport to the file storage.
    #[must_use]
    pub fn storage_transport(&self) -> SandboxTransport {
        SandboxTransport::new(self.clone(), Origin::Storage)
    }

    /// A transport to whichever of the three hosts a request names.
    #[must_use]
    pub fn transport(&self) -> SandboxTransport {
        SandboxTransport { sandbox: self.clone(), origin: None }
    }

    /// A sleep that moves the virtual time: for every client over a transport of this sandbox. Any other sleep waits for real, and
    /// in vain. It lets nobody else go on: for tasks at the same time, there is [`Schedule::sleep`](crate::schedule::Schedule::sleep).
    #[must_use]
    pub fn sleep(&self) -> SandboxSleep {
        SandboxSleep::new(self.clone())
    }
}

/// Carries requests to one host of the sandbox, or to all, in the same process. A request to another host gets no answer, and neither does one
/// that a [fault](crate::Fault) says so of.
#[derive(Clone, Debug)]
pub struct SandboxTransport {
    sandbox: Sandbox,
    /// None: to all.
    origin: Option<Origin>,
}

impl SandboxTransport {
    pub(crate) fn new(sandbox: Sandbox, origin: Origin) -> Self {
        Self { sandbox, origin: Some(origin) }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Transport for SandboxTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let uri = request.uri();
        let hosts = [Origin::Oneflow, Origin::Teamtailor, Origin::Storage];
        let reached = hosts.into_iter().filter(|host| self.origin.is_none_or(|own| own == *host));
        let origin = reached.into_iter().find(|host| self.sandbox.is_at(*host, uri));
        let origin = origin.ok_or_else(|| TransportError::connect("the sandbox has no such host"))?;
        let Carried { answer, latency } = self.sandbox.world().carry(origin, request);
        self.sandbox.advance(latency);
        answer.ok_or_else(|| TransportError::other("the connection was closed without an answer"))
    }
}

/// Waits by moving the sandbox's virtual time: retries and rate limits take no real time. It has no clock, so a client with it
/// leaves the rate limit to the sandbox.
#[derive(Clone, Debug)]
pub struct SandboxSleep {
    sandbox: Sandbox,
}

impl SandboxSleep {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Sleep for SandboxSleep {
    async fn sleep(&self, wait: Wait) {
        // No randomness: always the longest wait of the range.
        self.sandbox.advance(wait.at_most);
    }
}
