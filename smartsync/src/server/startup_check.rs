//! What of the mapping does not fit the two services: said once in the log of a server that has started.

use oneflow_client::OneflowClient;
use smartsync_core::{Schemas, diagnostic::Severity};
use smartsync_transport::CauseChain;
use teamtailor_client::TeamtailorClient;
use tokio::{sync::mpsc, task::JoinSet};
use tracing::Instrument as _;

use super::{
    alerts::{Alert, Alerts},
    blame::Errand,
};
use crate::{
    config::{Config, Diagnostics},
    engine::tenant_label::TenantLabel,
};

/// Asks both services which fields they have, and says what of the mapping does not fit them. It says it and no more: a
/// field that does not fit ends as such at each look, and the others go on. Messages and advice hold keys of fields, and names
/// of template types and workspaces: no value of any contract or candidate.
#[derive(Debug)]
pub(crate) struct StartupCheck {
    config: Config,
    oneflow: OneflowClient,
    teamtailor: TeamtailorClient,
    alerts: Alerts,
}

impl StartupCheck {
    /// With the clients of the engine, so that both keep to one rate limit.
    pub(crate) fn new(
        config: Config,
        oneflow: OneflowClient,
        teamtailor: TeamtailorClient,
        alerts: Alerts,
    ) -> Self {
        Self { config, oneflow, teamtailor, alerts }
    }

    /// Runs `first`, and each that comes in its place with another configuration: what is under way for an earlier one is given up then, and all
    /// of it with whoever waits for this.
    pub(crate) async fn run_latest(
        first: Option<Self>,
        mut later: mpsc::UnboundedReceiver<Self>,
        tenant: TenantLabel,
    ) {
        let mut running = JoinSet::new();
        if let Some(first) = first {
            running.spawn(first.run().instrument(tenant.span()));
        }
        while let Some(check) = later.recv().await {
            running.abort_all();
            running.spawn(check.run().instrument(tenant.span()));
        }
    }

    /// Takes as long as the services do.
    async fn run(self) {
        match Schemas::read(&self.oneflow, &self.teamtailor).await {
            Ok(schemas) => log_diagnostics(&self.config.diagnose(&schemas)),
            Err(error) => {
                // Until the first look, nobody else would find out.
                if let Some(refused) = error.request().filter(|error| error.is_unauthorized()) {
                    self.alerts.raise(Alert::credentials(Errand::reading(refused).key()));
                }
                tracing::warn!(
                    error = %CauseChain(&error),
                    "the services' fields cannot be read, so the mapping was not checked against them: run `smartsync check`"
                );
            }
        }
    }
}

fn log_diagnostics(found: &Diagnostics) {
    let (shown, more) = found.first();
    for one in shown {
        let (line, help, message) = (found.line(one), &one.help, &one.message);
        match one.severity {
            Severity::Error => {
                tracing::error!(code = %one.code, place = %one.path, line, help, "{message}");
            }
            Severity::Warning => {
                tracing::warn!(code = %one.code, place = %one.path, line, help, "{message}");
            }
            Severity::Note => {}
        }
    }
    if let Some(more) = more {
        tracing::warn!("{more}");
    }
    match (found.count(Severity::Error), found.count(Severity::Warning)) {
        (0, 0) => tracing::info!("the mapping matches both services"),
        (0, warnings) => {
            tracing::warn!(
                warnings,
                "the mapping matches both services, with warnings: run `smartsync check`"
            );
        }
        (errors, warnings) => tracing::error!(
            errors,
            warnings,
            "the mapping does not match both services, so not everything is synced: run `smartsync check`"
        ),
    }
}
