//! Other lists, the account, refusals and limits.

use serde::{Deserialize, Serialize};

/// How a page says that there is none behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PageEnds {
    /// `next` is `{"href": null}`.
    NullAddress,
    /// `next` is null.
    #[default]
    Null,
    /// `next` is missing.
    Absent,
}

/// Whether workspaces can be asked for by name or id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WorkspaceFilters {
    /// A filter that matches nothing lists nothing.
    Work,
    /// All are listed all the same.
    Ignored,
    /// The request is refused.
    #[default]
    Refused,
}

/// Whether `GET /webhooks` answers a page or a bare array.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookList {
    /// An object with `data`.
    #[default]
    Page,
    /// An array, as one program reads it.
    Array,
}

/// In which member a webhook has its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WebhookIdPlace {
    /// `webhook_id`, as documented.
    #[default]
    WebhookId,
    /// `id`, as users have seen it.
    Id,
    /// In both.
    Both,
}

/// What an account says of the token of the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TokenInfo {
    /// `integration` with `id` and `key`.
    #[default]
    Integration,
    /// Something else.
    Else,
}

/// What stands in `parameter_problems` of a refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemMembers {
    /// A member for each parameter that is wrong.
    #[default]
    ByParameter,
    /// Something else.
    Else,
}

/// Whether answers say how much of the rate limit is left, or how long to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OneflowRateHeaders {
    /// No answer does.
    #[default]
    None,
    /// Every answer does.
    Every,
    /// Only a 429 does.
    Refusals,
}
