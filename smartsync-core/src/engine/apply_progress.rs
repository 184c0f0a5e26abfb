//! A plan under way: what is still to be written, and how everything has ended so far.

use std::{collections::BTreeMap, time::Duration};

use smartsync_transport::{Error, PageError};
use teamtailor_client::{CandidateId, CustomFieldId};

use super::{refusal::Refusal, report::Next, report::Report, report::Retry};
use crate::{
    candidate::{CandidateSnapshot, Target},
    contract::ContractSnapshot,
    keys::DocumentMark,
    ledger::{
        CardEntry, Digest, DocumentRecord, Kept, Ledger, LedgerChange, LedgerEntry, LedgerError, Updated,
    },
    outcome::{DocumentOutcome, FieldOutcome, Outcome, Reason},
    plan::{Claim, Claims, FieldUpdate, Plan, document_on_card},
    value::ChoiceOptions,
};

/// A plan under way.
pub(crate) struct ApplyProgress {
    /// The plan; its updates are those that have not ended.
    pub(crate) plan: Plan,
    outcomes: Vec<FieldOutcome>,
    pub(crate) document: DocumentOutcome,
    next: Next,
    /// Whether Teamtailor's fields or options are not what the plan took them for.
    pub(crate) definitions_are_outdated: bool,
    /// Whether Teamtailor has answered that there is no such candidate.
    pub(crate) candidate_is_gone: bool,
    /// Whether the ledger has taken everything so far.
    is_saved: bool,
    /// Whether something was held for the limit of changes, and how long until there is room, where that is known.
    waits_for_room: Option<Option<Duration>>,
}

impl ApplyProgress {
    pub(crate) fn new(plan: Plan) -> Self {
        let (outcomes, document) = (plan.outcomes.clone(), plan.document);
        let is_unread = |field: &FieldOutcome| field.outcome.reason().is_some_and(Reason::may_pass);
        let is_unread = matches!(document, DocumentOutcome::Later(_)) || outcomes.iter().any(is_unread);
        Self {
            plan,
            outcomes,
            document,
            next: if is_unread { Next::Retry(Retry::default()) } else { Next::Done },
            definitions_are_outdated: false,
            candidate_is_gone: false,
            is_saved: true,
            waits_for_room: None,
        }
    }

    pub(crate) fn has_steps(&self) -> bool {
        !self.plan.updates.is_empty() || !self.plan.kept.is_empty() || self.is_document_due()
    }

    pub(crate) fn is_document_due(&self) -> bool {
        self.document == DocumentOutcome::Attached
    }

    /// Changes the ledger, if there is anything to change, and what the plan takes for its state.
    pub(crate) async fn save(
        &mut self,
        ledger: &dyn Ledger,
        change: &LedgerChange,
    ) -> Result<Updated, LedgerError> {
        if change.is_empty() {
            return Ok(Updated::Done);
        }
        let updated = ledger.update(change).await?;
        if updated == Updated::Done {
            let (entry, card) = &mut *self.plan.remembered;
            change.apply_parts(entry, card);
        }
        Ok(updated)
    }

    /// What the worker does next is at least this.
    pub(crate) fn then(&mut self, next: Next) {
        self.next = self.next.and(next);
    }

    pub(crate) fn request_retry(&mut self) {
        self.then(Next::Retry(Retry::default()));
    }

    /// The ledger has not taken what became of the plan.
    pub(crate) fn was_not_saved(&mut self) {
        self.is_saved = false;
        self.request_retry();
    }

    /// Holds back everything if the contract is not what the plan saw. Returns whether it is. `now` is `None` if there is no
    /// such contract any more.
    pub(crate) fn check_contract(&mut self, now: Result<Option<ContractSnapshot>, Error>) -> bool {
        match now {
            Ok(now) if now == self.plan.contract_seen => return true,
            Ok(_) => {
                let retry = Next::Retry(Retry::default());
                self.give_up(Outcome::Held(Reason::ChangedMeanwhile), retry);
            }
            Err(error) => self.stop(Refusal::of(&error)),
        }
        false
    }

