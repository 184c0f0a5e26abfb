//! The view of what is held: a line for each field that waits for somebody, or for a change of what holds it; the one held longest first.

use askama::Template;
use oneflow_client::ContractId;
use smartsync_core::CandidateId;

use super::{
    answer::{Answer, html},
    contract::may_be_decided,
    fields::address,
    layout::{Layout, View},
    linked::Linked,
    moment::Moment,
    visit::Visit,
};
use crate::{
    store::HeldField,
    words::{WORDS, Words, shared::what_happened},
};

/// So many are shown at once.
const SHOWN: u32 = 25;

#[derive(Template)]
#[template(path = "page/held.html")]
struct HeldView {
    w: &'static Words,
    layout: Layout,
    count: String,
    rows: Vec<Row>,
    next: Option<String>,
    is_further: bool,
    path: String,
}

struct Row {
    contract: ContractId,
    address: String,
    candidate: Option<CandidateId>,
    data_field: String,
    candidate_field: String,
    why: Linked,
    since: Moment,
    what_happened: &'static str,
    can_decide: bool,
    decide_label: String,
}

pub(super) async fn view(visit: Visit) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    let after = visit.query.read("after");
    let page = seat.overview().held(after.as_ref(), SHOWN).await?;
    let count = seat.overview().held_count().await?;
    let (path, docs) = (seat.to("/held"), seat.docs());
    let row = |held: HeldField| Row {
        can_decide: held.reason.as_deref().is_some_and(may_be_decided),
        decide_label: (WORDS.decide.title)(held.contract.get()),
        what_happened: held.relation.as_deref().map(what_happened).unwrap_or_default(),
        address: seat.to(&format!("/contracts/{}", held.contract)),
        contract: held.contract,
        candidate: held.candidate,
        data_field: held.data_field,
        candidate_field: held.candidate_field,
        why: held.reason.map(|reason| Linked::why(&reason, docs.as_ref())).unwrap_or_default(),
        since: Moment::new(WORDS, now, held.since),
    };
    html(&HeldView {
        w: WORDS,
        layout: visit.layout(View::Held),
        count: (WORDS.held.count)(&count.to_string()),
        next: page.next.map(|place| address(&path, &[("after", Some(&place.to_string()))])),
        rows: page.rows.into_iter().map(row).collect(),
        is_further: after.is_some(),
        path,
    })
}
