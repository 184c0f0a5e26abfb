//! What an account shows of the facts that no page of the two services confirms, by reading alone.
//!
//! Everything that can be asked stands in one list, which is shown beforehand. What carries the requests lets nothing else through, and each at
//! most once. What is found out has counts and words of this program, and no text that a service sent.

mod answers;
mod asked;
mod of_candidates;
mod of_contracts;
mod of_lists;
mod probe_fence;
mod verdict;
#[cfg(test)]
mod worlds;

use std::{sync::Arc, time::Duration};

use oneflow_client::{OneflowClient, accounts::Ping};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use smartsync_transport::{Body, Request, ReqwestTransport, Timeout, Transport, Url, http::HeaderMap};
use teamtailor_client::{TeamtailorClient, companies::GetCompany};
use tokio::time::{Instant, timeout_at};

use self::{
    answers::{Answer, Answers},
    asked::{ASKED, Asked, Ids},
    probe_fence::ProbeFence,
    verdict::Verdict,
};
use crate::config::{ConfigError, ConfigFile, FactService, FoundAnswer};

/// How long a whole run may take.
const AT_MOST: Duration = Duration::from_secs(120);
/// How long one answer may take.
const ONE_ANSWER: Duration = Duration::from_secs(20);
/// An account with more candidates, or more contracts, is taken for one in production.
const LARGE: u64 = 200;

/// A run over the accounts of a configuration: nothing is sent before [`Probe::begin`].
#[derive(Debug)]
pub struct Probe {
    oneflow: Way,
    teamtailor: Way,
    answers: Answers,
    requests: usize,
    ends: Instant,
}

/// How requests get to a service.
struct Way {
    base_url: Url,
    /// Credentials among them.
    headers: HeaderMap,
    fence: ProbeFence<Arc<dyn Transport>>,
}

/// Without the headers, where the credentials are.
impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Way").field("fence", &self.fence).finish_non_exhaustive()
    }
}

/// One request of the list, as it is shown before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedRequest {
    /// To whom.
    pub service: FactService,
    /// `GET`, whatever the request.
    pub method: &'static str,
    /// Below the base URL, with its query. `{contract}` stands for an id that this run has read in a list.
    pub path: String,
    /// Why it is sent.
    pub why: &'static str,
}

/// What a run has found out.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ProbeReport {
    /// How many requests were sent.
    pub requests: usize,
    /// Whether it took too long, so that the rest was not asked.
    pub cut_short: bool,
    /// What was found out. A fact that this account does not settle is not among them.
    pub answers: Vec<FoundAnswer>,
}

/// Why a run ended before it found anything out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A request could not be built of the credentials.
    #[error(transparent)]
    Request(#[from] smartsync_transport::Error),
    /// The company could not be read, so that nobody can say that it is the right one.
    #[error("the name of the company cannot be read{}", status.map(|status| format!(" ({status})")).unwrap_or_default())]
    NoCompany {
        /// What Teamtailor answered; `None`: nothing.
        status: Option<u16>,
    },
    /// What was typed is not the name of the company.
    #[error("this is not the name of the company of these credentials")]
    OtherName,
    /// It looks like an account in production.
    #[error(
        "the account has {candidates} candidates and {contracts} contracts: more than 200 of one of them"
    )]
    Large {
        /// How many candidates.
        candidates: u64,
        /// How many contracts.
        contracts: u64,
    },
    /// How many candidates or contracts there are cannot be read.
    #[error("the numbers of candidates and contracts cannot be read")]
    NoCount,
}

impl Probe {
    /// Everything that a run may send, in its order.
    pub fn planned() -> impl Iterator<Item = PlannedRequest> {
        ASKED.iter().map(|asked| PlannedRequest {
            service: asked.service,
            method: "GET",
            path: asked.shown(),
            why: asked.why,
        })
    }

    /// Prepares a run, and reads the credentials.
    ///
    /// # Errors
    ///
    /// [`ProbeError::Config`], [`ProbeError::Request`].
    pub fn of(file: &ConfigFile) -> Result<Self, ProbeError> {
        let config = file.sections()?;
        let (oneflow, teamtailor) = config.unsent_clients()?;
        let over_http = |service: FactService, base_url| {
            let transport = ReqwestTransport::for_base_url(base_url);
            transport.map_err(|source| ConfigError::Client { section: service.as_str(), source })
        };
        let to_oneflow = over_http(FactService::Oneflow, oneflow.base_url())?;
        let to_teamtailor = over_http(FactService::Teamtailor, teamtailor.base_url())?;
        Ok(Self::between(&oneflow, Arc::new(to_oneflow), &teamtailor, Arc::new(to_teamtailor))?)
    }

