//! Another configuration for a server that runs.

use std::sync::{Arc, Mutex, PoisonError};

use oneflow_client::webhook::Verifier;
use tokio::sync::mpsc;

use super::{
    alerts::Alerts, current::Current, lifecycle::ServeError, meters::Meters, startup_check::StartupCheck,
    sweep::Listing,
};
use crate::{
    config::{Config, ServerSection},
    engine::{alert_receiver::AlertReceiver, engine_source::EngineSource},
    store::Store,
};

/// Takes on another configuration while a server runs: mapping, credentials, keys, limits and alerts. Clones are one.
///
/// A look that has begun ends by the configuration that it has begun with.
#[derive(Clone, Debug)]
pub struct Reload {
    pub(super) store: Store,
    pub(super) verifier: Current<Verifier>,
    pub(super) source: Current<EngineSource>,
    pub(super) listing: Current<Listing>,
    pub(super) alert_receiver: Current<Option<AlertReceiver>>,
    pub(super) meters: Arc<Meters>,
    pub(super) alerts: Alerts,
    pub(super) checks: mpsc::UnboundedSender<StartupCheck>,
    /// As the server was started.
    pub(super) server: ServerSection,
    /// Whose turn it is. What one has noted in the database would otherwise be undone by another before it counts, and each would count in part.
    pub(super) turn: Arc<Mutex<()>>,
}

impl Reload {
    /// Takes on `config`, whole or not at all and one at a time, and returns the settings in it that count from the next start on. Like a server that starts, it
    /// asks both services in the background which fields they have, and logs what of the mapping does not fit them.
    ///
    /// # Errors
    ///
    /// [`ServeError`] says what is wrong with it. Then everything stays as it was.
    pub fn apply(&self, config: &Config) -> Result<Vec<&'static str>, ServeError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let verifier = verifier(config)?;
        let (oneflow, teamtailor) = config.engine_clients(self.meters.requests())?;
        let source = config.source_of(oneflow.clone(), teamtailor.clone(), &self.store)?;
        let listing = Listing::of(config, self.meters.requests())?;
        let alert_receiver = config.alert_receiver()?;
        let permissions = config.permissions()?;
        source.note_key()?;
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
            ("store.url", config.store.url.path() != self.store.path()),
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

#[cfg(test)]
mod tests {
    use std::{fs, thread, time::Duration};

    use super::*;
    use crate::server::bind;

    fn config(folder: &std::path::Path, key: &str) -> Config {
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            format!("{{ file = \"{}\" }}", path.display())
        };
        let text = format!(
            "[oneflow]\nbase_url = \"http://127.0.0.1:9/v1\"\nuser_email = \"a@example.com\"\ntoken = {token}\nsign_keys = [{sign_key}]\n\
             [teamtailor]\nbase_url = \"http://127.0.0.1:9\"\ntoken = {token}\n\
             [store]\nurl = \"sqlite://{database}\"\nkey = {key}\n[server]\nlisten = \"127.0.0.1:0\"\n",
            token = file("token", "a-token-of-a-service"),
            sign_key = file("sign-key", "a sign key of thirty-two letters!"),
            database = folder.join("state.db").display(),
            key = file(key, &key.repeat(4)),
        );
        Config::from_toml(&text).unwrap()
    }

    #[tokio::test]
    async fn one_configuration_is_taken_on_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let server = bind(&config(folder.path(), "0123456789abcdef")).await.unwrap();
        let reload = server.reload();
        let counts = |reload: &Reload| reload.source.get().key_names()[0].clone();
        let (first, turn) = (counts(&reload), reload.turn.lock().unwrap());
        let other = thread::spawn({
            let (reload, config) = (reload.clone(), config(folder.path(), "fedcba9876543210"));
            move || reload.apply(&config).map(drop)
        });
        // Far longer than it takes.
        thread::sleep(Duration::from_millis(500));
        assert!(!other.is_finished() && counts(&reload) == first);
        drop(turn);
        other.join().unwrap().unwrap();
        assert_ne!(counts(&reload), first);
    }
}
