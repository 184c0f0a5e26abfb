//! Keeps Teamtailor's definitions between two looks, and sees when they no longer suffice.

use std::sync::{Arc, Mutex, PoisonError};

use teamtailor_client::TeamtailorClient;

use super::{
    clock::OptionalClock, engine_error::EngineError, pair_cache::PairCache, trust::TRUST_SECONDS,
    trust::age_in_seconds,
};
use crate::{
    candidate::{CandidateSnapshot, Definition, Definitions, Target},
    contract::ContractSnapshot,
    mapping::{Mapping, PREFIX},
    outcome::{FieldOutcome, Outcome, Reason},
    plan::{FieldPair, FieldUpdate, Plan, pairs_for},
};

/// Definitions are trusted this long before something unknown has them read again.
const DEFINITIONS_SECONDS: i64 = 60;
/// Before a custom field is written, definitions that are older are read again: its name may be another field's by now.
const MAX_SECONDS_BEFORE_A_WRITE: i64 = 60 * 60;
/// Definitions that are a day old are read again in any case: a field may have changed its type, or its name.
const MAX_DEFINITIONS_SECONDS: i64 = 24 * 60 * 60;

/// Teamtailor's definitions as they were read last.
#[derive(Debug)]
pub(crate) struct DefinitionsCache {
    teamtailor: TeamtailorClient,
    mapping: Arc<Mapping>,
    clock: OptionalClock,
    cached: Mutex<Option<Arc<Definitions>>>,
    pairs: PairCache,
}

impl DefinitionsCache {
    pub(crate) fn new(teamtailor: TeamtailorClient, mapping: Arc<Mapping>, clock: OptionalClock) -> Self {
        Self { teamtailor, mapping, clock, cached: Mutex::default(), pairs: PairCache::default() }
    }

    /// All pairs for this contract, joined once for its kind. Those without definitions are not kept.
    pub(crate) fn pairs_for(
        &self,
        definitions: Option<&Arc<Definitions>>,
        contract: &ContractSnapshot,
    ) -> Arc<[FieldPair]> {
        match definitions {
            Some(definitions) => self.pairs.pairs_for(&self.mapping, definitions, contract),
            None => pairs_for(&self.mapping, &Definitions::default(), contract),
        }
    }

    /// Whether a plan shows a field or an option that the definitions do not have, and they are old enough to lack it.
    pub(crate) fn meets_unknown(
        &self,
        plan: &Plan,
        contract: &ContractSnapshot,
        candidate: Option<&CandidateSnapshot>,
        definitions: &Definitions,
    ) -> bool {
        let data_fields = contract.data_fields.keys().map(String::as_str);
        has_unknown(&plan.outcomes) && self.are_old(definitions)
            || self.lack(definitions, &plan.outcomes, data_fields, candidate)
    }

    /// The same for a new contract that will have these data fields. There is no next look that would find what it is made
    /// without, so definitions of any age are read again for a field or an option that they do not have.
    pub(crate) fn lack_for_new_contract<'a>(
        &self,
        definitions: &Definitions,
        outcomes: &[FieldOutcome],
        data_fields: impl Iterator<Item = &'a str>,
        candidate: &CandidateSnapshot,
    ) -> bool {
        has_unknown(outcomes) || self.lack(definitions, outcomes, data_fields, Some(candidate))
    }

    /// Whether there is a field, on the card or in the contract, that old definitions do not have.
    fn lack<'a>(
        &self,
        definitions: &Definitions,
        outcomes: &[FieldOutcome],
        mut data_fields: impl Iterator<Item = &'a str>,
        candidate: Option<&CandidateSnapshot>,
    ) -> bool {
        let on_card =
            candidate.is_some_and(|candidate| candidate.custom.keys().any(|id| !definitions.has(id)));
        // A field that is new in Teamtailor and still empty on the card shows in the contract only. Such a field may have
        // no partner for good reason, so without a clock it would have the definitions read at every look.
        let is_paired = |key: &str| outcomes.iter().any(|field| field.data_field == key);
        let is_new = |key: &str| {
            key.starts_with(PREFIX) && !is_paired(key) && self.mapping.sync.token_field() != Some(key)
        };
        let in_contract =
            self.mapping.sync.convention && self.age(definitions).is_some() && data_fields.any(is_new);
        self.are_old(definitions) && (on_card || in_contract)
    }

    /// Whether a field or an option that the plan writes may be another one by now: a name can be given to another field, a label
    /// to another option, and a write of the old id would then put something on the card that the contract does not say.
    pub(crate) fn may_write_elsewhere(&self, plan: &Plan, definitions: &Definitions) -> bool {
        let most = |update: &FieldUpdate| match &update.target {
            Target::Custom(_) if update.is_choice() => Some(TRUST_SECONDS),
            Target::Custom(_) => Some(MAX_SECONDS_BEFORE_A_WRITE),
            Target::Default(_) => None,
        };
        let most = plan.updates.iter().filter_map(most).min();
        // Without a clock, only options are read each time.
        most.is_some_and(|most| self.age(definitions).map_or(most == TRUST_SECONDS, |age| age > most))
    }

    /// Whether something may be new since the definitions were read; without a clock it always may.
    fn are_old(&self, definitions: &Definitions) -> bool {
        self.age(definitions).is_none_or(|seconds| seconds >= DEFINITIONS_SECONDS)
    }

    /// The definitions, unless they have not been read yet or have aged out.
    pub(crate) fn cached(&self) -> Option<Arc<Definitions>> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner).clone();
        cached.filter(|definitions| {
            !definitions.has_unreadable()
                && self.age(definitions).is_none_or(|seconds| seconds < MAX_DEFINITIONS_SECONDS)
        })
    }

    /// Has the definitions read again at the next look: Teamtailor has shown that they are not what we took them for.
    pub(crate) fn forget(&self) {
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How many seconds ago the definitions were read, if the host has a clock.
    fn age(&self, definitions: &Definitions) -> Option<i64> {
        age_in_seconds(definitions.read_at(), self.clock.now())
    }

    pub(crate) async fn refresh(&self) -> Result<Arc<Definitions>, EngineError> {
        let read_at = self.clock.now();
        let is_wanted = |field: &Definition| self.mapping.may_use(field);
        let definitions = Definitions::read_where(&self.teamtailor, is_wanted, read_at).await;
        // A list that could not be read holds the fields that need it.
        let (definitions, _) = definitions?;
        let definitions = Arc::new(definitions);
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&definitions));
        Ok(definitions)
    }
}

/// Whether a field ended as it did because the definitions do not have it, or its option.
fn has_unknown(outcomes: &[FieldOutcome]) -> bool {
    let unknown = [Outcome::Failed(Reason::UnknownCustomField), Outcome::Failed(Reason::UnknownOption)];
    outcomes.iter().any(|field| unknown.contains(&field.outcome))
}
