//! The conversation: what is there is read and tried, what is missing is asked for.

use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use oneflow_client::webhooks::Webhook;
use secrecy::{ExposeSecret as _, SecretString};
use smartsync_core::{Schemas, diagnostic::Severity};
use smartsync_transport::{Url, is_loopback};

use super::{
    document::{Facts, edited, fresh, has_guess},
    found::Found,
    init_error::InitError,
    pairs::{Likeness, Proposal},
    question::{Answer, Front, Question},
    trial::{Service, Trial},
    writing::{Draft, SecretFile},
};
use crate::{
    config::{ConfigError, ConfigFile, SecretError, SecretSource, ServerSection},
    files::new_key,
    setup::{
        finding::{Finding, Subject},
        sign_key::is_weak,
        webhooks,
    },
    words::commands::init as words,
};

/// The files of secrets, beside the configuration, and the variables that are looked into.
const ONEFLOW: Names = Names { key: "oneflow.token", file: "oneflow-token", variable: "ONEFLOW_API_TOKEN" };
const TEAMTAILOR: Names =
    Names { key: "teamtailor.token", file: "teamtailor-token", variable: "TEAMTAILOR_API_KEY" };
const SIGN_KEY: Names =
    Names { key: "oneflow.sign_keys", file: "oneflow-sign-key", variable: "ONEFLOW_SIGN_KEY" };

#[derive(Clone, Copy)]
struct Names {
    key: &'static str,
    file: &'static str,
    variable: &'static str,
}

impl Service {
    fn names(self) -> Names {
        match self {
            Self::Oneflow => ONEFLOW,
            Self::Teamtailor => TEAMTAILOR,
        }
    }

    fn question(self) -> Question<'static> {
        match self {
            Self::Oneflow => Question::OneflowToken,
            Self::Teamtailor => Question::TeamtailorKey,
        }
    }
}

/// Where a set-up begins.
#[derive(Clone)]
#[non_exhaustive]
pub struct Start {
    /// The configuration file: a new one, or one that lacks something.
    pub file: PathBuf,
    /// Base URL of Oneflow, if it is not the usual one.
    pub oneflow_url: Option<Url>,
    /// Base URL of Teamtailor. `None`: the regions are tried.
    pub teamtailor_url: Option<Url>,
    /// Where the server is to listen, if not at the usual address.
    pub listen: Option<SocketAddr>,
    /// Whether plain http to another machine is allowed.
    pub insecure_http: bool,
}

/// Without the addresses.
impl fmt::Debug for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("file", &self.file)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

impl Start {
    /// With this file, and services at their usual addresses.
    #[must_use]
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self {
            file: file.into(),
            oneflow_url: None,
            teamtailor_url: None,
            listen: None,
            insecure_http: false,
        }
    }
}

/// A credential, and where it stands or is to stand.
struct Credential {
    secret: SecretString,
    place: Place,
}

/// A secret that was found.
struct Known {
    secret: SecretString,
    at: SecretSource,
    origin: Origin,
}

/// What has led to it.
enum Origin {
    /// The configuration names it.
    File,
    /// An option names it.
    Option,
    /// It is where one usually is.
    Usual,
}

impl Known {
    /// Where another goes in its place, if the service has refused it. What an option names is somebody else's, and nobody but whoever sets a variable can replace what is in it.
    fn when_refused(self, names: Names, finding: Finding) -> Result<Place, InitError> {
        if !finding.is_refusal() {
            return Err(InitError::Untried { key: names.key, place: self.at.to_string(), finding });
        }
        match (&self.at, self.origin) {
            (SecretSource::File(_), Origin::File | Origin::Usual) => Ok(Place::Replaces(self.at)),
            (SecretSource::Env(_), Origin::Usual) => Ok(Place::Nowhere),
            (SecretSource::File(_) | SecretSource::Env(_), _) => {
                Err(InitError::Refused { key: names.key, place: self.at.to_string(), finding })
            }
        }
    }
}

enum Place {
    /// There already.
    At(SecretSource),
    /// It was typed, and goes to this file, which holds another.
    Replaces(SecretSource),
    /// It was typed.
    Nowhere,
}

