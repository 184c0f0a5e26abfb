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
use tracing::Instrument as _;

use crate::{
    config::{ConfigError, ServerSection, Tenants, WebhookPath},
    engine::{OpenError, tenant_label::TenantLabel},
    server::{
        alerts::{AlertSender, Alerts},
        backoff::Backoff,
        current::Current,
        drift_watch::DriftWatch,
        duty::Duty,
        http_server,
        intake_tallies::TallyKeeper,
        lasting_task::keep_running,
        look_recorder::LookRecorder,
        meters::Meters,
        metrics_page::MetricsPage,
        page_server::{self, ServedPage},
        receiver::{self, Receiver},
        reload::Reload,
        running_looks::RunningLooks,
        served_tenant::{Prepared, Ready, ServedTenant},
        shutdown_grace::SHUTDOWN_GRACE,
        startup_check::StartupCheck,
        sweep::Sweep,
        worker::{Observer, Worker},
        workers::Workers,
    },
    store::{Handler, Journal, Serving, State, StoreError, Tenant, Work, WorkLimits},
};

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
    /// What is wrong is with one of several tenants.
    #[error("tenant {name}")]
    OfTenant {
        /// Which one.
        name: Tenant,
        /// What is wrong.
        #[source]
        source: Box<ServeError>,
    },
    /// The address cannot be listened on.
    #[error("`{section}.{key}`: cannot listen on {address}")]
    Listen {
        /// `server` or `page`.
        section: &'static str,
        /// `listen` or `metrics`.
        key: &'static str,
        /// The configured address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random(#[source] getrandom::Error),
}

impl ServeError {
    /// The same, naming the tenant, if it has a name.
    pub(super) fn of(self, tenant: Option<&Tenant>) -> Self {
        match tenant {
            Some(name) => Self::OfTenant { name: name.clone(), source: Box::new(self) },
            None => self,
        }
    }
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
    workers: Workers,
    limits: WorkLimits,
    tasks: Vec<TenantTasks>,
    reload: Reload,
    alerts: AlertSender,
    metrics: Option<(TcpListener, SocketAddr, MetricsPage)>,
    page: Option<(TcpListener, SocketAddr, Router)>,
    serving: Serving,
}

/// What goes on for a tenant beside the looks.
#[derive(Debug)]
struct TenantTasks {
    label: TenantLabel,
    startup_check: Option<StartupCheck>,
    checks: mpsc::UnboundedReceiver<StartupCheck>,
    sweep: Option<Sweep>,
    drift_watch: DriftWatch,
    tally_keeper: TallyKeeper,
}

/// Runs a server as configured, for one tenant or for all of a file, until `shutdown` resolves.
///
/// # Errors
///
/// [`ServeError`] if it does not start. Once started, it returns no error.
pub async fn run(config: impl Into<Tenants>, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
    bind(config).await?.run(shutdown).await;
    Ok(())
}

