//! The page on a server of its own: beside one that receives notifications, or without any.

use std::{future::Future, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use axum::Router;
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
    let section = shared.page_or_default();
    let access = access(&section)?;
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
    let (listener, address) = listen("page", "listen", section.listen).await?;
    // The last that can fail: a decision on the page is noted under this key.
    if let Some(first) = accounts.first() {
        first.live.source.get().note_key().await?;
    }
    let router = router(&state, accounts.iter().map(ServedAccount::on_page), access, true);
    let (url, accounts) = (shared.store.url.clone(), accounts.into());
    let reload = PageReload { state, url, section, accounts, turn: Arc::new(Mutex::new(())) };
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

/// Who may see the page.
pub(super) fn access(section: &PageSection) -> Result<Access, ServeError> {
    Access::new(section.token()?.as_ref()).map_err(ServeError::Random)
}

pub(super) fn router(
    state: &Arc<dyn State>,
    accounts: impl IntoIterator<Item = Account>,
    access: Access,
    is_alone: bool,
) -> Router {
    page::router(Desk::new(state, accounts, access, Arc::new(SystemClock), is_alone))
}
