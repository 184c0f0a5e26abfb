//! Another configuration for a server that runs.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{
    current::Current,
    lifecycle::ServeError,
    page_server::ServedPage,
    served_tenant::{Prepared, ServedTenant},
};
use crate::{
    config::{Config, PageSection, ServerSection, StoreUrl, Tenants},
    engine::alert_receiver::AlertReceiver,
    store::State,
};

/// Takes on another configuration while a server runs: mapping, credentials, keys, limits, alerts and the token of the page. Clones are one.
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
    pub(super) page: Option<ServedPage>,
    /// Whose turn it is. What one has noted in the database would otherwise be undone by another before it counts, and each would count in part.
    pub(super) turn: Arc<Mutex<()>>,
}

impl Reload {
    /// Takes on `config`, whole or not at all and one at a time, and returns the settings in it that count from the next start on. Like a server that starts, it
    /// asks both services in the background which fields they have, and logs what of the mapping does not fit them.
    ///
    /// Of several tenants, each takes on its own; one that the server was not started with takes a start, and one that is not there any more goes
    /// on as it was until then.
    ///
    /// # Errors
    ///
    /// [`ServeError`] says what is wrong with it. Then everything stays as it was.
    pub async fn apply(&self, config: impl Into<Tenants>) -> Result<Vec<String>, ServeError> {
        let _turn = self.turn.lock().await;
        let config = config.into();
        let alert_receiver = config.shared().alert_receiver()?;
        let page = config.shared().page.as_ref();
        let token = page.map(PageSection::token).transpose()?.flatten();
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
        if let Some(page) = &self.page {
            page.take_on(token.as_ref());
        }
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
            ("page", shared.page.is_some() != self.page.is_some()),
        ];
        let mut later: Vec<_> = differs
            .into_iter()
            .filter(|(_, differs)| *differs)
            .map(|(setting, _)| setting.to_owned())
            .collect();
        if let (Some(page), Some(section)) = (&self.page, &shared.page) {
            later.extend(page.later(section));
        }
        for config in config.iter() {
            match (self.served(config), config.name()) {
                (Some(served), None) if served.path != config.server.path => {
                    later.push("server.path".to_owned());
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

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use tokio::time::sleep;

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
        let counts = |reload: &Reload| reload.tenants[0].source.get().key_names()[0].clone();
        let (first, turn) = (counts(&reload), reload.turn.lock().await);
        let other = tokio::spawn({
            let (reload, config) = (reload.clone(), config(folder.path(), "fedcba9876543210"));
            async move { reload.apply(&config).await.map(drop) }
        });
        // Far longer than it takes.
        sleep(Duration::from_millis(500)).await;
        assert!(!other.is_finished() && counts(&reload) == first);
        drop(turn);
        other.await.unwrap().unwrap();
        assert_ne!(counts(&reload), first);
    }
}
