//! Where a person decides what is held of a contract: upon a plan that is made now, and of which nothing is carried out but what they were shown.

use std::{collections::BTreeSet, future::pending, time::Duration};

use askama::Template;
use axum::extract::Path;
use oneflow_client::ContractId;
use smartsync_core::{
    DocumentOutcome, FieldOutcome, Outcome, Plan, Reason,
    engine::Resolved,
    plan::{Resolution, Take},
};

use super::{
    answer::{Answer, html, see},
    contract::{contract_of, place},
    desk::{LOOKS, Seat},
    layout::{Layout, View},
    linked::Linked,
    page_error::PageError,
    shown_values::ShownValues,
    visit::Visit,
};
use crate::{
    engine::{Deciding, DecisionDesk, DecisionError},
    words::{WORDS, Words},
};

/// How long somebody waits for a look that is under way.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(20);

/// So many fields are decided upon at once: with names and values, and with what the rules write besides, a page stays below 40 KB. The plan that is
/// sent along covers those behind them as well, so nothing that has changed unseen is carried out.
const FIELDS: usize = 25;

/// Who decided, as the journal has it: the page does not know who has its token.
const BY: &str = "the page";

/// What the name of each choice of a form begins with.
const TAKE: &str = "take.";

#[derive(Template)]
#[template(path = "page/decide.html")]
struct DecideView {
    w: &'static Words,
    layout: Layout,
    title: String,
    note: Option<String>,
    path: String,
    back: String,
    plan: String,
    has_values: bool,
    rows: Vec<Row>,
    /// Where these fields are: what is added to the address.
    here: String,
    /// Whether there are others in front of these.
    is_further: bool,
    next_fields: Option<(String, String)>,
    /// What the rules write with whatever is decided: fields, and whether the document.
    besides: Vec<String>,
    attaches: bool,
}

struct Row {
    data_field: String,
    candidate_field: String,
    why: Linked,
    /// Held back by the limit of changes alone.
    waits: bool,
    sides: Option<String>,
    values: Option<(String, String)>,
}

/// How a decision ended.
enum Decided {
    /// Whether all of it was carried out.
    Applied(bool),
    Stale(Box<Plan>),
    Refused(Box<Plan>),
    /// Another process looks at the contract.
    Busy,
}

pub(super) async fn view(Path(id): Path<String>, visit: Visit) -> Answer {
    let contract = contract_of(&id)?;
    let plan = plan(&visit.seat, contract).await?;
    answer(&visit, contract, &plan, None, None).await
}

/// The same with names and values, for somebody who has asked to see them.
pub(super) async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    let (contract, seat) = (contract_of(&id)?, &visit.seat);
    let before = plan(seat, contract).await?;
    let values = ShownValues::read(seat, contract, before.candidate()).await?;
    // What was read in between belongs to this plan, unless something has changed: then there is nothing to decide upon yet.
    let after = plan(seat, contract).await?;
    let values = (before.hash() == after.hash()).then_some(values);
    let note = values.is_none().then(|| WORDS.decide.changed.to_owned());
    answer(&visit, contract, &after, note, values).await
}

/// Carries out what was chosen, if everything is as it was shown.
pub(super) async fn decide(Path(id): Path<String>, visit: Visit) -> Answer {
    let contract = contract_of(&id)?;
    let seen = visit.form.get("plan").ok_or(PageError::WrongForm)?.to_owned();
    let chosen = visit.form.beginning_with(TAKE).filter_map(|(field, choice)| {
        let take = Take::ALL.into_iter().find(|take| take.as_str() == choice)?;
        Some(Resolution::new(field, take))
    });
    let chosen: Vec<Resolution> = chosen.collect();
    let back = visit.seat.to(&format!("/contracts/{contract}"));
    if chosen.is_empty() {
        return Ok(see(&back));
    }
    // Whoever closes the browser cuts no write off.
    let seat = visit.seat.clone();
    let decided = tokio::spawn(async move { carry_out(&seat, contract, &chosen, &seen).await });
    match decided.await.map_err(|_| PageError::BrokenOff { contract: back.clone() })?? {
        Decided::Applied(is_all) => {
            Ok(see(&format!("{back}?decided={}", if is_all { "yes" } else { "partly" })))
        }
        Decided::Stale(plan) => {
            answer(&visit, contract, &plan, Some(WORDS.decide.stale.to_owned()), None).await
        }
        Decided::Refused(plan) => {
            let plan = plan.undecided();
            answer(&visit, contract, plan, Some(WORDS.decide.refused.to_owned()), None).await
        }
        Decided::Busy => {
            let plan = plan(&visit.seat, contract).await?;
            answer(&visit, contract, &plan, Some(WORDS.decide.busy.to_owned()), None).await
        }
    }
}

