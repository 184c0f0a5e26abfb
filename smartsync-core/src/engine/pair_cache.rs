//! Pairs of fields that were joined for one contract and serve every other of its kind.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    candidate::Definitions,
    contract::ContractSnapshot,
    mapping::{ContractScope, Mapping},
    plan::{FieldPair, pairs_for},
};

/// So many kinds of contracts are kept: template types with their data fields, in their workspaces.
const MOST_KINDS: usize = 64;

/// The pairs for the kinds of contracts that were met, under one reading of the definitions.
#[derive(Debug, Default)]
pub(crate) struct PairCache(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The reading that the pairs were joined with.
    definitions: Option<Arc<Definitions>>,
    kinds: Vec<Kind>,
}

/// Contracts that have the same pairs.
#[derive(Debug)]
struct Kind {
    scope: ContractScope,
    data_fields: Vec<String>,
    pairs: Arc<[FieldPair]>,
}

impl Kind {
    fn is_of(&self, contract: &ContractSnapshot, scope: ContractScope) -> bool {
        self.scope == scope && self.data_fields.iter().eq(contract.data_fields.keys())
    }
}

impl PairCache {
    /// All pairs for this contract.
    pub(crate) fn pairs_for(
        &self,
        mapping: &Mapping,
        definitions: &Arc<Definitions>,
        contract: &ContractSnapshot,
    ) -> Arc<[FieldPair]> {
        let scope = ContractScope::of(contract);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.definitions.as_ref().is_some_and(|of| Arc::ptr_eq(of, definitions)) {
            *kept = Kept { definitions: Some(Arc::clone(definitions)), kinds: Vec::new() };
        }
        if let Some(kind) = kept.kinds.iter().find(|kind| kind.is_of(contract, scope)) {
            return Arc::clone(&kind.pairs);
        }
        let pairs = pairs_for(mapping, definitions, contract);
        if kept.kinds.len() == MOST_KINDS {
            kept.kinds.remove(0);
        }
        let data_fields = contract.data_fields.keys().cloned().collect();
        kept.kinds.push(Kind { scope, data_fields, pairs: Arc::clone(&pairs) });
        pairs
    }
}

#[cfg(test)]
mod tests {
    use oneflow_client::contracts::ContractState;

    use super::*;
    use crate::contract::DataFieldSnapshot;

    fn contract(template_type: i64, keys: &[&str]) -> ContractSnapshot {
        let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
        contract.template_type = Some(template_type.into());
        let fields = keys.iter().map(|key| ((*key).to_owned(), DataFieldSnapshot::new("Oslo")));
        contract.data_fields = fields.collect();
        contract
    }

    #[test]
    fn pairs_are_joined_once_for_contracts_of_one_kind_and_anew_for_any_other() {
        let (cache, mapping, definitions) = (PairCache::default(), Mapping::default(), Arc::default());
        let pairs = |contract: &ContractSnapshot| cache.pairs_for(&mapping, &definitions, contract);
        let first = pairs(&contract(1, &["phone"]));
        assert_eq!(first.len(), 1);
        assert!(Arc::ptr_eq(&first, &pairs(&contract(1, &["phone"]))));
        for other in [contract(2, &["phone"]), contract(1, &["phone", "pitch"]), contract(1, &[])] {
            let found = pairs(&other);
            assert!(!Arc::ptr_eq(&first, &found));
            assert_eq!(found.len(), other.data_fields.len());
        }
        let read_again = Arc::new(Definitions::default());
        let anew = cache.pairs_for(&mapping, &read_again, &contract(1, &["phone"]));
        assert!(!Arc::ptr_eq(&first, &anew), "a field may have another type by now");
    }

    #[test]
    fn many_kinds_push_out_the_oldest() {
        let (cache, mapping, definitions) = (PairCache::default(), Mapping::default(), Arc::default());
        let pairs = |kind| cache.pairs_for(&mapping, &definitions, &contract(kind, &["phone"]));
        let first = pairs(0);
        for kind in 1..=64 {
            pairs(kind);
        }
        assert!(!Arc::ptr_eq(&first, &pairs(0)));
        assert_eq!(cache.0.lock().unwrap().kinds.len(), 64);
    }
}
