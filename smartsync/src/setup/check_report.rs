//! What the configured credentials can do, whether the mapping matches both services, and whether this machine has what the
//! server needs, found out without changing anything.

use std::io;

use jiff::Timestamp;
use oneflow_client::{AccountId, OneflowClient, accounts::Ping, webhooks::Webhook};
use serde::Serialize;
use smartsync_core::{Accounts, Schemas, diagnostic::Severity};
use smartsync_transport::CauseChain;
use teamtailor_client::CompanyId;

use crate::{
    config::{Config, ConfigError, ConfigFile, Diagnostics, SchemaFileError, SecretError},
    engine::alert_receiver::AlertReceiver,
    setup::{
        credentials::{account_of, company_of, refused_by_oneflow},
        finding::{Finding, Subject, Verdict},
        machine,
        unlinked::unlinked,
        webhooks,
    },
    store::{OTHER_ACCOUNT, database_file},
};

/// The key of the configuration that names the sign keys.
const SIGN_KEYS: &str = "oneflow.sign_keys";

/// What was found out about a configuration.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// Findings that are bad, and errors in the mapping.
    pub errors: usize,
    /// Findings and diagnostics that are warnings.
    pub warnings: usize,
    /// About the configuration as a whole, the credentials and both accounts.
    pub findings: Vec<Finding>,
    /// About the mapping.
    pub diagnostics: Diagnostics,
}

impl CheckReport {
    fn new(findings: Vec<Finding>, diagnostics: Diagnostics) -> Self {
        let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
        let errors = count(Verdict::Bad) + diagnostics.count(Severity::Error);
        let warnings = count(Verdict::Warning) + diagnostics.count(Severity::Warning);
        Self { errors, warnings, findings, diagnostics }
    }

    /// The report with one more finding.
    #[must_use]
    pub fn with(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        Self::new(self.findings, self.diagnostics)
    }

    /// What was found out for each tenant of one configuration, without what all of them share: their database, listener, alerts. That is
    /// the first report, and there said once, however many have found it.
    #[must_use]
    pub fn apart(reports: Vec<Self>) -> (Self, Vec<Self>) {
        let mut shared: Vec<Finding> = Vec::new();
        let mut of_each = Vec::new();
        for Self { findings, diagnostics, .. } in reports {
            let (of_all, own): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.is_shared);
            for finding in of_all {
                if !shared.contains(&finding) {
                    shared.push(finding);
                }
            }
            of_each.push(Self::new(own, diagnostics));
        }
        (Self::new(shared, Diagnostics::default()), of_each)
    }

    /// Whether the configuration can be used.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.errors == 0
    }
}

/// Looks at this machine, asks both services what the credentials can do and which fields there are, and checks the mapping
/// against them. Reads only; in the folder of the database, a file is made and taken away again.
pub async fn check(file: &ConfigFile) -> CheckReport {
    let config = match file.sections() {
        Ok(config) => config,
        Err(error) => return CheckReport::new(vec![faulty(file, &error)], file.diagnose(None)),
    };
    let mut findings = vec![sign_keys(&config), limit(&config)];
    findings.extend(same_credentials(file, &config));
    findings.extend(alerts(&config));
    findings.extend(page(&config));
    findings.extend(permissions(file, &config));
    findings.extend(machine::findings(&config));
    let clients = (config.oneflow_client(), config.teamtailor_client());
    let account = match &clients.0 {
        Ok(client) => oneflow(&config, client, &mut findings).await,
        Err(error) => {
            findings.push(unusable(Subject::Oneflow, error));
            None
        }
    };
    let company = match &clients.1 {
        Ok(client) => company_of(client, &mut findings).await,
        Err(error) => {
            findings.push(unusable(Subject::Teamtailor, error));
            None
        }
    };
    findings.extend(account.zip(company).map(|(account, company)| accounts(&config, account, company)));
    let is_usable = |subject| {
        !findings.iter().any(|finding| finding.subject == subject && finding.verdict == Verdict::Bad)
    };
    let oneflow_answers = is_usable(Subject::Oneflow);
    let schemas = match &clients {
        (Ok(oneflow), Ok(teamtailor)) if is_usable(Subject::Oneflow) && is_usable(Subject::Teamtailor) => {
            Schemas::read(oneflow, teamtailor).await.map_err(|error| {
                by_itself_only(
                    &error,
                    "make sure that the credentials have read access, then run the check again",
                )
            })
        }
        _ => Err(Finding::warning(
            Subject::Configuration,
            "the mapping was checked only by itself, not against the services: their fields cannot be read",
            "fix the errors above, then run the check again",
        )),
    };
    let diagnostics = file.diagnose(schemas.as_ref().ok());
    if let (Ok(client), true, Some(mapping)) = (&clients.0, oneflow_answers, file.mapping()) {
        findings.extend(unlinked(mapping, client, &config.store.url, config.tenant()).await);
    }
    findings.extend(schemas.err());
    CheckReport::new(findings, diagnostics)
}

