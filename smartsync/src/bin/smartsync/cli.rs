//! What can be typed.

mod candidate;
mod colours;
mod contracts;
mod epilogues;
#[cfg(test)]
mod every_command;
mod held;
mod init;
#[cfg(test)]
#[cfg(feature = "demo")]
mod pages;
mod parked;
mod probe;
mod store_url;
#[cfg(test)]
#[cfg(feature = "demo")]
mod typed_in_docs;

use std::{fmt, path::PathBuf};

use clap::{
    Args, CommandFactory as _, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser as _},
};
use oneflow_client::{ContractId, TemplateId, TemplateTypeId, WebhookId, WorkspaceId};
use smartsync::{
    config::{DEFAULT_FILE, StoreUrl},
    store::{ContractFilter, Tenant},
};
use smartsync_core::{CandidateId, RequestId, plan::Take};
use url::Url;

use self::{candidate::CandidateIdParser, epilogues::with_epilogues, store_url::StoreUrlParser};
pub(crate) use self::{
    colours::follow as follow_colours,
    contracts::{Contracts, ContractsOf, FilterOf, LookAgainAt},
    held::Held,
    init::{Init, KeepSecrets},
    parked::{Parked, ParkedOf, Which},
    probe::{FactsShown, ProbeRun, ProbeThen},
};

/// The command line, with all that `--help` says.
pub(crate) fn command() -> clap::Command {
    with_epilogues(Cli::command())
}

/// What stands above the options that every command has, behind those that only one has.
const OF_EVERY_COMMAND: &str = "Options of every command";

/// Keeps Teamtailor candidates and Oneflow contracts in step.
#[derive(Debug, Parser)]
#[command(name = "smartsync", version = env!("SMARTSYNC_VERSION"), max_term_width = 100)]
pub(crate) struct Cli {
    /// The configuration file: JSON if its name ends in `.json`, TOML otherwise.
    #[arg(long, global = true, help_heading = OF_EVERY_COMMAND, value_name = "FILE", default_value = DEFAULT_FILE)]
    pub(crate) config: PathBuf,
    /// Prints the result as JSON.
    #[arg(long, global = true, help_heading = OF_EVERY_COMMAND)]
    pub(crate) json: bool,
    /// Logs every request to a service on stderr; given twice, also the logs of the underlying libraries. Never logs a value.
    #[arg(short, long, global = true, help_heading = OF_EVERY_COMMAND, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// The form of the log on stderr: lines for people, or one JSON object per line.
    #[arg(long, global = true, help_heading = OF_EVERY_COMMAND, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) log_format: LogFormat,
    /// Allows a plain http `base_url` on another machine: credentials and personal data are sent unencrypted.
    #[arg(long, global = true, help_heading = OF_EVERY_COMMAND)]
    pub(crate) insecure_http: bool,
    /// When to use colours. `auto`: on a terminal, unless the environment says otherwise.
    #[arg(long, global = true, help_heading = OF_EVERY_COMMAND, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: clap::ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs the whole flow on this machine against a sandbox; no account needed.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Attacks this program as a hostile participant, against a sandbox.
    #[cfg(feature = "demo")]
    Drill(Drill),
    /// Sets an installation up: at most six questions, each answer tried at once.
    Init(Box<Init>),
    /// Checks the configuration, this machine, the credentials and the mapping.
    Check(Check),
    /// Saves the fields of both services, or prints the schema of the configuration file.
    #[command(subcommand)]
    Schema(Schema),
    /// Shows everything that the mapping allows to be read and written.
    Permissions(Permissions),
    /// Shows what syncing one contract, or all, would do, without doing it.
    Plan(Plan),
    /// Syncs contracts now.
    Sync(Sync),
    /// Creates a contract from a template, filled in with the data of a candidate.
    Create(Create),
    /// Links a contract to a candidate by hand, overriding any link it carries.
    Link(Link),
    /// Decides which side of a held field is right, the contract or the card.
    ///
    /// Only what the rules leave to a person can be decided: conflict-held, first-sight-held, edit-not-proven, cut-off-held and limit-reached.
    /// Everything else stays held.
    Resolve(Resolve),
    /// Erases what is stored about a candidate, and never writes anything for it again.
    Forget(Forget),
    /// Moves the database to other accounts, erasing what it stored for the previous ones.
    Adopt(Adopt),
    /// Receives notifications and syncs the contracts they name, until it is stopped.
    ///
    /// SIGHUP has it read its configuration again.
    Serve,
    /// Shows in a browser what happened, and lets people decide, until it is stopped.
    ///
    /// It decides by the configuration that it has read: after a change, SIGHUP has it read that again, as `serve` does.
    Page,
    /// Shows what is waiting, running and parked, and whether cards lack agreed values.
    Status(OfTenant),
    /// Lists the contracts that were looked at, and has a server look at them again.
    Contracts(ContractsOf),
    /// Lists the fields that are held, the one held longest first.
    Held(Held),
    /// Counts what came in, and what became of it, in the last 24 hours and 30 days.
    Intake(OfTenant),
    /// Shows each look at a contract as it ends, a line each, until it is stopped.
    Tail(Tail),
    /// Shows what each look at a contract found and did, the newest first.
    History(History),
    /// Finds out on a test account what the documentation leaves open.
    ///
    /// Without `--write` it sends GET requests of a fixed list only, each once. It saves no value and no name.
    Probe(ProbeRun),
    /// Shows what is assumed about the two services, and what was found out.
    Facts(FactsShown),
    /// Explains a reason (`conflict-held`) or a diagnostic (`SM0014`), with what to do.
    Explain(Explain),
    /// Manages contracts that were given up after too many failures.
    Parked(ParkedOf),
    /// Moves what is stored to another database.
    #[command(subcommand)]
    Store(Store),
    /// Manages the webhooks by which Oneflow notifies this program.
    Webhook(WebhookOf),
    /// Creates a key of 32 random bytes.
    #[command(subcommand)]
    Key(Key),
    /// Prints what a shell needs to complete commands and options.
    Completions(Completions),
    /// Writes the pages of the manual, one for each command.
    Man(Manual),
}