/// Reads what is there, asks for what is missing, and tries each answer on its service. Nothing is written: that is [`Draft::write`].
///
/// # Errors
///
/// [`InitError`].
pub async fn prepare(start: &Start, front: &mut dyn Front) -> Result<Draft, InitError> {
    let found = Found::at(&start.file)?;
    let urls = [start.oneflow_url.clone(), start.teamtailor_url.clone()];
    let mut trial = Trial::of(&found, urls, start.insecure_http)?;
    let mut interview = Interview { found: &found, front, asked: 0, in_variables: false };

    let token = interview.credential(&mut trial, Service::Oneflow).await?;
    let email = interview.user(&mut trial, &token.secret).await?;
    let key = interview.credential(&mut trial, Service::Teamtailor).await?;
    let mut secrets = Vec::new();
    let (oneflow_token, teamtailor_token) = interview.places(token, key, &mut secrets).await?;

    let (oneflow, teamtailor) = (trial.oneflow(&oneflow_token.0)?, trial.teamtailor(&teamtailor_token.0)?);
    let schemas = Box::pin(Schemas::read(&oneflow, &teamtailor)).await?;
    let (sign_key, new_sign_key) = interview.sign_key(&mut secrets)?;
    let mut proposal = Proposal::of(&found.mapping, &schemas);
    if let Some(text) = &found.text {
        proposal.pairs.retain(|pair| !has_guess(text, pair));
    }
    let mut facts = Facts {
        oneflow_url: start.oneflow_url.clone(),
        oneflow_token: Some(oneflow_token.1),
        user_email: Some(email),
        sign_key,
        teamtailor_url: trial.teamtailor_url().cloned(),
        teamtailor_token: Some(teamtailor_token.1),
        listen: start.listen,
        pairs: proposal.entries().cloned().collect(),
    };
    let text = interview.text(&mut facts, &proposal).await?;
    // Whatever follows needs a file without mistakes.
    let file = ConfigFile::from_toml(&text)?.allow_plain_http(start.insecure_http);
    let server = file.config()?.server;

    let variables = interview.variables(&facts, new_sign_key.is_some());
    let is_usable = variables.is_empty();
    let webhook = if is_usable { interview.webhook(&oneflow, &server).await? } else { None };
    let taken = |pair: &&super::ProposedPair| facts.pairs.contains(pair);
    let pairs = proposal.pairs.iter().filter(|pair| pair.likeness == Likeness::Convention || taken(pair));
    Ok(Draft {
        file: start.file.clone(),
        before: found.text.clone(),
        pairs: pairs.cloned().collect(),
        text,
        secrets,
        webhook,
        variables,
        new_sign_key,
        asked: interview.asked,
    })
}

/// One question, until its answer is taken.
#[derive(Default)]
struct Round {
    is_begun: bool,
    number: Option<u8>,
    refused: Option<Finding>,
}

struct Interview<'a> {
    found: &'a Found,
    front: &'a mut dyn Front,
    asked: u8,
    /// Whether a person said that new secrets are kept in variables.
    in_variables: bool,
}

