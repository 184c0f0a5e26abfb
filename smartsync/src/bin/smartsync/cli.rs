//! What can be typed.

mod candidate;

use std::{fmt, path::PathBuf};

use clap::{Args, Parser, Subcommand, builder::NonEmptyStringValueParser};
use oneflow_client::{ContractId, TemplateId, TemplateTypeId, WebhookId, WorkspaceId};
use smartsync::config::DEFAULT_FILE;
use smartsync_core::{CandidateId, RequestId};
use url::Url;

use self::candidate::CandidateIdParser;

/// Keeps Teamtailor candidates and Oneflow contracts in step.
#[derive(Debug, Parser)]
#[command(name = "smartsync", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// The configuration file: JSON if its name ends in `.json`, TOML otherwise.
    #[arg(long, global = true, value_name = "FILE", default_value = DEFAULT_FILE)]
    pub(crate) config: PathBuf,
    /// Prints the result as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Logs every request to a service on stderr; twice: also what the libraries below log. Never a value.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Allows a `base_url` in plain http to another machine: credentials and personal data travel in the clear.
    #[arg(long, global = true)]
    pub(crate) insecure_http: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows the whole story on this machine, against a sandbox: no account needed.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Lets a hostile participant loose on this program, against a sandbox
    #[cfg(feature = "demo")]
    Drill(Drill),
    /// Checks the configuration, this machine, the credentials and the mapping.
    Check(FieldSource),
    /// Saves what both services have, or prints the schema of the configuration file.
    #[command(subcommand)]
    Schema(Schema),
    /// Shows everything that the mapping can ever read and write.
    Permissions(FieldSource),
    /// Shows what a sync of a contract, or of all, would do, and does nothing.
    Plan(Plan),
    /// Syncs contracts now.
    Sync(Sync),
    /// Creates a contract from a template, filled in from a candidate.
    Create(Create),
    /// Links a contract to a candidate by hand, whatever link it carries.
    Link(Link),
    /// Erases what is remembered of a candidate, and writes nothing for it any more.
    Forget(Forget),
    /// Has the database serve other accounts, and drops what it remembers.
    Adopt(Adopt),
    /// Receives notifications and syncs the contracts they name, until it is stopped.
    Serve,
    /// Manages the webhook that Oneflow notifies.
    #[command(subcommand)]
    Webhook(Webhook),
    /// Makes a key of 32 random bytes.
    #[command(subcommand)]
    Key(Key),
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Breaks one stage on purpose, to show that the story then fails.
    #[arg(long = "break", value_name = "STAGE", value_enum)]
    pub(crate) mishap: Option<smartsync::demo::Mishap>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Drill {
    /// How many runs, each with a seed of its own, from 1 on.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) runs: u64,
    /// Repeats the run of one seed, and tells every step of it.
    #[arg(long, value_name = "SEED", conflicts_with = "runs")]
    pub(crate) seed: Option<u64>,
    /// Begins no other run after one in which something happened that must not.
    #[arg(long)]
    pub(crate) stop_early: bool,
}

/// Where the fields of both services are known from.
#[derive(Debug, Args)]
pub(crate) struct FieldSource {
    /// Uses saved schemas. Asks no service and needs no secret.
    #[arg(long)]
    pub(crate) offline: bool,
    /// The saved schemas. Default: `smartsync-schema.json` beside the configuration.
    #[arg(long, value_name = "FILE", requires = "offline")]
    pub(crate) schema: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Schema {
    /// Reads the fields of both services and saves them, for `smartsync check --offline`.
    Save {
        /// The file. Default: `smartsync-schema.json` beside the configuration.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Prints the JSON Schema of the configuration file, for editors.
    Config,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// Id of the contract.
    #[arg(required_unless_present = "all")]
    pub(crate) contract: Option<ContractId>,
    /// Counts what `sync --all` would write, and prints a line for each contract in which it would change something. A field of a card
    /// counts once, however many contracts would write it. Says when the limit of changes would be reached.
    #[arg(long, conflicts_with = "contract")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// Does not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Ids of the contracts.
    #[arg(required_unless_present = "all", value_name = "CONTRACT")]
    pub(crate) contracts: Vec<ContractId>,
    /// All contracts of the account that are pending or signed; declined and overdue ones, too, if the mapping has
    /// `contract:state`. Prints those with something to tell.
    #[arg(long, conflicts_with = "contracts")]
    pub(crate) all: bool,
    /// So many values of cards may be overwritten or cleared in this run, whatever `[limits] changes` says.
    #[arg(long, value_name = "N")]
    pub(crate) max_changes: Option<u32>,
    /// Attaches the signed document though an earlier upload was cut off (`upload-unknown`). Look at the candidate's card first: if
    /// the document is there, this adds a second copy.
    #[arg(long, conflicts_with = "all")]
    pub(crate) attach_again: bool,
}

#[derive(Args)]
pub(crate) struct Create {
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Id of the template in Oneflow.
    #[arg(long, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// Id of the workspace in Oneflow.
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: WorkspaceId,
    /// Sends the contract to its participants as well.
    #[arg(long)]
    pub(crate) publish: bool,
    /// Subject of the invitation.
    #[arg(long, value_name = "TEXT", requires = "publish", default_value = "A contract for you to sign")]
    pub(crate) subject: String,
    /// Text of the invitation.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "publish",
        default_value = "Please read the contract and sign it."
    )]
    pub(crate) message: String,
    /// Name of this creation. Repeating it never makes a second contract. Without one, each call makes a contract. It is
    /// printed, kept and sent to Oneflow: put no person's name in it.
    #[arg(long, value_name = "NAME")]
    pub(crate) request: Option<RequestId>,
}

/// Without the invitation, which a person has written.
impl fmt::Debug for Create {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create")
            .field("candidate", &self.candidate)
            .field("template", &self.template)
            .field("workspace", &self.workspace)
            .field("publish", &self.publish)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// Id of the contract.
    pub(crate) contract: ContractId,
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Takes over a contract of another candidate without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Does not ask, also where nothing is known of the id.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Prints a new key, for `[store] key` or `[oneflow] sign_keys`.
    New {
        /// Writes it into this new file, which only its owner may read, and prints the name of the file.
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// Lists the webhooks of the account.
    List,
    /// Registers this program, with the first of the configured sign keys. Where none is configured, one is made.
    Register(Register),
    /// Removes a webhook.
    Remove {
        /// Id of the webhook.
        webhook: WebhookId,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct Register {
    /// Public address of this program, path included: `https://sync.example.com/webhooks/oneflow`.
    pub(crate) url: Url,
    /// Only contracts of this template type.
    #[arg(long, value_name = "ID")]
    pub(crate) template_type: Option<TemplateTypeId>,
    /// Only contracts in this workspace. May be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: Vec<WorkspaceId>,
    /// Only events of this type. May be repeated.
    #[arg(long, value_name = "TYPE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) event: Vec<String>,
    /// The new file of a sign key that is made. Default: `oneflow-sign-key` beside the configuration.
    #[arg(long, value_name = "PATH")]
    pub(crate) sign_key_file: Option<PathBuf>,
}

/// Without the address: its path may be unguessable on purpose.
impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Register")
            .field("template_type", &self.template_type)
            .field("workspace", &self.workspace)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}
