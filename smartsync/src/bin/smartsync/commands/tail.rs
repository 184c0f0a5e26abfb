//! `smartsync tail`: each look at a contract once it has ended, and what was done by hand, a line each. Asks no service.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use serde::Serialize;
use smartsync::store::{Journal, Look, NotedLook, Tenant};
use smartsync::words::commands::tail as words;
use tokio::time::sleep;

use crate::{
    cli::{OutcomeFilter, Tail},
    commands::{Exit, Named},
    failure::Failure,
    field_table::{done, next, said, short},
    output::Output,
    signals::{self, Stop},
};

/// How often it is asked for what is new. A look takes longer.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How many rows are read at once.
const BATCH: u32 = 200;

pub(crate) async fn run(named: &Named, arguments: Tail, output: &mut Output) -> Result<Exit, Failure> {
    let files = named.files()?;
    let state = named.store()?.open_existing().await?;
    let mut stop = signals::stop()?;
    let mut followed: Vec<Followed> = Vec::new();
    for file in &files {
        followed.push(Followed {
            tenant: file.name().cloned(),
            journal: state.journal(file.tenant()),
            last: 0,
        });
    }
    match follow(&mut followed, &arguments, output, &mut stop).await {
        // A reader that has seen enough, such as `head`.
        Err(Broken::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Success),
        Err(Broken::Output(error)) => Err(error.into()),
        Err(Broken::Failed(failure)) => Err(failure),
        Ok(()) => Ok(Exit::Success),
    }
}

/// The journal of a tenant, and how far it was read.
struct Followed {
    tenant: Option<Tenant>,
    journal: Arc<dyn Journal>,
    last: u64,
}

/// Why nothing more is shown.
enum Broken {
    Output(io::Error),
    Failed(Failure),
}

/// The outcomes of fields, in the order in which a line counts them.
const OUTCOMES: [&str; 5] = ["written", "unchanged", "held", "skipped", "failed"];

/// Shows what is new until a signal comes.
async fn follow(
    followed: &mut [Followed],
    arguments: &Tail,
    output: &mut Output,
    stop: &mut Stop,
) -> Result<(), Broken> {
    for one in &mut *followed {
        // At least one, to know where it begins.
        let noted = one.read(None, arguments.last.max(1)).await?;
        one.last = noted.last().map_or(0, |noted| noted.number);
        let shown = noted.len().min(usize::try_from(arguments.last).unwrap_or(usize::MAX));
        for noted in &noted[noted.len() - shown..] {
            one.show(&noted.look, arguments, output)?;
        }
    }
    loop {
        for one in &mut *followed {
            one.show_new(arguments, output).await?;
        }
        tokio::select! {
            _ = stop.asked() => return Ok(()),
            () = sleep(POLL_INTERVAL) => {}
        }
    }
}

impl Followed {
    async fn show_new(&mut self, arguments: &Tail, output: &mut Output) -> Result<(), Broken> {
        loop {
            let noted = self.read(Some(self.last), BATCH).await?;
            for noted in &noted {
                self.last = noted.number;
                self.show(&noted.look, arguments, output)?;
            }
            if noted.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                return Ok(());
            }
        }
    }

    async fn read(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, Broken> {
        self.journal.looks_after(after, limit).await.map_err(|error| Broken::Failed(error.into()))
    }

    fn show(&self, look: &Look, arguments: &Tail, output: &mut Output) -> Result<(), Broken> {
        if !arguments.wants(look) {
            return Ok(());
        }
        let tenant = self.tenant.as_ref();
        output.line(&Line { tenant, look }, || line_of(tenant, look)).map_err(Broken::Output)
    }
}

/// A look as JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a Tenant>,
    #[serde(flatten)]
    look: &'a Look,
}

impl Tail {
    /// Whether all filters let a look through.
    fn wants(&self, look: &Look) -> bool {
        let outcome = self.outcome.is_empty() || self.outcome.iter().any(|outcome| outcome.is_of(look));
        let reason = self.reason.is_empty()
            || codes(look).iter().any(|code| self.reason.iter().any(|wanted| wanted == code));
        let contract = self.contract.is_empty() || self.contract.contains(&look.occasion.contract);
        let is_any = |wanted: &[String], is: Option<&str>| {
            wanted.is_empty() || wanted.iter().any(|one| is == Some(one))
        };
        let state = is_any(&self.state, look.state.as_deref());
        let template_type = self.template_type.is_empty()
            || look.template_type.is_some_and(|read| self.template_type.contains(&read));
        outcome && reason && contract && state && template_type
    }
}

impl OutcomeFilter {
    /// Whether a field of the look ended so. A look that failed as a whole has failed every field.
    fn is_of(self, look: &Look) -> bool {
        let failed_whole = self == Self::Failed && look.error.is_some();
        failed_whole || look.fields.iter().any(|field| field.outcome == self.as_str())
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }
}

/// Every code of a look, once: of its fields, of its document, of itself.
fn codes(look: &Look) -> Vec<&str> {
    let mut codes: Vec<&str> = Vec::new();
    let of_fields = look.fields.iter().filter_map(|field| field.reason.as_deref());
    let of_document = look.document.iter().filter_map(|(_, reason)| reason.as_deref());
    let whole = look.error.iter().map(|(code, _)| code.as_str());
    for code in of_fields.chain(of_document).chain(whole) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// The line for people: when, whose, which contract, why it was looked at, what came of it and why, what comes next, and how long it took.
fn line_of(tenant: Option<&Tenant>, look: &Look) -> String {
    let occasion = &look.occasion;
    let tenant = tenant.map(|tenant| format!("{tenant} ")).unwrap_or_default();
    let mut parts = Vec::from_iter(look.action.map(|action| done(action, look)));
    parts.extend(found(look));
    if look.is_look() {
        parts.push(next(look.next));
        parts.push(words::took(occasion.duration.as_secs_f64()));
    }
    format!("{} {tenant}{} {}: {}", short(occasion.at), occasion.contract, occasion.trigger, parts.join("; "))
}

/// How many fields ended how, what became of the document if that is worth a word, and the codes.
fn found(look: &Look) -> Option<String> {
    if look.fields.is_empty() && look.error.is_none() && !look.is_look() {
        return None;
    }
    let mut counts: BTreeMap<usize, (&str, u32)> = BTreeMap::new();
    for field in &look.fields {
        let rank = OUTCOMES.iter().position(|known| *known == field.outcome).unwrap_or(OUTCOMES.len());
        counts.entry(rank).or_insert((&field.outcome, 0)).1 += 1;
    }
    let mut parts: Vec<String> =
        counts.into_values().map(|(outcome, count)| words::count(count, outcome)).collect();
    if look.error.is_some() {
        parts.push(words::FAILED_WHOLE.to_owned());
    } else if parts.is_empty() {
        parts.push(words::NO_FIELDS.to_owned());
    }
    let document = look.document.as_ref().map(|(outcome, _)| outcome.as_str());
    parts.extend(
        document.filter(|outcome| *outcome != "not_due").map(|outcome| words::document(&said(outcome))),
    );
    let codes = codes(look);
    let why = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    Some(parts.join(", ") + &why)
}
