//! Another configuration for a server that runs.

use std::sync::Arc;

use super::{
    current::Current,
    lifecycle::ServeError,
    served_tenant::{Prepared, ServedTenant},
};
use crate::{
    config::{Config, ServerSection, StoreUrl, Tenants},
    engine::alert_receiver::AlertReceiver,
    store::State,
};

/// Takes on another configuration while a server runs: mapping, credentials, keys, limits and alerts. Clones are one.
///
/// A look that has begun ends by the configuration that it has begun with.
#[derive(Clone, Debug)]
pub struct Reload {
    pub(super) state: Arc<dyn State>,
    /// Where that is.
    pub(super) url: StoreUrl,
    pub(super) tenants: Arc<[ServedTenant]>,
    pub(super) alert_receiver: Current<Option<AlertReceiver>>,
    /// As the server was started.
    pub(super) server: ServerSection,
}

impl Reload {
    /// Takes on `config`, whole or not at all, and returns the settings in it that count from the next start on. Like a server that starts, it
    /// asks both services in the background which fields they have, and logs what of the mapping does not fit them.
    ///
    /// Of several tenants, each takes on its own; one that the server was not started with takes a start, and one that is not there any more goes
    /// on as it was until then.
    ///
    /// # Errors
    ///
    /// [`ServeError`] says what is wrong with it. Then everything stays as it was.
    pub async fn apply(&self, config: impl Into<Tenants>) -> Result<Vec<String>, ServeError> {
        let config = config.into();
        let alert_receiver = config.shared().alert_receiver()?;
        let mut ready = Vec::new();
        for config in config.iter() {
            // One that is not served is looked at all the same: a mistake is told now, and not at the next start.
            let served = self.served(config);
            let meters = served.map(|tenant| &tenant.meters);
            let prepared = Prepared::of(config, meters.unwrap_or(&self.tenants[0].meters));
            let over = async { prepared?.over(&self.state).await };
            let over = over.await.map_err(|error| error.of(config.name()))?;
            ready.push((served, over));
        }
        if let Some((_, first)) = ready.first() {
            first.source.note_key().await?;
        }
        // From here on nothing fails.
        self.alert_receiver.set(alert_receiver);
        for (served, ready) in ready {
            if let Some(served) = served {
                served.span().in_scope(|| served.take_on(ready));
            }
        }
        Ok(self.later(&config))
    }

    /// The tenant of the server that this is for.
    fn served(&self, config: &Config) -> Option<&ServedTenant> {
        self.tenants.iter().find(|served| served.is_for(config))
    }

    fn later(&self, config: &Tenants) -> Vec<String> {
        let shared = config.shared();
        let (now, then) = (&self.server, &shared.server);
        let differs = [
            ("store.url", shared.store.url != self.url),
            ("server.listen", then.listen != now.listen),
            ("server.concurrency", then.concurrency != now.concurrency),
            ("server.sweep", then.sweep != now.sweep),
            ("server.metrics", then.metrics != now.metrics),
            ("server.journal", then.journal != now.journal),
        ];
        let mut later: Vec<_> = differs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(setting, _)| setting.to_owned())
            .collect();
        for config in config.iter() {
            match (self.served(config), config.name()) {
                (Some(served), None) if served.path != config.server.path => {
                    later.push("server.path".to_owned())
                }
                (Some(served), Some(name)) if served.path != config.server.path => {
                    later.push(format!("the path of tenant {name}"));
                }
                (Some(_), _) => {}
                (None, Some(name)) => later.push(format!("the new tenant {name}")),
                (None, None) => later.push("a configuration without tenants".to_owned()),
            }
        }
        let gone = self.tenants.iter().filter(|served| !config.iter().any(|config| served.is_for(config)));
        later.extend(
            gone.filter_map(|served| served.name.as_ref())
                .map(|name| format!("the tenant {name}, which is gone")),
        );
        later
    }
}
