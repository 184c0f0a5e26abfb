//! The page on a server of its own: beside one that receives notifications, or without any.

use std::{future::Future, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use axum::Router;
use secrecy::SecretString;
use smartsync_core::{Engine, EngineError, engine::SystemClock};
use tokio::{net::TcpListener, sync::Mutex};

use super::{
    current::Current,
    http_server,
    lifecycle::{ServeError, listen},
    page_reload::{PageReload, ServedAccount},
};
use crate::{
    config::{Config, PageSection, Tenants},
    engine::{
        engine_clients::EngineClients, engine_source::EngineSource, tenant_label::TenantLabel,
        upstream_requests::UpstreamRequests,
    },
    page::{self, Access, Account, Desk, Live},
    store::State,
};

/// The accounts of a tenant, by the configuration that counts now.
#[derive(Clone, Debug)]
pub(super) struct LiveAccounts {
    pub(super) source: Current<EngineSource>,
    pub(super) config: Current<Config>,
}

#[async_trait]
impl Live for LiveAccounts {
    async fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        self.source.get().engine().await
    }

    fn clients(&self) -> EngineClients {
        self.source.get().clients()
    }

    fn config(&self) -> Arc<Config> {
        self.config.get()
    }
}

/// What a page was started with, and who may see it.
#[derive(Clone, Debug)]
pub(super) struct ServedPage {
    /// As the page was started.
    section: PageSection,
    access: Arc<Access>,
}

impl ServedPage {
    pub(super) fn new(section: PageSection) -> Result<Self, ServeError> {
        let access = Access::new(section.token()?.as_ref()).map_err(ServeError::Random)?;
        Ok(Self { section, access: Arc::new(access) })
    }

    pub(super) fn access(&self) -> Arc<Access> {
        Arc::clone(&self.access)
    }

    /// Has the token of another configuration count. Where that has none, the one before stays until the next start: the page may listen where
    /// others reach it.
    pub(super) fn take_on(&self, token: Option<&SecretString>) {
        if token.is_some_and(|token| self.access.take_on(token)) {
            tracing::warn!("the page has another token now: whoever was logged in has to log in again");
        }
    }

    /// The settings of another configuration that count from the next start on.
    pub(super) fn later(&self, section: &PageSection) -> Vec<String> {
        let differs = [
            ("page.listen", section.listen != self.section.listen),
            ("page.token", section.token.is_none() && self.access.asks_for_token()),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(setting, _)| setting.to_owned()).collect()
    }
}

/// A page that listens and has not begun to answer.
#[derive(Debug)]
pub struct PageServer {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    reload: PageReload,
}

/// Opens the database and listens, for a page without a server that receives notifications. Whether one runs does not matter.
///
/// # Errors
///
/// [`ServeError`] says what is missing.
pub async fn bind_page(config: impl Into<Tenants>) -> Result<PageServer, ServeError> {
    let tenants = config.into();
    let shared = tenants.shared();
    let page = ServedPage::new(shared.page_or_default())?;
    let mut clients = Vec::new();
    for config in tenants.iter() {
        let requests = UpstreamRequests::default().of(TenantLabel::of(config.name()));
        let of_tenant = config.engine_clients(&requests);
        let of_tenant = of_tenant.map_err(|error| ServeError::from(error).of(config.name()))?;
        clients.push((config, of_tenant, requests));
    }
    let state = shared.open_state().await?;
    let mut accounts = Vec::new();
    for (config, clients, requests) in clients {
        let source = Current::new(config.source_of(clients, &state).await?);
        let live = LiveAccounts { source, config: Current::new(config.clone()) };
        accounts.push(ServedAccount { live, requests });
    }
    let (listener, address) = listen("page", "listen", page.section.listen).await?;
    // The last that can fail: a decision on the page is noted under this key.
    if let Some(first) = accounts.first() {
        first.live.source.get().note_key().await?;
    }
    let router = router(&state, accounts.iter().map(ServedAccount::on_page), page.access(), true);
    let (url, accounts) = (shared.store.url.clone(), accounts.into());
    let reload = PageReload { state, url, page, accounts, turn: Arc::new(Mutex::new(())) };
    Ok(PageServer { listener, address, router, reload })
}

impl PageServer {
    /// The address it listens on; with the port that was taken if the configured one is 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Has it take on another configuration while it runs.
    #[must_use]
    pub fn reload(&self) -> PageReload {
        self.reload.clone()
    }

    /// Answers until `shutdown` resolves; then ends what has begun.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        http_server::serve(self.listener, self.router, shutdown).await;
        self.reload.leave_shared_limits().await;
    }
}

pub(super) fn router(
    state: &Arc<dyn State>,
    accounts: impl IntoIterator<Item = Account>,
    access: Arc<Access>,
    is_alone: bool,
) -> Router {
    page::router(Desk::new(state, accounts, access, Arc::new(SystemClock), is_alone))
}
