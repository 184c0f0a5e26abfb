//! What can be typed behind `init`.

use std::{ffi::OsStr, fmt, net::SocketAddr};

use clap::{Arg, Args, Command, Error, ValueEnum, builder::TypedValueParser, error::ErrorKind};
use smartsync::config::SecretSource;
use url::Url;

#[derive(Args)]
pub(crate) struct Init {
    /// Where the API token of Oneflow is: an environment variable or a file.
    #[arg(long, value_name = "env:NAME|file:PATH", value_parser = SecretSourceParser)]
    pub(crate) oneflow_token: Option<SecretSource>,
    /// E-mail address of the Oneflow user on whose behalf contracts are read and created.
    #[arg(long, value_name = "EMAIL")]
    pub(crate) user_email: Option<String>,
    /// Where the API key of Teamtailor is: an environment variable or a file.
    #[arg(long, value_name = "env:NAME|file:PATH", value_parser = SecretSourceParser)]
    pub(crate) teamtailor_token: Option<SecretSource>,
    /// Where secrets that are typed are kept: in files beside the configuration, or by you, in variables that it names.
    #[arg(long, value_name = "WHERE", value_enum)]
    pub(crate) secrets: Option<KeepSecrets>,
    /// Leaves the proposed pairs of fields out.
    #[arg(long)]
    pub(crate) no_pairs: bool,
    /// Public address for notifications: it is tested, and registered at Oneflow.
    #[arg(long, value_name = "URL", conflicts_with = "no_webhook")]
    pub(crate) webhook: Option<Url>,
    /// Does not ask for a public address.
    #[arg(long)]
    pub(crate) no_webhook: bool,
    /// Address and port on which the server will listen. Default: 127.0.0.1:8080.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Base URL of Oneflow, if it is not the usual one.
    #[arg(long, value_name = "URL")]
    pub(crate) oneflow_url: Option<Url>,
    /// Base URL of Teamtailor. Default: the one of its regions that knows the key.
    #[arg(long, value_name = "URL")]
    pub(crate) teamtailor_url: Option<Url>,
    /// Takes the default answer of every question that has one, and asks no other.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Where secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeepSecrets {
    Files,
    Env,
}

/// Without addresses.
impl fmt::Debug for Init {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Init")
            .field("oneflow_token", &self.oneflow_token)
            .field("teamtailor_token", &self.teamtailor_token)
            .field("secrets", &self.secrets)
            .field("no_pairs", &self.no_pairs)
            .field("listen", &self.listen)
            .field("yes", &self.yes)
            .finish_non_exhaustive()
    }
}

/// Takes `env:NAME` and `file:PATH`. A refusal does not repeat what was typed, which clap's own would: it may be the secret.
#[derive(Clone, Copy, Debug)]
struct SecretSourceParser;

impl TypedValueParser for SecretSourceParser {
    type Value = SecretSource;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<SecretSource, Error> {
        let is_name = |name: &&str| {
            !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let text = value.to_str().unwrap_or_default();
        let variable =
            text.strip_prefix("env:").filter(is_name).map(|name| SecretSource::Env(name.to_owned()));
        let file = text.strip_prefix("file:").filter(|path| !path.is_empty());
        variable.or_else(|| file.map(|path| SecretSource::File(path.into()))).ok_or_else(|| {
            let name = argument.map_or_else(String::new, ToString::to_string);
            let message = format_args!(
                "{name}: write `env:NAME` or `file:PATH`; a secret itself is never typed here\n"
            );
            Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}
