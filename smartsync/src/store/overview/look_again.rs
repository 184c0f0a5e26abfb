//! Looks again at all contracts that match a filter, some at a time.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Clock;
use tokio::time::{sleep, timeout};

use super::{ContractFilter, Overview};
use crate::store::{
    item::{Item, Subject},
    journal::{Journal, Trigger},
    state::State,
    store_error::StoreError,
    tenant::Tenant,
    work::Work,
};

/// So many are asked for at once. When they have been looked at, the next are.
const AT_ONCE: u32 = 25;

/// How often to see how far that is.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// So long may a database take to say which of them were looked at.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Asks the servers that run for looks at contracts of a tenant. Some at a time, so that it can be stopped between them: drop what
/// [`at_all`](Self::at_all) returns, and no more are asked for. Without a server nothing is looked at, and it waits for one.
pub struct LookAgain {
    tenant: Tenant,
    overview: Arc<dyn Overview>,
    journal: Arc<dyn Journal>,
    work: Arc<dyn Work>,
    clock: Arc<dyn Clock>,
}

impl LookAgain {
    /// For a tenant of a state.
    #[must_use]
    pub fn new(state: &dyn State, tenant: &Tenant, clock: Arc<dyn Clock>) -> Self {
        Self {
            tenant: tenant.clone(),
            overview: state.overview(tenant),
            journal: state.journal(tenant),
            work: state.work(),
            clock,
        }
    }

    /// Asks for a look at each contract that `filter` lets through and that was not looked at since `begun`, from the one that was looked at last on, and waits for
    /// these looks. `looked_at` is told how many of them have ended since it was told last.
    ///
    /// # Errors
    ///
    /// [`StoreError`]. What was asked for by then is looked at all the same.
    pub async fn at_all(
        &self,
        filter: ContractFilter,
        begun: Timestamp,
        mut looked_at: impl FnMut(usize) + Send,
    ) -> Result<(), StoreError> {
        // Who is looked at again stands in front of them then, and is not met twice.
        let before = filter.looked_before.map_or(begun, |before| before.min(begun));
        let filter = filter.looked_before(before);
        let mut after = None;
        loop {
            let page = self.overview.contracts(&filter, after, AT_ONCE).await?;
            let contracts: Vec<ContractId> = page.rows.iter().map(|row| row.standing.contract).collect();
            if !contracts.is_empty() {
                let asked = self.clock.now();
                let item =
                    |contract: &ContractId| Item::of(self.tenant.clone(), Subject::Contract(*contract));
                self.work.enqueue(contracts.iter().map(item).collect(), Trigger::ByHand).await?;
                self.until_looked_at(contracts, asked, &mut looked_at).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Waits for a look at each of them that began later.
    async fn until_looked_at(
        &self,
        mut contracts: Vec<ContractId>,
        asked: Timestamp,
        looked_at: &mut (dyn FnMut(usize) + Send),
    ) -> Result<(), StoreError> {
        while !contracts.is_empty() {
            sleep(POLL_INTERVAL).await;
            let seen = timeout(ANSWERS_WITHIN, self.journal.seen(&contracts)).await;
            let seen = seen.unwrap_or(Err(StoreError::Busy))?;
            let before = contracts.len();
            // One that was forgotten meanwhile is not looked at any more.
            contracts.retain(|contract| seen.get(contract).is_some_and(|seen| seen.at < asked));
            looked_at(before - contracts.len());
        }
        Ok(())
    }
}

impl fmt::Debug for LookAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookAgain").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
