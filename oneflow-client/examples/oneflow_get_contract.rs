//! Reads one contract with `oneflow-client` alone, and prints its participants and data fields.
//!
//! Without an account it talks to the sandbox, in this process:
//!
//! ```sh
//! cargo run -p oneflow-client --example oneflow_get_contract
//! ONEFLOW_API_TOKEN=... cargo run -p oneflow-client --example oneflow_get_contract -- 9001
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{env, error::Error};

use oneflow_client::{ContractId, OneflowClient, contracts::ContractState};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (oneflow, contract) = match env::var("ONEFLOW_API_TOKEN") {
        Ok(token) => {
            let contract: ContractId = env::args().nth(1).ok_or("give the id of a contract")?.parse()?;
            (OneflowClient::builder().api_token(token).build()?, contract)
        }
        Err(_) => {
            let sandbox = Sandbox::new(SandboxSettings::new());
            let contract = ContractSeed::new(sandbox.seeded().template, "Employment contract")
                .counterparty("Ann Sample", "ann@example.com")
                .value("oneflow-start-date", "2031-05-01")
                .published();
            (sandbox_client(&sandbox)?, ContractId::new(sandbox.add_contract(contract)?))
        }
    };

    // ANCHOR: read
    // A missing contract is an error with `get`, and a `None` with `send_opt(&GetContract::new(id))`.
    let contract = oneflow.contracts().get(contract).await?;
    match contract.state {
        Some(ContractState::Signed) => println!("contract {} is signed by everyone", contract.id),
        Some(ref state) => println!("contract {} is {state}", contract.id),
        None => println!("contract {}", contract.id),
    }
    for (party, participant) in contract.participants() {
        println!("participant {} of party {}: {:?}", participant.id, party.id, participant.sign_state);
    }
    for field in &contract.data_fields {
        println!("{} = {:?}", field.key().unwrap_or("(no key)"), field.value.as_deref().unwrap_or_default());
    }
    // ANCHOR_END: read

    // `Debug` prints ids, states and times, and nothing that a person typed.
    println!("{:?}", contract.data_fields.first());
    Ok(())
}

fn sandbox_client(sandbox: &Sandbox) -> Result<OneflowClient, oneflow_client::ConfigError> {
    OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(sandbox.oneflow_transport())
        .sleep(sandbox.sleep())
        .build()
}
