//! Why an installation is not set up.

use smartsync_transport::PageError;

use super::question::Unanswered;
use crate::{config::ConfigError, setup::finding::Finding};

/// Why an installation is not set up. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// What is there already cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The same, where only the place of the mistake is known.
    #[error("the configuration that is there has mistakes")]
    Faulty(#[source] Option<ConfigError>),
    /// The file has several pairs of accounts.
    #[error("the configuration has `[[tenant]]`: `init` sets up one pair of accounts")]
    Tenants,
    /// A file of another form is asked for.
    #[error("`init` writes TOML: the name of the file must not end in `.json`")]
    NotToml,
    /// A question has no answer.
    #[error("{question}: {why}")]
    Unanswered {
        /// The question.
        question: String,
        /// The option of the command line that answers it.
        option: &'static str,
        /// Why there is none.
        why: Unanswered,
        /// What was said of the answer before.
        refused: Option<Finding>,
    },
    /// A secret that the file names is refused, and only whoever sets it can replace it.
    #[error("`{key}`, in {place}: {}", finding.text)]
    Refused {
        /// The key of the file.
        key: &'static str,
        /// Where the secret stands.
        place: String,
        /// What was found.
        finding: Finding,
    },
    /// What is there could not be tried: its service did not answer, or not so that it says what the credential is worth. It stays as it is.
    #[error("`{key}`, in {place}, could not be tried, and stays as it is: {}", finding.text)]
    Untried {
        /// The key of the file.
        key: &'static str,
        /// Where it stands.
        place: String,
        /// What was found.
        finding: Finding,
    },
    /// The fields of the services cannot be read.
    #[error(transparent)]
    Services(#[from] PageError),
    /// The system gives no random bytes.
    #[error("the system provides no random bytes")]
    Random(#[source] getrandom::Error),
    /// A person said no.
    #[error("nothing was written")]
    Declined,
}