    /// Holds back every update whose field is not what the plan saw, and the document if the card has it by now.
    pub(crate) fn check_card(
        &mut self,
        candidate: Result<Option<CandidateSnapshot>, Error>,
        mark: &DocumentMark,
    ) {
        let Some(candidate) = self.there(candidate) else { return };
        let is_as_seen = |update: &FieldUpdate| {
            let held = candidate.custom_value(&update.target).map(|held| &held.id);
            held == update.custom_value_id.as_ref()
                && candidate.value(&update.target, &update.format).as_ref() == Ok(&update.seen)
        };
        self.hold_unless(Reason::ChangedMeanwhile, is_as_seen);
        if self.is_document_due() {
            match document_on_card(&self.plan.remembered.0, &candidate, mark) {
                (DocumentOutcome::Later(reason), _) => {
                    self.end_document(reason, Next::Retry(Retry::default()));
                }
                (document, _) => self.document = document,
            }
        }
    }

    /// Holds back every update of an identity field that is not what the plan saw. What was read is of the candidate's own fields.
    pub(crate) fn check_identity(&mut self, candidate: Result<Option<CandidateSnapshot>, Error>) {
        let Some(candidate) = self.there(candidate) else { return };
        self.hold_unless(Reason::ChangedMeanwhile, |update| {
            update.default_field().is_none()
                || candidate.value(&update.target, &update.format).as_ref() == Ok(&update.seen)
        });
    }

    /// The candidate that was read; without one, everything ends.
    fn there(&mut self, candidate: Result<Option<CandidateSnapshot>, Error>) -> Option<CandidateSnapshot> {
        match candidate {
            Ok(Some(candidate)) => return Some(candidate),
            Ok(None) => {
                self.candidate_is_gone = true;
                self.give_up(Outcome::Held(Reason::CandidateGone), Next::Retry(Retry::default()));
            }
            Err(error) => self.stop(Refusal::of(&error)),
        }
        None
    }

    /// Holds back the document if somebody else has begun to upload it since the plan was made.
    pub(crate) fn check_document(&mut self, record: Option<&DocumentRecord>) {
        match record {
            Some(DocumentRecord::Uploaded { .. }) if self.is_document_due() => {
                self.document = DocumentOutcome::AlreadyThere;
            }
            Some(DocumentRecord::Intended) => {
                self.give_up_document(Reason::UploadUnknown, Next::Retry(Retry::default()));
            }
            Some(DocumentRecord::Uploaded { .. }) | None => {}
        }
    }

    /// Holds back every update of a field for which another contract comes first, or may.
    pub(crate) fn check_claims(&mut self, claims: &Claims) {
        self.hold_unless(Reason::OtherContractUnreadable, |update| {
            claims.of(&update.target) != Claim::Unsure
        });
        self.hold_unless(Reason::ChangedMeanwhile, |update| claims.of(&update.target) == Claim::None);
    }

    /// Holds back every update of a field of which the ledger does not know what it knew, but for what this look has written
    /// there: another look has written the field, or is about to.
    pub(crate) fn check_remembered(&mut self, card: &CardEntry) {
        let remembered = self.plan.remembered.1.clone();
        self.hold_unless(Reason::ChangedMeanwhile, |update| {
            card.field(&update.digests.field) == remembered.field(&update.digests.field)
        });
    }

    /// Holds back what a person keeps where the base is not what the plan took it for: what was agreed on since is newer.
    pub(crate) fn check_bases(&mut self, bases: &BTreeMap<String, Digest>) {
        self.keep_only(|_, kept| bases.get(&kept.data_field) == kept.before.as_ref());
    }

