//! All that one plan is made from, without an engine.

use oneflow_client::{Timestamp, contracts::ContractState};
use smartsync_core::{
    LedgerEntry, Mapping, Plan, SyncKeys,
    candidate::{CandidateSnapshot, CustomValue, Definition, Definitions},
    contract::{ContractSnapshot, DataFieldSnapshot},
    ledger::CardEntry,
    mapping::LinkMethod,
    plan::{PlanInput, plan},
    value::{ChoiceOption, FieldType},
};

use crate::support::stage::{keys, summary};

/// All that one plan is made from.
pub(crate) struct Case {
    pub(crate) mapping: Mapping,
    pub(crate) definitions: Definitions,
    pub(crate) contract: ContractSnapshot,
    pub(crate) candidate: CandidateSnapshot,
    pub(crate) others: Vec<ContractSnapshot>,
    pub(crate) entry: LedgerEntry,
    pub(crate) card: CardEntry,
    pub(crate) keys: SyncKeys,
}

impl Case {
    /// A sent contract of ours that was made a month before its fields were changed, and an empty card.
    pub(crate) fn new(mapping: &str) -> Self {
        let mut select = Definition::new("35", "kind", FieldType::Choice);
        select.options =
            [ChoiceOption::new("7001", "Permanent"), ChoiceOption::new("7002", "Fixed term")].into();
        let mut untyped = Definition::new("36", "untyped", FieldType::Text);
        untyped.kind = None;
        let definitions = Definitions::new([
            Definition::new("31", "start-date", FieldType::Date),
            Definition::new("32", "salary", FieldType::Number),
            Definition::new("34", "city", FieldType::Text),
            select,
            untyped,
        ]);
        let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
        contract.created = Some(Timestamp::from("2031-01-02T03:04:05+0000"));
        let mut entry = LedgerEntry::default();
        (entry.candidate, entry.linked_by) = (Some("4711".into()), Some(LinkMethod::Ledger));
        Self {
            mapping: toml::from_str(mapping).unwrap(),
            definitions,
            contract,
            candidate: CandidateSnapshot::new("4711"),
            others: Vec::new(),
            entry,
            card: CardEntry::default(),
            keys: keys(),
        }
    }

    pub(crate) fn field(mut self, key: &str, text: &str) -> Self {
        let mut field = DataFieldSnapshot::new(text);
        field.updated = Some(Timestamp::from("2031-02-03T04:05:06+0000"));
        self.contract.data_fields.insert(key.to_owned(), field);
        self
    }

    pub(crate) fn held(mut self, field: &str, value: serde_json::Value) -> Self {
        self.candidate.custom.insert(field.into(), CustomValue::new("901", value));
        self
    }

    pub(crate) fn plan(&self) -> Plan {
        let (mapping, definitions, contract) = (&self.mapping, &self.definitions, &self.contract);
        let (candidate, entry, keys) = (Ok(&self.candidate), &self.entry, &self.keys);
        let (others, card) = (&self.others, &self.card);
        plan(&PlanInput {
            mapping,
            definitions,
            contract,
            others,
            has_unread_other: false,
            candidate,
            entry,
            card,
            resolutions: &[],
            keys,
        })
    }

    pub(crate) fn summary(&self) -> Vec<String> {
        summary(self.plan().outcomes())
    }
}
