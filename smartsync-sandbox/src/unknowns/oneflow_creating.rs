//! What becomes of a contract that is made and sent.

use serde::{Deserialize, Serialize};

/// Whether the answer to a create shows the data fields with the values that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CreateAnswerValues {
    /// As they were sent.
    #[default]
    Shown,
    /// Without data fields, or with values of the template.
    LeftOut,
}

/// Whether the answer to a publish shows the contract as sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PublishAnswer {
    /// Its state is no longer `draft`.
    #[default]
    Sent,
    /// It shows an earlier moment.
    Earlier,
}

/// Whether a new contract takes its value (`value`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NewContractValue {
    /// It is taken and shown.
    #[default]
    Taken,
    /// It is taken and not shown.
    Ignored,
    /// The request is refused.
    Refused,
}

/// What becomes of a value for a data field with `source = system` in a new contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IntegrationFieldWrites {
    /// It is accepted and has no effect, as documented for template types.
    #[default]
    Ignored,
    /// The field gets the value.
    Taken,
    /// The request is refused.
    Refused,
}

/// With which status creates and deletes succeed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SuccessStatuses {
    /// 200.
    #[default]
    Ok,
    /// 201, 202 or 204.
    Else,
}