    /// Holds back every update that is not as the plan saw it, and whatever a person keeps that is not as they saw it.
    fn hold_unless(&mut self, reason: Reason, is_as_seen: impl Fn(&FieldUpdate) -> bool) {
        let (updates, changed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.plan.updates).into_iter().partition(&is_as_seen);
        let (kept, not_kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.plan.kept).into_iter().partition(|(update, _)| is_as_seen(update));
        (self.plan.updates, self.plan.kept) = (updates, kept);
        for update in changed.iter().chain(not_kept.iter().map(|(update, _)| update)) {
            self.end(update, Outcome::Held(reason));
            self.request_retry();
        }
    }

    /// Holds back every update of a select whose options are not what the plan took them for.
    pub(crate) fn check_options(
        &mut self,
        now: &BTreeMap<CustomFieldId, Result<(ChoiceOptions, bool), PageError>>,
    ) {
        for update in std::mem::take(&mut self.plan.updates) {
            let options = match &update.target {
                Target::Custom(field) => now.get(field),
                Target::Default(_) => None,
            };
            match options {
                None => self.plan.updates.push(update),
                Some(Ok((options, _))) if options == update.format.choices() => {
                    self.plan.updates.push(update);
                }
                Some(Ok(_)) => {
                    self.definitions_are_outdated = true;
                    self.end(&update, Outcome::Held(Reason::ChangedMeanwhile));
                    self.request_retry();
                }
                Some(Err(error)) => self.refuse(&update, Refusal::of_list(error)),
            }
        }
    }

    /// Ends everything that was to be written: it is not wanted any more.
    pub(crate) fn withdraw(&mut self, reason: Reason) {
        if self.is_document_due() {
            self.document = DocumentOutcome::NotDue(reason);
        }
        self.give_up(Outcome::Skipped(reason), Next::Done);
    }

    /// Holds back a field for which there is no room within the limit of changes.
    pub(crate) fn hold_for_limit(&mut self, update: &FieldUpdate, wait: Option<Duration>) {
        self.end(update, Outcome::Held(Reason::LimitReached));
        self.waits_for_room = Some(self.waits_for_room.flatten().max(wait));
    }

    /// Everything fails for this reason, and will again.
    pub(crate) fn refuse_all(mut self, reason: Reason) -> Report {
        for field in &mut self.outcomes {
            (field.outcome, field.note, field.member) = (Outcome::Failed(reason), None, None);
        }
        (self.document, self.next) = (DocumentOutcome::Failed(reason), Next::Done);
        self.report()
    }

    /// Ends everything that was to be written.
    pub(crate) fn give_up(&mut self, outcome: Outcome, next: Next) {
        self.end_rest(outcome);
        self.then(next);
        self.give_up_document(outcome.reason().unwrap_or(Reason::NotAttempted), next);
    }

    /// Holds back what a person keeps where the card is not as they saw it, or nobody can say: after the writes of a contract that only an address
    /// links, this is where its candidate is asked for.
    pub(crate) fn check_kept(&mut self, candidate: Result<Option<CandidateSnapshot>, Error>) {
        let card = match candidate {
            Ok(Some(card)) => card,
            Ok(None) => {
                self.candidate_is_gone = true;
                self.request_retry();
                return self.end_kept(Outcome::Held(Reason::CandidateGone));
            }
            Err(error) => {
                let refusal = Refusal::of(&error);
                self.then(refusal.next);
                return self.end_kept(Outcome::Failed(refusal.reason));
            }
        };
        self.keep_only(|update, _| card.value(&update.target, &update.format).as_ref() == Ok(&update.seen));
    }

    /// Holds back what a person keeps where the ledger has not taken it: the contract is another candidate's by now, or something else was
    /// agreed on. The others are done with.
    pub(crate) fn settle_kept(&mut self, candidate: &CandidateId, entry: &LedgerEntry) {
        let is_theirs = entry.candidate.as_ref() == Some(candidate);
        self.keep_only(|_, kept| is_theirs && entry.bases.get(&kept.data_field) == Some(&kept.base));
        self.plan.kept.clear();
    }

