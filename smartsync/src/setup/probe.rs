//! What an account shows of the facts that no page of the two services confirms: by reading alone, or with a candidate and two drafts of its own.
//!
//! Everything that can be asked stands in two lists, which are shown beforehand: one that reads, one that writes. What carries the requests lets
//! nothing else through, and each only as often as its list says. What is found out has counts and words of this program, and no text that a service
//! sent. Whatever a run has made it undoes; where it was killed, [`Probe::clean`] does.

mod answers;
mod asked;
mod intent_log;
mod known;
mod mine;
mod of_candidates;
mod of_contracts;
mod of_lists;
mod of_written;
mod probe_fence;
#[cfg(test)]
mod undone;
mod verdict;
#[cfg(test)]
mod worlds;
mod write_fence;
mod writing;
mod written;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use oneflow_client::{OneflowClient, accounts::Ping};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use smartsync_transport::{
    Body, Request, ReqwestTransport, Sleep, Timeout, TokioSleep, Transport, Url, http::HeaderMap,
};
use teamtailor_client::{TeamtailorClient, companies::GetCompany};
use tokio::time::{Instant, timeout_at};

use self::{
    answers::{Answer, Answers},
    asked::{ASKED, Asked, Ids},
    intent_log::IntentLog,
    mine::Own,
    probe_fence::ProbeFence,
    verdict::Verdict,
    write_fence::WriteFence,
    writing::{WriteWay, Writing},
    written::WRITTEN,
};
pub use self::{mine::Mine, written::MadeKind};
use crate::{
    config::{ConfigError, ConfigFile, FactService, FoundAnswer},
    files::private_file::random_digits,
    store::Tenant,
};

/// How long a whole run may take.
const AT_MOST: Duration = Duration::from_secs(120);
/// How long one answer may take.
const ONE_ANSWER: Duration = Duration::from_secs(20);
/// An account with more candidates, or more contracts, is taken for one in production.
const LARGE: u64 = 200;
/// Digits of the mark of a run that writes, which nobody can guess.
const MARK_DIGITS: usize = MARK_BYTES * 2;
const MARK_BYTES: usize = 16;

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
    transport: Arc<dyn Transport>,
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
    /// `GET` for everything that is sent without being told to write.
    pub method: String,
    /// Below the base URL, with its query. `{contract}` stands for an id that this run has read in a list, `<contract>` for one that it has made.
    pub path: String,
    /// As it is sent, with `<…>` for what only the run knows; `None`: none.
    pub body: Option<&'static str>,
    /// How often at most.
    pub times: u32,
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
    /// Whether undo could be proven on a bare candidate and a bare draft; else nothing but that was tried. `None`: nothing was written.
    pub undo_proven: Option<bool>,
    /// What this run has made and could not undo. [`Probe::clean`] tries it again.
    pub left: Vec<LeftBehind>,
}

/// Something that a run has made and that is still there, for all that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftBehind {
    /// What it is.
    pub kind: MadeKind,
    /// Its id in the service.
    pub id: String,
}

impl LeftBehind {
    fn all(left: &[Mine]) -> Vec<Self> {
        left.iter().map(|mine| Self { kind: mine.kind(), id: mine.id().to_owned() }).collect()
    }
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
    /// The file from which a run is undone cannot be written or read.
    #[error("the file from which a probe is undone cannot be used")]
    Log(#[source] io::Error),
    /// A run was interrupted and is not undone yet.
    #[error("a probe was interrupted and is not undone")]
    NotUndone,
    /// How many candidates or contracts there are cannot be read.
    #[error("the numbers of candidates and contracts cannot be read")]
    NoCount,
}

/// The file from which a run that writes is undone, beside the configuration.
#[must_use]
pub fn probe_log_of(config: &Path, tenant: Option<&Tenant>) -> PathBuf {
    match tenant {
        Some(name) => config.with_file_name(format!("smartsync-probe-{name}.jsonl")),
        None => config.with_file_name("smartsync-probe.jsonl"),
    }
}

impl Probe {
    /// Everything that a run may send, in its order.
    pub fn planned() -> impl Iterator<Item = PlannedRequest> {
        ASKED.iter().map(|asked| PlannedRequest {
            service: asked.service,
            method: "GET".to_owned(),
            path: asked.shown(),
            body: None,
            times: 1,
            why: asked.why,
        })
    }

