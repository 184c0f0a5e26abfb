//! Tries an answer on the service that it is about.

use oneflow_client::{OneflowClient, accounts::Ping};
use secrecy::SecretString;
use smartsync_transport::Url;
use teamtailor_client::{AP_BASE_URL, NA_BASE_URL, TeamtailorClient};

use super::{found::Found, init_error::InitError};
use crate::{
    config::{Config, ConfigFile},
    setup::{
        credentials::{account_of, company_of, refused_by_oneflow},
        finding::{Finding, Subject, Verdict},
    },
    words::commands::init as words,
};

/// Names credentials that are never read: those that are tried are given beside it.
const UNNAMED: &str = "[oneflow]\ntoken = { env = \"NONE\" }\n[teamtailor]\ntoken = { env = \"NONE\" }\n";

/// One of the two.
#[derive(Clone, Copy)]
pub(super) enum Service {
    Oneflow,
    Teamtailor,
}

/// The two services, as they are asked while there is no configuration yet.
pub(super) struct Trial {
    config: Config,
}

impl Trial {
    pub(super) fn of(found: &Found, urls: [Option<Url>; 2], insecure_http: bool) -> Result<Self, InitError> {
        let mut config = ConfigFile::from_toml(UNNAMED)?.allow_plain_http(insecure_http).sections()?;
        let [oneflow, teamtailor] = urls;
        config.oneflow.base_url = found.oneflow.base_url.clone().or(oneflow);
        config.teamtailor.base_url = found.teamtailor.base_url.clone().or(teamtailor);
        config.teamtailor.api_version = found.teamtailor.api_version.clone();
        // An address that cannot be used is told before anything is asked.
        config.base_urls()?;
        Ok(Self { config })
    }

    /// The base URL of Teamtailor, unless it is the usual one.
    pub(super) fn teamtailor_url(&self) -> Option<&Url> {
        self.config.teamtailor.base_url.as_ref()
    }

    pub(super) fn oneflow(&self, token: &SecretString) -> Result<OneflowClient, InitError> {
        Ok(self.config.oneflow_client_by(token.clone())?)
    }

    pub(super) fn teamtailor(&self, key: &SecretString) -> Result<TeamtailorClient, InitError> {
        Ok(self.config.teamtailor_client_by(key.clone())?)
    }

    /// What a service says of a credential.
    pub(super) async fn credential(
        &mut self,
        service: Service,
        secret: &SecretString,
    ) -> Result<Result<Finding, Finding>, InitError> {
        match service {
            Service::Oneflow => self.oneflow_token(secret).await,
            Service::Teamtailor => self.teamtailor_key(secret).await,
        }
    }

    /// Whether Oneflow accepts the token, and whose it is.
    async fn oneflow_token(&self, token: &SecretString) -> Result<Result<Finding, Finding>, InitError> {
        let client = self.oneflow(token)?;
        if let Err(error) = client.send(&Ping::new()).await {
            return Ok(Err(refused_by_oneflow(client.base_url(), None, &error).await));
        }
        Ok(account_of(&client)
            .await
            .map(|account| Finding::good(Subject::Oneflow, words::token_accepted(&account.to_string()))))
    }

    /// Whether Oneflow knows the user; from here on it is asked on their behalf.
    pub(super) async fn user(
        &mut self,
        token: &SecretString,
        email: &str,
    ) -> Result<Result<Finding, Finding>, InitError> {
        let without_user = self.oneflow(token)?;
        self.config.oneflow.user_email = Some(email.to_owned());
        let client = self.oneflow(token)?;
        match client.send(&Ping::new()).await {
            Ok(_) => Ok(Ok(Finding::good(Subject::Oneflow, words::KNOWN))),
            Err(error) => {
                self.config.oneflow.user_email = None;
                Ok(Err(refused_by_oneflow(client.base_url(), Some(&without_user), &error).await))
            }
        }
    }

    /// Whether Teamtailor accepts the key, and for what. Where no address is given and the usual one refuses it, the regions of Teamtailor are tried: a
    /// key is of one of them.
    async fn teamtailor_key(&mut self, key: &SecretString) -> Result<Result<Finding, Finding>, InitError> {
        let found = self.company(key).await?;
        let is_refused = found.as_ref().is_err_and(Finding::is_refusal);
        if !is_refused || self.config.teamtailor.base_url.is_some() {
            return Ok(found);
        }
        for region in [NA_BASE_URL, AP_BASE_URL] {
            self.config.teamtailor.base_url = Url::parse(region).ok();
            if let Ok(finding) = self.company(key).await? {
                return Ok(Ok(finding));
            }
        }
        self.config.teamtailor.base_url = None;
        Ok(found)
    }

    async fn company(&self, key: &SecretString) -> Result<Result<Finding, Finding>, InitError> {
        let mut findings = Vec::new();
        let company = company_of(&self.teamtailor(key)?, &mut findings).await;
        let bad = findings.into_iter().find(|finding| finding.verdict == Verdict::Bad);
        Ok(match (bad, company) {
            (Some(bad), _) => Err(bad),
            (None, Some(_)) => Ok(Finding::good(Subject::Teamtailor, words::KEY_ACCEPTED)),
            (None, None) => Err(Finding::bad(Subject::Teamtailor, words::NO_COMPANY, words::NO_COMPANY_NEXT)),
        })
    }
}