/// Sends one message of the type `alert.test` to `[alerts] url`, signed as every alert is. `None`: the configuration cannot be used, or its
/// alerts cannot, which [`check`] says.
pub async fn test_alert(file: &ConfigFile) -> Option<Finding> {
    let subject = Subject::Configuration;
    let receiver = match file.sections().ok()?.alert_receiver().ok()? {
        Some(receiver) => receiver,
        None => {
            let next = "add `url` and `key`; README.md shows how";
            let finding = Finding::bad(subject, "no test alert was sent: there is no `[alerts]`", next);
            return Some(finding.shared());
        }
    };
    let now = Timestamp::now();
    let body = serde_json::json!({ "type": "alert.test", "timestamp": now, "data": {} }).to_string();
    let answer = match AlertReceiver::new_id() {
        Ok(id) => receiver.send(&id, now, &body).await.map_err(|error| CauseChain(&error).to_string()),
        Err(error) => Err(error.to_string()),
    };
    let origin = receiver.origin();
    let finding = match answer {
        Ok(status) if status.is_success() => {
            Finding::good(subject, format!("{origin} accepted the test alert ({})", status.as_u16()))
        }
        Ok(status) => Finding::bad(
            subject,
            format!("{origin} did not accept the test alert ({})", status.as_u16()),
            "compare `alerts.url` and `alerts.key` with what the receiver shows; a redirect is not followed",
        ),
        Err(error) => Finding::bad(
            subject,
            format!("the test alert could not be sent to {origin}: {error}"),
            "check `alerts.url`, and the connection to it",
        ),
    };
    Some(finding.shared())
}

/// Checks the configuration against saved schemas, or by itself if they could not be read, which is an error. Asks no
/// service and needs no secret. What is wrong with this machine is a warning: the configuration may be meant for another one.
#[must_use]
pub fn check_offline(file: &ConfigFile, schemas: Result<&Schemas, &SchemaFileError>) -> CheckReport {
    let mut findings = match file.sections() {
        Err(error) => vec![faulty(file, &error)],
        Ok(config) => {
            let unusable = |error| unusable(Subject::Configuration, &error);
            let of_services = config.base_urls().err().map(unusable);
            let of_alerts = config.alert_url().err().map(unusable).map(Finding::shared);
            let fence = permissions(file, &config).into_iter().chain(same_credentials(file, &config));
            of_services.into_iter().chain(of_alerts).chain(fence).chain(machine::warnings(&config)).collect()
        }
    };
    findings.extend(schemas.err().map(|error| by_itself_only(error, error.advice())));
    CheckReport::new(findings, file.diagnose(schemas.ok()))
}

fn faulty(file: &ConfigFile, error: &ConfigError) -> Finding {
    let next = "correct the file; README.md shows every key";
    let finding = Finding::bad(Subject::Configuration, CauseChain(error).to_string(), next);
    if file.is_faulty_for_all() { finding.shared() } else { finding }
}

fn by_itself_only(error: &dyn std::error::Error, next: &str) -> Finding {
    let text =
        format!("the mapping was checked only by itself, not against the services: {}", CauseChain(error));
    Finding::bad(Subject::Configuration, text, next)
}

