//! Two processes over one store, each with its own engine, caches, worker and sweep, of which one stands still at any await, or its connection
//! to the store is gone: its claims lapse, the other takes over, and the first wakes up and wants to write.
//!
//! What is judged beside all else: no look sends a write once another has the lease of its contract, and the store takes no end of it. What was
//! sent before is on its way: it arrives, though nobody may be there for the answer.

use std::{sync::Arc, time::Duration};

use smartsync_core::Clock as _;
use tokio::{task::JoinHandle, time};

use super::{Process, Simulation, all_are_well, fate::Fate};
use crate::store::{MemoryLeases, MemoryWork};

impl Simulation {
    pub(super) fn of_two(seed: u64) -> Self {
        let mut simulation = Self::new(seed);
        simulation.processes.push(None);
        simulation.leases = Some(MemoryLeases::new(simulation.time.clone()));
        simulation.watch.asks_for_leases();
        simulation
    }

    /// Whenever the process stands still, its claims lapse after a while, whether it is awake again by then or not.
    pub(super) fn lapses_while_it_stands_still(&mut self, work: &MemoryWork, fate: &Fate) -> JoinHandle<()> {
        let (work, fate, watch) = (work.clone(), fate.clone(), self.watch.clone());
        let (mut rng, story, now) = (self.rng.fork(), Arc::clone(&self.story), self.time.clone());
        tokio::spawn(async move {
            loop {
                fate.stands_still().await;
                let tell = |what: &str| {
                    let line = format!("{} process {} {what}", now.now(), fate.process());
                    story.lock().unwrap().push(line);
                };
                let still = fate.still_until().map(|until| until - time::Instant::now());
                tell(&format!("stands still for {still:?}"));
                time::sleep(Duration::from_millis(rng.u64(1..10_000))).await;
                tell("has lost what it has claimed");
                work.lose_claims();
                watch.lapses(fate.process());
            }
        })
    }

    /// One of the processes is awake, and has no claims any more.
    pub(super) fn loses_its_connection(&mut self) {
        let living = self.living().count();
        if living == 0 {
            return;
        }
        let which = self.rng.usize(..living);
        let Some(Process { fate, work, .. }) = self.living().nth(which) else { return };
        self.tell(&format!("process {} loses its connection, and what it has claimed", fate.process()));
        work.lose_claims();
        self.watch.lapses(fate.process());
    }
}

#[test]
fn of_two_processes_the_one_that_has_lost_its_claims_writes_nothing_more() {
    all_are_well(Simulation::of_two);
}
