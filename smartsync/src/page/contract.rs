//! The view of one contract: how each field ended and why, and what happened so far.

use askama::Template;
use axum::extract::Path;
use oneflow_client::ContractId;
use smartsync_core::Reason;

use super::{
    answer::{Answer, html},
    deciding_rule::deciding_rule,
    desk::LOOKS,
    fields::Fields,
    layout::{Layout, View},
    linked::Linked,
    moment::Moment,
    page_error::PageError,
    shown_values::ShownValues,
    visit::Visit,
};
use crate::{
    config::DocsSection,
    store::{FieldEnd, Look, LookedField, NextLook, Standing, decisions_without_end},
    words::{WORDS, Words},
};

/// So many fields are shown at once.
const FIELDS: usize = 40;

#[derive(Template)]
#[template(path = "page/contract.html")]
struct ContractView {
    w: &'static Words,
    layout: Layout,
    title: String,
    path: String,
    standing: Option<StandingLines>,
    fields: Vec<FieldRow>,
    /// Where these fields are: what is added to the address.
    here: String,
    /// Whether there are others in front of these.
    is_further: bool,
    next_fields: Option<(String, String)>,
    looks: Vec<LookRow>,
    shown: Option<ShownValues>,
    note: Option<&'static str>,
    can_decide: bool,
}

/// Where the contract stands.
struct StandingLines {
    state: Option<String>,
    candidate: Option<String>,
    looked_at: Moment,
    trigger: String,
    document: Option<String>,
    document_reason: Option<Linked>,
    reasons: Vec<Linked>,
    drifts_since: Option<Moment>,
    left_alone_since: Option<Moment>,
}

struct FieldRow {
    data_field: String,
    candidate_field: String,
    code: String,
    outcome: String,
    why: Linked,
    sides: String,
    rule: String,
    values: Option<(String, String)>,
}

struct LookRow {
    at: Moment,
    trigger: String,
    found: String,
    failure: Option<String>,
    cost: String,
    next: &'static str,
    next_at: Option<Moment>,
}

/// The id in an address.
pub(super) fn contract_of(text: &str) -> Result<ContractId, PageError> {
    text.parse::<i64>().map(ContractId::from).map_err(|_| PageError::NotFound)
}

pub(super) async fn view(Path(id): Path<String>, visit: Visit) -> Answer {
    answer(&visit, contract_of(&id)?, false).await
}

/// The same with names and values, for somebody who has asked to see them.
pub(super) async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    answer(&visit, contract_of(&id)?, true).await
}

async fn answer(visit: &Visit, contract: ContractId, with_values: bool) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    let when = |at| Moment::new(WORDS, now, at);
    let standing = seat.journal().standing(contract).await?;
    let looks = seat.journal().looks(contract, LOOKS).await?;
    let candidate = standing.as_ref().and_then(|standing| standing.candidate.clone());
    let shown = match with_values {
        true => Some(ShownValues::read(seat, contract, candidate.as_ref()).await?),
        false => None,
    };
    let config = seat.account().live.config();
    let path = seat.to(&format!("/contracts/{contract}"));
    let last = seat.last_look(contract, &looks, |look| !look.fields.is_empty()).await?;
    let all: &[LookedField] = last.as_ref().map(|look| look.fields.as_slice()).unwrap_or_default();
    let from = visit.query.read::<usize>("fields").unwrap_or_default().min(all.len());
    let to = all.len().min(from + FIELDS);
    let rows = all[from..to].iter().map(|field| FieldRow::new(field, config.docs.as_ref(), shown.as_ref()));
    let left = all.len() - to;
    html(&ContractView {
        w: WORDS,
        layout: visit.layout(View::Contracts),
        title: (WORDS.contract.title)(contract.get()),
        standing: standing.map(|standing| StandingLines::new(standing, config.docs.as_ref(), when)),
        fields: rows.collect(),
        here: place(from),
        is_further: from > 0,
        next_fields: (left > 0).then(|| (place(to), (WORDS.contract.more_fields)(left))),
        can_decide: all.iter().filter_map(|field| field.reason.as_deref()).any(may_be_decided),
        looks: looks
            .iter()
            .zip(decisions_without_end(&looks))
            .map(|(look, is_without_end)| LookRow::new(look, is_without_end, when))
            .collect(),
        note: note(&visit.query),
        path,
        shown,
    })
}