fn unusable(subject: Subject, error: &ConfigError) -> Finding {
    let next = if let ConfigError::Secret { key: SIGN_KEYS, source: SecretError::File { path, source } } =
        error
        && source.kind() == io::ErrorKind::NotFound
    {
        format!(
            "put the key of the registered webhook there; if there is no webhook yet, create a key with `smartsync key new --file {path}`"
        )
    } else if matches!(error, ConfigError::PlainHttp { .. }) {
        "write `https://`, or allow it with `--insecure-http`".to_owned()
    } else if matches!(error, ConfigError::AlertKey) {
        "`echo whsec_$(openssl rand -base64 32)` makes one; the receiver needs it, too".to_owned()
    } else {
        "correct the configuration".to_owned()
    };
    let next = match subject {
        Subject::Oneflow | Subject::Teamtailor => format!("{next}; {subject} was not asked"),
        Subject::Configuration | Subject::Machine => next,
    };
    Finding::bad(subject, CauseChain(error).to_string(), next)
}

fn sign_keys(config: &Config) -> Finding {
    let subject = Subject::Configuration;
    match config.sign_keys() {
        Err(error) => unusable(subject, &error),
        Ok(keys) if keys.is_empty() => Finding::warning(
            subject,
            "`oneflow.sign_keys` is empty",
            "`smartsync webhook register` creates a key and says what to add; without one, `smartsync serve` refuses to start",
        ),
        Ok(_) => Finding::good(subject, "every key in `oneflow.sign_keys` was found"),
    }
}

/// Whether alerts could be sent. Of the address, the origin only: its path may be a secret.
fn alerts(config: &Config) -> Option<Finding> {
    let subject = Subject::Configuration;
    let finding = match config.alert_receiver() {
        Err(error) => Some(unusable(subject, &error)),
        Ok(receiver) => receiver.map(|receiver| {
            let text = format!(
                "alerts go to {}, signed; `smartsync check --test-alert` sends one",
                receiver.origin()
            );
            Finding::good(subject, text)
        }),
    };
    finding.map(Finding::shared)
}

/// Whether somebody could log in to the page.
fn page(config: &Config) -> Option<Finding> {
    let (subject, page) = (Subject::Configuration, config.page.as_ref()?);
    Some(match page.token() {
        Err(error) => unusable(subject, &error),
        Ok(None) => {
            Finding::good(subject, "everyone on this machine may use the page: `[page]` has no `token`")
        }
        Ok(Some(_)) => Finding::good(subject, "whoever has the token in `[page]` may use the page"),
    })
}

fn limit(config: &Config) -> Finding {
    let subject = Subject::Configuration;
    match config.limits.changes {
        0 => Finding::warning(
            subject,
            "`limits.changes` is 0: card values are never overwritten, only empty fields are filled in",
            "unless this is intended, remove it to allow the default of 50 per hour",
        ),
        changes => Finding::good(
            subject,
            format!("at most {changes} card values are overwritten or cleared per hour"),
        ),
    }
}

/// Another tenant with the same credentials for both services: the same contracts would be synced twice, by two mappings.
fn same_credentials(file: &ConfigFile, config: &Config) -> Option<Finding> {
    let (oneflow, teamtailor) = (&config.oneflow, &config.teamtailor);
    let is_same = |other: &Config| {
        let (of_oneflow, of_teamtailor) = (&other.oneflow, &other.teamtailor);
        (&of_oneflow.token, &of_oneflow.base_url) == (&oneflow.token, &oneflow.base_url)
            && (&of_teamtailor.token, &of_teamtailor.base_url) == (&teamtailor.token, &teamtailor.base_url)
    };
    let mut others = file.others().into_iter().filter_map(|other| other.sections().ok());
    let name = others.find(is_same)?.name()?.clone();
    Some(Finding::warning(
        Subject::Configuration,
        format!("tenant {name} has the same credentials for both services: each contract is synced by both"),
        "give each tenant the token and the API key of its own accounts, or remove one of the two",
    ))
}

