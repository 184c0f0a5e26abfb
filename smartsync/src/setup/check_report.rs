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
    words::commands::check as words,
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
            Schemas::read(oneflow, teamtailor)
                .await
                .map_err(|error| by_itself_only(&error, words::READ_ACCESS))
        }
        _ => Err(Finding::warning(
            Subject::Configuration,
            words::by_itself_only(words::UNREAD_FIELDS),
            words::UNREAD_FIELDS_NEXT,
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
            let finding = Finding::bad(subject, words::NO_ALERTS, words::NO_ALERTS_NEXT);
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
            Finding::good(subject, words::alert_accepted(origin, status.as_u16()))
        }
        Ok(status) => {
            Finding::bad(subject, words::alert_refused(origin, status.as_u16()), words::ALERT_REFUSED_NEXT)
        }
        Err(error) => Finding::bad(subject, words::alert_not_sent(origin, error), words::ALERT_NOT_SENT_NEXT),
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
    let text = CauseChain(error).to_string();
    let finding = Finding::bad(Subject::Configuration, text, words::CORRECT_FILE);
    if file.is_faulty_for_all() { finding.shared() } else { finding }
}

fn by_itself_only(error: &dyn std::error::Error, next: &str) -> Finding {
    Finding::bad(Subject::Configuration, words::by_itself_only(CauseChain(error)), next)
}

fn unusable(subject: Subject, error: &ConfigError) -> Finding {
    let next = if let ConfigError::Secret { key: SIGN_KEYS, source: SecretError::File { path, source } } =
        error
        && source.kind() == io::ErrorKind::NotFound
    {
        words::missing_sign_key_next(path)
    } else if matches!(error, ConfigError::PlainHttp { .. }) {
        words::PLAIN_HTTP_NEXT.to_owned()
    } else if matches!(error, ConfigError::AlertKey) {
        words::ALERT_KEY_NEXT.to_owned()
    } else {
        words::CORRECT_CONFIGURATION.to_owned()
    };
    let next = match subject {
        Subject::Oneflow | Subject::Teamtailor => words::not_asked(&next, subject),
        Subject::Configuration | Subject::Machine => next,
    };
    Finding::bad(subject, CauseChain(error).to_string(), next)
}

fn sign_keys(config: &Config) -> Finding {
    let subject = Subject::Configuration;
    match config.sign_keys() {
        Err(error) => unusable(subject, &error),
        Ok(keys) if keys.is_empty() => {
            Finding::warning(subject, words::NO_SIGN_KEYS, words::NO_SIGN_KEYS_NEXT)
        }
        Ok(_) => Finding::good(subject, words::SIGN_KEYS),
    }
}

/// Whether alerts could be sent. Of the address, the origin only: its path may be a secret.
fn alerts(config: &Config) -> Option<Finding> {
    let subject = Subject::Configuration;
    let finding = match config.alert_receiver() {
        Err(error) => Some(unusable(subject, &error)),
        Ok(receiver) => receiver.map(|receiver| Finding::good(subject, words::alerts(receiver.origin()))),
    };
    finding.map(Finding::shared)
}

/// Whether somebody could log in to the page.
fn page(config: &Config) -> Option<Finding> {
    let (subject, page) = (Subject::Configuration, config.page.as_ref()?);
    Some(match page.token() {
        Err(error) => unusable(subject, &error),
        Ok(None) => Finding::good(subject, words::PAGE_WITHOUT_TOKEN),
        Ok(Some(_)) => Finding::good(subject, words::PAGE_WITH_TOKEN),
    })
}

fn limit(config: &Config) -> Finding {
    let subject = Subject::Configuration;
    match config.limits.changes {
        0 => Finding::warning(subject, words::NO_CHANGES, words::NO_CHANGES_NEXT),
        changes => Finding::good(subject, words::changes(changes)),
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
        words::same_credentials(name),
        words::SAME_CREDENTIALS_NEXT,
    ))
}

/// Which two accounts the credentials are for, and whether the database is for the same. One that cannot be read is told elsewhere.
fn accounts(config: &Config, oneflow: AccountId, teamtailor: CompanyId) -> Finding {
    let subject = Subject::Configuration;
    let found = Accounts::new(oneflow, teamtailor);
    let names = words::account_names(found.oneflow, found.shown_teamtailor());
    let database = config.store.url.path();
    let pinned =
        database.and_then(|database| database_file::accounts(database, config.tenant()).ok().flatten());
    match pinned {
        None => Finding::good(subject, words::will_belong(&names)),
        Some(pinned) => match pinned.check(&found) {
            Ok(()) => Finding::good(subject, words::belongs(&names)),
            Err(error) => Finding::bad(subject, error.to_string(), OTHER_ACCOUNT),
        },
    }
}

/// Which permissions an engine of this configuration is held to; nothing while the configuration cannot be used.
fn permissions(file: &ConfigFile, config: &Config) -> Option<Finding> {
    let mut config = config.clone();
    config.mapping = file.mapping()?.clone();
    let hash = config.permissions().ok()?.hash();
    Some(Finding::good(Subject::Configuration, words::permissions(&hash)))
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
    let has_user = config.oneflow.user_email.is_some();
    let accepted = if has_user { words::TOKEN_AND_USER_ACCEPTED } else { words::TOKEN_ACCEPTED };
    findings.push(Finding::good(subject, accepted));
    if !has_user {
        findings.push(Finding::warning(subject, words::NO_USER, words::NO_USER_NEXT));
    }
    match webhooks::list(client).await {
        Ok(list) => registered(config, &list, findings),
        Err(error) => findings.push(Finding::warning(
            subject,
            words::unread_webhooks(CauseChain(&error)),
            words::UNREAD_WEBHOOKS_NEXT,
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
            words::built_in_sync(webhooks::number(webhook.id())),
            words::BUILT_IN_SYNC_NEXT,
        )
    }));
    // A proxy in front may put something before the path.
    if !others.into_iter().any(|webhook| webhooks::leads_to(webhook, path)) {
        findings.push(Finding::warning(Subject::Oneflow, words::no_webhook(path), words::NO_WEBHOOK_NEXT));
    }
}
