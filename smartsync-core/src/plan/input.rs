//! All that a plan is made from.

use std::sync::LazyLock;

use super::resolution::Resolution;
use crate::{
    candidate::{CandidateSnapshot, Definitions},
    contract::ContractSnapshot,
    keys::SyncKeys,
    ledger::{CardEntry, LedgerEntry},
    mapping::Mapping,
    outcome::Reason,
};

/// All that a plan is made from.
///
/// [`PlanInput::new`] is a first look, as a test of a mapping wants it; the fields say the rest.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a caller of `plan` gives all of it")]
pub struct PlanInput<'a> {
    /// What is kept in step.
    pub mapping: &'a Mapping,
    /// Teamtailor's custom fields.
    pub definitions: &'a Definitions,
    /// The contract now.
    pub contract: &'a ContractSnapshot,
    /// The candidate's other contracts, in any order. Where one of higher rank has a source for a field of the card, this
    /// contract proposes nothing for it.
    pub others: &'a [ContractSnapshot],
    /// Whether there is another contract of the candidate that could not be read. What it claims is not known, so this contract
    /// proposes nothing at all.
    pub has_unread_other: bool,
    /// The candidate now, or why there is none.
    pub candidate: Result<&'a CandidateSnapshot, Reason>,
    /// What is remembered of the contract.
    pub entry: &'a LedgerEntry,
    /// What is remembered of the candidate's card; the default entry where nothing is, or where there is no candidate.
    pub card: &'a CardEntry,
    /// What a person has decided on fields that were held; else nothing.
    pub resolutions: &'a [Resolution],
    /// The host's keys.
    pub keys: &'a SyncKeys,
}

/// What is remembered of a contract and a card that nobody has looked at.
static NOTHING: LazyLock<(LedgerEntry, CardEntry)> = LazyLock::new(Default::default);

impl<'a> PlanInput<'a> {
    /// The first look at a candidate's only contract: nothing is remembered.
    ///
    /// ```
    /// use oneflow_client::contracts::ContractState;
    /// use serde_json::json;
    /// use smartsync_core::{
    ///     Mapping, SyncKeys,
    ///     candidate::{CandidateSnapshot, Definition, Definitions},
    ///     contract::{ContractSnapshot, DataFieldSnapshot},
    ///     plan::{PlanInput, plan},
    ///     value::FieldType,
    /// };
    ///
    /// let mapping: Mapping = toml::from_str(r#"field = [{ oneflow = "first-day", teamtailor = "custom:start-date" }]"#)?;
    /// let definitions = Definitions::new([Definition::new("31", "start-date", FieldType::Date)]);
    /// let mut contract = ContractSnapshot::new(9001.into(), ContractState::Signed);
    /// contract.data_fields.insert("first-day".into(), DataFieldSnapshot::new("15.6.2031"));
    /// let card = CandidateSnapshot::new("4711");
    /// let keys = SyncKeys::new("tests", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    ///
    /// let plan = plan(&PlanInput::new(&mapping, &definitions, &contract, &card, &keys));
    /// assert_eq!(plan.updates()[0].value(), Some(&json!("2031-06-15")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(
        mapping: &'a Mapping,
        definitions: &'a Definitions,
        contract: &'a ContractSnapshot,
        candidate: &'a CandidateSnapshot,
        keys: &'a SyncKeys,
    ) -> Self {
        let (entry, card) = &*NOTHING;
        Self {
            mapping,
            definitions,
            contract,
            others: &[],
            has_unread_other: false,
            candidate: Ok(candidate),
            entry,
            card,
            resolutions: &[],
            keys,
        }
    }
}
