//! What is around every view: the way to the others, and to the other tenants.

use crate::words::Words;

/// The views, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Now,
    Contracts,
    Held,
    Parked,
    Intake,
    Mapping,
}

impl View {
    pub(super) const ALL: [Self; 6] =
        [Self::Now, Self::Contracts, Self::Held, Self::Parked, Self::Intake, Self::Mapping];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Now => "",
            Self::Contracts => "/contracts",
            Self::Held => "/held",
            Self::Parked => "/parked",
            Self::Intake => "/intake",
            Self::Mapping => "/mapping",
        }
    }

    /// What it is called.
    pub(super) fn name(self, words: &Words) -> &'static str {
        let frame = &words.frame;
        match self {
            Self::Now => frame.now,
            Self::Contracts => frame.contracts,
            Self::Held => frame.held,
            Self::Parked => frame.parked,
            Self::Intake => frame.intake,
            Self::Mapping => frame.mapping,
        }
    }
}

/// What is around a view.
pub(super) struct Layout {
    pub(super) here: View,
    /// Where the views of this tenant begin.
    pub(super) base: String,
    pub(super) views: Vec<(View, String)>,
    /// Name and address of each tenant, and whether it is this one.
    pub(super) accounts: Vec<(String, String, bool)>,
    /// What each form says, so that it is known to be one of this browser.
    pub(super) form_token: String,
    pub(super) can_log_out: bool,
    /// Where the contracts of this tenant are.
    pub(super) contracts: String,
}

impl Layout {
    /// The address of a contract.
    pub(super) fn contract(&self, contract: &i64) -> String {
        format!("{}/{contract}", self.contracts)
    }
}
