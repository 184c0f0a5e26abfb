//! Carries out a plan, and accounts for every field.

use std::collections::BTreeMap;

use oneflow_client::contracts::GetContract;
use teamtailor_client::CandidateId;

use crate::{
    ContractSnapshot, DocumentOutcome, DocumentRecord, Engine, EngineError, LedgerEntry, LedgerError,
    LinkMeans, Next, Outcome, Plan, Reason, Report, Retry, Updated, definitions::read_options,
    document_mark::DocumentMark, field_pair::Target, ledger_change::LedgerChange,
    other_contracts::OtherContracts, rank::Claims, refusal::Refusal, work::Work,
};

/// What was read is trusted this long; after it, contract and candidate are read again before anything is written.
pub(crate) const TRUST_SECONDS: i64 = 30;
/// So often is everything read again, where each reading took longer than that.
const MOST_READS: u32 = 3;

impl Engine {
    /// Carries out a plan: the fewest requests, and one outcome per mapped field. What goes wrong is in the report.
    ///
    /// It is safe to run again, also after a crash: what was begun is in the ledger, a field that was written is found equal,
    /// a document that was attached is known by its id. Before each write, contract and card are read again unless that was
    /// less than 30 s ago, and what is not as the plan saw it is held.
    ///
    /// A plan of an engine for other accounts, or with another key, fails as a whole ([`Reason::PlanOfAnotherEngine`]), without a
    /// request. Credentials of another account than the keys are made for ([`SyncKeys::of_accounts`](crate::SyncKeys::of_accounts)) write
    /// nothing ([`Reason::OtherAccount`]).
    pub async fn apply(&self, plan: Plan) -> Report {
        let mut work = Work::new(plan);
        if work.plan.tenant != self.keys.tenant_tag() {
            return work.refuse_all(Reason::PlanOfAnotherEngine);
        }
        if let Some(candidate) = work.plan.candidate.clone() {
            // What was read of another account must not even be remembered.
            if let Err(error) = self.check_accounts().await {
                work.stop(of_accounts(&error));
                return work.report();
            }
            // What has changed since must not become what both sides agree on.
            let is_as_seen = !work.has_steps() || self.may_write(&mut work, &candidate).await;
            // An index of addresses may still have a candidate who is gone: the first write tells.
            let is_certain = work.plan.linked_by != Some(LinkMeans::Email) || !work.has_steps();
            if is_as_seen && is_certain {
                self.remember(&mut work, &candidate).await;
            }
            self.write_fields(&mut work, &candidate).await;
            self.write_document(&mut work, &candidate).await;
            if is_as_seen && !is_certain && !work.candidate_is_gone {
                self.remember(&mut work, &candidate).await;
            }
        }
        if work.definitions_are_outdated {
            self.drop_definitions();
        }
        work.report()
    }

    /// Holds back what must not be written any more. Returns whether anything is left to be written.
    pub(crate) async fn may_write(&self, work: &mut Work, candidate: &CandidateId) -> bool {
        self.check_ledger(work, candidate).await;
        let mut reads = 0;
        while work.has_steps() && !self.is_trusted(&work.plan) {
            if reads == MOST_READS {
                work.give_up(Outcome::Failed(Reason::Unavailable), Next::Retry(Retry::default()));
                break;
            }
            self.read_again(work, candidate).await;
            // Reading takes its time, and more of it where a rate limit has to be waited for.
            self.check_ledger(work, candidate).await;
            reads += 1;
            if self.now().is_none() {
                // Nothing tells how long it took.
                break;
            }
        }
        work.has_steps()
    }

    /// Holds back what must not be written by what the ledger knows now.
    pub(crate) async fn check_ledger(&self, work: &mut Work, candidate: &CandidateId) {
        let retry = Next::Retry(Retry::default());
        let known = async {
            let is_forgotten = self.ledger.is_forgotten(candidate).await?;
            let card = self.ledger.load_card(candidate).await?;
            Ok::<_, LedgerError>((is_forgotten, self.ledger.load(work.plan.contract).await?, card))
        };
        match known.await {
            Err(_) => work.give_up(Outcome::Failed(Reason::LedgerFailed), retry),
            Ok((true, ..)) => work.withdraw(Reason::CandidateForgotten),
            Ok((false, LedgerEntry { candidate: Some(bound), .. }, _)) if bound != *candidate => {
                work.give_up(Outcome::Held(Reason::ChangedMeanwhile), retry);
            }
            Ok((false, entry, card)) => {
                work.check_document(entry.document.as_ref());
                work.check_remembered(&card);
            }
        }
    }

