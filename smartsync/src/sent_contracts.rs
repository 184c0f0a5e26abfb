//! The contracts of the account that a sync may write back from.

use std::collections::BTreeSet;

use oneflow_client::{Contract, ContractId, ContractState, ListContracts, OneflowClient};
use smartsync_transport::{Error, PageError};

/// What a walk through the account's list of contracts found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct SentContracts {
    /// The contracts that are sent and neither declined nor overdue: pending or signed.
    pub contracts: BTreeSet<ContractId>,
    /// Parts of the list that could not be read. A contract in them is missing above.
    pub unreadable: Vec<PageError>,
}

/// Walks the account's list of contracts, page by page. No contract is looked at by itself.
///
/// # Errors
///
/// [`Error`] when a page could not be had. What was found until then is of no use: the rest is unknown.
pub async fn sent_contracts(client: &OneflowClient) -> Result<SentContracts, Error> {
    let mut found = SentContracts::default();
    let mut list = client.pages(ListContracts::new().limit(100)).items();
    while let Some(item) = list.next().await {
        match item {
            Ok(contract) if is_sent(&contract) => {
                found.contracts.insert(contract.id);
            }
            Ok(_) => {}
            Err(PageError::Request(error)) => return Err(error),
            Err(unreadable) => found.unreadable.push(unreadable),
        }
    }
    Ok(found)
}

fn is_sent(contract: &Contract) -> bool {
    matches!(contract.state, Some(ContractState::Pending | ContractState::Signed))
}
