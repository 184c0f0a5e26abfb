//! Carries out a plan, and accounts for every field.

use std::collections::{BTreeSet, VecDeque};

use oneflow_client::GetContract;
use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::{
    CandidateSnapshot, ContractSnapshot, DocumentOutcome, Engine, FieldOutcome, FieldUpdate, LedgerError,
    Next, Outcome, Plan, Reason, Report, Retry,
    plan::document_on_card,
    refusal::{Refusal, names},
    step::{FieldWrite, field_writes},
};

/// A plan is trusted this long; after it, contract and candidate are read again before anything is written.
const TRUST_SECONDS: i64 = 30;

impl Engine {
    /// Carries out a plan: the fewest requests, and one outcome per mapped field. What goes wrong is in the report.
    ///
    /// It is safe to run again, also after a crash: a field that was written is found equal, a document that was attached
    /// is found on the card. Whatever else has become of the card in between is found by the next look.
    pub async fn apply(&self, plan: Plan) -> Report {
        let mut work = Work::new(plan);
        if work.has_steps() {
            self.check(&mut work).await;
        }
        if let Some(candidate) = work.plan.candidate.clone() {
            work.write_fields(&self.teamtailor, &candidate).await;
            if work.document == DocumentOutcome::Attached
                && let Some(file_name) = &work.plan.file_name
            {
                let (document, next) = self.attach(work.plan.contract, &candidate, file_name).await;
                work.document = document;
                work.next = work.next.and(next);
            }
        }
        if work.definitions_are_outdated {
            self.drop_definitions();
        }
        if self.remember(&work).await.is_err() {
            work.next = work.next.and(Next::Retry(Retry::default()));
        }
        work.report()
    }

    /// Holds back what must not be written any more.
    async fn check(&self, work: &mut Work) {
        let Some(candidate) = work.plan.candidate.clone() else { return };
        match self.ledger.is_forgotten(&candidate).await {
            Ok(false) => {}
            Ok(true) => return work.withdraw(Reason::CandidateForgotten),
            Err(_) => {
                let retry = Next::Retry(Retry::default());
                return work.give_up(Outcome::Failed(Reason::LedgerFailed), retry);
            }
        }
        if !self.is_trusted(&work.plan) {
            let contract = self.oneflow.send_opt(&GetContract::new(work.plan.contract)).await;
            let now =
                contract.map(|found| found.as_ref().map(|found| ContractSnapshot::read(found).in_order()));
            if work.check_contract(now) {
                let candidate = self.read_candidate(&candidate).await;
                work.check_preconditions(candidate);
            }
        }
    }

    fn is_trusted(&self, plan: &Plan) -> bool {
        match (self.now(), plan.read_at) {
            (Some(now), Some(read_at)) => (now.as_second() - read_at.as_second()).abs() <= TRUST_SECONDS,
            _ => false,
        }
    }

    /// Saves the bases of all fields on which both sides now agree, and whose contract it is. What was agreed with another
    /// candidate than the ledger knows by now is dropped, and so is what a plan found that is older than the ledger's own base.
    /// What was written just now is the newest there is.
    async fn remember(&self, work: &Work) -> Result<(), LedgerError> {
        let plan = &work.plan;
        if work.contract_has_changed {
            return Ok(());
        }
        let Some(candidate) = &plan.candidate else {
            return Ok(());
        };
        let before = self.ledger.load(plan.contract).await?;
        if before.candidate.as_ref().is_some_and(|bound| bound != candidate) {
            return Ok(());
        }
        let mut entry = before.clone();
        entry.candidate.get_or_insert_with(|| candidate.clone());
        for (data_field, agreement) in &plan.agreed {
            let is_newest = work.written.contains(data_field);
            if is_newest || before.bases.get(data_field) == agreement.before.as_ref() {
                entry.bases.insert(data_field.clone(), agreement.base.clone());
            }
        }
        if entry == before { Ok(()) } else { self.ledger.save(plan.contract, &entry).await }
    }
}

/// A plan under way.
struct Work {
    plan: Plan,
    outcomes: Vec<FieldOutcome>,
    document: DocumentOutcome,
    next: Next,
    /// The data fields whose values were written.
    written: BTreeSet<String>,
    /// Whether Teamtailor's fields or options are not what the plan took them for.
    definitions_are_outdated: bool,
    /// Whether the contract is no longer what the plan was made from.
    contract_has_changed: bool,
}

impl Work {
    fn new(plan: Plan) -> Self {
        let (outcomes, document) = (plan.outcomes.clone(), plan.document);
        let is_unreadable = |field: &FieldOutcome| field.outcome == Outcome::Held(Reason::AnswerUnreadable);
        let is_unread = matches!(document, DocumentOutcome::Later(_)) || outcomes.iter().any(is_unreadable);
        Self {
            plan,
            outcomes,
            document,
            next: if is_unread { Next::Retry(Retry::default()) } else { Next::Done },
            written: BTreeSet::new(),
            definitions_are_outdated: false,
            contract_has_changed: false,
        }
    }

    fn has_steps(&self) -> bool {
        !self.plan.updates.is_empty() || self.document == DocumentOutcome::Attached
    }

    /// Holds back everything if the contract is not what the plan saw. Returns whether it is. `now` is `None` if there is no
    /// such contract any more.
    fn check_contract(&mut self, now: Result<Option<ContractSnapshot>, Error>) -> bool {
        match now {
            Ok(now) if now == self.plan.contract_seen => return true,
            Ok(_) => {
                self.contract_has_changed = true;
                let retry = Next::Retry(Retry::default());
                self.give_up(Outcome::Held(Reason::ChangedMeanwhile), retry);
            }
            Err(error) => {
                let refusal = Refusal::of(&error);
                self.give_up(Outcome::Failed(refusal.reason), refusal.next);
            }
        }
        false
    }

