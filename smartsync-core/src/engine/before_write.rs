//! What is asked once more before anything is written: whether all is still as the plan saw it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use oneflow_client::{OneflowClient, contracts::GetContract};
use teamtailor_client::{CandidateId, TeamtailorClient};

use super::{
    apply_progress::ApplyProgress, clock::OptionalClock, definitions_cache::DefinitionsCache,
    leases::HeldLease, other_contracts::ContractReader, other_contracts::OtherContracts,
    read_candidate::read_candidate, read_definitions::read_options, refusal::Refusal, report::Next,
    report::Retry, trust::is_trusted,
};
use crate::{
    candidate::Target,
    contract::ContractSnapshot,
    keys::{DocumentMark, SyncKeys},
    ledger::{Ledger, LedgerEntry, LedgerError},
    outcome::{Outcome, Reason},
    plan::{Claims, Plan},
};

/// So often is everything read again, where each reading took longer than that.
const MOST_READS: u32 = 3;

/// Holds back what must not be written any more.
pub(crate) struct BeforeWrite<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) teamtailor: &'a TeamtailorClient,
    pub(crate) definitions: &'a DefinitionsCache,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) clock: &'a OptionalClock,
    pub(crate) contracts: ContractReader<'a>,
    pub(crate) lease: &'a HeldLease<'a>,
}

impl BeforeWrite<'_> {
    /// Holds back what must not be written any more. Returns whether anything is left to be written.
    pub(crate) async fn may_write(&self, progress: &mut ApplyProgress, candidate: &CandidateId) -> bool {
        self.check_ledger(progress, candidate).await;
        let mut reads = 0;
        while progress.has_steps() && !is_trusted(progress.plan.read_at, self.clock.now()) {
            if reads == MOST_READS {
                progress.give_up(Outcome::Failed(Reason::Unavailable), Next::Retry(Retry::default()));
                break;
            }
            self.read_again(progress, candidate).await;
            // Reading takes its time, and more of it where a rate limit has to be waited for.
            self.check_ledger(progress, candidate).await;
            reads += 1;
            if self.clock.now().is_none() {
                // Nothing tells how long it took.
                break;
            }
        }
        progress.has_steps()
    }

    /// Holds back what must not be written by what the ledger knows now.
    pub(crate) async fn check_ledger(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        let retry = Next::Retry(Retry::default());
        let known = async {
            let is_ours = self.lease.is_ours().await?;
            let is_forgotten = self.ledger.is_forgotten(candidate).await?;
            let card = self.ledger.load_card(candidate).await?;
            Ok::<_, LedgerError>((
                is_ours,
                is_forgotten,
                self.ledger.load(progress.plan.contract).await?,
                card,
            ))
        };
        match known.await {
            Err(_) => progress.give_up(Outcome::Failed(Reason::LedgerFailed), retry),
            Ok((_, true, ..)) => progress.withdraw(Reason::CandidateForgotten),
            // Another process may look at the contract by now.
            Ok((false, ..)) => progress.give_up(Outcome::Held(Reason::ChangedMeanwhile), retry),
            Ok((_, _, LedgerEntry { candidate: Some(bound), .. }, _)) if bound != *candidate => {
                progress.give_up(Outcome::Held(Reason::ChangedMeanwhile), retry);
            }
            Ok((_, _, entry, card)) => {
                progress.check_document(entry.document.as_ref());
                progress.check_remembered(&card);
                progress.check_bases(&entry.bases);
            }
        }
    }

    /// Holds back what is not as the plan saw it.
    async fn read_again(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        // From here on what is read grows old, however long the rest of the reading takes.
        let read_at = self.clock.now();
        let contract = self.oneflow.send_opt(&GetContract::new(progress.plan.contract)).await;
        let now = contract.map(|found| found.as_ref().map(|found| ContractSnapshot::read(found).in_order()));
        if progress.check_contract(now) {
            let mark = DocumentMark::new(self.keys, progress.plan.contract, candidate);
            let now = read_candidate(self.teamtailor, candidate).await;
            progress.check_card(now, &mark);
            self.check_other_contracts(progress, candidate).await;
            self.check_options(progress).await;
            progress.plan.read_at = read_at;
        }
    }

    /// Holds back every update of a field for which another contract of the candidate comes first by now.
    async fn check_other_contracts(&self, progress: &mut ApplyProgress, candidate: &CandidateId) {
        if progress.plan.updates.is_empty() && progress.plan.kept.is_empty() {
            return;
        }
        let Ok(known) = self.ledger.contracts_of(candidate).await else {
            return progress.give_up(Outcome::Failed(Reason::LedgerFailed), Next::Retry(Retry::default()));
        };
        let others = match self.contracts.others(progress.plan.contract, known, None).await {
            Ok(read) => read,
            Err(error) => return progress.stop(Refusal::of(&error)),
        };
        let is_alone = !others.has_unread && others.contracts.is_empty();
        let Some(contract) = progress.plan.contract_seen.as_ref().filter(|_| !is_alone) else {
            return;
        };
        let OtherContracts { contracts, has_unread, .. } = others;
        // Those that the plan was made with. A plan that the engine has not made does not say which fields the others claim.
        let definitions = progress.plan.definitions.as_ref();
        let has_unread = has_unread || definitions.is_none();
        let claims = Claims::new(contract, &contracts, has_unread, &|contract| {
            self.definitions.pairs_for(definitions, contract)
        });
        progress.check_claims(&claims);
    }

    /// Holds back every update of a select whose options are not what the plan took them for.
    async fn check_options(&self, progress: &mut ApplyProgress) {
        let mut seen = BTreeMap::new();
        for update in &progress.plan.updates {
            if let (true, Target::Custom(field)) = (update.is_choice(), &update.target)
                && !seen.contains_key(field)
            {
                let options = read_options(self.teamtailor, field.clone()).await;
                seen.insert(field.clone(), options);
            }
        }
        progress.check_options(&seen);
    }

    /// Whether what was read is too old by now, if the host has a clock.
    pub(crate) fn is_outdated(&self, plan: &Plan) -> bool {
        self.is_long_ago(plan.read_at)
    }

    /// Whether what was asked then has to be asked again, if the host has a clock.
    pub(crate) fn is_long_ago(&self, then: Option<Timestamp>) -> bool {
        self.clock.now().is_some() && !is_trusted(then, self.clock.now())
    }

    /// Whether what was noted and not sent may be taken back. Where another process has the contract by now, it may rest on it, or have noted
    /// the same for itself.
    pub(crate) async fn may_take_back(&self) -> bool {
        self.lease.is_ours().await.unwrap_or_default()
    }
}
