//! The view of contracts that were given up, and what a person decides about them.

use std::collections::BTreeSet;

use askama::Template;
use oneflow_client::ContractId;

use super::{
    answer::{Answer, html, see},
    fields::{Fields, address},
    layout::{Layout, View},
    linked::Linked,
    moment::Moment,
    page_error::PageError,
    visit::Visit,
};
use crate::{
    store::{Parked, ParkedFilter},
    words::{WORDS, Words},
};

/// So many are shown at once.
const SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "page/parked.html")]
struct ParkedView {
    w: &'static Words,
    layout: Layout,
    path: String,
    done: Option<String>,
    caption: String,
    rows: Vec<Row>,
    /// The codes by which they can be told apart, with their sentences.
    codes: Vec<(String, String)>,
    reason: Option<String>,
    next: Option<String>,
    is_further: bool,
}

struct Row {
    contract: ContractId,
    address: String,
    at: Moment,
    attempts: u32,
    reason: String,
    to_do: Vec<Linked>,
    retry_label: String,
    drop_label: String,
}

/// A question before something is done to many.
#[derive(Template)]
#[template(path = "page/confirm.html")]
pub(super) struct ConfirmView {
    pub(super) w: &'static Words,
    pub(super) layout: Layout,
    pub(super) title: &'static str,
    pub(super) means: String,
    pub(super) action: String,
    pub(super) button: &'static str,
    pub(super) back: String,
    /// What the form repeats.
    pub(super) fields: Vec<(&'static str, String)>,
}

/// What a person decides.
#[derive(Clone, Copy)]
enum Decision {
    Retry,
    Drop,
}

pub(super) async fn view(visit: Visit) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    let all = seat.journal().parked(&ParkedFilter::All).await?;
    let codes: BTreeSet<&String> = all.iter().flat_map(|parked| &parked.codes).collect();
    let codes = codes.into_iter().map(|code| (code.clone(), WORDS.why(code))).collect();
    let filter = filter(&visit.query);
    let after: Option<i64> = visit.query.read("after");
    let matching: Vec<&Parked> = all.iter().filter(|parked| filter.holds(parked)).collect();
    let further = || matching.iter().filter(|parked| after.is_none_or(|after| parked.contract.get() > after));
    let (path, docs) = (seat.to("/parked"), seat.docs());
    let rows: Vec<Row> = further()
        .take(SHOWN)
        .map(|parked| Row {
            contract: parked.contract,
            address: seat.to(&format!("/contracts/{}", parked.contract)),
            at: Moment::new(WORDS, now, parked.at),
            attempts: parked.attempts,
            reason: parked.reason.clone(),
            retry_label: (WORDS.parked.retry_one)(parked.contract.get()),
            drop_label: (WORDS.parked.drop_one)(parked.contract.get()),
            to_do: parked.codes.iter().map(|code| Linked::why(code, docs.as_ref())).collect(),
        })
        .collect();
    let reason = visit.query.get("reason");
    let last = rows.last().map(|row| row.contract.to_string()).filter(|_| further().count() > SHOWN);
    html(&ParkedView {
        w: WORDS,
        layout: visit.layout(View::Parked),
        done: done(&visit.query),
        caption: (WORDS.parked.caption)(matching.len()),
        rows,
        codes,
        reason: reason.map(str::to_owned),
        next: last.map(|last| address(&path, &[("reason", reason), ("after", Some(&last))])),
        is_further: after.is_some(),
        path,
    })
}

pub(super) async fn retry(visit: Visit) -> Answer {
    decide(&visit, Decision::Retry).await
}

pub(super) async fn drop(visit: Visit) -> Answer {
    decide(&visit, Decision::Drop).await
}

/// Does it once the person has seen to how many; to one that was named, a replay at once.
async fn decide(visit: &Visit, decision: Decision) -> Answer {
    let (seat, words, form) = (&visit.seat, &WORDS.parked, &visit.form);
    let is_named = form.get("contract").is_some();
    if is_named && form.read::<i64>("contract").is_none() {
        // Taken for no contract, it would mean all of them.
        return Err(PageError::NotFound);
    }
    let parked = seat.journal().parked(&filter(form)).await?;
    let contracts: Vec<ContractId> = parked.iter().map(|parked| parked.contract).collect();
    let count = contracts.len();
    let (name, title, means, button): (_, _, fn(usize) -> String, _) = match decision {
        Decision::Retry => ("retry", words.confirm_retry, words.retry_means, words.retry),
        Decision::Drop => ("drop", words.confirm_drop, words.drop_means, words.drop),
    };
    let is_one_to_retry = matches!(decision, Decision::Retry) && is_named;
    // Meanwhile there may be others: they are counted anew then.
    if !is_one_to_retry && form.read::<usize>("count") != Some(count) {
        let mut fields: Vec<_> = ["contract", "reason"]
            .into_iter()
            .filter_map(|name| Some((name, form.get(name)?.to_owned())))
            .collect();
        fields.push(("count", count.to_string()));
        return html(&ConfirmView {
            w: WORDS,
            layout: visit.layout(View::Parked),
            title,
            means: means(count),
            action: seat.to(&format!("/parked/{name}")),
            button,
            back: seat.to("/parked"),
            fields,
        });
    }
    let done = match decision {
        Decision::Retry => seat.journal().retry_parked(&contracts, seat.now()).await?,
        Decision::Drop => seat.journal().drop_parked(&contracts, seat.now()).await?,
    };
    let done = done.len().to_string();
    Ok(see(&address(&seat.to("/parked"), &[("done", Some(name)), ("count", Some(&done))])))
}

/// Which ones an address or a form means.
fn filter(fields: &Fields) -> ParkedFilter {
    match (fields.read::<i64>("contract"), fields.get("reason")) {
        (Some(contract), _) => ParkedFilter::Contracts(vec![contract.into()]),
        (None, Some(code)) => ParkedFilter::Reason(code.to_owned()),
        (None, None) => ParkedFilter::All,
    }
}

/// What was just done, as the address says.
fn done(query: &Fields) -> Option<String> {
    let count = query.read("count")?;
    match query.get("done")? {
        "retry" => Some((WORDS.parked.retried)(count)),
        "drop" => Some((WORDS.parked.dropped)(count)),
        _ => None,
    }
}