impl Command {
    /// The tenant that was named.
    pub(crate) fn tenant(&self) -> Option<&Tenant> {
        let of = match self {
            Self::Check(check) => &check.of,
            Self::Schema(Schema::Save { of, .. }) | Self::Status(of) | Self::Intake(of) => of,
            Self::Contracts(contracts) => &contracts.of,
            Self::Held(held) => &held.of,
            Self::Permissions(permissions) => &permissions.of,
            Self::Probe(probe) => &probe.of,
            Self::Facts(facts) => &facts.of,
            Self::Plan(plan) => &plan.of,
            Self::Sync(sync) => &sync.of,
            Self::Create(create) => &create.of,
            Self::Link(link) => &link.of,
            Self::Resolve(resolve) => &resolve.of,
            Self::Forget(forget) => &forget.of,
            Self::Adopt(adopt) => &adopt.of,
            Self::Tail(tail) => &tail.of,
            Self::History(history) => &history.of,
            Self::Parked(parked) => &parked.of,
            Self::Webhook(webhook) => &webhook.of,
            #[cfg(feature = "demo")]
            Self::Demo(_) | Self::Drill(_) => return None,
            Self::Init(_) | Self::Schema(Schema::Config) | Self::Serve | Self::Page | Self::Explain(_) => {
                return None;
            }
            Self::Store(_) | Self::Key(_) | Self::Completions(_) | Self::Man(_) => return None,
        };
        of.tenant.as_ref()
    }
}

