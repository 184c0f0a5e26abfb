//! Looks again at all contracts that match a filter, some at a time.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use oneflow_client::ContractId;
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

/// When no more than these are left of them, the next are asked for. A server of another process that has run out of work sees only within a second that there
/// is more, so it must not run out between them.
const FEW: usize = 12;

/// How often to see how far that is.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// So long the database may take to answer.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);

/// How often a database that is busy is asked again for the same, before it counts as failed.
const TRIES: u32 = 20;

/// Asks the servers that run for looks at contracts of a tenant. Some at a time, so that it can be stopped between them: drop what
/// [`at_all`](Self::at_all) returns, and no more are asked for. Without a server nothing is looked at, and it waits for one.
pub struct LookAgain {
    tenant: Tenant,
    overview: Arc<dyn Overview>,
    journal: Arc<dyn Journal>,
    work: Arc<dyn Work>,
}

impl LookAgain {
    /// For a tenant of a state.
    #[must_use]
    pub fn new(state: &dyn State, tenant: &Tenant) -> Self {
        let (overview, journal) = (state.overview(tenant), state.journal(tenant));
        Self { tenant: tenant.clone(), overview, journal, work: state.work() }
    }

    /// The filter, and nothing that comes to match it later: what was looked at after the last look that there is now. `now`: where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn up_to_now(
        &self,
        filter: ContractFilter,
        now: Timestamp,
    ) -> Result<ContractFilter, StoreError> {
        let last_look = self.last_look(&filter, now).await?;
        Ok(Self::up_to(filter, last_look))
    }

    /// When the last look began at what matches, by the journal: no other clock is compared with it. `now`: where there is none.
    pub(crate) async fn last_look(
        &self,
        filter: &ContractFilter,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let first = self.overview.contracts(filter, None, 1).await?;
        Ok(first.rows.first().map_or(now, |row| row.standing.looked_at))
    }

    /// Lets through what matched at that look and was not looked at since: a look can only take from these, and adds none.
    pub(crate) fn up_to(filter: ContractFilter, last_look: Timestamp) -> ContractFilter {
        let behind = last_look.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
        let before = filter.looked_before.map_or(behind, |before| before.min(behind));
        filter.looked_before(before)
    }

    /// Asks for a look at each contract that `filter` lets through, from the one that was looked at last on, and waits for these looks. `looked_at` is told how
    /// many of them have ended since it was told last. The filter is one [up to now](Self::up_to_now): whoever is looked at again stands in front of them
    /// then, and is not met twice.
    ///
    /// # Errors
    ///
    /// [`StoreError`]. What was asked for by then is looked at all the same.
    pub async fn at_all(
        &self,
        filter: ContractFilter,
        mut looked_at: impl FnMut(usize) + Send,
    ) -> Result<(), StoreError> {
        let (mut after, mut is_through) = (None, false);
        // Those that were asked for, and when the look began that there was.
        let mut asked: BTreeMap<ContractId, Timestamp> = BTreeMap::new();
        loop {
            while !is_through && asked.len() <= FEW {
                let page = patiently(|| self.overview.contracts(&filter, after, AT_ONCE)).await?;
                let standing = page.rows.iter().map(|row| &row.standing);
                let next: BTreeMap<ContractId, Timestamp> =
                    standing.map(|standing| (standing.contract, standing.looked_at)).collect();
                if !next.is_empty() {
                    let item =
                        |contract: &ContractId| Item::of(self.tenant.clone(), Subject::Contract(*contract));
                    let items = || next.keys().map(item).collect();
                    patiently(|| self.work.enqueue(items(), Trigger::ByHand)).await?;
                }
                asked.extend(next);
                (after, is_through) = (page.next, page.next.is_none());
            }
            if asked.is_empty() {
                return Ok(());
            }
            sleep(POLL_INTERVAL).await;
            let contracts: Vec<ContractId> = asked.keys().copied().collect();
            let seen = patiently(|| self.journal.seen(&contracts)).await?;
            // Until the journal has a further look. One that was forgotten meanwhile is not looked at any more.
            asked.retain(|contract, before| seen.get(contract).is_some_and(|seen| seen.at == *before));
            looked_at(contracts.len() - asked.len());
        }
    }
}

impl fmt::Debug for LookAgain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LookAgain").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// What the database says, once it is not busy. What it is asked for may be asked for again.
async fn patiently<T, F: Future<Output = Result<T, StoreError>>>(
    ask: impl Fn() -> F,
) -> Result<T, StoreError> {
    let mut tries = 1;
    loop {
        match timeout(LONGEST_ANSWER, ask()).await.unwrap_or(Err(StoreError::Busy)) {
            Err(StoreError::Busy) if tries < TRIES => tries += 1,
            answered => return answered,
        }
        sleep(POLL_INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_is_busy_for_a_while_is_asked_again_and_no_other_failure_is() {
        let asked = Cell::new(0);
        let busy_until = |free: u32| {
            let asked = &asked;
            move || async move {
                asked.set(asked.get() + 1);
                if asked.get() < free { Err(StoreError::Busy) } else { Ok(asked.get()) }
            }
        };
        assert_eq!(patiently(busy_until(5)).await.unwrap(), 5);
        asked.set(0);
        assert!(matches!(patiently(busy_until(u32::MAX)).await, Err(StoreError::Busy)));
        assert_eq!(asked.get(), TRIES);
    }
}
