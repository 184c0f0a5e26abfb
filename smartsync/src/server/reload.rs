//! Another configuration for a server that runs.

use std::sync::Arc;

use oneflow_client::webhook::Verifier;
use tokio::sync::mpsc;

use super::{
    alerts::Alerts, current::Current, lifecycle::ServeError, meters::Meters, startup_check::StartupCheck,
    sweep::Listing,
};
use crate::{
    config::{Config, ServerSection, StoreUrl},
    engine::{alert_receiver::AlertReceiver, engine_source::EngineSource},
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
    pub(super) verifier: Current<Verifier>,
    pub(super) source: Current<EngineSource>,
    pub(super) listing: Current<Listing>,
    pub(super) alert_receiver: Current<Option<AlertReceiver>>,
    pub(super) meters: Arc<Meters>,
    pub(super) alerts: Alerts,
    pub(super) checks: mpsc::UnboundedSender<StartupCheck>,
    /// As the server was started.
    pub(super) server: ServerSection,
}

impl Reload {
    /// Takes on `config`, whole or not at all, and returns the settings in it that count from the next start on. Like a server that starts, it
    /// asks both services in the background which fields they have, and logs what of the mapping does not fit them.
    ///
    /// # Errors
    ///
    /// [`ServeError`] says what is wrong with it. Then everything stays as it was.
    pub async fn apply(&self, config: &Config) -> Result<Vec<&'static str>, ServeError> {
        let verifier = verifier(config)?;
        let (oneflow, teamtailor) = config.engine_clients(self.meters.requests())?;
        let source = config.source_of(oneflow.clone(), teamtailor.clone(), &self.state).await?;
        let listing = Listing::of(config, self.meters.requests())?;
        let alert_receiver = config.alert_receiver()?;
        let permissions = config.permissions()?;
        source.note_key().await?;
        // From here on nothing fails.
        self.verifier.set(verifier);
        self.source.set(source);
        self.listing.set(listing);
        self.alert_receiver.set(alert_receiver);
        tracing::info!(permissions = %permissions.hash(), "another configuration counts now");
        let check = StartupCheck::new(config.clone(), oneflow, teamtailor, self.alerts.clone());
        // One that has ended checks nothing any more.
        self.checks.send(check).ok();
        Ok(self.later(config))
    }

    fn later(&self, config: &Config) -> Vec<&'static str> {
        let (now, then) = (&self.server, &config.server);
        let differs = [
            ("store.url", config.store.url != self.url),
            ("server.listen", then.listen != now.listen),
            ("server.path", then.path.as_str() != now.path.as_str()),
            ("server.concurrency", then.concurrency != now.concurrency),
            ("server.sweep", then.sweep != now.sweep),
            ("server.metrics", then.metrics != now.metrics),
            ("server.journal", then.journal != now.journal),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(setting, _)| setting).collect()
    }
}

/// What the configured sign keys verify.
pub(super) fn verifier(config: &Config) -> Result<Verifier, ServeError> {
    let keys = config.sign_keys()?;
    if keys.is_empty() {
        return Err(ServeError::NoSignKeys);
    }
    Verifier::new(keys).map_err(ServeError::SignKey)
}
