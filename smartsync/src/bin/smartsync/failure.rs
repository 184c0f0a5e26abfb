//! A command that could not do its work: why, and what to do next.

use std::{
    error::Error,
    fmt,
    io::{self, Write as _},
};

use oneflow_client::ContractId;
use serde::Serialize;
use serde_json::{Map, Value};
use smartsync::{
    ConfigError, OpenError, ServeError, StoreError,
    config::{Diagnostics, FactsFileError, SchemaFileError, SecretError},
    engine::{DecisionError, SchemasError},
    store::{OTHER_ACCOUNT, Tenant},
    words::commands::{failure as words, output},
};
use smartsync_core::{
    DocumentOutcome, Engine, EngineError, Reason, RequestId, creation::PreflightProblem,
    diagnostic::Severity, engine::LinkError,
};
use smartsync_transport::{CauseChain, PageError, StatusCode, one_line};

use crate::{
    command_line::for_tenant,
    output::has_colours,
    told::{is_json, tell},
};

/// Why a command stopped. Prints as one line with all causes, and one line on what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    tenant: Option<Box<Tenant>>,
    contract: Option<ContractId>,
    cause: Box<dyn Error + Send + Sync>,
    next: String,
    is_outage: bool,
    diagnostics: Diagnostics,
    problems: Box<[Problem]>,
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
    tenant: Option<&'a Tenant>,
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
        let (diagnostics, problems) = (Diagnostics::default(), Box::default());
        Self { tenant: None, contract: None, cause, next, is_outage: false, diagnostics, problems }
    }

    /// Whether a service refuses the credentials or does not answer, so that the next request would fail alike.
    pub(crate) fn is_outage(&self) -> bool {
        self.is_outage
    }

    /// The same, naming the tenant it is about, if it has a name.
    pub(crate) fn of(self, tenant: Option<&Tenant>) -> Self {
        Self { tenant: tenant.cloned().map(Box::new).or(self.tenant), ..self }
    }

    /// The same, naming the contract it happened with.
    pub(crate) fn about(self, contract: ContractId) -> Self {
        Self { contract: Some(contract), ..self }
    }

    /// Prints it on stderr, behind what is wrong with the mapping. Command lines in it are for the tenant that it is about, else for `meant`.
    pub(crate) fn print(&self, meant: Option<&str>) {
        print_diagnostics(&self.diagnostics);
        let label = output::ERROR;
        let label = if has_colours(&io::stderr()) {
            format!("\u{1b}[1;31m{label}\u{1b}[0m")
        } else {
            label.to_owned()
        };
        let meant = self.tenant.as_deref().map(Tenant::as_str).or(meant);
        let told = |text: &str| for_tenant(text, meant).into_owned();
        let mut more = Map::new();
        if let Some(tenant) = &self.tenant {
            more.insert("tenant".to_owned(), tenant.to_string().into());
        }
        if let Some(contract) = self.contract {
            more.insert("contract".to_owned(), contract.get().into());
        }
        more.insert("next".to_owned(), told(&self.next).into());
        let cause = told(&one_line(&CauseChain(&*self.cause).to_string()));
        tell("ERROR", &cause, &format!("{label} {}", told(&self.to_string())), more);
    }

    /// The same for programs.
    pub(crate) fn line(&self) -> FailureLine<'_> {
        FailureLine {
            tenant: self.tenant.as_deref(),
            contract: self.contract,
            error: CauseChain(&*self.cause).to_string(),
            next: &self.next,
            diagnostics: &self.diagnostics,
            problems: &self.problems,
        }
    }

    /// A contract that a person asks for by its id and that is not there: most likely a slip.
    pub(crate) fn if_gone(document: DocumentOutcome) -> Result<(), Self> {
        let gone = Reason::ContractGone;
        if document != DocumentOutcome::NotDue(gone) {
            return Ok(());
        }
        Err(Self::new(gone.sentence(), words::GONE))
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
            return Self::new(error, words::repeat_request(request));
        }
        if matches!(&error, EngineError::Service(error) if error.is_not_found()) {
            return Self::new(error, words::NO_TEMPLATE);
        }
        error.into()
    }
}

