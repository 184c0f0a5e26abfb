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
        for update in plan.updates.iter().filter(|update| work.outcome(update) == Some(Outcome::Written)) {
            entry.bases.insert(update.data_field.clone(), update.digest.clone());
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

    /// Ends everything that was to be written.
    fn give_up(&mut self, outcome: Outcome, next: Next) {
        for update in std::mem::take(&mut self.plan.updates) {
            self.end(&update, outcome);
        }
        if self.document == DocumentOutcome::Attached {
            let reason = outcome.reason().unwrap_or(Reason::NotAttempted);
            let is_passing = matches!(next, Next::Retry(_));
            self.document =
                if is_passing { DocumentOutcome::Later(reason) } else { DocumentOutcome::Failed(reason) };
        }
        self.next = self.next.and(next);
    }

    async fn write_fields(&mut self, teamtailor: &TeamtailorClient, candidate: &CandidateId) {
        let mut stopped = false;
        for (step, covered) in steps(candidate, &self.plan.updates) {
            let covered: Vec<FieldUpdate> =
                covered.iter().filter_map(|position| self.plan.updates.get(*position).cloned()).collect();
            if stopped {
                self.end_all(&covered, Outcome::Failed(Reason::NotAttempted));
                continue;
            }
            let result = match &step {
                Step::UpdateCandidate(operation) => teamtailor.send(&**operation).await.map(drop),
                Step::CreateCustomFieldValue(operation) => teamtailor.send(operation).await.map(drop),
                Step::UpdateCustomFieldValue(operation) => teamtailor.send(operation).await.map(drop),
                Step::AttachDocument { .. } => Ok(()),
            };
            if let Err(error) = result {
                stopped = self.refused(&step, &covered, &error);
            }
        }
    }

    /// Accounts for a step that failed. Whether the steps behind it would fail the same way.
    fn refused(&mut self, step: &Step, covered: &[FieldUpdate], error: &Error) -> bool {
        let refusal = Refusal::of(error);
        if error.is_not_found() {
            let (outcome, next, stops) = match step {
                Step::UpdateCandidate(_) => (Outcome::Held(Reason::CandidateGone), Next::Done, true),
                // The value was there a moment ago: the next look sees what became of it.
                Step::UpdateCustomFieldValue(_) => {
                    (Outcome::Held(Reason::ChangedMeanwhile), Next::Retry(Retry::default()), false)
                }
                Step::CreateCustomFieldValue(_) | Step::AttachDocument { .. } => {
                    (Outcome::Failed(Reason::Refused), Next::Done, false)
                }
            };
            self.end_all(covered, outcome);
            self.next = self.next.and(next);
            if stops && self.document == DocumentOutcome::Attached {
                self.document = DocumentOutcome::Failed(Reason::CandidateGone);
            }
            return stops;
        }
        for update in covered {
            let reason = match &update.target {
                Target::Default(field) => of_default_field(error, *field),
                Target::Custom(_) if update.json.is_null() && error.is_validation() => Reason::ClearRefused,
                Target::Custom(_) => refusal.reason,
            };
            self.end(update, Outcome::Failed(reason));
        }
        self.next = self.next.and(refusal.next);
        refusal.stops
    }

    fn end_all(&mut self, updates: &[FieldUpdate], outcome: Outcome) {
        for update in updates {
            self.end(update, outcome);
        }
    }

    fn end(&mut self, update: &FieldUpdate, outcome: Outcome) {
        for field in self.outcomes.iter_mut().filter(|field| is_of(field, update)) {
            field.outcome = outcome;
            field.note = None;
        }
    }

    fn outcome(&self, update: &FieldUpdate) -> Option<Outcome> {
        self.outcomes.iter().find(|field| is_of(field, update)).map(|field| field.outcome)
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

fn is_of(field: &FieldOutcome, update: &FieldUpdate) -> bool {
    field.data_field == update.data_field && field.target == update.field
}
