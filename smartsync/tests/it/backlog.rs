//! A backlog is worked off as fast as Teamtailor's limit allows, and no faster.

use std::{env, time::Duration};

use oneflow_client::ContractId;
use smartsync::{Inbox, Store};
use smartsync_sandbox::{HttpSandbox, LoggedRequest, Origin, Sandbox, SandboxSettings};
use tokio::time::{Instant, sleep};

use crate::support::{Home, Sender, notification, sent_contract};

/// So many contracts wait, unless `SMARTSYNC_BACKLOG` says another number: enough for more than one period of the limit.
const BACKLOG: usize = 25;

/// Teamtailor's limit: so many requests in [`PERIOD`].
const LIMIT: usize = 50;

const PERIOD: Duration = Duration::from_secs(10);

fn requests(sandbox: &Sandbox) -> Vec<LoggedRequest> {
    let mut log = sandbox.request_log();
    log.retain(|request| request.origin == Origin::Teamtailor);
    log
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_uses_the_limit_up_and_is_never_refused() {
    let backlog = env::var("SMARTSYNC_BACKLOG").ok().map_or(BACKLOG, |text| text.parse().unwrap());
    // Oneflow's limit is wider than what Teamtailor's lets through; here it stands in nobody's way.
    let services = HttpSandbox::start(SandboxSettings::new().oneflow_limit(100_000)).await.unwrap();
    let sandbox = services.sandbox();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let contracts: Vec<_> = (0..backlog).map(|number| sent_contract(&services, number)).collect();
    sandbox.advance(Duration::from_secs(600));
    for (_, contract) in &contracts {
        sandbox.fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
    }
    let server = home.serve().await;
    let told = contracts
        .iter()
        .map(|(_, contract)| notification(&format!("callback {contract}"), ContractId::new(*contract)));
    Sender::to(&server.url).post_all(told.collect()).await;

    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    let mut counts: Vec<(Instant, usize)> = Vec::new();
    let give_up = Instant::now() + PERIOD * u32::try_from(backlog / 5 + 6).unwrap();
    while !inbox.waiting().await.unwrap().is_empty() {
        assert!(
            Instant::now() < give_up,
            "not in time: {} contracts wait",
            inbox.waiting().await.unwrap().len()
        );
        counts.push((Instant::now(), requests(sandbox).len()));
        sleep(Duration::from_millis(50)).await;
    }
    let log = requests(sandbox);
    let refused = log.iter().filter(|request| request.status == 429).count();

    // As long as the backlog lasts: whole periods, from the first request on. The last one that has begun is not used up.
    let &(begun, _) = counts.iter().find(|(_, count)| *count > 0).unwrap();
    let (ended, _) = *counts.last().unwrap();
    let periods = u32::try_from((ended - begun).as_secs() / PERIOD.as_secs()).unwrap();
    assert!(periods > 0, "{} requests are too few to see", log.len());
    let used = counts.iter().rev().find(|(at, _)| *at < begun + PERIOD * periods).unwrap().1;
    let allowed = LIMIT * usize::try_from(periods).unwrap();
    eprintln!(
        "{backlog} contracts, {} requests, {refused} refused; {used} of {allowed} in {periods} periods of 10 s: {:.1} %",
        log.len(),
        100.0 * f64::from(u32::try_from(used).unwrap()) / f64::from(u32::try_from(allowed).unwrap()),
    );
    assert_eq!(refused, 0);
    assert!(used * 100 >= allowed * 95, "{used} of {allowed}");
}