    /// Holds back every update whose field is not what the plan saw.
    fn check_preconditions(&mut self, candidate: Result<Option<CandidateSnapshot>, Error>) {
        let candidate = match candidate {
            Ok(Some(candidate)) => candidate,
            Ok(None) => return self.give_up(Outcome::Held(Reason::CandidateGone), Next::Done),
            Err(error) => {
                let refusal = Refusal::of(&error);
                return self.give_up(Outcome::Failed(refusal.reason), refusal.next);
            }
        };
        let is_as_seen = |update: &FieldUpdate| {
            let held = candidate.held(&update.target).map(|held| &held.id);
            held == update.held.as_ref()
                && candidate.value(&update.target, &update.format).as_ref() == Ok(&update.seen)
        };
        let (kept, changed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.plan.updates).into_iter().partition(is_as_seen);
        self.plan.updates = kept;
        for update in &changed {
            self.end(update, Outcome::Held(Reason::ChangedMeanwhile));
            self.next = self.next.and(Next::Retry(Retry::default()));
        }
        if self.document == DocumentOutcome::Attached {
            self.document = document_on_card(self.plan.contract, &candidate);
        }
    }

    /// Ends everything that was to be written: it is not wanted any more.
    fn withdraw(&mut self, reason: Reason) {
        if self.document == DocumentOutcome::Attached {
            self.document = DocumentOutcome::NotDue(reason);
        }
        self.give_up(Outcome::Skipped(reason), Next::Done);
    }

    /// Ends everything that was to be written.
    fn give_up(&mut self, outcome: Outcome, next: Next) {
        for update in std::mem::take(&mut self.plan.updates) {
            self.end(&update, outcome);
        }
        self.next = self.next.and(next);
        self.give_up_document(outcome.reason().unwrap_or(Reason::NotAttempted));
    }

    fn give_up_document(&mut self, reason: Reason) {
        if self.document == DocumentOutcome::Attached {
            self.document = match self.next {
                Next::Retry(_) => DocumentOutcome::Later(reason),
                Next::Done | Next::Park(_) => DocumentOutcome::Failed(reason),
            };
        }
    }

    /// Writes the fields, until an answer says that the requests behind it would fail the same way. Default fields that
    /// Teamtailor names in a refusal do not hold back the others: those are sent again without them.
    async fn write_fields(&mut self, teamtailor: &TeamtailorClient, candidate: &CandidateId) {
        let updates = std::mem::take(&mut self.plan.updates);
        let mut queue = VecDeque::from(field_writes(candidate, &updates));
        let mut stopped = false;
        while let Some((write, covered)) = queue.pop_front() {
            if stopped {
                self.end_all(&covered, Outcome::Failed(Reason::NotAttempted));
                continue;
            }
            let Err(error) = write.send(teamtailor).await else {
                self.agree(&covered);
                continue;
            };
            let is_named =
                |update: &&FieldUpdate| update.default_field().is_some_and(|field| names(&error, field));
            let (named, others): (Vec<_>, Vec<_>) = covered.iter().copied().partition(is_named);
            if named.is_empty() || others.is_empty() {
                stopped = self.refused(&write, &covered, &error);
            } else {
                self.refused(&write, &named, &error);
                field_writes(candidate, others).into_iter().for_each(|again| queue.push_front(again));
            }
        }
    }

    /// Both sides now hold the same.
    fn agree(&mut self, updates: &[&FieldUpdate]) {
        let agreed = updates.iter().map(|update| (update.data_field.clone(), update.agreement.clone()));
        self.plan.agreed.extend(agreed);
        self.written.extend(updates.iter().map(|update| update.data_field.clone()));
    }

    /// Accounts for a write that failed. Returns whether those behind it are not to be tried.
    fn refused(&mut self, write: &FieldWrite, covered: &[&FieldUpdate], error: &Error) -> bool {
        let refusal = Refusal::of_write(write, error);
        for update in covered {
            let refusal = refusal.of_field(update, error, covered.len());
            self.end(update, refusal.outcome());
            self.next = self.next.and(refusal.next);
            self.definitions_are_outdated |= refusal.definitions_are_outdated;
        }
        // Without a candidate, credentials or a service the document would fail as well; a refused value says nothing
        // about it.
        if refusal.reason == Reason::CandidateGone {
            self.give_up_document(Reason::CandidateGone);
        } else if refusal.stops && refusal.next != Next::Done {
            self.give_up_document(Reason::NotAttempted);
        }
        refusal.stops
    }

    fn end_all(&mut self, updates: &[&FieldUpdate], outcome: Outcome) {
        for update in updates {
            self.end(update, outcome);
        }
    }

    fn end(&mut self, update: &FieldUpdate, outcome: Outcome) {
        let is_its =
            |field: &&mut FieldOutcome| field.data_field == update.data_field && field.target == update.field;
        for field in self.outcomes.iter_mut().filter(is_its) {
            field.outcome = outcome;
            field.note = None;
        }
    }

    fn report(self) -> Report {
        Report {
            contract: self.plan.contract,
            candidate: self.plan.candidate,
            outcomes: self.outcomes,
            document: self.document,
            next: self.next,
        }
    }
}