impl Interview<'_> {
    /// A credential that its service accepts.
    async fn credential(&mut self, trial: &mut Trial, service: Service) -> Result<Credential, InitError> {
        let question = service.question();
        let (mut refused, mut place) = (None, Place::Nowhere);
        if let Some(known) = self.known(service.names(), self.found.token(service), &question)? {
            match trial.credential(service, &known.secret).await? {
                Ok(finding) => {
                    self.front.tell(&finding);
                    return Ok(Credential { secret: known.secret, place: Place::At(known.at) });
                }
                Err(finding) => {
                    refused = Some(finding.clone());
                    place = known.when_refused(service.names(), finding)?;
                }
            }
        }
        let number = self.next_number();
        loop {
            let (secret, at) = self.secret(number, service, refused.as_ref()).await?;
            match trial.credential(service, &secret).await? {
                Ok(finding) => {
                    self.front.tell(&finding);
                    return Ok(Credential { secret, place: at.map_or(place, Place::At) });
                }
                Err(finding) => refused = Some(finding),
            }
        }
    }

    async fn user(&mut self, trial: &mut Trial, token: &SecretString) -> Result<String, InitError> {
        if let Some(email) = self.found.oneflow.user_email.clone() {
            return match trial.user(token, &email).await? {
                Ok(_) => Ok(email),
                Err(finding) => {
                    let (key, place) = ("oneflow.user_email", words::IN_CONFIGURATION.to_owned());
                    Err(if finding.is_refusal() {
                        InitError::Refused { key, place, finding }
                    } else {
                        InitError::Untried { key, place, finding }
                    })
                }
            };
        }
        let mut round = Round::default();
        loop {
            let email = self.next(&mut round, &Question::UserEmail).await?;
            if !email.contains('@') || email.contains(char::is_whitespace) {
                round.refused =
                    Some(Finding::bad(Subject::Oneflow, words::NO_EMAIL, words::NO_EMAIL_NEXT).refusal());
                continue;
            }
            match trial.user(token, &email).await? {
                Ok(finding) => {
                    self.front.tell(&finding);
                    return Ok(email);
                }
                Err(finding) => round.refused = Some(finding),
            }
        }
    }

    /// A secret that stands somewhere already: where the file says, where an option says, in the usual variable, or in the usual file beside the
    /// configuration.
    fn known(
        &self,
        names: Names,
        in_file: Option<&SecretSource>,
        question: &Question<'_>,
    ) -> Result<Option<Known>, InitError> {
        let unreadable = |source| InitError::Config(ConfigError::Secret { key: names.key, source });
        let read = |source: &SecretSource| self.found.absolute(source).read();
        if let Some(source) = in_file {
            return match read(source) {
                Ok(secret) => Ok(Some(Known { secret, at: source.clone(), origin: Origin::File })),
                // A file that is not there yet is made.
                Err(SecretError::File { source: error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                    Ok(None)
                }
                Err(error) => Err(unreadable(error)),
            };
        }
        if let Some(Answer::From(at)) = self.front.given(question) {
            let secret = read(&at).map_err(unreadable)?;
            return Ok(Some(Known { secret, at, origin: Origin::Option }));
        }
        let variable = SecretSource::Env(names.variable.to_owned());
        if let Ok(secret) = read(&variable) {
            return Ok(Some(Known { secret, at: variable, origin: Origin::Usual }));
        }
        // A file that cannot be read is not one without a secret.
        let Some(at) = self.found.beside(names.file) else { return Ok(None) };
        let secret = read(&at).map_err(unreadable)?;
        Ok(Some(Known { secret, at, origin: Origin::Usual }))
    }

    /// Where the two credentials are to stand, and those that are to be written.
    async fn places(
        &mut self,
        token: Credential,
        key: Credential,
        secrets: &mut Vec<SecretFile>,
    ) -> Result<((SecretString, SecretSource), (SecretString, SecretSource)), InitError> {
        let in_file = [&self.found.oneflow.token, &self.found.teamtailor.token];
        let is_open = [&token, &key]
            .into_iter()
            .zip(in_file)
            .any(|(credential, in_file)| matches!(credential.place, Place::Nowhere) && in_file.is_none());
        self.in_variables = if is_open {
            self.keeps_in_variables().await?
        } else {
            // Not asked, and yet said: a new sign key goes there as well.
            let given = self.front.given(&Question::Secrets);
            given.and_then(|answer| is_in_variables(&plain(answer))) == Some(true)
        };
        let in_variables = self.in_variables;
        let found = self.found;
        let mut place = |credential: Credential, in_file: &Option<SecretSource>, names: Names| {
            let Credential { secret, place } = credential;
            let (source, is_replaced) = match (place, in_file) {
                (Place::At(source), _) => return (secret, source),
                (Place::Replaces(source), _) => (source, true),
                (Place::Nowhere, Some(source)) => (source.clone(), false),
                (Place::Nowhere, None) if in_variables => {
                    return (secret, SecretSource::Env(names.variable.to_owned()));
                }
                (Place::Nowhere, None) => (SecretSource::File(names.file.into()), false),
            };
            if let SecretSource::File(path) = &source {
                secrets.push(SecretFile { path: found.path_of(path), secret: secret.clone(), is_replaced });
            }
            (secret, source)
        };
        let token = place(token, &found.oneflow.token, ONEFLOW);
        let key = place(key, &found.teamtailor.token, TEAMTAILOR);
        Ok((token, key))
    }

    async fn keeps_in_variables(&mut self) -> Result<bool, InitError> {
        let mut round = Round::default();
        loop {
            if let Some(in_variables) = is_in_variables(&self.next(&mut round, &Question::Secrets).await?) {
                return Ok(in_variables);
            }
            round.refused = Some(refused(words::NEITHER_PLACE, words::NEITHER_PLACE_NEXT));
        }
    }

    /// Where the key that signs notifications stands: the one that is there, or a new one. A new one goes into a file and nobody sees it, or, where
    /// secrets are kept in variables, into none, and is returned: whoever sets the variable has to see it.
    fn sign_key(
        &self,
        secrets: &mut Vec<SecretFile>,
    ) -> Result<(Option<SecretSource>, Option<SecretString>), InitError> {
        if !self.found.oneflow.sign_keys.is_empty() {
            return Ok((None, None));
        }
        let variable = SecretSource::Env(SIGN_KEY.variable.to_owned());
        if variable.read().is_ok_and(|key| !is_weak(&key)) {
            return Ok((Some(variable), None));
        }
        let beside = self.found.beside(SIGN_KEY.file);
        let is_replaced = beside.is_some();
        if let Some(source) = beside {
            let unreadable = |source| ConfigError::Secret { key: SIGN_KEY.key, source };
            if !is_weak(&self.found.absolute(&source).read().map_err(unreadable)?) {
                return Ok((Some(source), None));
            }
        }
        let secret = new_key().map_err(InitError::Random)?;
        if self.in_variables {
            return Ok((Some(variable), Some(secret)));
        }
        let path = self.found.path_of(Path::new(SIGN_KEY.file));
        secrets.push(SecretFile { path, secret, is_replaced });
        Ok((Some(SecretSource::File(SIGN_KEY.file.into())), None))
    }

    /// The text of the file. Pairs that are not taken are no longer among the facts.
    async fn text(&mut self, facts: &mut Facts, proposal: &Proposal) -> Result<String, InitError> {
        let given = self.front.given(&Question::Pairs(proposal));
        if given.is_some_and(|answer| is_yes(&plain(answer)) == Some(false)) {
            facts.pairs.clear();
        }
        let Some(before) = &self.found.text else {
            if !facts.pairs.is_empty() && !self.agrees(&Question::Pairs(proposal)).await? {
                facts.pairs.clear();
            }
            return Ok(fresh(facts));
        };
        let edit = |facts: &Facts| {
            edited(before, facts).map_err(|_| InitError::Faulty(ConfigFile::from_toml(before).err()))
        };
        let mut after = edit(facts)?;
        // What is not valid is not taken on, and a file that is there is told of with its line.
        let has_errors = |text: &str| {
            ConfigFile::from_toml(text).is_ok_and(|file| file.diagnose(None).count(Severity::Error) > 0)
        };
        if has_errors(&after) {
            facts.pairs.clear();
            after = edit(facts)?;
        }
        if after == *before {
            return Ok(after);
        }
        let changes = changes(before, &after);
        if self.agrees(&Question::Changes { proposal, changes: &changes }).await? {
            Ok(after)
        } else {
            Err(InitError::Declined)
        }
    }

    async fn agrees(&mut self, question: &Question<'_>) -> Result<bool, InitError> {
        let mut round = Round::default();
        loop {
            if let Some(agrees) = is_yes(&self.next(&mut round, question).await?) {
                return Ok(agrees);
            }
            round.refused = Some(refused(words::NEITHER_YES_NOR_NO, words::NEITHER_YES_NOR_NO_NEXT));
        }
    }

    /// The variables that have to be set before the configuration can be used.
    fn variables(&self, facts: &Facts, is_sign_key_new: bool) -> Vec<String> {
        let tokens = [&facts.oneflow_token, &facts.teamtailor_token].into_iter().flatten();
        let unset = tokens.filter(|source| self.found.absolute(source).read().is_err());
        let new = facts.sign_key.iter().filter(|_| is_sign_key_new);
        let name = |source: &SecretSource| match source {
            SecretSource::Env(name) => Some(name.clone()),
            // Written with the configuration.
            SecretSource::File(_) => None,
        };
        unset.chain(new).filter_map(name).collect()
    }

    /// The address to register, unless a webhook leads to the path of the server already.
    async fn webhook(
        &mut self,
        oneflow: &oneflow_client::OneflowClient,
        server: &ServerSection,
    ) -> Result<Option<Url>, InitError> {
        let path = server.path.as_str();
        let question = Question::Webhook { path };
        // Who may not list them is told so where one is registered.
        let there = webhooks::list(oneflow).await.unwrap_or_default();
        let leads_here = |webhook: &Webhook| webhooks::leads_to(webhook, path);
        if self.front.given(&question).is_none() && there.iter().any(leads_here) {
            self.front.tell(&Finding::good(Subject::Oneflow, words::registered_before(path)));
            return Ok(None);
        }
        let mut round = Round::default();
        loop {
            let text = self.next(&mut round, &question).await?;
            if text.is_empty() {
                return Ok(None);
            }
            match Url::parse(&text) {
                Ok(url) if url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url) => {
                    return Ok(Some(url));
                }
                Ok(_) => {
                    round.refused = Some(refused(words::NOT_HTTPS, words::NOT_HTTPS_NEXT));
                }
                Err(_) => {
                    round.refused = Some(refused(words::NO_ADDRESS, words::no_address_next(path)));
                }
            }
        }
    }

    /// A secret that is typed, or that an option says where to find.
    async fn secret(
        &mut self,
        number: u8,
        service: Service,
        refused: Option<&Finding>,
    ) -> Result<(SecretString, Option<SecretSource>), InitError> {
        match self.answer(number, &service.question(), refused).await? {
            Answer::Text(secret) => Ok((SecretString::from(secret.expose_secret().trim()), None)),
            Answer::From(source) => {
                let secret = self.found.absolute(&source).read();
                let key = service.names().key;
                Ok((secret.map_err(|error| ConfigError::Secret { key, source: error })?, Some(source)))
            }
        }
    }

    /// The next answer to a question, for what is no secret: the one that was given before, else what is typed.
    async fn next(&mut self, round: &mut Round, question: &Question<'_>) -> Result<String, InitError> {
        let given = if round.is_begun { None } else { self.front.given(question) };
        round.is_begun = true;
        if let Some(given) = given {
            return Ok(plain(given));
        }
        let number = *round.number.get_or_insert_with(|| self.next_number());
        Ok(plain(self.answer(number, question, round.refused.as_ref()).await?))
    }

    async fn answer(
        &mut self,
        number: u8,
        question: &Question<'_>,
        refused: Option<&Finding>,
    ) -> Result<Answer, InitError> {
        self.front.answer(number, question, refused).await.map_err(|why| InitError::Unanswered {
            question: question.text(),
            option: question.option(),
            why,
            refused: refused.cloned(),
        })
    }

    fn next_number(&mut self) -> u8 {
        self.asked += 1;
        self.asked
    }
}

/// What was typed, for what is no secret.
fn plain(answer: Answer) -> String {
    match answer {
        Answer::Text(text) => text.expose_secret().trim().to_owned(),
        Answer::From(_) => String::new(),
    }
}

/// Why an answer about the configuration is not taken.
fn refused(why: &str, next: impl Into<String>) -> Finding {
    Finding::bad(Subject::Configuration, why, next).refusal()
}

/// Whether an answer says that secrets are kept in variables, not in files.
fn is_in_variables(answer: &str) -> Option<bool> {
    match answer.to_lowercase().as_str() {
        "files" | "file" | "f" => Some(false),
        "env" | "variables" | "e" => Some(true),
        _ => None,
    }
}

fn is_yes(answer: &str) -> Option<bool> {
    match answer.to_lowercase().as_str() {
        "y" | "yes" | "" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}

/// What is added and what is gone, with the lines around it.
fn changes(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(1).missing_newline_hint(false).to_string()
}
