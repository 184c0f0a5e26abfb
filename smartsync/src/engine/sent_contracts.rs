//! The contracts of the account that a sync may write back from.

use std::collections::BTreeSet;

use oneflow_client::{ContractId, OneflowClient, contracts::ListContracts};
use smartsync_core::Mapping;
use smartsync_transport::{Error, PageError};

/// What a walk through the account's list of contracts found.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct SentContracts {
    /// The contracts that are pending or signed; declined and overdue ones, too, if the mapping puts the state on the card.
    pub contracts: BTreeSet<ContractId>,
    /// Parts of the list that could not be read. A contract in them is missing above.
    pub unreadable: Vec<PageError>,
}

/// Walks the account's list of contracts, page by page. No contract is looked at by itself. The
/// scope of an entry is left to that look.
///
/// # Errors
///
/// [`Error`] when a page could not be had. What was found until then is of no use: the rest is unknown.
pub async fn sent_contracts(client: &OneflowClient, mapping: &Mapping) -> Result<SentContracts, Error> {
    let mut found = SentContracts::default();
    let mut list = client.pages(ListContracts::new().limit(100)).items();
    while let Some(item) = list.next().await {
        match item {
            Ok(contract) if mapping.may_concern_a_card(contract.state.as_ref()) => {
                found.contracts.insert(contract.id);
            }
            Ok(_) => {}
            Err(PageError::Request(error)) => return Err(error),
            Err(unreadable) => found.unreadable.push(unreadable),
        }
    }
    Ok(found)
}
