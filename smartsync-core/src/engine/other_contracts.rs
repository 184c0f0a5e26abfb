//! The other contracts of a candidate: what they claim comes before this one, or after it.

use jiff::Timestamp;
use oneflow_client::{ContractId, OneflowClient, contracts::GetContract};
use smartsync_transport::Error;

use super::{
    clock::OptionalClock, refusal::is_of_this_request, shared_reads::ContractRead, shared_reads::SharedReads,
};
use crate::contract::ContractSnapshot;

/// So many other contracts of a candidate are read, the newest by id.
const MAX_OTHER_CONTRACTS: usize = 100;

/// The other contracts of a candidate.
#[derive(Default)]
pub(crate) struct OtherContracts {
    pub(crate) contracts: Vec<ContractSnapshot>,
    /// Whether there is one that could not be read.
    pub(crate) has_unread: bool,
    /// When the oldest of them was read, if an earlier look did.
    pub(crate) oldest: Option<Timestamp>,
}

/// Reads contracts of a candidate.
pub(crate) struct ContractReader<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) clock: &'a OptionalClock,
}

impl ContractReader<'_> {
    /// The other contracts of a candidate of whom the ledger knows these, as far as they are still there; fresh, or from
    /// `reads`.
    pub(crate) async fn others(
        &self,
        contract: ContractId,
        mut ids: Vec<ContractId>,
        reads: Option<&SharedReads>,
    ) -> Result<OtherContracts, Error> {
        ids.retain(|id| *id != contract);
        ids.sort_unstable();
        let mut others =
            OtherContracts { has_unread: ids.len() > MAX_OTHER_CONTRACTS, ..OtherContracts::default() };
        for id in ids.into_iter().rev().take(MAX_OTHER_CONTRACTS) {
            let now = self.clock.now();
            if let Some(read) = reads.and_then(|reads| reads.get(id, now)) {
                others.oldest = [others.oldest, read.read_at].into_iter().flatten().min();
                others.contracts.extend(read.contract);
                continue;
            }
            match self.oneflow.send_opt(&GetContract::new(id)).await {
                Ok(answer) => {
                    let read = answer.as_ref().map(ContractSnapshot::read);
                    if let Some(reads) = reads {
                        reads.put(id, ContractRead { read_at: now, contract: read.clone() });
                    }
                    others.contracts.extend(read);
                }
                // One that we may not see, or do not understand, may be the one that comes first.
                Err(error) if is_of_this_request(&error) => others.has_unread = true,
                Err(error) => return Err(error),
            }
        }
        Ok(others)
    }
}