/// Which two accounts the credentials are for, and whether the database is for the same. One that cannot be read is told elsewhere.
fn accounts(config: &Config, oneflow: AccountId, teamtailor: CompanyId) -> Finding {
    let subject = Subject::Configuration;
    let found = Accounts::new(oneflow, teamtailor);
    let names =
        format!("Oneflow account {} and Teamtailor company {}", found.oneflow, found.shown_teamtailor());
    let database = config.store.url.path();
    let pinned =
        database.and_then(|database| database_file::accounts(database, config.tenant()).ok().flatten());
    match pinned {
        None => Finding::good(
            subject,
            format!(
                "the credentials are for {names}; the database will belong to these accounts once it is used"
            ),
        ),
        Some(pinned) => match pinned.check(&found) {
            Ok(()) => Finding::good(subject, format!("credentials and database are for {names}")),
            Err(error) => Finding::bad(subject, error.to_string(), OTHER_ACCOUNT),
        },
    }
}

/// Which permissions an engine of this configuration is held to; nothing while the configuration cannot be used.
fn permissions(file: &ConfigFile, config: &Config) -> Option<Finding> {
    let mut config = config.clone();
    config.mapping = file.mapping()?.clone();
    let hash = config.permissions().ok()?.hash();
    let text = format!(
        "requests outside the permissions are blocked before they are sent; the hash of the permissions is {hash}"
    );
    Some(Finding::good(Subject::Configuration, text))
}

/// The account, if it could be read.
async fn oneflow(config: &Config, client: &OneflowClient, findings: &mut Vec<Finding>) -> Option<AccountId> {
    let subject = Subject::Oneflow;
    if let Err(error) = client.send(&Ping::new()).await {
        let mut without_user = config.clone();
        without_user.oneflow.user_email = None;
        let without_user =
            config.oneflow.user_email.as_ref().and_then(|_| without_user.oneflow_client().ok());
        findings.push(refused_by_oneflow(client.base_url(), without_user.as_ref(), &error).await);
        return None;
    }
    let user = if config.oneflow.user_email.is_some() { "token and user e-mail are" } else { "token is" };
    findings.push(Finding::good(subject, format!("the {user} accepted")));
    if config.oneflow.user_email.is_none() {
        findings.push(Finding::warning(
            subject,
            "`oneflow.user_email` is not set: Oneflow will run requests as an anonymous administrator",
            "set it to a user with access to the relevant workspaces; `smartsync create` requires it",
        ));
    }
    match webhooks::list(client).await {
        Ok(list) => registered(config, &list, findings),
        Err(error) => findings.push(Finding::warning(
            subject,
            format!(
                "the webhooks cannot be read, so another sync would go unnoticed: {}",
                CauseChain(&error)
            ),
            "check under Marketplace in Oneflow whether the built-in sync with Teamtailor is active",
        )),
    }
    match account_of(client).await {
        Ok(account) => Some(account),
        Err(finding) => {
            findings.push(finding);
            None
        }
    }
}

fn registered(config: &Config, list: &[Webhook], findings: &mut Vec<Finding>) {
    let path = config.server.path.as_str();
    let (built_in, others): (Vec<&Webhook>, Vec<_>) =
        list.iter().partition(|webhook| webhooks::is_built_in_sync(webhook));
    findings.extend(built_in.into_iter().map(|webhook| {
        Finding::warning(
            Subject::Oneflow,
            format!(
                "webhook {} feeds Oneflow's built-in sync: two programs would write the same fields",
                webhooks::number(webhook.id())
            ),
            "use only one of the two; `smartsync webhook remove` removes the other's webhook",
        )
    }));
    // A proxy in front may put something before the path.
    if !others.into_iter().any(|webhook| webhooks::leads_to(webhook, path)) {
        findings.push(Finding::warning(
            Subject::Oneflow,
            format!(
                "no registered webhook has an address ending in `{path}`, the path this program listens on"
            ),
            "start `smartsync serve`, then run `smartsync webhook register` with its public address",
        ));
    }
}
