//! A plan and a report as JSON: one shape, which the command `smartsync` prints as well.

use oneflow_client::ContractId;
use serde::{Serialize, Serializer};
use teamtailor_client::CandidateId;

use super::report::Report;
use crate::{
    mapping::LinkMethod,
    outcome::{DocumentOutcome, FieldOutcome},
    plan::Plan,
};

/// The accounting of one contract.
#[derive(Serialize)]
struct Accounting<'a> {
    contract: ContractId,
    candidate: Option<&'a CandidateId>,
    linked_by: Option<LinkMethod>,
    applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a str>,
    fields: &'a [FieldOutcome],
    document: DocumentOutcome,
}

/// The accounting, as `smartsync plan --json` prints it: `contract`, `candidate`, `linked_by`, `applied` (false), `plan` (its
/// [hash](Plan::hash)), `fields` and `document`. No value is in it, so a plan cannot be read back.
impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Accounting {
            contract: self.contract(),
            candidate: self.candidate(),
            linked_by: self.linked_by(),
            applied: false,
            plan: Some(self.hash()),
            fields: self.outcomes(),
            document: self.document(),
        }
        .serialize(serializer)
    }
}

/// The accounting, as `smartsync sync --json` prints it: `contract`, `candidate`, `linked_by`, `applied` (true), `fields` and
/// `document`. What a worker does next is its own business and is not in it.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Accounting {
            contract: self.contract,
            candidate: self.candidate.as_ref(),
            linked_by: self.linked_by,
            applied: true,
            plan: None,
            fields: &self.outcomes,
            document: self.document,
        }
        .serialize(serializer)
    }
}
