//! What whoever claims by hand does alike: waits until the item is free, and holds the claim while a job goes on.

use std::{pin::pin, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use super::{by_hand::ByHand, claim::Claim, item::Item, store_error::StoreError};

/// How often to ask whether somebody else's look has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// How often a claim is renewed. It lapses after five minutes.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// So long is a renewal awaited that is under way when the job has ended: without it, the end of the claim might not be taken.
const RENEWAL_GRACE: Duration = Duration::from_secs(5);

impl dyn ByHand {
    /// Claims an item, once whoever looks at it, or at another of its candidate, has finished. `None`: that took longer than `patience`, or `stop` resolved
    /// before. What the database has begun to claim is not left behind.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_once_free(
        &self,
        item: &Item,
        patience: Duration,
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Claim>, StoreError> {
        let (end, mut stop) = (Instant::now() + patience, pin!(stop));
        loop {
            tokio::select! {
                biased;
                () = &mut stop => return Ok(None),
                () = std::future::ready(()) => {}
            }
            if let Some(claim) = self.claim(item.clone()).await? {
                return Ok(Some(claim));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            tokio::select! {
                biased;
                () = &mut stop => return Ok(None),
                () = sleep(POLL_INTERVAL) => {}
            }
        }
    }

    /// Runs a job under a claim, which is renewed meanwhile. The job goes on while the database takes its time to renew. `None`: the claim has lapsed, and the
    /// job was dropped where it stood.
    pub async fn while_claimed<T>(&self, claim: &mut Claim, job: impl Future<Output = T>) -> Option<T> {
        let mut job = pin!(job);
        loop {
            tokio::select! {
                biased;
                done = &mut job => return Some(done),
                () = sleep(RENEWAL_INTERVAL) => {}
            }
            let mut renewal = self.renew(claim);
            let renewed = tokio::select! {
                biased;
                done = &mut job => Err(done),
                renewed = &mut renewal => Ok(renewed),
            };
            match renewed {
                Err(done) => {
                    timeout(RENEWAL_GRACE, renewal).await.ok();
                    return Some(done);
                }
                Ok(Ok(false)) => return None,
                // A database that does not answer now may do so before the claim lapses.
                Ok(Ok(true) | Err(_)) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        future::{pending, ready},
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering::SeqCst},
        },
    };

    use async_trait::async_trait;
    use oneflow_client::ContractId;
    use teamtailor_client::CandidateId;

    use super::*;
    use crate::store::{Ending, Subject, Tenant, Trigger};

    /// Free at the claim of this number; renews as it is told.
    #[derive(Debug)]
    struct Scripted {
        claims: AtomicUsize,
        free_at: usize,
        renews: Mutex<Vec<Renewal>>,
    }

    #[derive(Clone, Copy, Debug)]
    enum Renewal {
        Holds,
        HasLapsed,
        Fails,
        Hangs,
    }

    impl Scripted {
        fn told(free_at: usize, renews: &[Renewal]) -> Arc<dyn ByHand> {
            let renews = Mutex::new(renews.iter().rev().copied().collect());
            Arc::new(Self { claims: AtomicUsize::new(0), free_at, renews })
        }
    }

    fn item() -> Item {
        Item::of(Tenant::default(), Subject::Contract(9001.into()))
    }

    fn claim() -> Claim {
        Claim {
            item: item(),
            trigger: Trigger::ByHand,
            generation: 1,
            mark: None,
            attempts: 0,
            faults: 0,
            early_of: None,
            is_known: true,
            created: true,
        }
    }

    #[async_trait]
    impl ByHand for Scripted {
        async fn claim(&self, _: Item) -> Result<Option<Claim>, StoreError> {
            Ok((self.claims.fetch_add(1, SeqCst) >= self.free_at).then(claim))
        }

        async fn renew(&self, _: &mut Claim) -> Result<bool, StoreError> {
            let next = self.renews.lock().unwrap().pop().unwrap_or(Renewal::Holds);
            match next {
                Renewal::Holds => Ok(true),
                Renewal::HasLapsed => Ok(false),
                Renewal::Fails => Err(StoreError::TooManyUnderOneId),
                Renewal::Hangs => pending().await,
            }
        }

        async fn end(&self, _: Claim, _: Ending) -> Result<(), StoreError> {
            Ok(())
        }

        async fn release(&self, _: Claim) -> Result<(), StoreError> {
            Ok(())
        }

        async fn looks_at(&self, _: &Tenant, _: &CandidateId) -> Result<BTreeSet<ContractId>, StoreError> {
            Ok(BTreeSet::new())
        }
    }

    async fn minutes(minutes: u64) -> u64 {
        sleep(Duration::from_secs(60 * minutes)).await;
        minutes
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_goes_on_while_a_renewal_holds_or_fails_or_hangs_and_ends_with_the_claim() {
        use Renewal::{Fails, Hangs, HasLapsed, Holds};
        for (renews, ends) in [
            (&[Holds, Holds][..], Some(7)),
            (&[Holds, Fails, Fails, Holds], Some(7)),
            (&[Holds, Hangs], Some(7)),
            (&[Holds, HasLapsed], None),
            (&[Fails, HasLapsed], None),
        ] {
            let (claims, mut claim) = (Scripted::told(0, renews), claim());
            assert_eq!(claims.while_claimed(&mut claim, minutes(7)).await, ends, "{renews:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_item_is_claimed_once_it_is_free_unless_that_takes_too_long_or_somebody_stops_it() {
        let patience = Duration::from_secs(20);
        for (free_at, is_claimed) in [(0, true), (50, true), (200, false)] {
            let claims = Scripted::told(free_at, &[]);
            let claimed = claims.claim_once_free(&item(), patience, pending()).await.unwrap();
            assert_eq!(claimed.is_some(), is_claimed, "{free_at}");
        }
        let claims = Scripted::told(50, &[]);
        let stop = sleep(Duration::from_secs(1));
        assert!(claims.claim_once_free(&item(), patience, stop).await.unwrap().is_none());
        let claims = Scripted::told(0, &[]);
        let stopped = claims.claim_once_free(&item(), patience, ready(())).await.unwrap();
        assert!(stopped.is_none(), "nothing is claimed by a process that ends");
    }
}
