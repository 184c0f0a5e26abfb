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

/// So many are asked for at once.
const AT_ONCE: u32 = 25;

/// When no more than these are left of them, the next are asked for. A server of another process that has run out of work sees only within a minute that there
/// is more, so it must not run out between them.
const FEW: usize = 12;

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
        let (mut after, mut is_through) = (None, false);
        let mut asked: Vec<Asked> = Vec::new();
        loop {
            while !is_through && asked.len() <= FEW {
                let page = self.overview.contracts(&filter, after, AT_ONCE).await?;
                let contracts: Vec<ContractId> = page.rows.iter().map(|row| row.standing.contract).collect();
                asked.extend(self.ask(contracts).await?);
                (after, is_through) = (page.next, page.next.is_none());
            }
            if asked.is_empty() {
                return Ok(());
            }
            sleep(POLL_INTERVAL).await;
            let before = asked.len();
            self.leave_waiting(&mut asked).await?;
            looked_at(before - asked.len());
        }
    }

    async fn ask(&self, contracts: Vec<ContractId>) -> Result<Vec<Asked>, StoreError> {
        let at = self.clock.now();
        if !contracts.is_empty() {
            let item = |contract: &ContractId| Item::of(self.tenant.clone(), Subject::Contract(*contract));
            self.work.enqueue(contracts.iter().map(item).collect(), Trigger::ByHand).await?;
        }
        Ok(contracts.into_iter().map(|contract| Asked { contract, at }).collect())
    }

    /// Takes out those of which a look has ended that began later, and those that were forgotten meanwhile: these are not looked at any more.
    async fn leave_waiting(&self, asked: &mut Vec<Asked>) -> Result<(), StoreError> {
        let contracts: Vec<ContractId> = asked.iter().map(|asked| asked.contract).collect();
        let seen = timeout(ANSWERS_WITHIN, self.journal.seen(&contracts)).await;
        let seen = seen.unwrap_or(Err(StoreError::Busy))?;
        asked.retain(|asked| seen.get(&asked.contract).is_some_and(|seen| seen.at < asked.at));
        Ok(())
    }
}

/// A contract for which a look was asked, and when.
struct Asked {
    contract: ContractId,
    at: Timestamp,
}

impl fmt::Debug for LookAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookAgain").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