/// Which tenant of the configuration is meant.
#[derive(Debug, Args)]
pub(crate) struct OfTenant {
    /// The tenant that is meant, if the configuration has several.
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) tenant: Option<Tenant>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Breaks one stage on purpose, to show that the demo then fails.
    #[arg(long = "break", value_name = "STAGE", value_enum)]
    pub(crate) mishap: Option<smartsync::demo::Mishap>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Drill {
    /// Number of runs; each has its own seed, starting at 1.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) runs: u64,
    /// Repeats the run with this seed, and prints every step.
    #[arg(long, value_name = "SEED", conflicts_with = "runs")]
    pub(crate) seed: Option<u64>,
    /// Stops after the first run that breaks a rule.
    #[arg(long)]
    pub(crate) stop_early: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(flatten)]
    pub(crate) source: FieldSource,
    /// Also sends a signed test alert to `[alerts] url`.
    #[arg(long, conflicts_with = "offline")]
    pub(crate) test_alert: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Permissions {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(flatten)]
    pub(crate) source: FieldSource,
}

/// Where the fields of both services come from.
#[derive(Debug, Args)]
pub(crate) struct FieldSource {
    /// Uses saved schemas: sends no request and needs no secret.
    #[arg(long)]
    pub(crate) offline: bool,
    /// The saved schemas. Default: `smartsync-schema.json` next to the configuration file.
    #[arg(long, value_name = "FILE", requires = "offline")]
    pub(crate) schema: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Schema {
    /// Reads the fields of both services and saves them, for `smartsync check --offline`.
    Save {
        #[command(flatten)]
        of: OfTenant,
        /// The output file. Default: `smartsync-schema.json` next to the configuration file.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Prints the JSON Schema of the configuration file, for editors.
    Config,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the contract.
    #[arg(required_unless_present = "all")]
    pub(crate) contract: Option<ContractId>,
    /// Counts what `sync --all` would write, and prints one line for each contract that would cause a change. A card field
    /// counts once, however many contracts would write it. Shows where the change limit would be reached.
    #[arg(long, conflicts_with = "contract")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Adopt {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Does not ask for confirmation.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Ids of the contracts.
    #[arg(required_unless_present = "all", value_name = "CONTRACT")]
    pub(crate) contracts: Vec<ContractId>,
    /// All contracts of the account that are pending or signed; declined and overdue ones, too, if the mapping has
    /// `contract:state`. Prints only contracts with something to report.
    #[arg(long, conflicts_with = "contracts")]
    pub(crate) all: bool,
    /// Number of card values that this run may overwrite or clear, instead of `[limits] changes`.
    #[arg(long, value_name = "N")]
    pub(crate) max_changes: Option<u32>,
    /// Attaches the signed document even though an earlier upload was interrupted (`upload-unknown`). Check the candidate's
    /// card first: if the document is there, this adds a second copy.
    #[arg(long, conflicts_with = "all")]
    pub(crate) attach_again: bool,
}

#[derive(Args)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Id of the template in Oneflow.
    #[arg(long, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// Id of the workspace in Oneflow.
    #[arg(long, value_name = "ID")]
    pub(crate) workspace: WorkspaceId,
    /// Also sends the contract to its participants.
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
    /// Name of this creation. Running it again with the same name never creates a second contract; without a name,
    /// each call creates one. The name is printed, stored and sent to Oneflow: do not put a person's name in it.
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
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the contract.
    pub(crate) contract: ContractId,
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Reassigns a contract that belongs to another candidate without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct Resolve {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the contract.
    pub(crate) contract: ContractId,
    /// The candidate's field (`custom:start-date`), or the name of the data field.
    pub(crate) field: String,
    /// The side that is right. `contract` writes the contract's value to the card, past the change limit; `card` leaves the card
    /// as it is until one side changes again.
    #[arg(long, value_name = "SIDE", value_parser = PossibleValuesParser::new(["contract", "card"]).map(side))]
    pub(crate) take: Take,
    /// The plan that was looked at, as `smartsync plan CONTRACT --json` prints it: if contract or card are not as it showed
    /// them any more, nothing is written. Does not ask for confirmation.
    #[arg(long, value_name = "HASH")]
    pub(crate) plan: Option<String>,
    /// Who decides. `smartsync history` shows it, and it is stored until the contract's looks are dropped.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Does not ask for confirmation: decides on whatever the field holds now.
    #[arg(long, conflicts_with = "plan")]
    pub(crate) yes: bool,
}

/// Without the name of whoever decides.
impl fmt::Debug for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolve")
            .field("contract", &self.contract)
            .field("field", &self.field)
            .field("take", &self.take)
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}

fn side(name: String) -> Take {
    if name == Take::Contract.as_str() { Take::Contract } else { Take::Card }
}

#[derive(Debug, Args)]
pub(crate) struct Forget {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the candidate in Teamtailor.
    #[arg(long, value_name = "ID", value_parser = CandidateIdParser)]
    pub(crate) candidate: CandidateId,
    /// Does not ask for confirmation, even if the id is unknown.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Tail {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Only looks in which a field ended so. A look that failed as a whole has failed all of them. May be repeated.
    #[arg(long, value_name = "OUTCOME", value_enum)]
    pub(crate) outcome: Vec<OutcomeFilter>,
    /// Only looks with this reason code, of a field, of the document or of the look. May be repeated.
    #[arg(long, value_name = "CODE")]
    pub(crate) reason: Vec<String>,
    /// Only looks at contracts that were in this state when they were read. May be repeated.
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(ContractFilter::STATES))]
    pub(crate) state: Vec<String>,
    /// Only looks at contracts of this template type. May be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) template_type: Vec<TemplateTypeId>,
    /// Only looks at this contract. May be repeated.
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Vec<ContractId>,
    /// Begins with so many looks that have ended before.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(..=10_000))]
    pub(crate) last: u32,
}