    /// Everything that a run which writes may send besides.
    pub fn planned_writes() -> impl Iterator<Item = PlannedRequest> {
        WRITTEN.iter().map(|written| PlannedRequest {
            service: written.service,
            method: written.verb.method().to_string(),
            path: written.path.to_owned(),
            body: written.body,
            times: written.times,
            why: written.why,
        })
    }

    /// Prepares a run, and reads the credentials.
    ///
    /// # Errors
    ///
    /// [`ProbeError::Config`], [`ProbeError::Request`].
    pub fn of(file: &ConfigFile) -> Result<Self, ProbeError> {
        Ok(Self::over(ways(file)?))
    }

    fn over((oneflow, teamtailor): (Way, Way)) -> Self {
        Self { oneflow, teamtailor, answers: Answers::default(), requests: 0, ends: Instant::now() + AT_MOST }
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
        self.read(company, typed, large).await?;
        Ok(self.report(None, Vec::new()))
    }

    /// The same, and then makes a candidate and drafts of its own, and undoes them, which takes about two minutes. `log` is the file from which it is undone
    /// if it is interrupted: it is there only as long as something may be left.
    ///
    /// Nothing is sent to anybody, published or signed, and nothing is touched that the run has not made.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run), [`ProbeError::NotUndone`], [`ProbeError::Log`]. After the last one something may be left, which `log` tells.
    pub async fn run_writing(
        self,
        company: &SecretString,
        typed: &str,
        large: bool,
        log: &Path,
    ) -> Result<ProbeReport, ProbeError> {
        self.write_with(company, typed, large, log, Arc::new(TokioSleep)).await
    }

    async fn write_with(
        mut self,
        company: &SecretString,
        typed: &str,
        large: bool,
        log: &Path,
        sleep: Arc<dyn Sleep>,
    ) -> Result<ProbeReport, ProbeError> {
        if log.exists() {
            return Err(ProbeError::NotUndone);
        }
        self.read(company, typed, large).await?;
        let mark = random_digits::<MARK_BYTES>().map_err(|error| ProbeError::Log(io::Error::other(error)))?;
        let log = IntentLog::begin(log, &mark).map_err(ProbeError::Log)?;
        let mut writing =
            Writing::new(&self.oneflow, &self.teamtailor, Own::new(log, &mark), sleep, &self.answers);
        let settled = writing.settle(&self.answers).await;
        // Whatever became of it.
        let left = writing.undo().await.map_err(ProbeError::Log)?;
        let is_proven = settled.map_err(ProbeError::Log)?;
        self.requests += writing.requests;
        let mut report = self.report(Some(is_proven), LeftBehind::all(&left));
        let found = of_written::verdicts(&writing.answers, &writing.fields);
        report.answers.extend(found.into_iter().map(Verdict::into_answer));
        Ok(report)
    }

    /// Undoes what a run that was interrupted has left, by its log. `None`: there is no log, so nothing is left. What is returned could not be undone.
    ///
    /// # Errors
    ///
    /// [`ProbeError::Config`], [`ProbeError::Request`], [`ProbeError::Log`].
    pub async fn clean(file: &ConfigFile, log: &Path) -> Result<Option<Vec<LeftBehind>>, ProbeError> {
        let ways = ways(file)?;
        Self::clean_with(ways, log, Arc::new(TokioSleep)).await
    }

