//! Carries out a plan, and accounts for every field.

use smartsync_transport::Error;
use teamtailor_client::{CandidateId, TeamtailorClient};

use crate::{
    CandidateSnapshot, DocumentOutcome, Engine, FieldOutcome, FieldUpdate, LedgerError, Next, Outcome, Plan,
    Reason, Report, Retry, Step,
    document::attach,
    field_pair::Target,
    plan::document_on_card,
    refusal::{Refusal, of_default_field},
    step::steps,
};

/// A plan is trusted this long; after it, the candidate is read again before anything is written.
const TRUST_SECONDS: i64 = 30;

impl Engine {
    /// Carries out a plan: the fewest requests, and one outcome per mapped field. What goes wrong is in the report.
    ///
    /// It is safe to run again, also after a crash: a field that was written is found equal, a document that was attached
    /// is found on the card.
    pub async fn apply(&self, plan: Plan) -> Report {
        let mut work = Work::new(plan);
        if work.has_steps() {
            // The candidate may have been forgotten since the plan was made.
            match self.is_forgotten(&work.plan).await {
                Ok(false) => {}
                Ok(true) => work.withdraw(Reason::CandidateForgotten),
                Err(_) => {
                    work.give_up(Outcome::Failed(Reason::Unavailable), Next::Retry(Retry::default()));
                }
            }
        }
        if work.has_steps() && !self.is_trusted(&work.plan) {
            work.check_preconditions(self.read_again(&work).await);
        }
        if let Some(candidate) = work.plan.candidate.clone() {
            work.write_fields(&self.teamtailor, &candidate).await;
            if work.document == DocumentOutcome::Attached
                && let Some(file_name) = &work.plan.file_name
            {
                let contract = work.plan.contract;
                let (document, next) =
                    attach(&self.oneflow, &self.teamtailor, contract, &candidate, file_name).await;
                work.document = document;
                work.next = work.next.and(next);
            }
        }
        if self.remember(&work).await.is_err() {
            work.next = work.next.and(Next::Retry(Retry::default()));
        }
        work.report()
    }

    fn is_trusted(&self, plan: &Plan) -> bool {
        match (self.now(), plan.read_at) {
            (Some(now), Some(read_at)) => (now.as_second() - read_at.as_second()).abs() <= TRUST_SECONDS,
            _ => false,
        }
    }

    async fn is_forgotten(&self, plan: &Plan) -> Result<bool, LedgerError> {
        match &plan.candidate {
            Some(candidate) => self.ledger.is_forgotten(candidate).await,
            None => Ok(false),
        }
    }

    async fn read_again(&self, work: &Work) -> Result<Option<CandidateSnapshot>, Error> {
        match &work.plan.candidate {
            Some(candidate) => self.read_candidate(candidate).await,
            None => Ok(None),
        }
    }

    /// Saves the bases of all fields on which both sides now agree, and whose contract it is.
    async fn remember(&self, work: &Work) -> Result<(), LedgerError> {
        let plan = &work.plan;
        let Some(candidate) = &plan.candidate else {
            return Ok(());
        };
        let before = self.ledger.load(plan.contract).await?;
        let mut entry = before.clone();
        entry.candidate.get_or_insert_with(|| candidate.clone());
        entry.bases.extend(plan.agreed.clone());
        if entry == before { Ok(()) } else { self.ledger.save(plan.contract, &entry).await }
    }
}

/// A plan under way.
struct Work {
    plan: Plan,
    outcomes: Vec<FieldOutcome>,
    document: DocumentOutcome,
    next: Next,
}

impl Work {
    fn new(plan: Plan) -> Self {
        let (outcomes, document) = (plan.outcomes.clone(), plan.document);
        Self { plan, outcomes, document, next: Next::Done }
    }

    fn has_steps(&self) -> bool {
        !self.plan.updates.is_empty() || self.document == DocumentOutcome::Attached
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
                && candidate.value(&update.pair, &update.target).as_ref() == Ok(&update.seen)
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

    /// Writes the fields, until an answer says that the requests behind it would fail the same way.
    async fn write_fields(&mut self, teamtailor: &TeamtailorClient, candidate: &CandidateId) {
        let updates = std::mem::take(&mut self.plan.updates);
        let mut stopped = false;
        for (step, covered) in steps(candidate, &updates) {
            if stopped {
                self.end_all(&covered, Outcome::Failed(Reason::NotAttempted));
                continue;
            }
            let result = match &step {
                Step::UpdateCandidate(operation) => teamtailor.send(&**operation).await.map(drop),
                Step::CreateCustomFieldValue(operation) => teamtailor.send(operation).await.map(drop),
                Step::UpdateCustomFieldValue(operation) => teamtailor.send(operation).await.map(drop),
                // A plan's document is no update of a field.
                Step::AttachDocument { .. } => Ok(()),
            };
            match result {
                Ok(()) => self.agree(&covered),
                Err(error) => stopped = self.refused(&step, &covered, &error),
            }
        }
    }

    /// Both sides now hold the same.
    fn agree(&mut self, updates: &[&FieldUpdate]) {
        let bases = updates.iter().map(|update| (update.data_field.clone(), update.digest.clone()));
        self.plan.agreed.extend(bases);
    }

    /// Accounts for a step that failed. Returns whether the steps behind it are not to be tried.
    fn refused(&mut self, step: &Step, covered: &[&FieldUpdate], error: &Error) -> bool {
        if error.is_not_found() {
            return self.missing(step, covered);
        }
        let refusal = Refusal::of(error);
        for update in covered {
            let reason = match &update.target {
                Target::Default(field) => of_default_field(error, *field),
                Target::Custom(_) => refusal.reason,
            };
            let is_clearing = update.json.is_null() && reason == Reason::Refused;
            self.end(update, Outcome::Failed(if is_clearing { Reason::ClearRefused } else { reason }));
        }
        self.next = self.next.and(refusal.next);
        // Without credentials or a service the document would fail as well; a refused value says nothing about it.
        if refusal.stops && refusal.next != Next::Done {
            self.give_up_document(Reason::NotAttempted);
        }
        refusal.stops
    }

    /// Accounts for a step whose target is not there. Returns the same as [`Work::refused`].
    fn missing(&mut self, step: &Step, covered: &[&FieldUpdate]) -> bool {
        match step {
            Step::UpdateCandidate(_) => {
                self.end_all(covered, Outcome::Held(Reason::CandidateGone));
                self.give_up_document(Reason::CandidateGone);
                true
            }
            // The value was there a moment ago: the next look sees what became of it.
            Step::UpdateCustomFieldValue(_) => {
                self.end_all(covered, Outcome::Held(Reason::ChangedMeanwhile));
                self.next = self.next.and(Next::Retry(Retry::default()));
                false
            }
            Step::CreateCustomFieldValue(_) | Step::AttachDocument { .. } => {
                self.end_all(covered, Outcome::Failed(Reason::Refused));
                false
            }
        }
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