/// Opens the database, takes up what a server that died left behind, and listens.
///
/// # Errors
///
/// [`ServeError`] says what is missing.
pub async fn bind(config: impl Into<Tenants>) -> Result<Server, ServeError> {
    let tenants = config.into();
    let shared = tenants.shared();
    let alert_receiver = Current::new(shared.alert_receiver()?);
    let served_page = shared.page.clone().map(ServedPage::new).transpose()?;
    let (alerts, alert_sender) =
        AlertSender::new(alert_receiver.clone(), Arc::new(SystemClock), Arc::new(TokioSleep));
    let meters = Meters::empty();
    let mut prepared = Vec::new();
    for config in tenants.iter() {
        let label = TenantLabel::of(config.name());
        let meters = meters.of(label.clone());
        let of_tenant = Prepared::of(config, &meters).map_err(|error| error.of(config.name()))?;
        prepared.push((label, meters, of_tenant));
    }
    // The first lines of all: whatever follows is inside of this.
    for (label, _, prepared) in &prepared {
        label.span().in_scope(|| tracing::info!(permissions = %prepared.permissions, "starting"));
    }
    let state = shared.open_state().await?;
    let mut ready = Vec::new();
    for (label, meters, prepared) in prepared {
        ready.push((label, meters, prepared.over(&state).await?));
    }
    let serving = state.serve().await?;
    let (listener, address) = listen("server", "listen", shared.server.listen).await?;
    let mut parts = Parts::new(&state, &shared.server, &alerts);
    let metrics = match shared.server.metrics {
        Some(metrics) => Some(listen("server", "metrics", metrics).await?),
        None => None,
    };
    let page = match (&shared.page, &served_page) {
        (Some(page), Some(served)) => Some((listen("page", "listen", page.listen).await?, served.access())),
        _ => None,
    };
    // The last that can fail. The keys are those of all tenants.
    if let Some((_, _, first)) = ready.first() {
        first.source.note_key().await?;
    }
    for (label, meters, ready) in ready {
        parts.add(label, meters, ready);
    }
    let Parts { receivers, workers, tasks, journals, served, .. } = parts;
    let page = page.map(|((listener, address), access)| {
        (
            listener,
            address,
            page_server::router(&state, served.iter().map(ServedTenant::on_page), access, false),
        )
    });
    let metrics = metrics.map(|(listener, address)| {
        (listener, address, MetricsPage::new(meters, journals, Arc::new(SystemClock)))
    });
    let reload = Reload {
        state: Arc::clone(&state),
        url: shared.store.url.clone(),
        tenants: served.into(),
        alert_receiver,
        server: shared.server.clone(),
        page: served_page,
        turn: Arc::default(),
    };
    Ok(Server {
        listener,
        address,
        router: receiver::routes(state.intake(), receivers),
        work: state.work(),
        workers,
        limits: WorkLimits::default().concurrency(shared.server.concurrency.get()),
        tasks,
        reload,
        alerts: alert_sender,
        metrics,
        page,
        serving,
    })
}

/// What a server is made of, tenant by tenant.
struct Parts<'a> {
    state: &'a Arc<dyn State>,
    server: &'a ServerSection,
    alerts: &'a Alerts,
    receivers: Vec<(WebhookPath, Receiver)>,
    workers: Workers,
    tasks: Vec<TenantTasks>,
    journals: Vec<(TenantLabel, Arc<dyn Journal>)>,
    served: Vec<ServedTenant>,
}

impl<'a> Parts<'a> {
    fn new(state: &'a Arc<dyn State>, server: &'a ServerSection, alerts: &'a Alerts) -> Self {
        Self {
            state,
            server,
            alerts,
            receivers: Vec::new(),
            workers: Workers::default(),
            tasks: Vec::new(),
            journals: Vec::new(),
            served: Vec::new(),
        }
    }

    fn add(&mut self, label: TenantLabel, meters: Meters, ready: Ready) {
        let alerts = self.alerts.of(label.clone());
        let (served, startup_check, checks) = ServedTenant::new(ready, meters.clone(), alerts.clone());
        let tenant = served.tenant.clone();
        let journal = self.state.journal(&tenant);
        let receiver = Receiver::new(served.verifier.clone(), self.state.intake(), meters.clone())
            .of(tenant.clone(), label.clone());
        self.receivers.push((served.path.clone(), receiver));
        let tally_keeper = TallyKeeper {
            tallies: meters.tallies(),
            overview: self.state.overview(&tenant),
            clock: Arc::new(SystemClock),
        };
        let recorder = LookRecorder::new(Arc::clone(&journal), self.server.journal);
        let worker = Worker::new(Arc::new(served.source.clone()), recorder, meters).alerts(alerts.clone());
        self.workers.add(tenant.clone(), label.clone(), worker);
        let drift_watch = DriftWatch {
            journal: Arc::clone(&journal),
            alerts: alerts.clone(),
            duty: Duty::drift_watch(self.state.leases(&tenant)),
            clock: Arc::new(SystemClock),
            sleep: Arc::new(TokioSleep),
        };
        let sweep = Sweep {
            listing: served.listing.clone(),
            lease: Duty::sweep(self.state.leases(&tenant)),
            tenant,
            work: self.state.work(),
            journal: Arc::clone(&journal),
            interval: self.server.sweep.duration(),
            clock: Arc::new(SystemClock),
            sleep: Arc::new(TokioSleep),
            alerts,
        };
        self.tasks.push(TenantTasks {
            label: label.clone(),
            startup_check: Some(startup_check),
            checks,
            sweep: Some(sweep),
            drift_watch,
            tally_keeper,
        });
        self.journals.push((label, journal));
        self.served.push(served);
    }
}