    async fn clean_with(
        (oneflow, teamtailor): (Way, Way),
        log: &Path,
        sleep: Arc<dyn Sleep>,
    ) -> Result<Option<Vec<LeftBehind>>, ProbeError> {
        let Some((log, entries)) = IntentLog::resume(log).map_err(ProbeError::Log)? else { return Ok(None) };
        let mut writing =
            Writing::new(&oneflow, &teamtailor, Own::of_log(log, entries), sleep, &Answers::default());
        let left = writing.undo().await.map_err(ProbeError::Log)?;
        Ok(Some(LeftBehind::all(&left)))
    }

    async fn read(&mut self, company: &SecretString, typed: &str, large: bool) -> Result<(), ProbeError> {
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
        Ok(())
    }

    fn report(&self, undo_proven: Option<bool>, left: Vec<LeftBehind>) -> ProbeReport {
        let verdicts = [of_contracts::verdicts, of_lists::verdicts, of_candidates::verdicts];
        let found = verdicts.iter().flat_map(|verdicts| verdicts(&self.answers));
        ProbeReport {
            requests: self.requests,
            cut_short: Instant::now() >= self.ends,
            answers: found.map(Verdict::into_answer).collect(),
            undo_proven,
            left,
        }
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

/// How requests get to the services of a configuration.
fn ways(file: &ConfigFile) -> Result<(Way, Way), ProbeError> {
    let config = file.sections()?;
    let (oneflow, teamtailor) = config.unsent_clients()?;
    let over_http = |service: FactService, base_url| {
        let transport = ReqwestTransport::for_base_url(base_url);
        transport.map_err(|source| ConfigError::Client { section: service.as_str(), source })
    };
    let to_oneflow = over_http(FactService::Oneflow, oneflow.base_url())?;
    let to_teamtailor = over_http(FactService::Teamtailor, teamtailor.base_url())?;
    Ok(between(&oneflow, Arc::new(to_oneflow), &teamtailor, Arc::new(to_teamtailor))?)
}

/// With the headers of these clients, over transports that change nothing.
fn between(
    oneflow: &OneflowClient,
    to_oneflow: Arc<dyn Transport>,
    teamtailor: &TeamtailorClient,
    to_teamtailor: Arc<dyn Transport>,
) -> Result<(Way, Way), smartsync_transport::Error> {
    let (ping, company) = (oneflow.prepare(&Ping::new())?, teamtailor.prepare(&GetCompany::new())?);
    Ok((
        Way::new(FactService::Oneflow, oneflow.base_url(), ping, to_oneflow),
        Way::new(FactService::Teamtailor, teamtailor.base_url(), company, to_teamtailor),
    ))
}

impl Writing {
    fn new(oneflow: &Way, teamtailor: &Way, own: Own, sleep: Arc<dyn Sleep>, read: &Answers) -> Self {
        let own = Arc::new(own);
        Self {
            oneflow: oneflow.writing(FactService::Oneflow, &own),
            teamtailor: teamtailor.writing(FactService::Teamtailor, &own),
            own,
            sleep,
            answers: Answers::default(),
            fields: of_written::Fields::new(),
            requests: 0,
            teamtailor_pause: writing::teamtailor_pause(read),
        }
    }
}

impl Way {
    fn new(service: FactService, base_url: &Url, prepared: Request, transport: Arc<dyn Transport>) -> Self {
        let fence = ProbeFence::new(Arc::clone(&transport), service, base_url);
        Self { base_url: base_url.clone(), headers: prepared.into_parts().0.headers, transport, fence }
    }

    /// One over which the second list is sent.
    fn writing(&self, service: FactService, own: &Arc<Own>) -> WriteWay {
        let fence = WriteFence::new(Arc::clone(&self.transport), service, &self.base_url, Arc::clone(own));
        WriteWay { base_url: self.base_url.clone(), headers: self.headers.clone(), fence }
    }

    fn request(&self, target: &str) -> Option<Request> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = format!("{}{target}", asked::without_slash(&self.base_url)).parse().ok()?;
        *request.headers_mut() = self.headers.clone();
        request.extensions_mut().insert(Timeout(ONE_ANSWER));
        Some(request)
    }
}