/// What the address says of the first field that is shown. A form says it as well: values are shown of the same fields.
pub(super) fn place(from: usize) -> String {
    if from > 0 { format!("?fields={from}") } else { String::new() }
}

/// What was just done, as the address says.
fn note(query: &Fields) -> Option<&'static str> {
    let asked = query.get("asked").map(|_| WORDS.contract.asked);
    asked.or_else(|| {
        let decided = query.get("decided")?;
        Some(if decided == "yes" { WORDS.decide.done } else { WORDS.decide.done_partly })
    })
}

/// Whether a person can decide on a field that ended for this reason.
pub(super) fn may_be_decided(code: &str) -> bool {
    Reason::from_code(code).is_some_and(Reason::may_be_decided)
}

impl StandingLines {
    fn new(standing: Standing, docs: Option<&DocsSection>, when: impl Fn(jiff::Timestamp) -> Moment) -> Self {
        let (document, reason) = standing.document.unzip();
        Self {
            state: standing.state.map(|state| WORDS.state(&state)),
            candidate: standing.candidate.map(|candidate| candidate.to_string()),
            looked_at: when(standing.looked_at),
            trigger: WORDS.because_of(standing.trigger),
            document: document.map(|document| WORDS.outcome(&document)),
            document_reason: reason.flatten().map(|reason| Linked::why(&reason, docs)),
            reasons: standing.reasons.iter().map(|reason| Linked::why(reason, docs)).collect(),
            drifts_since: standing.drifts_since.map(&when),
            left_alone_since: standing.left_alone_since.map(&when),
        }
    }
}

impl FieldRow {
    fn new(field: &LookedField, docs: Option<&DocsSection>, shown: Option<&ShownValues>) -> Self {
        let LookedField { data_field, candidate_field, outcome, reason, member, .. } = field;
        let mut why = reason.as_deref().map(|reason| Linked::why(reason, docs)).unwrap_or_default();
        if let Some(member) = member {
            why = why.and(&format!(" ({member})"));
        }
        Self {
            code: outcome.clone(),
            outcome: WORDS.outcome(outcome),
            why,
            sides: field.sides.map(|sides| WORDS.sides(sides)).unwrap_or_default(),
            rule: deciding_rule(reason.as_deref()),
            values: shown.map(|shown| (shown.in_contract(data_field), shown.on_card(candidate_field))),
            data_field: data_field.clone(),
            candidate_field: candidate_field.clone(),
        }
    }
}

impl LookRow {
    fn new(look: &Look, is_without_end: bool, when: impl Fn(jiff::Timestamp) -> Moment) -> Self {
        let words = &WORDS.contract;
        let mut found = Vec::from_iter(look.action.map(|action| WORDS.action(action)));
        found.extend(look.decided.as_ref().map(|decided| WORDS.decided(decided)));
        found.extend(is_without_end.then(|| WORDS.decide.without_end.to_owned()));
        if look.is_look() {
            found.extend(look.state.as_deref().map(|state| WORDS.state(state)));
        }
        for end in FieldEnd::ALL {
            let count = look.fields.iter().filter(|field| field.outcome == end.as_str()).count();
            if count > 0 {
                found.push((WORDS.contracts.count)(u32::try_from(count).unwrap_or(u32::MAX), end));
            }
        }
        if let Some((document, _)) = &look.document {
            found.push(format!("{}: {}", words.document, WORDS.outcome(document)));
        }
        let milliseconds = u64::try_from(look.occasion.duration.as_millis()).unwrap_or(u64::MAX);
        let cost =
            format!("{}, {}", (words.requests)(look.occasion.requests), (WORDS.time.took)(milliseconds));
        Self {
            at: when(look.occasion.at),
            trigger: WORDS.because_of(look.occasion.trigger),
            found: found.join(", "),
            failure: look.error.as_ref().map(|(code, text)| format!("{} {text}", WORDS.why(code))),
            cost: if look.is_look() || look.occasion.requests > 0 { cost } else { String::new() },
            next: match look.next {
                _ if !look.is_look() => "",
                NextLook::None => words.next_none,
                NextLook::Left => words.next_left,
                NextLook::At(_) => words.next_at,
                NextLook::WithRoom(_) => words.next_with_room,
                NextLook::Parked => words.next_parked,
            },
            next_at: look.next.at().map(when),
        }
    }
}