    /// With the headers of these clients, over transports that change nothing.
    fn between(
        oneflow: &OneflowClient,
        to_oneflow: Arc<dyn Transport>,
        teamtailor: &TeamtailorClient,
        to_teamtailor: Arc<dyn Transport>,
    ) -> Result<Self, smartsync_transport::Error> {
        let (ping, company) = (oneflow.prepare(&Ping::new())?, teamtailor.prepare(&GetCompany::new())?);
        Ok(Self {
            oneflow: Way::new(FactService::Oneflow, oneflow.base_url(), ping, to_oneflow),
            teamtailor: Way::new(FactService::Teamtailor, teamtailor.base_url(), company, to_teamtailor),
            answers: Answers::default(),
            requests: 0,
            ends: Instant::now() + AT_MOST,
        })
    }

    /// Reads the name of the company, which whoever runs it has to know: consent for the right account. To be compared, not to be shown.
    ///
    /// # Errors
    ///
    /// [`ProbeError::NoCompany`].
    pub async fn begin(&mut self) -> Result<SecretString, ProbeError> {
        self.ends = Instant::now() + AT_MOST;
        self.ask(asked::named("company")).await;
        let answer = self.answers.get("company");
        let name = answer.and_then(|answer| answer.body["data"]["attributes"]["name"].as_str());
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        name.map(SecretString::from)
            .ok_or_else(|| ProbeError::NoCompany { status: answer.map(|answer| answer.status) })
    }

    /// Asks everything else, if `typed` is the name of the company and the account is small or `large` allows another.
    ///
    /// # Errors
    ///
    /// [`ProbeError::OtherName`], [`ProbeError::Large`], [`ProbeError::NoCount`].
    pub async fn run(
        mut self,
        company: &SecretString,
        typed: &str,
        large: bool,
    ) -> Result<ProbeReport, ProbeError> {
        if typed.trim() != company.expose_secret() {
            return Err(ProbeError::OtherName);
        }
        self.ends = Instant::now() + AT_MOST;
        for name in ["candidates", "contracts"] {
            self.ask(asked::named(name)).await;
        }
        let count = |name, place: &str| self.answers.get(name)?.body.pointer(place)?.as_u64();
        let candidates = count("candidates", "/meta/record-count").ok_or(ProbeError::NoCount)?;
        let contracts = count("contracts", "/count").ok_or(ProbeError::NoCount)?;
        if !large && candidates.max(contracts) > LARGE {
            return Err(ProbeError::Large { candidates, contracts });
        }
        for asked in ASKED {
            if self.answers.get(asked.name).is_none() {
                self.ask(asked).await;
            }
        }
        let verdicts = [of_contracts::verdicts, of_lists::verdicts, of_candidates::verdicts];
        let found = verdicts.iter().flat_map(|verdicts| verdicts(&self.answers));
        Ok(ProbeReport {
            requests: self.requests,
            cut_short: Instant::now() >= self.ends,
            answers: found.map(Verdict::into_answer).collect(),
        })
    }

    /// Sends one request, once. One without an answer, and one whose id no list has shown, leaves its facts open.
    async fn ask(&mut self, asked: &Asked) {
        let ids = Ids::of(&self.answers);
        let Some(target) = asked.target(&ids) else { return };
        let way = match asked.service {
            FactService::Oneflow => &self.oneflow,
            FactService::Teamtailor => &self.teamtailor,
        };
        let Some(request) = way.request(&target) else { return };
        if Instant::now() >= self.ends {
            return;
        }
        self.requests += 1;
        if let Ok(Ok(response)) = timeout_at(self.ends, way.fence.execute(request)).await {
            self.answers.insert(asked.name, Answer::of(response));
        }
    }
}

impl Way {
    fn new(service: FactService, base_url: &Url, prepared: Request, inner: Arc<dyn Transport>) -> Self {
        let fence = ProbeFence::new(inner, service, base_url);
        Self { base_url: base_url.clone(), headers: prepared.into_parts().0.headers, fence }
    }

    fn request(&self, target: &str) -> Option<Request> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = format!("{}{target}", asked::without_slash(&self.base_url)).parse().ok()?;
        *request.headers_mut() = self.headers.clone();
        request.extensions_mut().insert(Timeout(ONE_ANSWER));
        Some(request)
    }
}