async fn plan(seat: &Seat, contract: ContractId) -> Result<Plan, PageError> {
    let engine = seat.account().live.engine().await?;
    engine.check_accounts().await?;
    Ok(engine.plan(contract).await?)
}

/// Decides at the desk of the commands, which claims the contract and notes what was decided.
async fn carry_out(
    seat: &Seat,
    contract: ContractId,
    chosen: &[Resolution],
    seen: &str,
) -> Result<Decided, PageError> {
    let engine = seat.account().live.engine().await?;
    engine.check_accounts().await?;
    let desk = DecisionDesk::new(&*seat.desk.state, &seat.account().tenant, engine).patience(CLAIM_TIMEOUT);
    let deciding = Deciding { contract, resolutions: chosen, seen: Some(seen), by: Some(BY) };
    match Box::pin(desk.decide(deciding, pending())).await {
        Ok(Resolved::Applied { report, decided, .. }) => {
            Ok(Decided::Applied(decided.iter().all(|field| field.is_followed_in(&report.outcomes))))
        }
        Ok(Resolved::Stale(plan)) => Ok(Decided::Stale(plan)),
        Ok(Resolved::Refused(plan)) => Ok(Decided::Refused(plan)),
        Err(DecisionError::Busy) => Ok(Decided::Busy),
        Err(error) => Err(PageError::of_decision(error, seat.to(&format!("/contracts/{contract}")))),
    }
}

async fn answer(
    visit: &Visit,
    contract: ContractId,
    plan: &Plan,
    note: Option<String>,
    values: Option<ShownValues>,
) -> Answer {
    let seat = &visit.seat;
    // The limit of changes holds back only when it is written to; the plan does not know.
    let looks = seat.journal().looks(contract, LOOKS).await?;
    let last = seat.last_look(contract, &looks, |look| look.is_look() && look.drifts.is_some()).await?;
    let at_limit: BTreeSet<&str> = last
        .iter()
        .flat_map(|look| &look.fields)
        .filter(|field| field.reason.as_deref() == Some(Reason::LimitReached.code()))
        .map(|field| field.candidate_field.as_str())
        .collect();
    let docs = seat.docs();
    let waits = |field: &FieldOutcome| {
        field.outcome == Outcome::Written && at_limit.contains(field.candidate_field.to_string().as_str())
    };
    let row = |field: &FieldOutcome| {
        let (candidate_field, waits) = (field.candidate_field.to_string(), waits(field));
        let why = if waits { Some(Reason::LimitReached) } else { field.outcome.reason() };
        Row {
            why: why.map(|reason| Linked::why(reason.code(), docs.as_ref())).unwrap_or_default(),
            sides: field.sides.map(|sides| WORDS.sides(sides)),
            values: values
                .as_ref()
                .map(|shown| (shown.in_contract(&field.data_field), shown.on_card(&candidate_field))),
            waits,
            data_field: field.data_field.clone(),
            candidate_field,
        }
    };
    let open: Vec<&FieldOutcome> =
        plan.outcomes().iter().filter(|field| waits(field) || field.may_be_decided()).collect();
    // Once some are decided there are fewer, and none at the place that an address names.
    let from = visit.query.read::<usize>("fields").filter(|from| *from < open.len()).unwrap_or_default();
    let to = open.len().min(from + FIELDS);
    let left = open.len() - to;
    let besides = plan.written_by_rules().filter(|field| !waits(field));
    let besides = besides.map(|field| format!("{} → {}", field.data_field, field.candidate_field));
    let back = seat.to(&format!("/contracts/{contract}"));
    html(&DecideView {
        w: WORDS,
        layout: visit.layout(View::Held),
        title: (WORDS.decide.title)(contract.get()),
        note,
        path: format!("{back}/decide"),
        back,
        plan: plan.hash().to_owned(),
        rows: open[from..to].iter().map(|field| row(field)).collect(),
        here: place(from),
        is_further: from > 0,
        next_fields: (left > 0).then(|| (place(to), (WORDS.contract.more_fields)(left))),
        has_values: values.is_some(),
        besides: besides.collect(),
        attaches: plan.document() == DocumentOutcome::Attached,
    })
}
