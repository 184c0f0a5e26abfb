//! `smartsync init`: from an empty folder to a configuration that works.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
};

use secrecy::ExposeSecret as _;
use serde::Serialize;
use smartsync::{
    CheckReport, Config, Registration,
    config::SecretSource,
    server::WaitingReceiver,
    setup::{
        Verdict, WayIn, WayInError, WayInTest,
        init::{Draft, InitError, ProposedPair, Start, Unanswered, WriteError, Written, prepare},
    },
    words::commands::{init as words, way_in},
};
use smartsync_transport::Url;

use super::{check::write_found, way_in::write_stages};
use crate::{
    cli::Init,
    commands::{Exit, Named},
    failure::Failure,
    output::Output,
    signals,
    terminal::Terminal,
};

/// What was done.
#[derive(Serialize)]
struct SetUp<'a> {
    file: PathBuf,
    new: bool,
    changed: bool,
    secret_files: Vec<PathBuf>,
    copies: Vec<PathBuf>,
    /// The names of variables that have to be set first.
    variables: &'a [String],
    questions: u8,
    pairs: &'a [ProposedPair],
    /// `None` while variables have to be set first.
    check: Option<CheckReport>,
    webhook: Option<Webhook>,
    next: Vec<String>,
}

/// What became of the public address.
#[derive(Serialize)]
struct Webhook {
    url: Url,
    test: WayIn,
    registered: bool,
}

pub(crate) async fn run(named: &Named, mut options: Init, output: &mut Output) -> Result<Exit, Failure> {
    // The file names them from its own folder on; whoever types them does it from the working directory on.
    if named.path.parent().is_some_and(|folder| !folder.as_os_str().is_empty()) {
        for source in [&mut options.oneflow_token, &mut options.teamtailor_token].into_iter().flatten() {
            if let SecretSource::File(path) = source {
                *path = std::path::absolute(&path)?;
            }
        }
    }
    // Before anything is asked, so that no signal leaves the terminal without its echo.
    let stop = signals::stop_or_hang_up()?;
    let mut start = Start::at(&named.path);
    start.oneflow_url.clone_from(&options.oneflow_url);
    start.teamtailor_url.clone_from(&options.teamtailor_url);
    start.listen = options.listen;
    start.insecure_http = named.insecure_http;
    let mut watched = stop.clone();
    let mut terminal = Terminal::new(&options, stop);
    let prepared = tokio::select! {
        biased;
        prepared = Box::pin(prepare(&start, &mut terminal)) => prepared,
        signal = watched.asked() => return Ok(stopped(signal)),
    };
    let draft = match prepared {
        Ok(draft) => draft,
        Err(InitError::Unanswered { why: Unanswered::Stopped, .. }) if terminal.signal.is_some() => {
            return Ok(terminal.signal.map_or(Exit::Failure, stopped));
        }
        Err(error) => return Err(error.into()),
    };
    // Nowhere else than on a terminal: what is redirected is kept, by a log or by a pipeline.
    if draft.new_sign_key().is_some() && !io::stderr().is_terminal() {
        return Err(Failure::new(words::NOWHERE_TO_SHOW, words::NOWHERE_TO_SHOW_NEXT));
    }
    let written = draft.write()?;
    if let (Some(key), Some(name)) = (draft.new_sign_key(), draft.variables().last()) {
        let mut terminal = io::stderr();
        writeln!(terminal, "{}\n\n{name}={}\n", words::SHOWN_ONCE, key.expose_secret())?;
    }
    let mut set_up = SetUp {
        file: named.path.clone(),
        new: written.is_new,
        changed: written.is_changed,
        secret_files: written.secrets.clone(),
        copies: written.copies.clone(),
        variables: draft.variables(),
        questions: draft.asked(),
        pairs: draft.pairs(),
        check: None,
        webhook: None,
        next: Vec::new(),
    };
    // Whatever becomes of this, it is told what was written.
    let mut tried = Ok(());
    let mut signal = None;
    if draft.is_usable() {
        tokio::select! {
            biased;
            ended = Box::pin(try_out(named, &draft, &mut set_up)) => tried = ended,
            stopped = watched.asked() => signal = Some(stopped),
        }
    }
    set_up.next = next(named, &draft, &set_up);
    let is_good = set_up.check.as_ref().is_none_or(CheckReport::is_good)
        && set_up.webhook.as_ref().is_none_or(|webhook| webhook.registered);
    output.result(&set_up, |out| show(out, &set_up, &written))?;
    if let Some(signal) = signal {
        tracing::warn!("{}", words::stopped_behind_writing(signal.as_str()));
        return Ok(Exit::Stopped(signal));
    }
    tried?;
    Ok(if is_good { Exit::Success } else { Exit::Failure })
}

fn stopped(signal: signals::Signal) -> Exit {
    tracing::warn!("{}", words::stopped(signal.as_str()));
    Exit::Stopped(signal)
}

/// Tries out what was written.
async fn try_out(named: &Named, draft: &Draft, set_up: &mut SetUp<'_>) -> Result<(), Failure> {
    let file = named.file()?;
    set_up.check = Some(smartsync::check(&file).await);
    if let Some(url) = draft.webhook() {
        webhook(&file.config()?, url, &mut set_up.webhook).await?;
    }
    Ok(())
}