    /// Holds back what is not as the plan saw it.
    async fn read_again(&self, work: &mut Work, candidate: &CandidateId) {
        // From here on what is read grows old, however long the rest of the reading takes.
        let read_at = self.now();
        let contract = self.oneflow.send_opt(&GetContract::new(work.plan.contract)).await;
        let now = contract.map(|found| found.as_ref().map(|found| ContractSnapshot::read(found).in_order()));
        if work.check_contract(now) {
            let mark = DocumentMark::new(&self.keys, work.plan.contract, candidate);
            let now = self.read_candidate(candidate).await;
            work.check_card(now, &mark);
            self.check_other_contracts(work, candidate).await;
            self.check_options(work).await;
            work.plan.read_at = read_at;
        }
    }

    /// Holds back every update of a field for which another contract of the candidate comes first by now.
    async fn check_other_contracts(&self, work: &mut Work, candidate: &CandidateId) {
        if work.plan.updates.is_empty() {
            return;
        }
        let Ok(known) = self.ledger.contracts_of(candidate).await else {
            return work.give_up(Outcome::Failed(Reason::LedgerFailed), Next::Retry(Retry::default()));
        };
        let others = match self.read_others(work.plan.contract, known, None).await {
            Ok(read) => read,
            Err(error) => return work.stop(Refusal::of(&error)),
        };
        let is_alone = !others.has_unread && others.contracts.is_empty();
        let Some(contract) = work.plan.contract_seen.as_ref().filter(|_| !is_alone) else {
            return;
        };
        let OtherContracts { contracts, has_unread, .. } = others;
        // Those that the plan was made with. A plan that the engine has not made does not say which fields the others claim.
        let definitions = work.plan.definitions.clone();
        let has_unread = has_unread || definitions.is_none();
        let definitions = definitions.unwrap_or_default();
        let claims = Claims::new(contract, &contracts, has_unread, &self.mapping, &definitions);
        work.check_claims(&claims);
    }

    /// Holds back every update of a select whose options are not what the plan took them for.
    async fn check_options(&self, work: &mut Work) {
        let mut seen = BTreeMap::new();
        for update in &work.plan.updates {
            if let (true, Target::Custom(field)) = (update.is_choice(), &update.target)
                && !seen.contains_key(field)
            {
                let options = read_options(&self.teamtailor, field.clone()).await;
                seen.insert(field.clone(), options);
            }
        }
        work.check_options(&seen);
    }

    /// Whether what was read is too old by now, if the host has a clock.
    pub(crate) fn is_outdated(&self, plan: &Plan) -> bool {
        self.now().is_some() && !self.is_trusted(plan)
    }

    fn is_trusted(&self, plan: &Plan) -> bool {
        match (self.now(), plan.read_at) {
            (Some(now), Some(read_at)) => (now.as_second() - read_at.as_second()).abs() <= TRUST_SECONDS,
            _ => false,
        }
    }

    /// Saves the bases of all fields on which both sides were found to agree, a document that was found, and whose contract it
    /// is. What was agreed with another candidate than the ledger knows by now is dropped, and so is what is older than the
    /// ledger's own base.
    async fn remember(&self, work: &mut Work, candidate: &CandidateId) {
        let plan = &work.plan;
        let mut change = LedgerChange::new(plan.contract, candidate.clone());
        let was_asked =
            plan.remembered.0.candidate.is_some() && self.mapping.sync.link.contains(&LinkMeans::Email);
        // By the next look, a file without a name keeps nothing away.
        let waits_for_names = plan.document == DocumentOutcome::Later(Reason::UploadsUnknown);
        let by_more = plan.linked_by.is_some_and(|means| means != LinkMeans::Email);
        if by_more || was_asked || waits_for_names || !plan.agreed.is_empty() {
            change = change.bind(plan.linked_by);
        }
        for agreed in &plan.agreed {
            change = change.agree(agreed.clone());
        }
        if let Some(upload) = &plan.document_found {
            let uploaded = DocumentRecord::Uploaded { upload: upload.clone() };
            change = change.bind(plan.linked_by).document(Some(uploaded));
        }
        if self.update(work, &change).await.is_err() {
            work.was_not_saved();
        }
    }

    /// Changes the ledger, if there is anything to change, and what the look takes for its state.
    pub(crate) async fn update(
        &self,
        work: &mut Work,
        change: &LedgerChange,
    ) -> Result<Updated, LedgerError> {
        if change.is_empty() {
            return Ok(Updated::Done);
        }
        let updated = self.ledger.update(change).await?;
        if updated == Updated::Done {
            let (entry, card) = &mut *work.plan.remembered;
            change.apply_parts(entry, card);
        }
        Ok(updated)
    }
}

/// What it means that the accounts could not be checked.
fn of_accounts(error: &EngineError) -> Refusal {
    if let EngineError::Service(error) = error {
        Refusal::of(error)
    } else if let EngineError::OtherAccount { .. } = error {
        Refusal::for_all(Reason::OtherAccount)
    } else {
        Refusal::for_all(Reason::AnswerUnreadable)
    }
}