/// Listens on the address that this section has under this key.
pub(super) async fn listen(
    section: &'static str,
    key: &'static str,
    address: SocketAddr,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { section, key, address, source };
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

    /// The address of the page, if there is a `[page]`; with the port that was taken if the configured one is 0.
    #[must_use]
    pub fn page_address(&self) -> Option<SocketAddr> {
        self.page.as_ref().map(|(_, address, _)| *address)
    }

    /// Looks again as `backoff` says, instead of the default.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.workers = self.workers.backoff(backoff);
        self
    }

    /// Shows every report to `observer`, for a host that counts or displays them.
    #[must_use]
    pub fn on_report(mut self, observer: impl Fn(&Report) + Send + Sync + 'static) -> Self {
        let observer: Observer = Arc::new(observer);
        self.workers = self.workers.observer(&observer);
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
        for tasks in &mut self.tasks {
            (tasks.startup_check, tasks.sweep) = (None, None);
        }
        self
    }

    /// Answers notifications and looks at contracts until `shutdown` resolves; then ends what has begun.
    ///
    /// Meanwhile it reads once which fields both services have, and logs what of the mapping does not fit them.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tracing::info!(address = %self.address, "listening");
        let (stop, stopping) = watch::channel(false);
        let receive = http_server::serve(self.listener, self.router, stopped(stopping.clone()));
        let workers = Arc::new(self.workers);
        let handler = Arc::clone(&workers) as Arc<dyn Handler>;
        let work = async {
            tokio::select! {
                () = self.work.run(handler, self.limits, stopping.clone()) => {}
                () = cut_off(stopping.clone(), workers.looks()) => {
                    tracing::warn!("a look was interrupted at shutdown: it will be repeated at the next start");
                }
            }
            workers.log_rest();
        };
        // Tasks of their own: whatever becomes of them, and however long the services take, the server goes on.
        let mut aside = JoinSet::new();
        let alerts = Arc::new(Mutex::new(self.alerts));
        aside.spawn(keep_running("alerts", move || {
            let alerts = Arc::clone(&alerts);
            async move { alerts.lock().await.run().await }
        }));
        let tally_keepers: Vec<_> = self.tasks.iter().map(|tasks| tasks.tally_keeper.clone()).collect();
        for tasks in self.tasks {
            tasks.spawn(&mut aside);
        }
        let metrics = async {
            if let Some((listener, address, page)) = self.metrics {
                tracing::info!(%address, "metrics");
                http_server::serve(listener, page.router(), stopped(stopping.clone())).await;
            }
        };
        let page = async {
            if let Some((listener, address, router)) = self.page {
                tracing::info!(%address, "page");
                http_server::serve(listener, router, stopped(stopping.clone())).await;
            }
        };
        let end = async {
            shutdown.await;
            tracing::info!("stopping");
            stop.send_replace(true);
            aside.abort_all();
        };
        tokio::join!(receive, work, metrics, page, end);
        let leaving = self.reload.tenants.iter().map(ServedTenant::leave_shared_limits);
        leaving.collect::<JoinSet<()>>().join_all().await;
        for tally_keeper in tally_keepers {
            tally_keeper.add_all().await;
        }
        drop(self.serving);
    }
}

impl TenantTasks {
    fn spawn(self, aside: &mut JoinSet<()>) {
        let Self { label, startup_check, checks, sweep, drift_watch, tally_keeper } = self;
        aside.spawn(StartupCheck::run_latest(startup_check, checks, label.clone()));
        let of_drift = label.clone();
        aside.spawn(keep_running("drift", move || drift_watch.clone().run().instrument(of_drift.span())));
        aside.spawn(keep_running("tallies", move || tally_keeper.clone().run()));
        if let Some(sweep) = sweep {
            aside.spawn(keep_running("sweep", move || sweep.clone().run().instrument(label.span())));
        }
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
