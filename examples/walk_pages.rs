//! Walks a list, item by item and page by page. Both services page differently; the walk looks the same.
//!
//! ```sh
//! cargo run -p smartsync-examples --example walk_pages
//! ```

use std::error::Error;

use oneflow_client::{OneflowClient, PageError, contracts::ListContracts};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use teamtailor_client::{TeamtailorClient, custom_fields::ListCustomFields};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    for number in 1..=5 {
        sandbox.add_contract(ContractSeed::new(sandbox.seeded().template, format!("Contract {number}")))?;
    }
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(sandbox.oneflow_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .sleep(sandbox.sleep())
        .build()?;

    // Oneflow: offset and limit. An error keeps the place, so the next call asks for the same page again.
    let mut contracts = oneflow.contracts().list(ListContracts::new().limit(2)).items();
    while let Some(contract) = contracts.next().await {
        match contract {
            Ok(contract) => println!("contract {} is {:?}", contract.id, contract.state),
            // One malformed item costs nothing but itself.
            Err(PageError::Item { position, source }) => println!("item {position} of the page: {source}"),
            Err(error) => return Err(error.into()),
        }
    }

    // Teamtailor: the pager follows `links.next`, on the configured host only.
    let mut pages = teamtailor.custom_fields().list(ListCustomFields::new().page_size(3));
    while let Some(page) = pages.next().await {
        println!("a page of {} custom fields", page?.data.len());
    }
    Ok(())
}
