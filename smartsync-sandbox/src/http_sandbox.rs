//! The sandbox over HTTP on loopback.

mod deliver;
mod listen;
mod ticking;

use std::{io, net::Ipv4Addr, sync::Arc};

use smartsync_transport::Url;
use tokio::{net::TcpListener, task::JoinSet};

use self::ticking::Ticking;
use crate::{
    origins::{Origin, Origins},
    sandbox::Sandbox,
    settings::SandboxSettings,
};

/// Ports and the speed of time. By default, free ports and real time.
#[derive(Clone, Copy, Debug)]
pub struct HttpSettings {
    oneflow_port: u16,
    teamtailor_port: u16,
    storage_port: u16,
    time_scale: f64,
}

impl HttpSettings {
    /// Free ports, and one virtual second per second.
    #[must_use]
    pub fn new() -> Self {
        Self { oneflow_port: 0, teamtailor_port: 0, storage_port: 0, time_scale: 1.0 }
    }

    /// Port of the Oneflow API and of the control routes; 0 for a free one.
    #[must_use]
    pub fn oneflow_port(mut self, port: u16) -> Self {
        self.oneflow_port = port;
        self
    }

    /// Port of the Teamtailor API; 0 for a free one.
    #[must_use]
    pub fn teamtailor_port(mut self, port: u16) -> Self {
        self.teamtailor_port = port;
        self
    }

    /// Port of the file storage; 0 for a free one.
    #[must_use]
    pub fn storage_port(mut self, port: u16) -> Self {
        self.storage_port = port;
        self
    }

    /// Virtual seconds per real second. With 60, all attempts of a notification take two minutes in place of two
    /// hours, and rate limits and download addresses end as much sooner. Anything but a positive number counts as 1.
    #[must_use]
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.time_scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        self
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self::new()
    }
}

/// The sandbox over HTTP on loopback: three listeners, and webhooks that are delivered for real. It ends when it is
/// dropped. It needs a tokio runtime with I/O and time.
#[derive(Debug)]
pub struct HttpSandbox {
    sandbox: Sandbox,
    oneflow_url: Url,
    teamtailor_url: Url,
    storage_url: Url,
    control_url: Url,
    /// Aborts its tasks when it is dropped.
    _tasks: JoinSet<()>,
}

impl HttpSandbox {
    /// Starts on free ports.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened.
    pub async fn start(settings: SandboxSettings) -> io::Result<Self> {
        Self::start_with(settings, HttpSettings::new()).await
    }

    /// Starts on the given ports.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened, for example because another program uses it.
    pub async fn start_with(settings: SandboxSettings, http: HttpSettings) -> io::Result<Self> {
        let oneflow = TcpListener::bind((Ipv4Addr::LOCALHOST, http.oneflow_port)).await?;
        let teamtailor = TcpListener::bind((Ipv4Addr::LOCALHOST, http.teamtailor_port)).await?;
        let storage = TcpListener::bind((Ipv4Addr::LOCALHOST, http.storage_port)).await?;
        let origins = Origins {
            oneflow: format!("http://{}", oneflow.local_addr()?),
            teamtailor: format!("http://{}", teamtailor.local_addr()?),
            storage: format!("http://{}", storage.local_addr()?),
        };
        let url = |origin| origins.base_url(origin).ok_or_else(|| io::Error::other("no URL for a listener"));
        let (oneflow_url, teamtailor_url) = (url(Origin::Oneflow)?, url(Origin::Teamtailor)?);
        let storage_url = url(Origin::Storage)?;
        let control_url = oneflow_url.join("/sandbox").map_err(io::Error::other)?;
        let sandbox = Sandbox::at(settings, origins);
        let ticking = Arc::new(Ticking::new(sandbox.clone(), http.time_scale));
        let mut tasks = JoinSet::new();
        for (listener, origin) in
            [(oneflow, Origin::Oneflow), (teamtailor, Origin::Teamtailor), (storage, Origin::Storage)]
        {
            tasks.spawn(listen::serve(listener, origin, Arc::clone(&ticking)));
        }
        tasks.spawn(deliver::run(ticking));
        Ok(Self { sandbox, oneflow_url, teamtailor_url, storage_url, control_url, _tasks: tasks })
    }

    /// Base URL of the Oneflow API, with `/v1`.
    #[must_use]
    pub fn oneflow_url(&self) -> &Url {
        &self.oneflow_url
    }

    /// Base URL of the Teamtailor API.
    #[must_use]
    pub fn teamtailor_url(&self) -> &Url {
        &self.teamtailor_url
    }

    /// Where download addresses lead.
    #[must_use]
    pub fn storage_url(&self) -> &Url {
        &self.storage_url
    }

    /// Where people act: the control routes begin with it. It has no slash at its end.
    #[must_use]
    pub fn control_url(&self) -> &Url {
        &self.control_url
    }

    /// The state machine behind the listeners, to act as a person.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }
}
