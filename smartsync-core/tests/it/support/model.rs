//! What the models of one and of several contracts have in common. It knows nothing of how the engine decides.

use std::sync::Arc;

use serde_json::{Value, json};
use smartsync_core::{
    ChangeLimit, Engine, Mapping, MemoryLedger, Outcome, Reason, Report,
    mapping::{Moment, OnConflict, OnEmpty, OnFirstSight},
};
use smartsync_transport::Transport;

use crate::support::{
    card::Card,
    plain_clients::plain_clients,
    stage::{Noon, keys},
};

/// One rule: a field of its own has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) when: Moment,
    pub(crate) on_conflict: OnConflict,
    pub(crate) on_first_sight: OnFirstSight,
    pub(crate) on_empty: OnEmpty,
}

impl Rule {
    /// Whether the contract's text may be written over a text of the card that a person has put there. What counts is what both
    /// sides agreed on and, where nobody knows of that, whether a participant has filled the contract's text in.
    pub(crate) fn may_overwrite(self, agreed: Option<&str>, filled_in: FilledIn) -> bool {
        let wins_conflicts = self.on_conflict == OnConflict::ContractWins;
        match (agreed, filled_in) {
            (Some(_), _) => wins_conflicts,
            (None, FilledIn::AtOnce) => false,
            (None, FilledIn::InTheDraft | FilledIn::AsItWasSent) => {
                self.on_first_sight == OnFirstSight::ContractWins
            }
            (None, FilledIn::OnceSent) => match self.on_first_sight {
                OnFirstSight::Proven => wins_conflicts,
                OnFirstSight::ContractWins => true,
                OnFirstSight::Hold | OnFirstSight::CandidateWins => false,
            },
        }
    }
}

/// When a contract's fields got what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FilledIn {
    /// When the contract was made.
    AtOnce,
    /// When the contract was made, which was sent within the same second.
    AsItWasSent,
    /// By somebody of the own company, long before the contract was sent.
    InTheDraft,
    /// By a participant.
    OnceSent,
}

impl FilledIn {
    /// When the contract was sent: in the second in which it was made, or two hours later, in this second of the minute.
    pub(crate) fn sent(self, second: usize) -> String {
        match self {
            Self::AsItWasSent => "2031-01-02T03:04:05+0000".to_owned(),
            Self::AtOnce | Self::InTheDraft | Self::OnceSent => format!("2031-01-02T05:05:{second:02}+0000"),
        }
    }

    /// When the fields were changed last.
    pub(crate) fn changed(self) -> &'static str {
        match self {
            Self::AtOnce | Self::AsItWasSent => "2031-01-02T03:04:05+0000",
            Self::InTheDraft => "2031-01-02T04:04:05+0000",
            Self::OnceSent => "2031-02-03T04:05:06+0000",
        }
    }
}

/// The data field of a rule, and the custom field beside it.
pub(crate) fn key(position: usize) -> (String, String) {
    (format!("field-{position:02}"), format!("1{position:02}"))
}

/// The definition of a custom field for a text.
pub(crate) fn definition(custom: &str, api_name: &str) -> Value {
    json!({ "id": custom, "type": "custom-fields",
        "attributes": { "api-name": api_name, "field-type": "CustomField::Text" } })
}

/// The definitions of the custom fields of so many rules.
pub(crate) fn definitions(rules: usize) -> Vec<Value> {
    let of_rule = |position| {
        let (data_field, custom) = key(position);
        definition(&custom, &data_field)
    };
    (0..rules).map(of_rule).collect()
}

/// An engine with a field for each of the rules, between the contracts of `oneflow` and the card.
pub(crate) fn engine(
    rules: &[Rule],
    oneflow: impl Transport + 'static,
    card: Card,
    ledger: Arc<MemoryLedger>,
) -> Engine {
    let mut text = "[sync]\nconvention = false\ndocument = { attach = false }\n".to_owned();
    for position in 0..rules.len() {
        let (data_field, custom) = key(position);
        text += &format!("[[field]]\noneflow = \"{data_field}\"\nteamtailor = \"custom:{custom}\"\n");
    }
    let mut mapping: Mapping = toml::from_str(&text).unwrap();
    for (field, rule) in mapping.fields.iter_mut().zip(rules) {
        (field.when, field.on_conflict) = (Some(rule.when), Some(rule.on_conflict));
        (field.on_first_sight, field.on_empty) = (rule.on_first_sight, rule.on_empty);
    }
    let (oneflow, teamtailor) = plain_clients(oneflow, card);
    Engine::builder(oneflow, teamtailor, mapping, ledger, keys())
        .clock(Noon)
        .change_limit(ChangeLimit::none())
        .build()
        .unwrap()
}

/// What a report says of the field of a rule.
pub(crate) fn outcome(report: &Report, position: usize) -> (Outcome, Option<Reason>) {
    let (data_field, _) = key(position);
    let field = report.outcomes.iter().find(|field| field.data_field == data_field).unwrap();
    (field.outcome, field.note)
}