/// How a field ended, to choose looks by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeFilter {
    Written,
    Unchanged,
    Held,
    Skipped,
    Failed,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    /// Id of the contract.
    pub(crate) contract: ContractId,
    /// Shows only this field: the name of the data field, or of the candidate's field (`custom:start-date`).
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Option<String>,
    /// Number of looks.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, as `history`, `check` and the log have it. Without one, all are listed.
    pub(crate) code: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Store {
    /// Copies everything from one database into another that is empty, and compares both. Stop every server first. If it is
    /// cut off, the same command goes on from there; until it is complete, nothing else uses the second database.
    Copy(StoreCopyOf),
}

#[derive(Debug, Args)]
pub(crate) struct StoreCopyOf {
    /// The database to copy: `sqlite://PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(value_parser = StoreUrlParser)]
    pub(crate) from: StoreUrl,
    /// The database to copy into, in the same form. A SQLite file is created.
    #[arg(value_parser = StoreUrlParser)]
    pub(crate) to: StoreUrl,
    /// A file with the password of a PostgreSQL database that is not the one in `[store] url`. For that one, `[store] password`
    /// is used.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Prints a new key, for `[store] key` or `[oneflow] sign_keys`.
    New {
        /// Writes the key to this new file, readable only by its owner, and prints the name of the file.
        #[arg(long, value_name = "PATH")]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Manual {
    /// The folder; created if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct WebhookOf {
    #[command(flatten)]
    pub(crate) of: OfTenant,
    #[command(subcommand)]
    pub(crate) command: Webhook,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// Lists the webhooks of the account.
    List,
    /// Registers this program with the first configured sign key. If none is configured, creates one.
    Register(Register),
    /// Sends a signed notification through the public address of this program, and says which stage of the way it does not get
    /// through: name, connection, certificate, proxy, path, body, signature or database.
    Test(WebhookTest),
    /// Removes a webhook.
    Remove {
        /// Id of the webhook.
        webhook: WebhookId,
        /// Does not ask for confirmation.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub(crate) struct Register {
    /// Public address of this program, including the path: `https://sync.example.com/webhooks/oneflow`.
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
    /// File for a newly created sign key. Default: `oneflow-sign-key` next to the configuration file.
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

#[derive(Args)]
pub(crate) struct WebhookTest {
    /// Public address of this program, including the path: `https://sync.example.com/webhooks/oneflow`.
    pub(crate) url: Url,
    /// Names this contract in the notification: a server then looks at it. Without it, nothing is recorded.
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<ContractId>,
    /// Seconds that an answer may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(crate) timeout: u64,
}

/// Without the address: its path may be unguessable on purpose.
impl fmt::Debug for WebhookTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookTest")
            .field("contract", &self.contract)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
