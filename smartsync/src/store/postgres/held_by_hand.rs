//! What is claimed by hand in the session of a process, beside what its worker has claimed there.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use crate::store::item::Item;

/// A claim by hand lapses after so long without a renewal, as in the other stores.
const LAPSE: Duration = Duration::from_secs(300);

/// The mark of the next claim. No two of a process are alike, so that one which has lapsed is not taken for what was claimed of the same item since.
static NEXT_MARK: AtomicI64 = AtomicI64::new(1);

/// The claims by hand of one session, by their marks. The table says only which session has an item; this says that it is not the worker's.
#[derive(Debug, Default)]
pub(super) struct HeldByHand {
    held: watch::Sender<BTreeMap<i64, Held>>,
}

#[derive(Debug)]
struct Held {
    item: Item,
    until: Instant,
}

impl HeldByHand {
    /// Holds an item from now on. To be called before the database is asked for it, so that at no moment the claim is taken for the worker's.
    pub(super) fn hold(&self, item: Item) -> i64 {
        let mark = NEXT_MARK.fetch_add(1, Ordering::Relaxed);
        let until = Instant::now() + LAPSE;
        self.held.send_modify(|held| drop(held.insert(mark, Held { item, until })));
        mark
    }

    /// Holds it for as long again. Not if it has lapsed.
    pub(super) fn renew(&self, mark: Option<i64>) {
        let now = Instant::now();
        self.held.send_modify(|held| {
            if let Some(held) = mark.and_then(|mark| held.get_mut(&mark)).filter(|held| held.until > now) {
                held.until = now + LAPSE;
            }
        });
    }

    /// Whether the claim with this mark is of this session, and has not lapsed.
    pub(super) fn has(&self, mark: Option<i64>) -> bool {
        let held = self.held.borrow();
        mark.and_then(|mark| held.get(&mark)).is_some_and(|held| held.until > Instant::now())
    }

    /// The claim is given back.
    pub(super) fn let_go(&self, mark: Option<i64>) {
        self.held.send_modify(|held| {
            mark.and_then(|mark| held.remove(&mark));
        });
    }

    /// What is held at this moment.
    pub(super) fn items(&self, now: Instant) -> Vec<Item> {
        self.held.borrow().values().filter(|held| held.until > now).map(|held| held.item.clone()).collect()
    }

    /// Whether one was not given back in time: its end was not taken, or whoever had it is gone.
    pub(super) fn has_lapsed(&self) -> bool {
        let now = Instant::now();
        self.held.borrow().values().any(|held| held.until <= now)
    }

    /// Those that have lapsed, by their marks.
    pub(super) fn lapsed(&self) -> Vec<(i64, Item)> {
        let now = Instant::now();
        let held = self.held.borrow();
        let lapsed = held.iter().filter(|(_, held)| held.until <= now);
        lapsed.map(|(mark, held)| (*mark, held.item.clone())).collect()
    }

    /// Whether the item is held by a claim that has not lapsed.
    pub(super) fn holds(&self, item: &Item) -> bool {
        let now = Instant::now();
        self.held.borrow().values().any(|held| held.until > now && held.item == *item)
    }

    /// Forgets those that had lapsed by then, once the database has them back.
    pub(super) fn forget_lapsed(&self, by: Instant) {
        self.held.send_modify(|held| held.retain(|_, held| held.until > by));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.borrow().is_empty()
    }

    /// Resolves when nothing is held any more, or what is held must have lapsed.
    pub(super) async fn all_let_go(&self) {
        timeout(LAPSE, self.held.subscribe().wait_for(BTreeMap::is_empty)).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use oneflow_client::ContractId;
    use tokio::time::advance;

    use super::*;

    fn item(number: i64) -> Item {
        ContractId::new(number).into()
    }

    #[tokio::test(start_paused = true)]
    async fn a_claim_lapses_that_is_neither_renewed_nor_given_back_and_is_not_renewed_then() {
        let by_hand = HeldByHand::default();
        let (left, kept) = (Some(by_hand.hold(item(1))), Some(by_hand.hold(item(2))));
        advance(LAPSE / 2).await;
        by_hand.renew(kept);
        assert!(by_hand.has(left) && by_hand.has(kept) && !by_hand.has_lapsed());
        advance(LAPSE / 2).await;
        by_hand.renew(left);
        assert!(!by_hand.has(left) && by_hand.has(kept) && by_hand.has_lapsed());
        assert_eq!(by_hand.items(Instant::now()), [item(2)]);
        by_hand.forget_lapsed(Instant::now());
        assert!(!by_hand.has_lapsed() && by_hand.has(kept));
        by_hand.let_go(kept);
        by_hand.all_let_go().await;
        assert!(by_hand.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_mark_of_a_claim_is_not_that_of_another_of_the_same_item() {
        let by_hand = HeldByHand::default();
        let first = by_hand.hold(item(1));
        let second = Some(by_hand.hold(item(1)));
        by_hand.let_go(second);
        assert!(by_hand.has(Some(first)) && !by_hand.has(second) && !by_hand.has(None));
        advance(LAPSE).await;
        assert!(!by_hand.holds(&item(1)), "nobody has it");
        let _third = by_hand.hold(item(1));
        assert_eq!(by_hand.lapsed(), [(first, item(1))]);
        assert!(by_hand.holds(&item(1)), "what has lapsed is not this claim");
    }
}
