//! The server: receiver and worker over one database. At its start it says what of the mapping does not fit the services.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use oneflow_client::webhook::WebhookError;
use smartsync_core::{EngineError, Report, engine::SystemClock};
use smartsync_transport::TokioSleep;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, watch},
    task::JoinSet,
    time::{self, Instant},
};

use crate::{
    config::{Config, ConfigError},
    engine::OpenError,
    server::{
        alerts::AlertSender,
        backoff::Backoff,
        current::Current,
        drift_watch::DriftWatch,
        http_server,
        lasting_task::keep_running,
        look_recorder::LookRecorder,
        meters::Meters,
        metrics_page::MetricsPage,
        receiver,
        reload::{self, Reload},
        running_looks::RunningLooks,
        startup_check::StartupCheck,
        sweep::{Listing, Sweep},
        worker::Worker,
    },
    store::{Handler, Serving, StoreError, Work, WorkLimits},
};

/// How long a look that has begun may take after the server was asked to stop. One that is cut off is taken up again
/// by the next start. So is one that waits for a rate limit, at once: it has nothing under way.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// How often to see whether a look waits, once the server was asked to stop.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A service did not say for which account the credentials are.
    #[error(transparent)]
    Engine(EngineError),
    /// Without a sign key anybody could send notifications.
    #[error("`oneflow.sign_keys` is empty, so forged notifications could not be recognised")]
    NoSignKeys,
    /// A sign key cannot be used.
    #[error("`oneflow.sign_keys`")]
    SignKey(#[source] WebhookError),
    /// The address cannot be listened on.
    #[error("`server.{key}`: cannot listen on {address}")]
    Listen {
        /// `listen` or `metrics`.
        key: &'static str,
        /// The configured address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

impl From<OpenError> for ServeError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Config(error) => Self::Config(error),
            OpenError::Store(error) => Self::Store(error),
            OpenError::Engine(error) => Self::Engine(error),
        }
    }
}

/// A server that listens and has not begun to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    work: Arc<dyn Work>,
    worker: Worker,
    limits: WorkLimits,
    startup_check: Option<StartupCheck>,
    checks: mpsc::UnboundedReceiver<StartupCheck>,
    sweep: Option<Sweep>,
    reload: Reload,
    alerts: AlertSender,
    drift_watch: DriftWatch,
    metrics: Option<(TcpListener, SocketAddr, MetricsPage)>,
    serving: Serving,
}

/// Runs a server as configured until `shutdown` resolves.
///
/// # Errors
///
/// [`ServeError`] if it does not start. Once started, it returns no error.
pub async fn run(config: &Config, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
    bind(config).await?.run(shutdown).await;
    Ok(())
}

/// Opens the database, takes up what a server that died left behind, and listens.
///
/// # Errors
///
/// [`ServeError`] says what is missing.
pub async fn bind(config: &Config) -> Result<Server, ServeError> {
    let verifier = Current::new(reload::verifier(config)?);
    let alert_receiver = Current::new(config.alert_receiver()?);
    let (alerts, alert_sender) =
        AlertSender::new(alert_receiver.clone(), Arc::new(SystemClock), Arc::new(TokioSleep));
    let meters = Arc::new(Meters::default());
    let (oneflow, teamtailor) = config.engine_clients(meters.requests())?;
    // The first line of all: whatever follows is inside of this.
    tracing::info!(permissions = %config.permissions()?.hash(), "starting");
    let (state, source) = config.open_with(oneflow.clone(), teamtailor.clone()).await?;
    let (source, listing) = (Current::new(source), Current::new(Listing::of(config, meters.requests())?));
    let serving = state.serve().await?;
    let (work, journal) = (state.work(), state.journal(config.tenant()));
    let recorder = LookRecorder::new(Arc::clone(&journal), config.server.journal);
    let (listener, address) = listen("listen", config.server.listen).await?;
    let metrics = match config.server.metrics {
        Some(metrics) => {
            let (listener, address) = listen("metrics", metrics).await?;
            let (meters, journal) = (Arc::clone(&meters), Arc::clone(&journal));
            Some((listener, address, MetricsPage::new(meters, journal, Arc::new(SystemClock))))
        }
        None => None,
    };
    let router = receiver::routes(&config.server.path, verifier.clone(), state.intake(), Arc::clone(&meters));
    let worker = Worker::new(Arc::new(source.clone()), recorder, Arc::clone(&meters)).alerts(alerts.clone());
    let limits = WorkLimits::default().concurrency(config.server.concurrency.get());
    let drift_watch = DriftWatch {
        journal: Arc::clone(&journal),
        alerts: alerts.clone(),
        clock: Arc::new(SystemClock),
        sleep: Arc::new(TokioSleep),
    };
    let sweep = Some(Sweep {
        listing: listing.clone(),
        work: Arc::clone(&work),
        journal,
        interval: config.server.sweep.duration(),
        clock: Arc::new(SystemClock),
        sleep: Arc::new(TokioSleep),
        alerts: alerts.clone(),
    });
    let startup_check = Some(StartupCheck::new(config.clone(), oneflow, teamtailor, alerts.clone()));
    // The last that can fail.
    source.get().note_key().await?;
    let (to_check, checks) = mpsc::unbounded_channel();
    let reload = Reload {
        state,
        url: config.store.url.clone(),
        verifier,
        source,
        listing,
        meters,
        alerts,
        checks: to_check,
        server: config.server.clone(),
        alert_receiver,
    };
    Ok(Server {
        listener,
        address,
        router,
        work,
        worker,
        limits,
        startup_check,
        checks,
        sweep,
        reload,
        alerts: alert_sender,
        drift_watch,
        metrics,
        serving,
    })
}