    /// Holds back of what a person keeps all but this.
    fn keep_only(&mut self, is_left: impl Fn(&FieldUpdate, &Kept) -> bool) {
        let (left, changed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.plan.kept).into_iter().partition(|(update, kept)| is_left(update, kept));
        self.plan.kept = left;
        for (update, _) in &changed {
            self.end(update, Outcome::Held(Reason::ChangedMeanwhile));
            self.request_retry();
        }
    }

    /// Ends what is left to be sent, since no request gets through. What a person keeps needs none.
    pub(crate) fn stop_sending(&mut self, refusal: Refusal) {
        self.end_updates(Outcome::Failed(refusal.reason));
        self.then(refusal.next);
        self.give_up_document(refusal.reason, refusal.next);
    }

    /// Ends everything that was to be written, since what it hangs on could not be read.
    pub(crate) fn stop(&mut self, refusal: Refusal) {
        self.give_up(Outcome::Failed(refusal.reason), refusal.next);
    }

    /// Ends the fields that were to be written, or kept.
    fn end_rest(&mut self, outcome: Outcome) {
        self.end_updates(outcome);
        self.end_kept(outcome);
    }

    /// Ends the fields that were to be written.
    pub(crate) fn end_updates(&mut self, outcome: Outcome) {
        for update in std::mem::take(&mut self.plan.updates) {
            self.end(&update, outcome);
        }
    }

    /// Ends the fields that a person keeps, and that the ledger has not noted.
    pub(crate) fn end_kept(&mut self, outcome: Outcome) {
        for (update, _) in std::mem::take(&mut self.plan.kept) {
            self.end(&update, outcome);
        }
    }

    /// The document is not tried for this reason, but later if `next` is another look.
    pub(crate) fn give_up_document(&mut self, reason: Reason, next: Next) {
        if self.is_document_due() {
            self.end_document(reason, next);
        }
    }

    pub(crate) fn end_document(&mut self, reason: Reason, next: Next) {
        self.candidate_is_gone |= reason == Reason::CandidateGone;
        self.document = match next {
            Next::Retry(_) => DocumentOutcome::Later(reason),
            Next::Done => DocumentOutcome::Failed(reason),
        };
        self.then(next);
    }

    /// Ends a field that the service did not take.
    pub(crate) fn refuse(&mut self, update: &FieldUpdate, refusal: Refusal) {
        self.end(update, refusal.outcome());
        self.then(refusal.next);
        self.definitions_are_outdated |= refusal.definitions_are_outdated;
    }

    pub(crate) fn end(&mut self, update: &FieldUpdate, outcome: Outcome) {
        for field in self.outcomes.iter_mut().filter(|field| update.is_of(field)) {
            (field.outcome, field.note, field.member) = (outcome, None, None);
        }
    }

    /// Ends a field as the plan says.
    pub(crate) fn end_as_planned(&mut self, update: &FieldUpdate) {
        let fields = self.outcomes.iter_mut().zip(&self.plan.outcomes);
        for (field, planned) in fields.filter(|(field, _)| update.is_of(field)) {
            *field = planned.clone();
        }
    }

    pub(crate) fn report(self) -> Report {
        // Whatever else is worth another look is so sooner.
        let next = match (self.next, self.waits_for_room) {
            (Next::Done, Some(after)) => {
                Next::Retry(Retry { after, waits_for_limit: true, ..Retry::default() })
            }
            (next, _) => next,
        };
        Report {
            contract: self.plan.contract,
            plan: self.plan.hash().to_owned(),
            candidate: self.plan.candidate,
            state: self.plan.state,
            last_change: self.plan.last_change,
            template_type: self.plan.template_type,
            linked_by: self.plan.linked_by,
            outcomes: self.outcomes,
            document: self.document,
            is_saved: self.is_saved,
            next,
        }
    }
}