/// Tests the way in, for which somebody has to listen, and registers the address if a notification comes through.
async fn webhook(config: &Config, url: &Url, told: &mut Option<Webhook>) -> Result<(), Failure> {
    let waiting = WaitingReceiver::bind(config).await?;
    let test = WayInTest::new(url.clone()).run(config).await?;
    drop(waiting);
    let is_through = test.reached;
    let webhook = told.insert(Webhook { url: url.clone(), test, registered: false });
    if is_through {
        Registration::new(url.clone()).register(config).await?;
        webhook.registered = true;
    }
    Ok(())
}

/// What a person does next.
fn next(named: &Named, draft: &Draft, set_up: &SetUp<'_>) -> Vec<String> {
    let of = if named.path.as_os_str() == smartsync::config::DEFAULT_FILE {
        String::new()
    } else {
        format!(" --config {}", named.path.display())
    };
    let mut next = Vec::new();
    if !draft.is_usable() {
        next.push(words::set_variables(&draft.variables().join(", "), &of));
    }
    if set_up.check.as_ref().is_some_and(|report| !report.is_good()) {
        next.push(words::fix(&of));
    }
    match &set_up.webhook {
        Some(webhook) if !webhook.registered => next.push(words::fix_way_in(webhook.url.as_str(), &of)),
        Some(_) => {}
        None => next.push(words::way_in_later(&of)),
    }
    next.push(words::serve(&of));
    next
}

fn show(out: &mut dyn io::Write, set_up: &SetUp<'_>, written: &Written) -> io::Result<()> {
    let file = set_up.file.display().to_string();
    for secret in &written.secrets {
        writeln!(out, "{}", words::wrote_secret(&secret.display().to_string()))?;
    }
    let told = match (written.is_new, written.is_changed) {
        (true, _) => words::wrote(&file),
        (false, true) => words::changed(&file),
        (false, false) => words::lacks_nothing(&file),
    };
    writeln!(out, "{told}")?;
    for copy in &written.copies {
        writeln!(out, "{}", words::kept(&copy.display().to_string()))?;
    }
    if let Some(report) = &set_up.check {
        for finding in report.findings.iter().filter(|finding| finding.verdict != Verdict::Good) {
            write_found(out, finding)?;
        }
        if !report.diagnostics.is_empty() {
            writeln!(out, "{}", report.diagnostics.render(false))?;
        }
    }
    if let Some(webhook) = &set_up.webhook {
        write_stages(out, &webhook.test)?;
        if webhook.registered {
            writeln!(out, "{}", words::sends(webhook.url.as_str()))?;
        }
    }
    set_up.next.iter().try_for_each(|next| writeln!(out, "{}", words::next(next)))
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let kind = error.source.kind();
        let next = [
            (io::ErrorKind::NotFound, words::NO_FOLDER_NEXT),
            (io::ErrorKind::AlreadyExists, words::EXISTS_NEXT),
            (io::ErrorKind::PermissionDenied, words::NOT_ALLOWED_NEXT),
        ];
        let next = next.iter().find(|(of, _)| *of == kind).map_or(words::UNWRITTEN_NEXT, |(_, next)| next);
        let Written { secrets, copies, .. } = &error.written;
        let files: Vec<_> = secrets.iter().chain(copies).map(|path| path.display().to_string()).collect();
        let on_disk = if files.is_empty() {
            words::NOTHING_WRITTEN.to_owned()
        } else {
            words::written_by_then(&files.join(", "))
        };
        Self::new(words::unwritten(&error.to_string(), &on_disk), next)
    }
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        let next = match error {
            InitError::Config(error) | InitError::Faulty(Some(error)) => return error.into(),
            InitError::Services(error) => return error.into(),
            InitError::Unanswered { why: Unanswered::Refused, refused: Some(finding), question, .. } => {
                let next = finding.next.unwrap_or_else(|| words::REFUSED_NEXT.to_owned());
                return Self::new(words::refused(&question, &finding.text), next);
            }
            InitError::Unanswered { option, .. } => return Self::new(error, words::unanswered_next(option)),
            InitError::Refused { ref finding, .. } | InitError::Untried { ref finding, .. } => {
                let next = finding.next.clone().unwrap_or_else(|| words::ANOTHER_SECRET_NEXT.to_owned());
                return Self::new(error, next);
            }
            InitError::Tenants => words::TENANTS_NEXT,
            InitError::NotToml => words::NOT_TOML_NEXT,
            InitError::Random(_) => words::RANDOM_NEXT,
            InitError::Declined => words::DECLINED_NEXT,
            InitError::Faulty(None) | _ => words::FAULTY_NEXT,
        };
        Self::new(error, next)
    }
}

impl From<WayInError> for Failure {
    fn from(error: WayInError) -> Self {
        let next = match error {
            WayInError::Config(error) => return error.into(),
            WayInError::NoSignKeys => way_in::NO_KEYS_NEXT,
            WayInError::NotHttps => way_in::NOT_HTTPS_NEXT,
            WayInError::Random(_) | _ => way_in::RANDOM_NEXT,
        };
        Self::new(error, next)
    }
}