/// Listens on the address that `[server]` has under this key.
async fn listen(key: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { key, address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl Server {
    /// The address it listens on; with the port that was taken if the configured one is 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that answers `/metrics`, if `[server] metrics` names one; with the port that was taken if the configured one is 0.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address, _)| *address)
    }

    /// Looks again as `backoff` says, instead of the default.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.worker = self.worker.backoff(backoff);
        self
    }

    /// Shows every report to `observer`, for a host that counts or displays them.
    #[must_use]
    pub fn on_report(mut self, observer: impl Fn(&Report) + Send + Sync + 'static) -> Self {
        self.worker = self.worker.observer(Arc::new(observer));
        self
    }

    /// What gives it another configuration while it runs.
    #[must_use]
    pub fn reload(&self) -> Reload {
        self.reload.clone()
    }

    /// Asks nothing at its start, for a story that shows every request in its order.
    #[cfg(feature = "demo")]
    pub(crate) fn without_startup_check(mut self) -> Self {
        (self.startup_check, self.sweep) = (None, None);
        self
    }

    /// Answers notifications and looks at contracts until `shutdown` resolves; then ends what has begun.
    ///
    /// Meanwhile it reads once which fields both services have, and logs what of the mapping does not fit them.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tracing::info!(address = %self.address, "listening");
        let (stop, stopping) = watch::channel(false);
        let receive = http_server::serve(self.listener, self.router, stopped(stopping.clone()));
        let worker = Arc::new(self.worker);
        let handler = Arc::clone(&worker) as Arc<dyn Handler>;
        let work = async {
            tokio::select! {
                () = self.work.run(handler, self.limits, stopping.clone()) => {}
                () = cut_off(stopping.clone(), worker.looks()) => {
                    tracing::warn!("a look was interrupted at shutdown: it will be repeated at the next start");
                }
            }
            worker.log_rest();
        };
        // A task of its own: whatever becomes of it, and however long the services take, the server goes on.
        let mut aside = JoinSet::new();
        aside.spawn(StartupCheck::run_latest(self.startup_check, self.checks));
        let (alerts, drift_watch) = (Arc::new(Mutex::new(self.alerts)), self.drift_watch);
        aside.spawn(keep_running("alerts", move || {
            let alerts = Arc::clone(&alerts);
            async move { alerts.lock().await.run().await }
        }));
        aside.spawn(keep_running("drift", move || drift_watch.clone().run()));
        if let Some(sweep) = self.sweep {
            aside.spawn(keep_running("sweep", move || sweep.clone().run()));
        }
        let metrics = async {
            if let Some((listener, address, page)) = self.metrics {
                tracing::info!(%address, "metrics");
                http_server::serve(listener, page.router(), stopped(stopping.clone())).await;
            }
        };
        let end = async {
            shutdown.await;
            tracing::info!("stopping");
            stop.send_replace(true);
            aside.abort_all();
        };
        tokio::join!(receive, work, metrics, end);
        drop(self.serving);
    }
}

/// Resolves when the looks are not awaited any longer.
async fn cut_off(stopping: watch::Receiver<bool>, looks: RunningLooks) {
    stopped(stopping).await;
    let end = Instant::now() + SHUTDOWN_GRACE;
    while !looks.all_wait() && Instant::now() < end {
        time::sleep(POLL_INTERVAL).await;
    }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    stopping.wait_for(|stop| *stop).await.ok();
}
