//! Ids from counters: the same calls give the same ids.

use std::collections::BTreeMap;

/// What ids are counted for. Each kind has its own range, so that a mixed-up id leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
    Account,
    User,
    Workspace,
    TemplateType,
    TemplateTypeField,
    Template,
    Contract,
    Party,
    Participant,
    DataField,
    Event,
    Webhook,
    Notification,
    OneflowRequest,
    Candidate,
    CustomField,
    CustomFieldOption,
    CustomFieldValue,
    Upload,
    Job,
    Stage,
    JobApplication,
    TeamtailorUser,
    StoredObject,
}

impl Counted {
    fn first(self) -> i64 {
        match self {
            Self::Account => 101,
            Self::User => 201,
            Self::Workspace => 301,
            Self::TemplateType => 4_001,
            Self::TemplateTypeField => 40_001,
            Self::Template => 5_001,
            Self::Contract => 9_001,
            Self::Party => 60_001,
            Self::Participant => 61_001,
            Self::DataField => 70_001,
            Self::Event => 55_001,
            Self::Webhook => 801,
            Self::Notification | Self::OneflowRequest | Self::StoredObject => 1,
            Self::Candidate => 4_711,
            Self::CustomField => 31,
            Self::CustomFieldOption => 7_001,
            Self::CustomFieldValue => 901,
            Self::Upload => 1_501,
            Self::Job => 61,
            Self::Stage => 5_150,
            Self::JobApplication => 88_001,
            Self::TeamtailorUser => 12,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counters(BTreeMap<Counted, i64>);

impl Counters {
    pub(crate) fn next(&mut self, what: Counted) -> i64 {
        let next = self.0.entry(what).or_insert_with(|| what.first());
        *next += 1;
        *next - 1
    }

    /// An id of a service that writes ids as text.
    pub(crate) fn next_text(&mut self, what: Counted) -> String {
        self.next(what).to_string()
    }
}
