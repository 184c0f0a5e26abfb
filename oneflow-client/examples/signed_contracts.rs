//! A command line: saves the documents of all signed contracts that were sent since a day.
//!
//! ```sh
//! ONEFLOW_API_TOKEN=... cargo run -p oneflow-client --example signed_contracts -- 2031-01-01 ./contracts
//! cargo run -p oneflow-client --example signed_contracts        # without an account, over answers from a script
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program with an output")]

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
};

use oneflow_client::{
    OneflowClient, TimeRange,
    contracts::{Contract, ContractState, ListContracts},
    transport::{Body, Response, RetryPolicy, ScriptedTransport},
};
use tokio::fs;

/// 50 MiB.
const LARGEST: u64 = 50 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let day = arguments.next().unwrap_or_else(|| "2031-01-01".to_owned());
    let folder = arguments.next().map_or_else(|| env::temp_dir().join("signed_contracts"), PathBuf::from);
    let oneflow = match env::var("ONEFLOW_API_TOKEN") {
        Ok(token) => OneflowClient::builder().api_token(token).build()?,
        Err(_) => scripted()?,
    };
    fs::create_dir_all(&folder).await?;

    let list = ListContracts::new()
        .states([ContractState::Signed])
        .published_time(TimeRange::since(format!("{day}T00:00:00+0000").as_str()));
    let mut contracts = oneflow.contracts().list(list).items();
    while let Some(contract) = contracts.next().await {
        let contract = contract?;
        let path = folder.join(format!("{}.pdf", contract.id));
        match save(&oneflow, &contract, &path).await {
            Ok(bytes) => println!("{}: {bytes} bytes", path.display()),
            // One document that cannot be had does not keep the others.
            Err(error) => eprintln!("contract {}: {error}", contract.id),
        }
    }
    Ok(())
}

/// The file has its name once it is whole.
async fn save(oneflow: &OneflowClient, contract: &Contract, path: &Path) -> Result<u64, Box<dyn Error>> {
    let begun = path.with_extension("part");
    let mut file = fs::File::create(&begun).await?;
    let bytes = oneflow.download_file(contract.id, 1, &mut file, LARGEST).await?; // the file 1 is the document
    drop(file);
    fs::rename(begun, path).await?;
    Ok(bytes)
}

/// A list of two, of which one has its document.
fn scripted() -> Result<OneflowClient, Box<dyn Error>> {
    let mut address = Response::new(Body::empty());
    *address.status_mut() = 302.try_into()?;
    address.headers_mut().insert("location", "https://storage.example.com/1".parse()?);
    let script = ScriptedTransport::new()
        .json(
            200,
            r#"{"count": 2, "data": [{"id": 9001, "state": "signed"}, {"id": 9002, "state": "signed"}]}"#,
        )
        .answer(Ok(address))
        .answer(Ok(Response::new(Body::from("%PDF-1.7"))))
        .json(404, "");
    Ok(OneflowClient::builder()
        .api_token("no-network-no-token")
        .transport(script)
        .retry(RetryPolicy::none())
        .build()?)
}
