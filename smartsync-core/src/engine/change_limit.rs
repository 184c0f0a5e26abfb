//! How much one mistake can overwrite: a limit of the values that are overwritten or cleared, in an hour and by one engine.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use teamtailor_client::CandidateId;

use super::{apply_progress::ApplyProgress, clock::OptionalClock};
use crate::{
    ledger::{Ledger, LedgerChange, LedgerError, Places, Updated},
    plan::{FieldUpdate, LimitSlot},
};

/// How many values of cards may be overwritten or cleared. Filling in an empty field does not count, nor does a second try of a
/// write that was cut off.
///
/// Nor does a value that a person has decided on ([`Engine::resolve`](crate::Engine::resolve)): the limit is for what nobody has looked at.
///
/// Beyond it such a field is held ([`Reason::LimitReached`](crate::Reason::LimitReached)); fields that are filled in, and the signed document, go on.
///
/// ```
/// use smartsync_core::ChangeLimit;
///
/// assert_eq!(ChangeLimit::default(), ChangeLimit::none().per_hour(50));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeLimit {
    per_hour: Option<u32>,
    per_engine: Option<u32>,
}

impl Default for ChangeLimit {
    /// 50 in an hour.
    fn default() -> Self {
        Self::none().per_hour(50)
    }
}

impl ChangeLimit {
    /// No limit. What is overwritten is counted in the ledger all the same, if the engine has a clock.
    #[must_use]
    pub fn none() -> Self {
        Self { per_hour: None, per_engine: None }
    }

    /// So many in any 60 minutes, by all engines over one ledger together. Without a clock nobody knows when an hour is over: it is
    /// then the limit of this engine, as long as it lives.
    #[must_use]
    pub fn per_hour(self, values: u32) -> Self {
        Self { per_hour: Some(values), ..self }
    }

    /// So many by this engine, as long as it lives: for a run over many contracts.
    #[must_use]
    pub fn per_engine(self, values: u32) -> Self {
        Self { per_engine: Some(values), ..self }
    }
}

/// What one engine has overwritten.
#[derive(Debug, Default)]
pub(crate) struct Overwritten(Mutex<u32>);

impl Overwritten {
    /// Takes places; else says how many are left.
    fn take(&self, count: u32, limit: Option<u32>) -> Result<(), u32> {
        let mut taken = self.lock();
        let room = limit.map_or(u32::MAX, |limit| limit.saturating_sub(*taken));
        if count > room {
            return Err(room);
        }
        *taken = taken.saturating_add(count);
        Ok(())
    }

    fn give_back(&self, count: u32) {
        let mut taken = self.lock();
        *taken = taken.saturating_sub(count);
    }

    fn lock(&self) -> MutexGuard<'_, u32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the limit: counts what is overwritten before it is.
pub(crate) struct ChangeCounter<'a> {
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) clock: &'a OptionalClock,
    pub(crate) limit: ChangeLimit,
    pub(crate) overwritten: &'a Overwritten,
}

impl ChangeCounter<'_> {
    /// Notes what is about to be written, and over what, and counts it. What would overwrite more than is allowed is held, and is
    /// not in `covered` afterwards.
    pub(crate) async fn begin(
        &self,
        progress: &mut ApplyProgress,
        candidate: &CandidateId,
        covered: &mut Vec<FieldUpdate>,
    ) -> Result<(), LedgerError> {
        covered.iter_mut().for_each(|update| update.slot = None);
        loop {
            let count = covered.iter().map(|update| u32::from(is_counted(update))).sum();
            let now = self.clock.now();
            if let Err(room) = self.overwritten.take(count, self.limit_of_engine(now.is_some())) {
                hold_beyond(progress, covered, room, None);
                continue;
            }
            let limit = self.limit.per_hour;
            let places = now.filter(|_| count > 0).map(|at| Places { count, at, limit });
            match begin(self.ledger, progress, candidate, covered, places).await {
                Ok(Updated::Done) => {
                    for update in covered.iter_mut().filter(|update| is_counted(update)) {
                        update.slot = Some(LimitSlot { at: now });
                    }
                    return Ok(());
                }
                Ok(Updated::LimitReached { room, until }) => {
                    self.overwritten.give_back(count);
                    let wait = now.and_then(|now| Duration::try_from(until.duration_since(now)).ok());
                    hold_beyond(progress, covered, room.min(count.saturating_sub(1)), wait);
                }
                Err(error) => {
                    self.overwritten.give_back(count);
                    return Err(error);
                }
            }
        }
    }

    /// Without a clock, the limit of an hour is that of the engine as well.
    fn limit_of_engine(&self, has_clock: bool) -> Option<u32> {
        let ChangeLimit { per_hour, per_engine } = self.limit;
        per_engine.into_iter().chain(per_hour.filter(|_| !has_clock)).min()
    }

    /// Nothing was overwritten after all: what was taken may be taken by others.
    pub(crate) fn give_back<'a>(
        &self,
        updates: impl IntoIterator<Item = &'a FieldUpdate>,
        change: LedgerChange,
    ) -> LedgerChange {
        updates.into_iter().filter_map(|update| update.slot).fold(change, |change, place| {
            self.overwritten.give_back(1);
            let places = place.at.map(|at| Places { count: 1, at, limit: None });
            places.into_iter().fold(change, LedgerChange::give_back)
        })
    }
}

/// Whether the update overwrites or clears a value, and is neither a second try of a write that was counted nor what a person has decided.
fn is_counted(update: &FieldUpdate) -> bool {
    let digests = &update.digests;
    let is_second_try = digests
        .unended
        .as_ref()
        .is_some_and(|before| before.seen == digests.seen && before.value == digests.value);
    update.overwrites() && !is_second_try && !update.is_decided
}

/// Holds back those that overwrite something, all but the first `room`; where there is none, also those of the requests behind.
fn hold_beyond(
    progress: &mut ApplyProgress,
    covered: &mut Vec<FieldUpdate>,
    room: u32,
    wait: Option<Duration>,
) {
    let mut left = room;
    let mut behind = mem::take(&mut progress.plan.updates);
    let mut hold = |update: &FieldUpdate| {
        let fits = !is_counted(update) || left > 0;
        left = left.saturating_sub(is_counted(update).into());
        if !fits {
            progress.hold_for_limit(update, wait);
        }
        fits
    };
    covered.retain(&mut hold);
    if room == 0 {
        behind.retain(&mut hold);
    }
    progress.plan.updates = behind;
}

/// Notes what is about to be written, and over what, unless there is no room for so many.
async fn begin(
    ledger: &dyn Ledger,
    progress: &mut ApplyProgress,
    candidate: &CandidateId,
    covered: &[FieldUpdate],
    places: Option<Places>,
) -> Result<Updated, LedgerError> {
    let mut change = LedgerChange::new(progress.plan.contract, candidate.clone()).take(places);
    for FieldUpdate { digests, .. } in covered {
        change = change.begin(
            digests.field.clone(),
            digests.seen.clone(),
            digests.value.clone(),
            digests.outdated.clone(),
        );
    }
    progress.save(ledger, &change).await
}
