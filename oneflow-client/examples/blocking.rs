//! A program without async: a runtime of one thread, and `block_on` around each call.
//!
//! ```sh
//! ONEFLOW_API_TOKEN=... cargo run -p oneflow-client --example blocking -- 9001
//! cargo run -p oneflow-client --example blocking        # without an account, over an answer from a script
//! ```

#![expect(clippy::print_stdout, reason = "a program with an output")]

use std::{env, error::Error};

use oneflow_client::{OneflowClient, transport::ScriptedTransport};

fn main() -> Result<(), Box<dyn Error>> {
    let (builder, contract) = match env::var("ONEFLOW_API_TOKEN") {
        Ok(token) => {
            let contract: i64 = env::args().nth(1).ok_or("give the number of a contract")?.parse()?;
            (OneflowClient::builder().api_token(token), contract)
        }
        Err(_) => {
            let script = ScriptedTransport::new().json(200, r#"{"id": 9001, "state": "signed"}"#);
            (OneflowClient::builder().api_token("no-network-no-token").transport(script), 9001)
        }
    };
    let oneflow = builder.build()?;

    // Made once. It drives connections, timeouts and waits, and only while `block_on` runs.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let contract = runtime.block_on(oneflow.contracts().get(contract))?;
    println!("contract {} is {:?}", contract.id, contract.state);
    Ok(())
}
