//! A command that could not do its work: why, and what to do next.

use std::{
    error::Error,
    fmt,
    io::{self, Write as _},
};

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{
    ConfigError, OpenError, ServeError, StoreError,
    config::{Diagnostics, SchemaFileError, SecretError},
    engine::SchemasError,
    store::OTHER_ACCOUNT,
};
use smartsync_core::{
    DocumentOutcome, Engine, EngineError, Plan, Reason, RequestId, creation::PreflightProblem,
    engine::LinkError,
};
use smartsync_transport::{CauseChain, PageError, StatusCode, one_line};

use crate::output::has_colours;

/// Why a command stopped. Prints as one line with all causes, and one line on what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    contract: Option<ContractId>,
    cause: Box<dyn Error + Send + Sync>,
    next: String,
    is_outage: bool,
    diagnostics: Diagnostics,
    problems: Vec<Problem>,
}

/// Something that stands in the way of a new contract, as JSON.
#[derive(Debug, Serialize)]
struct Problem {
    code: &'static str,
    /// What it is, and what to do about it.
    sentence: String,
}

impl From<&PreflightProblem> for Problem {
    fn from(problem: &PreflightProblem) -> Self {
        Self { code: problem.code(), sentence: problem.to_string() }
    }
}

/// A failure as JSON.
#[derive(Serialize)]
pub(crate) struct FailureLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<ContractId>,
    error: String,
    next: &'a str,
    #[serde(skip_serializing_if = "Diagnostics::is_empty")]
    diagnostics: &'a Diagnostics,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    problems: &'a [Problem],
}

impl Failure {
    pub(crate) fn new(cause: impl Into<Box<dyn Error + Send + Sync>>, next: impl Into<String>) -> Self {
        let (cause, next) = (cause.into(), next.into());
        let (diagnostics, problems) = (Diagnostics::default(), Vec::new());
        Self { contract: None, cause, next, is_outage: false, diagnostics, problems }
    }

    /// Whether a service refuses the credentials or does not answer, so that the next request would fail alike.
    pub(crate) fn is_outage(&self) -> bool {
        self.is_outage
    }

    /// The same, naming the contract it happened with.
    pub(crate) fn about(self, contract: ContractId) -> Self {
        Self { contract: Some(contract), ..self }
    }

    /// Prints it on stderr, behind what is wrong with the mapping.
    pub(crate) fn print(&self) {
        print_diagnostics(&self.diagnostics);
        let label = if has_colours(&io::stderr()) { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        writeln!(io::stderr(), "{label} {self}").ok();
    }

    /// The same for programs.
    pub(crate) fn line(&self) -> FailureLine<'_> {
        FailureLine {
            contract: self.contract,
            error: CauseChain(&*self.cause).to_string(),
            next: &self.next,
            diagnostics: &self.diagnostics,
            problems: &self.problems,
        }
    }

    /// A contract that a person asks for by its id and that is not there: most likely a slip.
    pub(crate) fn if_gone(plan: &Plan) -> Result<(), Self> {
        let gone = Reason::ContractGone;
        if plan.document() != DocumentOutcome::NotDue(gone) {
            return Ok(());
        }
        Err(Self::new(gone.sentence(), "check the id, and what `oneflow.user_email` may see"))
    }

    /// Credentials that are of another account than the database, or do not say of which, with which nothing is written. Asked before anything
    /// is read: of another account, even what is not there would say something wrong. Where a service does not answer, what is read says so.
    pub(crate) async fn of_other_account(engine: &Engine) -> Option<Self> {
        match engine.check_accounts().await {
            Ok(()) | Err(EngineError::Service(_)) => None,
            Err(error) => Some(error.into()),
        }
    }

    /// A contract that was not made, or not sent: the name of the creation makes it safe to try again.
    pub(crate) fn of_creation(error: EngineError, request: &RequestId) -> Self {
        if error.is_retryable() {
            let next =
                format!("repeat the command with `--request {request}`: it never makes a second contract");
            return Self::new(error, next);
        }
        if matches!(&error, EngineError::Service(error) if error.is_not_found()) {
            return Self::new(error, "check `--workspace`, and that the template is shared with it");
        }
        error.into()
    }
}

/// Prints diagnostics on stderr.
pub(crate) fn print_diagnostics(diagnostics: &Diagnostics) {
    if !diagnostics.is_empty() {
        let text = diagnostics.render(has_colours(&io::stderr()));
        writeln!(io::stderr(), "{text}").ok();
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(contract) = self.contract {
            write!(f, "contract {contract}: ")?;
        }
        // A cause may quote what a service said.
        let cause = CauseChain(&*self.cause).to_string();
        write!(f, "{}\n next: {}", one_line(&cause), self.next)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let next = match &error {
            ConfigError::Read { source, .. } => of_unread(source.kind()),
            ConfigError::Invalid(_) => "correct the file; README.md shows every key",
            ConfigError::Secret { source: SecretError::File { source, .. }, .. } => {
                of_unread_secret(source.kind())
            }
            ConfigError::Secret { .. } => "set it where the configuration says, then try again",
            ConfigError::StoreKey(error) => error.advice(),
            ConfigError::PlainHttp { .. } => {
                "write `https://`; where the way to that machine is safe, allow it with `--insecure-http`"
            }
            ConfigError::Mapping { .. } => {
                "correct what is shown above; `smartsync check` shows the warnings, too"
            }
            ConfigError::Key(error) => ConfigError::advice_on_key(*error),
            ConfigError::Client { .. } | _ => "correct that section of the configuration",
        };
        let diagnostics = if let ConfigError::Mapping { diagnostics, .. } = &error {
            diagnostics.clone()
        } else {
            Diagnostics::default()
        };
        Self { diagnostics, ..Self::new(error, next) }
    }
}

