//! What an Oneflow account holds.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde_json::Value;

/// What an Oneflow account holds.
#[derive(Clone, Default)]
pub(crate) struct Oneflow {
    pub(crate) account: i64,
    pub(crate) users: BTreeMap<i64, User>,
    pub(crate) workspaces: BTreeMap<i64, Workspace>,
    pub(crate) template_types: BTreeMap<i64, TemplateType>,
    pub(crate) templates: BTreeMap<i64, Template>,
    pub(crate) contracts: BTreeMap<i64, Contract>,
    pub(crate) webhooks: BTreeMap<i64, Webhook>,
}

#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: String,
}

#[derive(Clone)]
pub(crate) struct Workspace {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
}

#[derive(Clone)]
pub(crate) struct TemplateType {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) fields: Vec<TemplateTypeField>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Clone)]
pub(crate) struct TemplateTypeField {
    pub(crate) id: i64,
    pub(crate) custom_id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) active: bool,
    /// Created by an integration: an update of it is answered with 200 and changes nothing.
    pub(crate) system: bool,
}

#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) template_type: Option<i64>,
    pub(crate) workspace: i64,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContractState {
    Draft,
    Pending,
    Overdue,
    Signed,
    Declined,
}

impl ContractState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Overdue => "overdue",
            Self::Signed => "signed",
            Self::Declined => "declined",
        }
    }
}

#[derive(Clone)]
pub(crate) struct Contract {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// The size of the deal, as written.
    pub(crate) value: Value,
    pub(crate) state: ContractState,
    pub(crate) workspace: i64,
    pub(crate) template: i64,
    pub(crate) template_type: Option<i64>,
    pub(crate) parties: Vec<Party>,
    pub(crate) data_fields: Vec<DataField>,
    /// Oldest first.
    pub(crate) events: Vec<ContractEvent>,
    pub(crate) created: Timestamp,
    pub(crate) published: Option<Timestamp>,
    pub(crate) state_updated: Timestamp,
    pub(crate) updated: Timestamp,
    /// Whether the PDF is missing.
    pub(crate) file_missing: bool,
    /// Deleted, and shown all the same.
    pub(crate) deleted: bool,
    /// The PDF in the storage, and the state that it shows, once somebody has asked for it.
    pub(crate) pdf: Option<(ContractState, i64)>,
}

#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) id: i64,
    pub(crate) my_party: bool,
    /// An individual has exactly one participant.
    pub(crate) individual: bool,
    pub(crate) name: String,
    pub(crate) country_code: Option<String>,
    pub(crate) identification_number: Option<String>,
    pub(crate) custom_id: Option<String>,
    pub(crate) participants: Vec<Participant>,
    pub(crate) created: Timestamp,
}

#[derive(Clone)]
pub(crate) struct Participant {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) title: String,
    pub(crate) identification_number: String,
    pub(crate) custom_id: Option<String>,
    pub(crate) delivery_channel: String,
    pub(crate) sign_method: String,
    pub(crate) two_step: String,
    pub(crate) signatory: bool,
    pub(crate) organizer: bool,
    pub(crate) may_update: bool,
    pub(crate) sign_state: SignState,
    pub(crate) sign_state_updated: Option<Timestamp>,
    pub(crate) created: Timestamp,
    /// When anything about it was changed, including its signature.
    pub(crate) updated: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignState {
    Undecided,
    Signed,
    Declined,
}

impl SignState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Signed => "signed",
            Self::Declined => "declined",
        }
    }
}

#[derive(Clone)]
pub(crate) struct DataField {
    pub(crate) id: i64,
    pub(crate) custom_id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) system: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) callback_url: String,
    pub(crate) sign_key: Option<String>,
    pub(crate) template_group: Option<i64>,
    /// None: it wants every event.
    pub(crate) filters: Vec<Filter>,
}

/// Rules that must all hold.
#[derive(Clone)]
pub(crate) struct Filter(pub(crate) Vec<Rule>);

#[derive(Clone)]
pub(crate) enum Rule {
    EventType(Vec<String>),
    Workspace(Vec<i64>),
}

/// An event as it was stored: with the names of that moment.
#[derive(Clone)]
pub(crate) struct ContractEvent {
    pub(crate) id: i64,
    pub(crate) shown: Value,
}

impl Webhook {
    /// Whether it wants `event` of a contract in `workspace`: any of its filters, all rules of that filter.
    pub(crate) fn wants(&self, event: &str, workspace: i64) -> bool {
        let holds = |rule: &Rule| match rule {
            Rule::EventType(types) => types.iter().any(|kind| kind == event),
            Rule::Workspace(ids) => ids.contains(&workspace),
        };
        self.filters.is_empty() || self.filters.iter().any(|Filter(rules)| rules.iter().all(holds))
    }
}

impl Contract {
    pub(crate) fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.parties.iter().flat_map(|party| &party.participants)
    }

    pub(crate) fn participants_mut(&mut self) -> impl Iterator<Item = &mut Participant> {
        self.parties.iter_mut().flat_map(|party| &mut party.participants)
    }
}

/// Counts only: everything else is what people typed.
impl fmt::Debug for Oneflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oneflow")
            .field("templates", &self.templates.len())
            .field("contracts", &self.contracts.len())
            .field("webhooks", &self.webhooks.len())
            .finish_non_exhaustive()
    }
}
