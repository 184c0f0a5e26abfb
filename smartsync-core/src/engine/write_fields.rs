//! Writes the fields of a plan, one request after the other. What is begun is in the ledger before it goes out.

use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient, candidates::GetCandidate};

use super::{
    apply_progress::ApplyProgress, before_write::BeforeWrite, change_limit::ChangeCounter,
    read_candidate::read_candidate, refusal::Refusal, refusal::had_no_effect, refusal::names, report::Next,
    report::Retry, trust::MOST_TRIES,
};
use crate::{
    candidate::{CandidateSnapshot, Target},
    keys::SyncKeys,
    ledger::{FieldDigests, Ledger, LedgerChange, LedgerError, Updated},
    outcome::{Outcome, Reason},
    plan::{Answered, FieldUpdate, field_writes},
};

/// Writes the fields of a plan.
pub(crate) struct FieldWriter<'a> {
    pub(crate) teamtailor: &'a TeamtailorClient,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) before: &'a BeforeWrite<'a>,
    pub(crate) changes: ChangeCounter<'a>,
}

impl FieldWriter<'_> {
    /// Writes the fields, until an answer says that the requests behind it would fail the same way. Default fields that
    /// Teamtailor names in a refusal do not hold back the others: those are sent again without them.
    ///
    /// No request is repeated in between: what it rests on would have to be checked again, as it is here before each.
    pub(crate) async fn write(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        let (mut unconfirmed, mut have_ended) = (Vec::new(), true);
        let (mut tries, mut delays) = (0, 0);
        while !progress.plan.updates.is_empty() {
            // The wait comes first, so that nothing changes between the check and the request.
            let permit = match self.teamtailor.acquire_permit().await {
                Ok(permit) => permit,
                Err(error) => {
                    progress.stop_sending(Refusal::of(&error));
                    break;
                }
            };
            self.before.may_write(progress, candidate).await;
            self.check_identity(progress, candidate).await;
            let mut covered = take_next(&mut progress.plan.updates);
            if self.changes.begin(progress, candidate, &mut covered).await.is_err() {
                progress.plan.updates.splice(0..0, covered);
                return progress
                    .give_up(Outcome::Failed(Reason::LedgerFailed), Next::Retry(Retry::default()));
            }
            // All of it may have been held.
            let Some((write, _)) = field_writes(candidate, &covered).pop() else { continue };
            // The ledger takes its time as well.
            if self.before.is_outdated(&progress.plan) {
                if self.before.may_take_back().await
                    && self.take_back(progress, candidate, &covered).await.is_err()
                {
                    progress.was_not_saved();
                }
                progress.plan.updates.splice(0..0, covered);
                delays += 1;
                if delays == MOST_TRIES {
                    progress.give_up(Outcome::Failed(Reason::LedgerFailed), Next::Retry(Retry::default()));
                }
                continue;
            }
            tries += 1;
            let may_wait = permit.is_managed() && tries < MOST_TRIES;
            let error = match write.send(self.teamtailor, permit).await {
                Ok(answer) => {
                    let answered = covered.into_iter().map(|update| (answer.of(&update), update));
                    unconfirmed.extend(self.settle(progress, candidate, answered.collect()).await);
                    tries = 0;
                    continue;
                }
                Err(error) => error,
            };
            if had_no_effect(&error) && self.take_back(progress, candidate, &covered).await.is_err() {
                progress.was_not_saved();
            }
            if error.is_rate_limited() && may_wait {
                progress.plan.updates.splice(0..0, covered);
                continue;
            }
            tries = 0;
            let refusal = Refusal::of_write(&write, &error);
            if had_no_effect(&error) {
                refused(progress, refusal, covered, &error);
            } else {
                covered.iter().for_each(|update| progress.end(update, refusal.outcome()));
                have_ended &= error.status().is_some();
                unconfirmed.extend(covered);
            }
            if refusal.stops && !progress.plan.updates.is_empty() {
                progress.end_updates(Outcome::Failed(Reason::NotAttempted));
                progress.then(refusal.next);
            }
            // Without a candidate, credentials or a service the document would fail as well; a refused value says
            // nothing about it.
            if refusal.reason == Reason::CandidateGone {
                progress.candidate_is_gone = true;
                progress.give_up_document(Reason::CandidateGone, refusal.next);
            } else if refusal.stops && refusal.reason != Reason::Refused {
                progress.give_up_document(Reason::NotAttempted, refusal.next);
            }
        }
        if !unconfirmed.is_empty() {
            self.confirm(progress, candidate, unconfirmed, have_ended).await;
        }
    }

    /// Reads the candidate's own fields once more if any of them is to be written, however fresh what the plan rests on: a name or
    /// an address that a recruiter has just corrected is not lost to the seconds for which a look is trusted.
    async fn check_identity(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        if progress.plan.updates.iter().any(|update| update.default_field().is_some()) {
            let now = self.teamtailor.send_opt(&GetCandidate::new(candidate.clone())).await;
            progress.check_identity(now.map(|found| found.as_ref().map(CandidateSnapshot::read)));
        }
    }

    /// Nothing was written, and nothing will be. What was not known before is not known now.
    async fn take_back(
        &self,
        progress: &mut ApplyProgress,
        candidate: &CandidateId,
        covered: &[FieldUpdate],
    ) -> Result<Updated, LedgerError> {
        let change = LedgerChange::new(progress.plan.contract, candidate.clone());
        let change = covered.iter().fold(change, |change, FieldUpdate { digests, .. }| {
            change.take_back(digests.field.clone()).restore(digests.field.clone(), digests.unended.clone())
        });
        let change = self.changes.give_back(covered, change);
        progress.save(self.ledger, &change).await
    }

    /// Accounts for what an answer says. Returns the updates of which it says nothing.
    async fn settle(
        &self,
        progress: &mut ApplyProgress,
        candidate: &CandidateId,
        answered: Vec<(Answered, FieldUpdate)>,
    ) -> Vec<FieldUpdate> {
        let mut change = LedgerChange::new(progress.plan.contract, candidate.clone());
        let mut unsaid = Vec::new();
        for (answer, update) in answered {
            let field = update.digests.field.clone();
            match answer {
                Answered::AsWritten => {
                    change = change
                        .bind(progress.plan.linked_by)
                        .base(&update.data_field, update.digests.base)
                        .put(field, update.digests.value);
                }
                Answered::Another(value) => {
                    change = change.give_up(field.clone());
                    if value == update.seen {
                        // Nothing was done, or it is not shown yet. What is there was there before, whoever typed it.
                        change = change.restore(field, update.digests.unended.clone());
                    } else {
                        // Our request may have put it there, or a person who was quicker. Nobody knows which.
                        let (target, kind) = (&update.target, update.format.kind());
                        let holds =
                            FieldDigests::of_card(self.keys, candidate, target, kind).of(value.as_ref());
                        change = change.late(field, holds);
                    }
                    progress.refuse(&update, Refusal::not_as_written());
                }
                Answered::Nothing => {
                    // Until the card is read, the report must not claim more than is known.
                    progress.end(&update, Outcome::Failed(Reason::AnswerUnreadable));
                    unsaid.push(update);
                }
            }
        }
        if progress.save(self.ledger, &change).await.is_err() {
            progress.was_not_saved();
        }
        unsaid
    }

    /// Reads the card once more, to see what became of writes whose answers did not say it. `have_ended` says whether all of
    /// them were answered: one that was not may have been on the card for a while, and a person may have taken it back.
    async fn confirm(
        &self,
        progress: &mut ApplyProgress,
        candidate: &CandidateId,
        unconfirmed: Vec<FieldUpdate>,
        have_ended: bool,
    ) {
        let Ok(Some(card)) = read_candidate(self.teamtailor, candidate).await else {
            return progress.request_retry();
        };
        let mut change = LedgerChange::new(progress.plan.contract, candidate.clone());
        for update in unconfirmed {
            let field = update.digests.field.clone();
            match card.value(&update.target, &update.format) {
                Ok(value) if value == update.wanted => {
                    progress.end_as_planned(&update);
                    change = change
                        .bind(progress.plan.linked_by)
                        .base(&update.data_field, update.digests.base)
                        .put(field, update.digests.value);
                }
                Ok(value) if value == update.seen => {
                    progress.request_retry();
                    if have_ended {
                        change = self.changes.give_back([&update], change);
                        change = change.give_up(field.clone()).restore(field, update.digests.unended);
                    }
                }
                // Somebody was faster than this request, or has changed it already. The next look sees.
                Ok(_) => {
                    progress.end(&update, Outcome::Held(Reason::ChangedMeanwhile));
                    progress.request_retry();
                }
                Err(_) => {
                    progress.end(&update, Outcome::Failed(Reason::AnswerUnreadable));
                    progress.request_retry();
                }
            }
        }
        if progress.save(self.ledger, &change).await.is_err() {
            progress.was_not_saved();
        }
    }
}

/// Accounts for a write that was refused. Default fields that the answer does not name are to be sent again, without those
/// that it names.
fn refused(progress: &mut ApplyProgress, refusal: Refusal, covered: Vec<FieldUpdate>, error: &Error) {
    let is_named = |update: &FieldUpdate| update.default_field().is_some_and(|field| names(error, field));
    let (named, others): (Vec<_>, Vec<_>) = covered.into_iter().partition(is_named);
    let (refused, sent_again) = if named.is_empty() { (others, Vec::new()) } else { (named, others) };
    for update in &refused {
        progress.refuse(update, refusal.of_field(update, error, refused.len()));
    }
    progress.plan.updates.splice(0..0, sent_again);
}

/// The updates that the next request covers, which are taken from the others.
fn take_next(updates: &mut Vec<FieldUpdate>) -> Vec<FieldUpdate> {
    let is_default = |update: &FieldUpdate| matches!(update.target, Target::Default(_));
    if updates.iter().any(is_default) {
        updates.extract_if(.., |update| is_default(update)).collect()
    } else {
        updates.drain(..updates.len().min(1)).collect()
    }
}
