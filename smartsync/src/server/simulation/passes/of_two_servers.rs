//! The passes of two servers that share a store: one makes them, and the other goes on when that one is gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;
use smartsync_core::{
    LedgerError,
    engine::{Lease, Leases},
};
use smartsync_sandbox::Sandbox;
use tokio::{sync::mpsc::Receiver, task::JoinHandle, time};

use super::{
    super::{in_simulated_time, time::Wire},
    Rig, Way,
};
use crate::{
    server::{
        alerts::{Alert, Alerts},
        duty::Duty,
        sweep::{Sweep, Unfinished},
    },
    store::{Journal as _, LAST_SWEEP, MemoryLeases},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// One of the servers: its sweep, and the alerts that it raises.
fn server(sweep: Sweep, leases: &MemoryLeases) -> (JoinHandle<()>, Receiver<Alert>) {
    let (alerts, raised) = Alerts::for_test();
    let sweep = Sweep { lease: Duty::sweep(Some(Arc::new(leases.clone()))), alerts, ..sweep };
    (tokio::spawn(sweep.run()), raised)
}

fn pages(sandbox: &Sandbox) -> usize {
    sandbox.request_log().iter().filter(|request| request.operation == "list_contracts").count()
}

/// The way to Oneflow, which takes its time.
fn slow_sweep(rig: &Rig) -> Sweep {
    rig.sweep_over(Wire::new(rig.sandbox.oneflow_transport(), rig.time.clone(), 7, &Arc::default()))
}

/// So many pages do so many servers read in six hours.
async fn pages_of(servers: usize) -> usize {
    let rig = Rig::new(250).all_seen().await;
    let changed = rig.change(10);
    let leases = MemoryLeases::new(rig.time.clone());
    let mut servers: Vec<_> = (0..servers).map(|_| server(slow_sweep(&rig), &leases)).collect();
    time::sleep(HOUR * 6).await;
    for (server, raised) in &mut servers {
        server.abort();
        assert!(raised.try_recv().is_err(), "who has nothing to do has not failed");
    }
    assert_eq!(rig.due(), changed);
    pages(&rig.sandbox)
}

#[test]
fn two_servers_ask_for_the_list_no_more_often_than_one() {
    in_simulated_time(async {
        let of_one = pages_of(1).await;
        assert!((36..=39).contains(&of_one), "three pages each half an hour: {of_one}");
        assert_eq!(pages_of(2).await, of_one);
    });
}

#[test]
fn another_server_goes_on_where_one_has_died_in_a_pass() {
    in_simulated_time(async {
        let rig = Rig::new(1_000).all_seen().await;
        let changed = rig.change(7);
        let leases = MemoryLeases::new(rig.time.clone());
        let (one, _alerts) = server(slow_sweep(&rig), &leases);
        time::sleep(Duration::from_secs(1)).await;
        let (other, mut raised) = server(slow_sweep(&rig), &leases);
        time::sleep(Duration::from_secs(1)).await;
        one.abort();
        let before = pages(&rig.sandbox);
        assert!((2..9).contains(&before), "{before}");
        // The time of the lease, and what passes at most until it is asked for. The sandbox's clock is ahead by a second for each change, and stands still
        // for as long.
        time::sleep(Duration::from_secs(10 * 60)).await;
        assert!(rig.journal.watermark(LAST_SWEEP).await.unwrap().is_some());
        assert_eq!(rig.due(), changed);
        let all = pages(&rig.sandbox);
        assert!((11..=13).contains(&all), "{all} pages, {before} of them before");
        assert!(raised.try_recv().is_err());
        other.abort();
    });
}

/// Leases of which another process takes one after so many renewals.
#[derive(Debug)]
struct Taken(AtomicU16);

#[async_trait]
impl Leases for Taken {
    async fn acquire(&self, name: &str, _: Duration) -> Result<Option<Lease>, LedgerError> {
        Ok((self.0.load(Relaxed) > 0).then(|| Lease::new(name, "1")))
    }

    async fn renew(&self, _: &Lease, _: Duration) -> Result<bool, LedgerError> {
        Ok(self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok())
    }

    async fn release(&self, _: &Lease) -> Result<(), LedgerError> {
        Ok(())
    }
}

/// A process does not notice that it stood still while a page was on its way.
#[test]
fn a_server_that_another_has_taken_over_from_notes_nothing_more_of_its_pass() {
    in_simulated_time(async {
        let rig = Rig::new(500).all_seen().await;
        let changed = rig.change(1);
        let lease = Duty::sweep(Some(Arc::new(Taken(AtomicU16::new(2)))));
        let one = Sweep { lease, ..rig.sweep() };
        let ended = one.pass().await.unwrap_err();
        assert!(matches!(ended, Unfinished::Elsewhere), "{ended:?}");
        assert_eq!((pages(&rig.sandbox), rig.due().len()), (3, 199), "two pages, which share a contract");
        assert!(matches!(one.pass().await, Err(Unfinished::Elsewhere)));
        assert_eq!(pages(&rig.sandbox), 3, "it asks for nothing");
        rig.sweep().pass().await.unwrap();
        assert_eq!(rig.due(), changed);
        assert!(pages(&rig.sandbox) < 9, "it did not begin anew");
    });
}

#[test]
fn a_server_whose_key_is_refused_leaves_the_passes_to_the_other() {
    in_simulated_time(async {
        let rig = Rig::new(50).all_seen().await;
        let changed = rig.change(3);
        let leases = MemoryLeases::new(rig.time.clone());
        let inner = rig.sandbox.oneflow_transport();
        let way = Way { inner, is_closed: Arc::default(), status: Arc::default() };
        let status = Arc::clone(&way.status);
        way.is_closed.store(true, Relaxed);
        status.store(401, Relaxed);
        let (refused, mut of_refused) = server(rig.sweep_over(way), &leases);
        time::sleep(Duration::from_secs(1)).await;
        assert_eq!(of_refused.try_recv(), Ok(Alert::credentials("read-contract")));
        assert!(rig.due().is_empty());

        let (other, mut of_other) = server(rig.sweep(), &leases);
        time::sleep(HOUR * 6).await;
        assert_eq!(rig.due(), changed);
        assert!(rig.journal.watermark(LAST_SWEEP).await.unwrap().is_some());
        assert!(of_other.try_recv().is_err());
        assert!(of_refused.try_recv().is_err(), "nothing is new about its key");
        refused.abort();
        other.abort();
    });
}

/// Leases whose first one has ended, which takes long to find out for whoever asks first.
#[derive(Debug, Default)]
struct Ended {
    was_asked: AtomicBool,
    granted: AtomicU16,
}

#[async_trait]
impl Leases for Ended {
    async fn acquire(&self, name: &str, _: Duration) -> Result<Option<Lease>, LedgerError> {
        Ok(Some(Lease::new(name, self.granted.fetch_add(1, Relaxed).to_string())))
    }

    async fn renew(&self, lease: &Lease, _: Duration) -> Result<bool, LedgerError> {
        if !self.was_asked.swap(true, Relaxed) {
            time::sleep(Duration::from_secs(2)).await;
        }
        Ok(lease.mark != "0")
    }

    async fn release(&self, _: &Lease) -> Result<(), LedgerError> {
        Ok(())
    }
}

#[test]
fn what_is_found_out_late_about_a_lease_says_nothing_of_the_next_one() {
    in_simulated_time(async {
        let leases = Arc::new(Ended::default());
        let lease = Duty::sweep(Some(Arc::clone(&leases) as _));
        assert!(lease.take().await.unwrap());
        let ((), is_taken) = tokio::join!(lease.keep(), lease.take());
        assert!(is_taken.unwrap());
        assert!(lease.is_ours().await.unwrap(), "the one that was taken last");
        assert_eq!(leases.granted.load(Relaxed), 2);
    });
}
