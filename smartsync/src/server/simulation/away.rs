//! Hours without a process.

use std::time::Duration;

use oneflow_client::ContractId;

use super::{NOTICE, Simulation, in_simulated_time};
use crate::store::{Journal as _, Trigger};

/// Oneflow gives up on a notification after 1 h 47 min.
#[test]
fn what_happens_in_three_hours_without_a_process_is_on_the_cards_by_its_first_pass() {
    for seed in 0..20 {
        in_simulated_time(is_on_the_cards(seed));
    }
}

async fn is_on_the_cards(seed: u64) {
    let mut simulation = Simulation::new(seed);
    (simulation.sweeps, simulation.has_faults) = (true, false);
    simulation.pass(Duration::from_secs(600)).await;
    simulation.start_all();
    simulation.pass(Duration::from_secs(120)).await;
    simulation.crash_all().await;
    let before = simulation.journal.all().len();
    assert!(before > 0, "seed {seed}: the first process has looked");

    for contract in simulation.contracts() {
        simulation.sandbox.fill_data_field(contract, NOTICE, "3 months").unwrap();
        simulation.sandbox.sign_all(contract).unwrap();
        simulation.filled.insert(contract, "3 months".to_owned());
        simulation.signed.push(contract);
    }
    for _ in 0..18 {
        simulation.deliver().await;
        simulation.pass(Duration::from_secs(600)).await;
    }
    assert!(simulation.sandbox.pending_notifications().is_empty(), "seed {seed}: Oneflow has given up");
    assert_eq!(
        simulation.faults().await.len(),
        2 * simulation.candidates.len(),
        "seed {seed}: value and document"
    );

    simulation.start_all();
    simulation.pass(Duration::from_secs(120)).await;
    simulation.crash_all().await;
    assert_eq!(simulation.faults().await, Vec::<String>::new(), "seed {seed}");
    for (candidate, contracts) in &simulation.candidates {
        let files = simulation.sandbox.candidate_files(candidate);
        assert_eq!(files.len(), contracts.len(), "seed {seed}");
        assert!(files.iter().all(|file| file.contents.starts_with(b"%PDF")), "seed {seed}");
        for contract in contracts {
            let looks = simulation.journal.looks(ContractId::new(*contract), 1).await.unwrap();
            assert_eq!(looks[0].occasion.trigger, Trigger::Sweep, "seed {seed}");
        }
    }
}
