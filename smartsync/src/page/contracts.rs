//! The view of all contracts that were looked at, or of those that an address asks for.

use askama::Template;
use oneflow_client::ContractId;
use smartsync_core::{CandidateId, Reason};

use super::{
    answer::{Answer, html, see},
    filter::FilterFields,
    layout::{Layout, View},
    moment::Moment,
    visit::Visit,
};
use crate::{
    store::{Age, ContractFilter, ContractRow, FieldEnd, Queued, Standing},
    words::{WORDS, Words, shared::counts},
};

/// So many are shown at once.
const SHOWN: u32 = 25;

#[derive(Template)]
#[template(path = "page/contracts.html")]
struct ContractsView {
    w: &'static Words,
    layout: Layout,
    path: String,
    filter: FilterFields,
    outcomes: [FieldEnd; 5],
    reasons: &'static [Reason],
    states: [&'static str; 6],
    ages: [Age; 6],
    count: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// Whether these are not the first ones.
    is_further: bool,
}

struct Row {
    contract: ContractId,
    address: String,
    state: Option<String>,
    candidate: Option<CandidateId>,
    looked_at: Moment,
    trigger: String,
    counts: String,
    document: Option<String>,
    reasons: Vec<String>,
    next: Option<NextLook>,
}

enum NextLook {
    Running,
    Due(Moment),
    Parked(Moment),
}

pub(super) async fn view(visit: Visit) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    // Whoever knows the id goes there at once.
    if let Some(contract) = visit.query.read::<i64>("contract") {
        return Ok(see(&seat.to(&format!("/contracts/{contract}"))));
    }
    let filter = FilterFields::of(&visit.query);
    // Another tenant's contracts are in its own views.
    if let Some(other) = visit.query.get("tenant").and_then(|name| seat.of_tenant(name))
        && other.position != seat.position
    {
        return Ok(see(&filter.address(&other.to("/contracts"), None)));
    }
    let after = visit.query.read("after");
    let asked = filter.filter(now);
    let page = seat.overview().contracts(&asked, after, SHOWN).await?;
    let count = seat.overview().count(&asked).await?;
    let path = seat.to("/contracts");
    let row = |row: ContractRow| {
        let Standing { contract, candidate, looked_at, trigger, state, fields, document, reasons, .. } =
            row.standing;
        Row {
            address: format!("{path}/{contract}"),
            contract,
            state: state.map(|state| WORDS.state(&state)),
            candidate,
            looked_at: Moment::new(WORDS, now, looked_at),
            trigger: WORDS.because_of(trigger),
            counts: counts(fields),
            document: document.map(|(document, _)| WORDS.outcome(&document)),
            reasons,
            next: row.next.map(|next| match next {
                Queued::Running => NextLook::Running,
                Queued::Due(at) => NextLook::Due(Moment::new(WORDS, now, at)),
                Queued::Parked(at) => NextLook::Parked(Moment::new(WORDS, now, at)),
            }),
        }
    };
    html(&ContractsView {
        w: WORDS,
        layout: visit.layout(View::Contracts),
        outcomes: FieldEnd::ALL,
        reasons: Reason::ALL,
        states: ContractFilter::STATES,
        ages: Age::ALL,
        count: (WORDS.contracts.matching)(&count.to_string()),
        next: page.next.map(|place| filter.address(&path, Some(&place.to_string()))),
        rows: page.rows.into_iter().map(row).collect(),
        is_further: after.is_some(),
        filter,
        path,
    })
}
