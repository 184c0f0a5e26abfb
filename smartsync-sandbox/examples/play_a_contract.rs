//! Plays the people of one contract against your program: a participant fills it in and signs, a recruiter edits the card.
//!
//! What your program would see of it is printed: the notifications, and what both services hold. Give your clients
//! `oneflow_transport()`, `teamtailor_transport()` and `sleep()` of the sandbox, and they talk to this one.
//!
//! ```sh
//! cargo run -p smartsync-sandbox --example play_a_contract
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;

use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};

fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let candidate = sandbox.seeded().candidate;
    let contract = sandbox.add_contract(
        ContractSeed::new(sandbox.seeded().template, "Employment contract")
            .counterparty("Ann Sample", "ann@example.com")
            .value("oneflow-salary", "42000")
            .published(),
    )?;

    // Each of these takes a second of the sandbox's time, so a run is the same each time. `advance` lets more pass.
    sandbox.fill_data_field(contract, "oneflow-salary", "43500")?;
    sandbox.edit_candidate(&candidate, "phone", Some("+46701740606"))?;
    sandbox.sign_all(contract)?;

    let contract = sandbox.contract_card(contract).ok_or("no such contract")?;
    println!(
        "contract {} is {}: salary {}",
        contract.id, contract.state, contract.data_fields["oneflow-salary"]
    );
    for participant in &contract.participants {
        println!("  participant {}: {}", participant.id, participant.sign_state);
    }
    let card = sandbox.candidate_card(&candidate).ok_or("no such candidate")?;
    println!("candidate {}: telephone {}", card.id, card.get("phone").unwrap_or("(none)"));
    Ok(())
}
