//! The view of contracts that were given up, and what a person decides about them.

use askama::Template;
use oneflow_client::ContractId;
use sha2::{Digest as _, Sha256};
use smartsync_core::Reason;

use super::{
    answer::{Answer, html, see},
    desk::Seat,
    fields::{Fields, address},
    layout::{Layout, View},
    linked::Linked,
    moment::Moment,
    page_error::PageError,
    visit::Visit,
};
use crate::{
    store::{ParkedFilter, ParkedRow},
    words::{WORDS, Words},
};

/// So many are shown at once.
const SHOWN: u32 = 25;

/// So many are read at once where all of them are meant, and so many are done something to.
const READ_AT_ONCE: u32 = 1_000;
const AT_ONCE: usize = 500;

#[derive(Template)]
#[template(path = "page/parked.html")]
struct ParkedView {
    w: &'static Words,
    layout: Layout,
    path: String,
    done: Option<String>,
    caption: String,
    rows: Vec<Row>,
    /// The codes by which they can be told apart.
    codes: Vec<String>,
    reason: Option<String>,
    next: Option<String>,
    is_further: bool,
}

struct Row {
    contract: ContractId,
    address: String,
    first: Option<Moment>,
    last: Moment,
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
    let (overview, reason) = (seat.overview(), visit.query.get("reason"));
    let after: Option<i64> = visit.query.read("after");
    let page = overview.parked(reason, after.map(ContractId::from), SHOWN).await?;
    let count = overview.parked_count(reason).await?;
    let codes = overview.parked_codes().await?;
    let (path, docs) = (seat.to("/parked"), seat.docs());
    let row = |ParkedRow { parked, first_attempt, .. }| Row {
        contract: parked.contract,
        address: seat.to(&format!("/contracts/{}", parked.contract)),
        first: first_attempt.map(|at| Moment::new(WORDS, now, at)),
        last: Moment::new(WORDS, now, parked.at),
        attempts: parked.attempts,
        reason: parked.reason,
        retry_label: (WORDS.parked.retry_one)(parked.contract.get()),
        drop_label: (WORDS.parked.drop_one)(parked.contract.get()),
        to_do: parked.codes.iter().map(|code| Linked::why(code, docs.as_ref())).collect(),
    };
    let next = page.next.map(|last| last.to_string());
    html(&ParkedView {
        w: WORDS,
        layout: visit.layout(View::Parked),
        done: done(&visit.query),
        caption: (WORDS.parked.caption)(&count.to_string(), count.number == 1),
        rows: page.rows.into_iter().map(row).collect(),
        codes,
        reason: reason.map(str::to_owned),
        next: next.map(|last| address(&path, &[("reason", reason), ("after", Some(&last))])),
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
    let named = form.read::<i64>("contract").map(ContractId::from);
    if form.get("contract").is_some() && named.is_none() {
        // Taken for no contract, it would mean all of them.
        return Err(PageError::NotFound);
    }
    if let Some(code) = form.get("reason") {
        is_known(seat, code).await?;
    }
    let until = form.read("until");
    let meant = Meant::read(seat, named, form.get("reason"), until).await?;
    let (name, title, means, button): (_, _, fn(usize) -> String, _) = match decision {
        Decision::Retry => ("retry", words.confirm_retry, words.retry_means, words.retry),
        Decision::Drop => ("drop", words.confirm_drop, words.drop_means, words.drop),
    };
    let is_one_to_retry = matches!(decision, Decision::Retry) && named.is_some();
    // If one of them is not parked any more, or was parked anew, they are counted anew.
    if !is_one_to_retry && form.get("which") != Some(&meant.fingerprint) {
        // Up to the last of all: what was parked since the first count is shown then.
        let meant = match until {
            Some(_) => Meant::read(seat, named, form.get("reason"), None).await?,
            None => meant,
        };
        let mut fields: Vec<_> = ["contract", "reason"]
            .into_iter()
            .filter_map(|name| Some((name, form.get(name)?.to_owned())))
            .collect();
        fields.push(("which", meant.fingerprint));
        fields.push(("until", meant.until.to_string()));
        return html(&ConfirmView {
            w: WORDS,
            layout: visit.layout(View::Parked),
            title,
            means: means(meant.contracts.len()),
            action: seat.to(&format!("/parked/{name}")),
            button,
            back: seat.to("/parked"),
            fields,
        });
    }
    let mut done = 0;
    for contracts in meant.contracts.chunks(AT_ONCE) {
        let journal = seat.journal();
        done += match decision {
            Decision::Retry => journal.retry_parked(contracts, seat.now()).await?.len(),
            Decision::Drop => journal.drop_parked(contracts, seat.now()).await?.len(),
        };
    }
    let done = done.to_string();
    Ok(see(&address(&seat.to("/parked"), &[("done", Some(name)), ("count", Some(&done))])))
}

/// The answer repeats what the form says, so a reason has to be one: of this version, or of another that has parked with it.
async fn is_known(seat: &Seat, code: &str) -> Result<(), PageError> {
    let is_ours = Reason::from_code(code).is_some() || (WORDS.code.failure)(code).is_some();
    if is_ours || seat.overview().parked_codes().await?.iter().any(|known| known == code) {
        return Ok(());
    }
    Err(PageError::UnknownReason)
}

/// The contracts that a form means.
struct Meant {
    contracts: Vec<ContractId>,
    /// When the last of them was parked, in milliseconds: none that was parked later is among them.
    until: i64,
    /// Which ones these are, and when each of them was parked.
    fingerprint: String,
}

impl Meant {
    /// Some at a time, so that nothing else of the database waits for all of them.
    async fn read(
        seat: &Seat,
        named: Option<ContractId>,
        reason: Option<&str>,
        until: Option<i64>,
    ) -> Result<Self, PageError> {
        let mut all = Vec::new();
        if let Some(contract) = named {
            let parked = seat.journal().parked(&ParkedFilter::Contracts(vec![contract])).await?;
            all.extend(parked.iter().map(|parked| (parked.contract, parked.at.as_millisecond())));
        } else {
            let mut after = None;
            loop {
                let page = seat.overview().parked(reason, after, READ_AT_ONCE).await?;
                let rows = page.rows.iter().map(|row| &row.parked);
                all.extend(rows.map(|parked| (parked.contract, parked.at.as_millisecond())));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        all.retain(|(_, at)| until.is_none_or(|until| *at <= until));
        let mut hash = Sha256::new();
        for (contract, at) in &all {
            hash.update(contract.get().to_be_bytes());
            hash.update(at.to_be_bytes());
        }
        Ok(Self {
            until: all.iter().map(|(_, at)| *at).max().unwrap_or_default(),
            contracts: all.into_iter().map(|(contract, _)| contract).collect(),
            fingerprint: hex::encode(hash.finalize()),
        })
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
