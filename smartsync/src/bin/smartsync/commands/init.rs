//! `smartsync init`: from an empty folder to a configuration that works.

use std::{io, path::PathBuf};

use serde::Serialize;
use smartsync::{
    CheckReport, Config, Registration,
    config::SecretSource,
    server::WaitingReceiver,
    setup::{
        Verdict, WayIn, WayInError, WayInTest,
        init::{Draft, InitError, ProposedPair, Start, Unanswered, Written, prepare},
    },
};
use smartsync_transport::Url;

use super::{check::write_finding, way_in::write_stages};
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
    let written = draft.write().map_err(|(file, error)| unwritten(&file, error))?;
    let mut set_up = SetUp {
        file: named.path.clone(),
        new: written.is_new,
        changed: written.is_changed,
        secret_files: written.secrets.clone(),
        copies: written.copies.clone(),
        questions: draft.asked(),
        pairs: draft.pairs(),
        check: None,
        webhook: None,
        next: Vec::new(),
    };
    if draft.is_usable() {
        let file = named.file()?;
        let try_out = async {
            let check = smartsync::check(&file).await;
            let webhook = match draft.webhook() {
                Some(url) => Some(webhook(&file.config()?, url).await?),
                None => None,
            };
            Ok::<_, Failure>((check, webhook))
        };
        tokio::select! {
            biased;
            tried = Box::pin(try_out) => {
                let (check, webhook) = tried?;
                (set_up.check, set_up.webhook) = (Some(check), webhook);
            }
            signal = watched.asked() => {
                tracing::warn!("{} ended it: the files are written, `smartsync check` tries them out", signal.as_str());
                return Ok(Exit::Stopped(signal));
            }
        }
    }
    set_up.next = next(named, &draft, &set_up);
    let is_good = set_up.check.as_ref().is_none_or(CheckReport::is_good)
        && set_up.webhook.as_ref().is_none_or(|webhook| webhook.registered);
    output.result(&set_up, |out| show(out, &set_up, &written))?;
    Ok(if is_good { Exit::Success } else { Exit::Failure })
}

fn stopped(signal: signals::Signal) -> Exit {
    tracing::warn!("{} ended it: nothing was written", signal.as_str());
    Exit::Stopped(signal)
}

/// Tests the way in, for which somebody has to listen, and registers the address if a notification comes through.
async fn webhook(config: &Config, url: &Url) -> Result<Webhook, Failure> {
    let waiting = WaitingReceiver::bind(config).await?;
    let test = WayInTest::new(url.clone()).run(config).await?;
    drop(waiting);
    let registered = test.reached;
    if registered {
        Registration::new(url.clone()).register(config).await?;
    }
    Ok(Webhook { url: url.clone(), test, registered })
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
        next.push(format!(
            "set the variables that {} names, for every command and for the server, then run `smartsync check{of}`",
            named.path.display()
        ));
    }
    let is_faulty = set_up.check.as_ref().is_some_and(|report| !report.is_good());
    if is_faulty {
        next.push(format!("fix what failed above, then run `smartsync check{of}`"));
    }
    match &set_up.webhook {
        Some(webhook) if !webhook.registered => next.push(format!(
            "fix the way in, run `smartsync webhook test {url}{of}` until it gets through, then `smartsync webhook register {url}{of}`",
            url = webhook.url
        )),
        Some(_) => {}
        None => next.push(format!(
            "put an https proxy in front, then run `smartsync webhook test URL{of}` and `smartsync webhook register URL{of}`, if no webhook leads here yet"
        )),
    }
    next.push(format!("run `smartsync serve{of}`"));
    next
}

fn show(out: &mut dyn io::Write, set_up: &SetUp<'_>, written: &Written) -> io::Result<()> {
    let file = set_up.file.display();
    for secret in &written.secrets {
        writeln!(out, "wrote   {}, readable only by you", secret.display())?;
    }
    match (written.is_new, written.is_changed) {
        (true, _) => writeln!(out, "wrote   {file}")?,
        (false, true) => writeln!(out, "changed {file}")?,
        (false, false) => writeln!(out, "{file} lacks nothing: it was not changed")?,
    }
    for copy in &written.copies {
        writeln!(out, "kept    {}: as it was before", copy.display())?;
    }
    if let Some(report) = &set_up.check {
        for finding in report.findings.iter().filter(|finding| finding.verdict != Verdict::Good) {
            write_finding(out, finding)?;
        }
        if !report.diagnostics.is_empty() {
            writeln!(out, "{}", report.diagnostics.render(false))?;
        }
    }
    if let Some(webhook) = &set_up.webhook {
        write_stages(out, &webhook.test)?;
        if webhook.registered {
            writeln!(out, "Oneflow sends notifications to {}", webhook.url)?;
        }
    }
    set_up.next.iter().try_for_each(|next| writeln!(out, " next: {next}"))
}

fn unwritten(file: &std::path::Path, error: io::Error) -> Failure {
    let next = if error.kind() == io::ErrorKind::NotFound {
        "create the folder first, or give another file with `--config FILE`"
    } else if error.kind() == io::ErrorKind::AlreadyExists {
        "run the command again: it reads what is there"
    } else {
        "check the permissions of the folder, then run the command again: what was written is taken up"
    };
    Failure::new(format!("{} cannot be written: {error}", file.display()), next)
}

impl From<InitError> for Failure {
    fn from(error: InitError) -> Self {
        let next = match error {
            InitError::Config(error) | InitError::Faulty(Some(error)) => return error.into(),
            InitError::Services(error) => return error.into(),
            InitError::Unanswered { why: Unanswered::Refused, refused: Some(finding), question, .. } => {
                let next = finding.next.unwrap_or_else(|| "correct the option".to_owned());
                return Self::new(format!("{question}: {}", finding.text), next);
            }
            InitError::Unanswered { option, .. } => {
                return Self::new(error, format!("run it on a terminal, or answer with `{option}`"));
            }
            InitError::Refused { ref finding, .. } => {
                let next = finding.next.clone().unwrap_or_else(|| "set another one".to_owned());
                return Self::new(error, next);
            }
            InitError::Tenants => "add the `[[tenant]]` by hand: docs/run/tenants.md shows how",
            InitError::NotToml => "give a name that ends in `.toml`: `--config smartsync.toml`",
            InitError::Random(_) => "check the system's source of random numbers",
            InitError::Declined => "run it again to take the changes, or change the file by hand",
            InitError::Faulty(None) | _ => "correct the file; README.md shows every key",
        };
        Self::new(error, next)
    }
}

impl From<WayInError> for Failure {
    fn from(error: WayInError) -> Self {
        let next = match error {
            WayInError::Config(error) => return error.into(),
            WayInError::NoSignKeys => {
                "`smartsync webhook register` creates a key and says what to add; so does `smartsync init`"
            }
            WayInError::NotHttps => "use the https address of the proxy in front of this program",
            WayInError::Random(_) | _ => "check the system's source of random numbers",
        };
        Self::new(error, next)
    }
}