/// Prints diagnostics on stderr.
pub(crate) fn print_diagnostics(diagnostics: &Diagnostics) {
    if diagnostics.is_empty() {
        return;
    }
    if !is_json() {
        let text = diagnostics.render(has_colours(&io::stderr()));
        writeln!(io::stderr(), "{text}").ok();
        return;
    }
    // A list of objects, each with its message.
    let Ok(Value::Array(found)) = serde_json::to_value(diagnostics) else { return };
    for (found, diagnostic) in found.into_iter().zip(diagnostics.iter()) {
        let Value::Object(more) = found else { continue };
        let level = match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARN",
            Severity::Note => "INFO",
        };
        tell(level, &diagnostic.message, &diagnostic.message, more);
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tenant) = &self.tenant {
            f.write_str(&output::of_tenant(tenant))?;
        }
        if let Some(contract) = self.contract {
            f.write_str(&output::of_contract(contract))?;
        }
        // A cause may quote what a service said.
        let cause = CauseChain(&*self.cause).to_string();
        write!(f, "{}\n{}", one_line(&cause), output::next(&self.next))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let next = match &error {
            ConfigError::Read { source, .. } => of_unread(source.kind()),
            ConfigError::Invalid(_) => words::CORRECT_FILE,
            ConfigError::Secret { source: SecretError::File { source, .. }, .. } => {
                of_unread_secret(source.kind())
            }
            ConfigError::Secret { .. } => words::SET_SECRET,
            ConfigError::StoreKey(error) => error.advice(),
            ConfigError::PlainHttp { .. } => words::PLAIN_HTTP,
            ConfigError::SeveralTenants { .. } | ConfigError::UnknownTenant { .. } => words::NAME_TENANT,
            ConfigError::Mapping { .. } => words::CORRECT_MAPPING,
            ConfigError::Key(error) => ConfigError::advice_on_key(*error),
            ConfigError::NoStoreKey => words::NO_STORE_KEY,
            ConfigError::PageToken => words::NO_PAGE_TOKEN,
            ConfigError::AlertKey => words::NO_ALERT_KEY,
            ConfigError::Client { .. } | _ => words::CORRECT_SECTION,
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
        words::ALLOW_READING
    } else if kind == io::ErrorKind::IsADirectory {
        words::FOLDER_GIVEN
    } else if kind == io::ErrorKind::InvalidData {
        words::SAVE_UTF8
    } else {
        words::CREATE_FILE
    }
}

/// The same of a file that holds a secret.
fn of_unread_secret(kind: io::ErrorKind) -> &'static str {
    if kind == io::ErrorKind::PermissionDenied {
        words::ALLOW_READING
    } else if kind == io::ErrorKind::InvalidData {
        words::SECRET_UTF8
    } else {
        words::PUT_SECRET
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
            other => Self::new(other, words::CORRECT_CONFIGURATION),
        }
    }
}

impl From<SchemasError> for Failure {
    fn from(error: SchemasError) -> Self {
        match error {
            SchemasError::Config(error) => error.into(),
            SchemasError::Service(error) => error.into(),
            other => Self::new(other, words::CHECK_SERVICE),
        }
    }
}

impl From<SchemaFileError> for Failure {
    fn from(error: SchemaFileError) -> Self {
        let next = error.advice();
        Self::new(error, next)
    }
}

impl From<FactsFileError> for Failure {
    fn from(error: FactsFileError) -> Self {
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
            ServeError::OfTenant { name, source } => Self::from(*source).of(Some(&name)),
            ServeError::NoSignKeys => Self::new(error, words::NO_SIGN_KEY),
            ServeError::SignKey(_) => Self::new(error, words::EMPTY_SIGN_KEY),
            ServeError::Listen { section, key, .. } => {
                let next = words::choose_address(section, key);
                Self::new(error, next)
            }
            other @ (ServeError::Random(_) | _) => Self::new(other, words::NO_RANDOM),
        }
    }
}

impl From<smartsync_transport::Error> for Failure {
    fn from(error: smartsync_transport::Error) -> Self {
        let next = if error.is_unauthorized() {
            words::UNAUTHORIZED
        } else if error.is_not_found() {
            words::NOT_FOUND
        } else if error.is_terminal() {
            words::TERMINAL
        } else if error.was_never_sent() {
            words::NEVER_SENT
        } else {
            words::LATER
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
                let next = words::FIX_PROBLEMS;
                return Self { problems: all, ..Self::new(EngineError::Preflight(problems), next) };
            }
            EngineError::RequestReused => words::OTHER_REQUEST,
            EngineError::CreationUnknown => words::CREATION_UNKNOWN,
            EngineError::CreatedAndGone { .. } => words::CREATED_AND_GONE,
            EngineError::NotPublished { .. } => words::NOT_PUBLISHED,
            EngineError::OtherAccount { .. } => OTHER_ACCOUNT,
            EngineError::AccountUnknown { .. } => words::ACCOUNT_UNKNOWN,
            EngineError::Ledger(_) | _ => words::STORE,
        };
        Self::new(error, next)
    }
}

impl From<DecisionError> for Failure {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Engine(error) => error.into(),
            DecisionError::Store(error) => error.into(),
            DecisionError::Busy => Self::new(error, words::OTHER_LOOK),
            DecisionError::Lapsed | _ => Self::new(error, words::SEE_WHAT_WAS_DONE),
        }
    }
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Self {
        let next = match error {
            LinkError::Engine(error) => return error.into(),
            LinkError::OfAnother { .. } => words::REASSIGN,
            LinkError::NoContract(_) => words::GONE,
            LinkError::NoCandidate(_) => words::NO_CANDIDATE,
            LinkError::Forgotten(_) => words::FORGOTTEN,
            _ => words::BOTH_IDS,
        };
        Self::new(error, next)
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Request(error) => error.into(),
            other @ (PageError::Item { .. } | PageError::OutOfReach | _) => {
                Self::new(other, words::CHECK_SERVICE)
            }
        }
    }
}

/// Standard output cannot be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error, words::OUTPUT)
    }
}
