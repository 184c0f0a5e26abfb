//! Another configuration for a page that runs without a server.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{
    lifecycle::ServeError,
    page_server::{LiveAccounts, ServedPage},
};
use crate::{
    config::{Config, StoreUrl, Tenants},
    engine::upstream_requests::UpstreamRequests,
    page::Account,
    store::State,
};

/// Takes on another configuration while a page runs without a server: mapping, credentials, keys, limits and its token. Clones are one.
///
/// A decision that has begun ends by the configuration that it has begun with.
#[derive(Clone, Debug)]
pub struct PageReload {
    pub(super) state: Arc<dyn State>,
    /// Where that is.
    pub(super) url: StoreUrl,
    pub(super) page: ServedPage,
    pub(super) accounts: Arc<[ServedAccount]>,
    /// Whose turn it is: two at once would each count in part.
    pub(super) turn: Arc<Mutex<()>>,
}

/// A tenant of the page.
#[derive(Clone, Debug)]
pub(super) struct ServedAccount {
    pub(super) live: LiveAccounts,
    pub(super) requests: UpstreamRequests,
}

impl ServedAccount {
    pub(super) fn on_page(&self) -> Account {
        let Self { live, requests } = self;
        let config = live.config.get();
        let (name, tenant) = (config.name().cloned(), config.tenant().clone());
        Account { name, tenant, live: Arc::new(live.clone()), requests: requests.clone() }
    }

    /// Whether a configuration is for this tenant. One whose rows would be others is none: that takes a start.
    fn is_for(&self, config: &Config) -> bool {
        let own = self.live.config.get();
        own.name() == config.name() && own.tenant() == config.tenant()
    }
}

impl PageReload {
    /// Takes on `config`, whole or not at all and one at a time, and returns the settings in it that count from the next start on.
    ///
    /// # Errors
    ///
    /// [`ServeError`] says what is wrong with it. Then everything stays as it was.
    pub async fn apply(&self, config: impl Into<Tenants>) -> Result<Vec<String>, ServeError> {
        let _turn = self.turn.lock().await;
        let config = config.into();
        let token = config.shared().page_or_default().token()?;
        let mut ready = Vec::new();
        for config in config.iter() {
            let Some(served) = self.accounts.iter().find(|served| served.is_for(config)) else { continue };
            let clients = config.engine_clients(&served.requests);
            let clients = clients.map_err(|error| ServeError::from(error).of(config.name()))?;
            ready.push((served, config, config.source_of(clients, &self.state).await?));
        }
        if let Some((_, _, source)) = ready.first() {
            source.note_key().await?;
        }
        // From here on nothing fails.
        for (served, config, source) in ready {
            served.live.source.set(source);
            served.live.config.set(config.clone());
        }
        self.page.take_on(token.as_ref());
        Ok(self.later(&config))
    }

    fn later(&self, config: &Tenants) -> Vec<String> {
        let shared = config.shared();
        let are_others = config.iter().count() != self.accounts.len()
            || !config.iter().all(|config| self.accounts.iter().any(|served| served.is_for(config)));
        let differs = [("store.url", shared.store.url != self.url), ("which tenants there are", are_others)];
        let differs = differs.into_iter().filter(|(_, differs)| *differs);
        let mut later: Vec<_> = differs.map(|(setting, _)| setting.to_owned()).collect();
        later.extend(self.page.later(&shared.page_or_default()));
        later
    }

    /// Gives back, at the end, what it has of limits that several processes keep.
    pub(super) async fn leave_shared_limits(&self) {
        for served in self.accounts.iter() {
            served.live.source.get().leave_shared_limits().await;
        }
    }
}
