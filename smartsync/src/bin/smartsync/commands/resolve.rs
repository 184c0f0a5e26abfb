//! `smartsync resolve`: a person decides which side of a held field is right.

use std::{sync::Arc, time::Duration};

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{
    Config,
    engine::{Deciding, DecisionDesk, DecisionError},
    words::commands::resolve as words,
};
use smartsync_core::{
    DocumentOutcome, Engine, FieldOutcome, Plan, Reason, Report,
    engine::Resolved,
    plan::{Resolution, WhyUnresolved},
};
use smartsync_transport::one_line;
use tracing::Instrument as _;

use crate::{
    ask::ask_until,
    cli::Resolve,
    commands::Exit,
    failure::Failure,
    field_table::{write_plan, write_report},
    output::Output,
    signals::{self, Signal, Stop},
};

/// How long to wait for somebody else who looks at the same contract.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// The result, as JSON.
#[derive(Serialize)]
struct Line<'a> {
    contract: ContractId,
    field: &'a str,
    take: &'static str,
    /// `decided`, `held`, `stale` or `refused`.
    ended: &'static str,
    /// Why it is held or was refused: a code.
    why: Option<&'static str>,
    /// The hash of the plan upon which it was decided; of the plan as it is now, if nothing was.
    plan: &'a str,
    /// How every field stands.
    accounting: Accounting<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Accounting<'a> {
    Report(&'a Report),
    Plan(&'a Plan),
}

/// How it ended.
enum Ended {
    Resolved(Resolved),
    /// A signal came before anything was decided.
    Stopped(Signal),
}

pub(crate) async fn run(config: &Config, arguments: Resolve, output: &mut Output) -> Result<Exit, Failure> {
    let contract = arguments.contract;
    let (state, engine) = config.open().await?;
    let mut stop = signals::stop_or_hang_up()?;
    let desk = DecisionDesk::new(&*state, config.tenant(), Arc::clone(&engine)).patience(CLAIM_TIMEOUT);
    let span = tracing::info_span!("resolve", %contract);
    let ended = resolve(&desk, &engine, &arguments, &mut stop).instrument(span).await;
    engine.leave_shared_limits().await;
    let resolved = match ended.map_err(|failure| failure.about(contract))? {
        Ended::Resolved(resolved) => resolved,
        Ended::Stopped(signal) => return Ok(Exit::Stopped(signal)),
    };
    let Resolve { field, take, .. } = &arguments;
    let (plan, accounting) = match &resolved {
        Resolved::Applied { report, seen, .. } => (seen.as_str(), Accounting::Report(report)),
        Resolved::Stale(plan) => (plan.hash(), Accounting::Plan(plan)),
        Resolved::Refused(plan) => (plan.undecided().hash(), Accounting::Plan(plan.undecided())),
    };
    let (ended, why, exit) = match &resolved {
        Resolved::Applied { report, decided, .. } => {
            let is_followed = decided.iter().all(|field| field.is_followed_in(&report.outcomes));
            let end = decided.first().and_then(|field| field.end_in(&report.outcomes));
            if is_followed {
                ("decided", None, Exit::Success)
            } else {
                ("held", end.and_then(FieldOutcome::reason).map(Reason::code), Exit::Incomplete)
            }
        }
        Resolved::Stale(_) => ("stale", None, Exit::Incomplete),
        Resolved::Refused(plan) => {
            let why = plan.unresolved().first().map(|one| one.why);
            let is_name = matches!(why, Some(WhyUnresolved::UnknownField | WhyUnresolved::SeveralFields));
            ("refused", why.map(WhyUnresolved::code), if is_name { Exit::Failure } else { Exit::Incomplete })
        }
    };
    let line = Line { contract, field, take: take.as_str(), ended, why, plan, accounting };
    output.result(&line, |out| {
        match &resolved {
            Resolved::Applied { report, .. } => write_report(out, report)?,
            Resolved::Stale(plan) => write_plan(out, plan)?,
            Resolved::Refused(plan) => write_plan(out, plan.undecided())?,
        }
        writeln!(out)?;
        let field = one_line(field);
        match (&resolved, ended) {
            (Resolved::Stale(plan), _) => writeln!(out, "{}", words::stale(plan.hash())),
            (Resolved::Refused(plan), _) => {
                let why = plan.unresolved().first().map(|one| one.why.to_string()).unwrap_or_default();
                writeln!(out, "{}", words::refused(&field, why))
            }
            (Resolved::Applied { .. }, "decided") => writeln!(out, "{}", words::decided(&field, *take)),
            (Resolved::Applied { .. }, _) => writeln!(out, "{}", words::not_decided(&field)),
        }
    })?;
    Ok(exit)
}

async fn resolve(
    desk: &DecisionDesk,
    engine: &Engine,
    arguments: &Resolve,
    stop: &mut Stop,
) -> Result<Ended, Failure> {
    let Resolve { contract, field, take, plan, by, yes, .. } = arguments;
    let resolutions = [Resolution::new(field, *take)];
    let mut seen = plan.clone();
    if seen.is_none() && !yes {
        let plan = tokio::select! {
            plan = engine.plan_resolved(*contract, &resolutions) => plan?,
            signal = stop.asked() => return Ok(Ended::Stopped(signal)),
        };
        if !plan.unresolved().is_empty() {
            return Ok(Ended::Resolved(Resolved::Refused(Box::new(plan))));
        }
        // What is said yes to is what was shown.
        seen = Some(plan.undecided().hash().to_owned());
        if let Some(signal) = ask_until(stop, question(&plan, arguments), words::WITHOUT_YES).await? {
            return Ok(Ended::Stopped(signal));
        }
    }
    let deciding =
        Deciding { contract: *contract, resolutions: &resolutions, seen: seen.as_deref(), by: by.as_deref() };
    let decided = Box::pin(desk.decide(deciding, stop.clone().resolved())).await;
    match (decided, stop.signal()) {
        (Ok(resolved), _) => Ok(Ended::Resolved(resolved)),
        (Err(DecisionError::Busy), Some(signal)) => Ok(Ended::Stopped(signal)),
        (Err(error), _) => Err(error.into()),
    }
}

/// What is asked before anything is written: which way each side has gone, and what comes of a yes.
fn question(plan: &Plan, arguments: &Resolve) -> String {
    let Resolve { contract, field, take, .. } = arguments;
    let shown = field_of(plan.undecided().outcomes(), field).map(standing).unwrap_or_default();
    let (field, candidate) =
        (one_line(field), plan.candidate().map(|id| one_line(id.as_str())).unwrap_or_default());
    let besides =
        plan.written_by_rules().map(|field| one_line(&field.candidate_field.to_string()).into_owned());
    let besides = words::besides(&besides.collect::<Vec<_>>(), plan.document() == DocumentOutcome::Attached);
    words::question(&shown, &besides, *take, contract, &field, &candidate)
}

/// The field of this name: of the card or else of the contract, the undecided one first.
fn field_of<'a>(fields: &'a [FieldOutcome], name: &str) -> Option<&'a FieldOutcome> {
    let mut on_card = fields.iter().filter(|field| field.candidate_field.to_string() == name).peekable();
    let named: Vec<&FieldOutcome> = match on_card.peek() {
        Some(_) => on_card.collect(),
        None => fields.iter().filter(|field| field.data_field == name).collect(),
    };
    named.iter().find(|field| !field.outcome.is_settled()).or(named.first()).copied()
}

/// How a field stands, in one line: why it is held, and which way each side has gone. Without a value.
fn standing(field: &FieldOutcome) -> String {
    let (name, why) = (one_line(&field.data_field), field.reason().map(Reason::code));
    let stands = words::standing(&name, &field.candidate_field, field.outcome.as_str(), why);
    stands + &field.sides.map(words::sides).unwrap_or_default()
}
