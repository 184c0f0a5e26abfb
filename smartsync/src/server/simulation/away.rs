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
    simulation.start();
    simulation.pass(Duration::from_secs(120)).await;
    simulation.crash().await;
    let before = simulation.journal.all().len();
    assert!(before > 0, "seed {seed}: the first process has looked");

    for (_, contract) in simulation.contracts.clone() {
        simulation.sandbox.fill_data_field(contract, NOTICE, "3 months").unwrap();
        simulation.sandbox.sign_all(contract).unwrap();
        simulation.filled.insert(contract, "3 months".to_owned());
        simulation.signed.insert(contract);
    }
    for _ in 0..18 {
        simulation.deliver().await;
        simulation.pass(Duration::from_secs(600)).await;
    }
    assert!(simulation.sandbox.pending_notifications().is_empty(), "seed {seed}: Oneflow has given up");
    assert_eq!(
        simulation.faults().await.len(),
        2 * simulation.contracts.len(),
        "seed {seed}: value and document"
    );

    simulation.start();
    simulation.pass(Duration::from_secs(120)).await;
    simulation.crash().await;
    assert_eq!(simulation.faults().await, Vec::<String>::new(), "seed {seed}");
    for (candidate, contract) in &simulation.contracts {
        let files = simulation.sandbox.candidate_files(candidate);
        assert!(files.len() == 1 && files[0].contents.starts_with(b"%PDF"), "seed {seed}");
        let looks = simulation.journal.looks(ContractId::new(*contract), 1).await.unwrap();
        assert_eq!(looks[0].occasion.trigger, Trigger::Sweep, "seed {seed}");
    }
}
