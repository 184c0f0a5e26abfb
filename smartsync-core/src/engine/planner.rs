//! Reads a contract and its candidate, and plans.

use std::sync::Arc;

use oneflow_client::{ContractId, OneflowClient, contracts::GetContract};

use super::{
    clock::OptionalClock, definitions_cache::DefinitionsCache, engine_error::EngineError,
    find_candidate::CandidateFinder, find_candidate::Found, other_contracts::ContractReader,
    other_contracts::OtherContracts, shared_reads::ContractRead, shared_reads::SharedReads,
};
use crate::{
    candidate::Definitions,
    contract::ContractSnapshot,
    keys::SyncKeys,
    ledger::{CardEntry, Ledger},
    mapping::{LinkMethod, Mapping},
    plan::{Plan, PlanInput, Resolution, plan_with},
};

/// Plans contracts.
pub(crate) struct Planner<'a> {
    pub(crate) oneflow: &'a OneflowClient,
    pub(crate) mapping: &'a Mapping,
    pub(crate) ledger: &'a dyn Ledger,
    pub(crate) keys: &'a SyncKeys,
    pub(crate) clock: &'a OptionalClock,
    pub(crate) definitions: &'a DefinitionsCache,
    pub(crate) candidates: CandidateFinder<'a>,
    pub(crate) contracts: ContractReader<'a>,
}

impl Planner<'_> {
    /// The plan for a contract, with what a person has decided. What is read of the candidate's other contracts is shared through
    /// `reads`.
    pub(crate) async fn plan(
        &self,
        contract: ContractId,
        reads: Option<&SharedReads>,
        resolutions: &[Resolution],
    ) -> Result<Plan, EngineError> {
        // From here on what is read grows old, however long the rest of the reading takes.
        let read_at = self.clock.now();
        let answer = self.oneflow.send_opt(&GetContract::new(contract)).await?;
        let (mut definitions, were_cached) = match self.definitions.cached() {
            Some(definitions) => (definitions, true),
            None => (self.definitions.refresh().await?, false),
        };
        let Some(answer) = answer else {
            let gone = || Plan::without_contract(contract, self.mapping, &definitions, self.keys);
            return Ok(gone().leave_unresolved(gone(), resolutions));
        };
        let snapshot = ContractSnapshot::read(&answer);
        if let Some(reads) = reads {
            reads.put(contract, ContractRead { read_at, contract: Some(snapshot.clone()) });
        }
        let mut entry = self.ledger.load(contract).await?;
        if self.candidates.was_made_for_bound(&snapshot, &entry).await? {
            entry.linked_by = Some(LinkMethod::Ledger);
        }
        let (candidate, linked_by, card) = match self.candidates.find(&snapshot, &entry).await? {
            Found::Candidate(found) => (Ok(found.candidate), Some(found.method), found.card),
            Found::Nobody(reason) => (Err(reason), None, CardEntry::default()),
        };
        let others = match &candidate {
            Ok(candidate) => {
                let known = self.ledger.contracts_of(&candidate.id).await?;
                self.contracts.others(contract, known, reads).await?
            }
            Err(_) => OtherContracts::default(),
        };
        let has_unread_other = others.has_unread;
        let planned = |definitions: &Arc<Definitions>| {
            let candidate = candidate.as_ref().map_err(|reason| *reason);
            let (mapping, contract, others) = (self.mapping, &snapshot, others.contracts.as_slice());
            let (entry, card, keys) = (&entry, &card, self.keys);
            let input = PlanInput {
                mapping,
                definitions,
                contract,
                others,
                has_unread_other,
                candidate,
                entry,
                card,
                resolutions,
                keys,
            };
            plan_with(&input, &|contract| self.definitions.pairs_for(Some(definitions), contract))
        };
        let mut plan = planned(&definitions);
        if were_cached
            && (self.definitions.meets_unknown(&plan, &snapshot, candidate.as_ref().ok(), &definitions)
                || self.definitions.may_write_elsewhere(&plan, &definitions))
        {
            definitions = self.definitions.refresh().await?;
            plan = planned(&definitions);
        }
        let read_at = read_at.map(|read_at| others.oldest.map_or(read_at, |oldest| oldest.min(read_at)));
        plan.was_read(read_at, linked_by, &definitions);
        Ok(plan)
    }
}
