//! The server: a receiver of notifications and a worker over one database.

mod alerts;
mod backoff;
mod blame;
mod connections;
mod current;
mod drift_watch;
mod duty;
mod follow_up;
mod http_server;
mod intake_tallies;
mod lasting_task;
mod lifecycle;
mod look_recorder;
mod meters;
mod metrics_page;
mod outages;
mod page_reload;
mod page_server;
mod readiness;
mod receiver;
mod refusals;
mod reload;
mod running_looks;
mod served_tenant;
mod shutdown_grace;
#[cfg(test)]
mod simulation;
mod startup_check;
mod sweep;
mod test_tickets;
mod things_to_do;
mod waiting_receiver;
mod without_candidate;
mod worker;
mod workers;

pub use self::{
    backoff::Backoff,
    lifecycle::{ServeError, Server, bind, run},
    page_reload::PageReload,
    page_server::{PageServer, bind_page},
    receiver::router,
    reload::Reload,
    shutdown_grace::SHUTDOWN_GRACE,
    waiting_receiver::WaitingReceiver,
};
