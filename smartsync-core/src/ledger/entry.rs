//! What is stored of one contract, and of the creation of one.

use std::collections::BTreeMap;

use oneflow_client::{ContractId, TemplateId};
use serde::{Deserialize, Serialize};
use teamtailor_client::{CandidateId, UploadId};

use super::digest::Digest;
use crate::mapping::LinkMethod;

/// What is stored of one contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LedgerEntry {
    /// The candidate that the contract belongs to, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<CandidateId>,
    /// Whether a person said so: then no link in the contract says otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub linked_by_hand: bool,
    /// By which method the candidate was found; for a contract that SmartSync created, by its token. `None` if that
    /// was not recorded: then it counts as found by an e-mail address, unless the contract names its creation, and
    /// the ledger knows that as one for this candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked_by: Option<LinkMethod>,
    /// What both sides last agreed on, by `custom_id` of the data field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bases: BTreeMap<String, Digest>,
    /// What is known of the signed document on the candidate's card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentRecord>,
    /// Whether the host has erased the bases for their age: then no field is written any more, since nobody can tell
    /// an edit from what both sides agreed on. A link by hand undoes it, and the fields count as seen for the first
    /// time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_retired: bool,
}

impl LedgerEntry {
    /// Whether it was bound by more than an e-mail address.
    pub(crate) fn is_proven(&self) -> bool {
        self.linked_by_hand || self.linked_by.is_some_and(|method| method != LinkMethod::Email)
    }
}

/// What is known of the signed document of a contract on the candidate's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentRecord {
    /// It is about to be uploaded, or was uploaded and the answer was lost.
    Intended,
    /// It was uploaded.
    Uploaded {
        /// The file on the card.
        upload: UploadId,
    },
}

/// What is stored of one creation of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Creation {
    /// It is about to be created, or was created and the answer was lost.
    Intended {
        /// Whose contract it is.
        candidate: CandidateId,
        /// What it is created from.
        template: TemplateId,
    },
    /// The request was refused, or never sent: nothing was created, and another attempt may create it.
    Released {
        /// Whose contract it was to be.
        candidate: CandidateId,
        /// What it was to be created from.
        template: TemplateId,
    },
    /// It was created.
    Created {
        /// Whose contract it is.
        candidate: CandidateId,
        /// The contract.
        contract: ContractId,
    },
}

impl Creation {
    /// Whose contract it is, or was to be.
    #[must_use]
    pub fn candidate(&self) -> &CandidateId {
        match self {
            Self::Intended { candidate, .. }
            | Self::Released { candidate, .. }
            | Self::Created { candidate, .. } => candidate,
        }
    }
}
