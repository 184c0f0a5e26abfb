//! What a server has for one of its tenants, and what of it another configuration replaces.

use std::{future::Future, sync::Arc};

use oneflow_client::webhook::Verifier;
use tokio::sync::mpsc;
use tracing::Span;

use super::{
    alerts::Alerts, current::Current, lifecycle::ServeError, meters::Meters, page_server::LiveAccounts,
    startup_check::StartupCheck, sweep::Listing,
};
use crate::{
    config::{Config, WebhookPath},
    engine::{engine_clients::EngineClients, engine_source::EngineSource, tenant_label::TenantLabel},
    page::Account,
    store::{State, Tenant},
};

/// One of the tenants of a server.
#[derive(Clone, Debug)]
pub(super) struct ServedTenant {
    /// Its name for people; `None` of the only one, which has none.
    pub(super) name: Option<Tenant>,
    /// Whose the rows are.
    pub(super) tenant: Tenant,
    /// Where its notifications come in.
    pub(super) path: WebhookPath,
    pub(super) verifier: Current<Verifier>,
    pub(super) config: Current<Config>,
    pub(super) source: Current<EngineSource>,
    pub(super) listing: Current<Listing>,
    pub(super) meters: Meters,
    pub(super) alerts: Alerts,
    pub(super) checks: mpsc::UnboundedSender<StartupCheck>,
}

/// What a configuration makes of a tenant, as far as it can be had without the state.
#[derive(Debug)]
pub(super) struct Prepared {
    config: Config,
    /// The hash of what its engine may ask for.
    pub(super) permissions: String,
    verifier: Verifier,
    clients: EngineClients,
    listing: Listing,
}

/// The same with the engine over the state. Nothing of it can fail any more but to note its key.
#[derive(Debug)]
pub(super) struct Ready {
    prepared: Prepared,
    pub(super) source: EngineSource,
}

impl Prepared {
    pub(super) fn of(config: &Config, meters: &Meters) -> Result<Self, ServeError> {
        let verifier = verifier(config)?;
        let clients = config.engine_clients(meters.requests())?;
        let listing = Listing::of(config, meters.requests())?;
        let permissions = config.permissions()?.hash();
        Ok(Self { config: config.clone(), permissions, verifier, clients, listing })
    }

    pub(super) async fn over(self, state: &Arc<dyn State>) -> Result<Ready, ServeError> {
        let source = self.config.source_of(self.clients.clone(), state).await?;
        Ok(Ready { prepared: self, source })
    }

    fn check(config: Config, clients: EngineClients, alerts: &Alerts) -> StartupCheck {
        StartupCheck::new(config, clients.oneflow, clients.teamtailor, alerts.clone())
    }
}

impl ServedTenant {
    /// With what it does to begin with: a check of its mapping, and who runs those that come later.
    pub(super) fn new(
        ready: Ready,
        meters: Meters,
        alerts: Alerts,
    ) -> (Self, StartupCheck, mpsc::UnboundedReceiver<StartupCheck>) {
        let Ready { prepared, source } = ready;
        let Prepared { config, verifier, clients, listing, .. } = prepared;
        let (checks, to_run) = mpsc::unbounded_channel();
        let tenant = Self {
            name: config.name().cloned(),
            tenant: config.tenant().clone(),
            path: config.server.path.clone(),
            config: Current::new(config.clone()),
            verifier: Current::new(verifier),
            source: Current::new(source),
            listing: Current::new(listing),
            meters,
            alerts: alerts.clone(),
            checks,
        };
        (tenant, Prepared::check(config, clients, &alerts), to_run)
    }

    /// Takes on another configuration. Nothing of this fails.
    pub(super) fn take_on(&self, ready: Ready) {
        let Ready { prepared, source } = ready;
        let Prepared { config, permissions, verifier, clients, listing } = prepared;
        tracing::info!(%permissions, "another configuration counts now");
        self.config.set(config.clone());
        self.verifier.set(verifier);
        self.source.set(source);
        self.listing.set(listing);
        // One that has ended checks nothing any more.
        self.checks.send(Prepared::check(config, clients, &self.alerts)).ok();
    }

    /// The tenant on the page.
    pub(super) fn on_page(&self) -> Account {
        let live = LiveAccounts { source: self.source.clone(), config: self.config.clone() };
        let requests = self.meters.requests().clone();
        Account { name: self.name.clone(), tenant: self.tenant.clone(), live: Arc::new(live), requests }
    }

    /// Gives back, at the end, what it has of limits that several processes keep.
    pub(super) fn leave_shared_limits(&self) -> impl Future<Output = ()> + Send + use<> {
        let source = self.source.get();
        async move { source.leave_shared_limits().await }
    }

    /// Whether a configuration is for this tenant. One whose rows would be others is none: that takes a start.
    pub(super) fn is_for(&self, config: &Config) -> bool {
        self.name.as_ref() == config.name() && self.tenant == *config.tenant()
    }

    /// What is logged within it has the name.
    pub(super) fn span(&self) -> Span {
        TenantLabel::of(self.name.as_ref()).span()
    }
}

/// What the configured sign keys verify.
fn verifier(config: &Config) -> Result<Verifier, ServeError> {
    let keys = config.sign_keys()?;
    if keys.is_empty() {
        return Err(ServeError::NoSignKeys);
    }
    Verifier::new(keys).map_err(ServeError::SignKey)
}