/// What to do about a configuration file that cannot be read.
fn of_unread(kind: io::ErrorKind) -> &'static str {
    if kind == io::ErrorKind::PermissionDenied {
        "give the user who runs this command the right to read it"
    } else if kind == io::ErrorKind::IsADirectory {
        "name the file in it: `--config FOLDER/smartsync.toml`"
    } else if kind == io::ErrorKind::InvalidData {
        "save it in the editor as UTF-8"
    } else {
        "write the file (README.md shows one), or name another with `--config FILE`"
    }
}

/// The same of a file that holds a secret.
fn of_unread_secret(kind: io::ErrorKind) -> &'static str {
    if kind == io::ErrorKind::PermissionDenied {
        "give the user who runs this command the right to read it"
    } else if kind == io::ErrorKind::InvalidData {
        "write the secret into it as plain UTF-8 text"
    } else {
        "put the secret there; a relative path begins in the folder of the configuration file"
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let next = error.advice();
        Self::new(error, next)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Config(error) => error.into(),
            OpenError::Store(error) => error.into(),
            OpenError::Engine(error) => error.into(),
            other => Self::new(other, "correct the configuration"),
        }
    }
}

impl From<SchemasError> for Failure {
    fn from(error: SchemasError) -> Self {
        match error {
            SchemasError::Config(error) => error.into(),
            SchemasError::Service(error) => error.into(),
            other => Self::new(other, "see what the service says"),
        }
    }
}

impl From<SchemaFileError> for Failure {
    fn from(error: SchemaFileError) -> Self {
        let next = error.advice();
        Self::new(error, next)
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Config(error) => error.into(),
            ServeError::Store(error) => error.into(),
            ServeError::Engine(error) => error.into(),
            ServeError::NoSignKeys => Self::new(
                error,
                "name the sign key of the webhook in `[oneflow] sign_keys`; `smartsync webhook register` makes one",
            ),
            ServeError::SignKey(_) => Self::new(error, "give each sign key a value"),
            other @ (ServeError::Listen { .. } | _) => {
                Self::new(other, "choose a free address in `[server] listen`")
            }
        }
    }
}

impl From<smartsync_transport::Error> for Failure {
    fn from(error: smartsync_transport::Error) -> Self {
        let next = if error.is_unauthorized() {
            "run `smartsync check`: it says what each credential may do"
        } else if error.is_not_found() {
            "check the id; the credentials may also lack access to it"
        } else if error.is_terminal() {
            "the same request will fail again: see what the service says"
        } else if error.was_never_sent() {
            "check the base URL in the configuration and the way to the service, then try again"
        } else {
            "try again later"
        };
        // Teamtailor's 403 is about the key; Oneflow's may be about one contract.
        let is_refused = match error.status() {
            Some(StatusCode::UNAUTHORIZED) => true,
            Some(StatusCode::FORBIDDEN) => error.service() == "teamtailor",
            _ => false,
        };
        let is_outage = is_refused || !error.is_terminal();
        Self { is_outage, ..Self::new(error, next) }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let next = match error {
            EngineError::Service(error) => return error.into(),
            EngineError::Preflight(problems) => {
                let all = problems.iter().map(Problem::from).collect();
                let next = "put right what is listed, then try again";
                return Self { problems: all, ..Self::new(EngineError::Preflight(problems), next) };
            }
            EngineError::RequestReused => "choose another `--request`",
            EngineError::CreationUnknown => {
                "look in Oneflow for the candidate's contract; if it is there, use it, and send it if it is a draft; if there is none, choose another `--request`"
            }
            EngineError::CreatedAndGone { .. } => {
                "if it was deleted, choose another `--request`: this one cannot be used again; else check what `oneflow.user_email` may see"
            }
            EngineError::NotPublished { .. } => {
                "send it from Oneflow, or repeat the command with the same `--request`"
            }
            EngineError::OtherAccount { .. } => OTHER_ACCOUNT,
            EngineError::AccountUnknown { .. } => {
                "run `smartsync check`: it says whether the credentials may read the account; nothing was written"
            }
            EngineError::Ledger(_) | _ => "check `[store] url`, the disk and the rights on the file",
        };
        Self::new(error, next)
    }
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        let next = match error {
            LinkError::Engine(error) => return error.into(),
            LinkError::OfAnother { .. } => "if it is to be taken over, repeat the command with `--yes`",
            LinkError::NoContract(_) => "check the id, and what `oneflow.user_email` may see",
            LinkError::NoCandidate(_) => {
                "check the id: it is the number at the end of the candidate's address in Teamtailor"
            }
            LinkError::Forgotten(_) => {
                "choose another candidate; there is no command that takes `forget` back"
            }
            _ => "check both ids",
        };
        Self::new(error, next)
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Request(error) => error.into(),
            other @ (PageError::Item { .. } | PageError::OutOfReach | _) => {
                Self::new(other, "see what the service says")
            }
        }
    }
}

/// Standard output cannot be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error, "check where the output goes")
    }
}
