//! The three hosts that the sandbox stands in for.

use std::fmt;

use serde::{Deserialize, Serialize};
use smartsync_transport::Url;

/// One of the three hosts that the sandbox stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "the sandbox has these three hosts")]
pub enum Origin {
    /// The Oneflow API.
    Oneflow,
    /// The Teamtailor API.
    Teamtailor,
    /// The file storage that both services' short-lived download addresses lead to.
    Storage,
}

impl Origin {
    /// Its name in reports: `oneflow`, `teamtailor`, `storage`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oneflow => "oneflow",
            Self::Teamtailor => "teamtailor",
            Self::Storage => "storage",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the three hosts are reached, as `scheme://host[:port]`. The links in answers begin with it.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    pub(crate) oneflow: String,
    pub(crate) teamtailor: String,
    pub(crate) storage: String,
}

impl Origins {
    /// The names that the real services have; the storage has a name of its own.
    pub(crate) fn in_process() -> Self {
        Self {
            oneflow: "https://api.oneflow.com".to_owned(),
            teamtailor: "https://api.teamtailor.com".to_owned(),
            storage: "https://storage.sandbox.example".to_owned(),
        }
    }

    pub(crate) fn of(&self, origin: Origin) -> &str {
        match origin {
            Origin::Oneflow => &self.oneflow,
            Origin::Teamtailor => &self.teamtailor,
            Origin::Storage => &self.storage,
        }
    }

    /// Whether the sandbox itself is reached over plain http, as on loopback.
    pub(crate) fn is_plain_http(&self) -> bool {
        self.oneflow.starts_with("http://")
    }

    /// The base URL a client is configured with: Oneflow's has the version in its path.
    pub(crate) fn base_url(&self, origin: Origin) -> Option<Url> {
        let path = if origin == Origin::Oneflow { "/v1" } else { "" };
        Url::parse(&format!("{}{path}", self.of(origin))).ok()
    }
}
