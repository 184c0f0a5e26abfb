//! Looking again at one contract, or at all that match: some at a time, with a progress that can be stopped.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use askama::Template;
use axum::extract::Path;
use tokio::sync::watch;

use super::{
    answer::{Answer, html, see},
    contract::contract_of,
    desk::Seat,
    filter::FilterFields,
    layout::{Layout, View},
    page_error::PageError,
    parked::ConfirmView,
    visit::Visit,
};
use crate::{
    store::{ContractFilter, LookAgain, Trigger},
    words::{WORDS, Words},
};

/// So many are remembered; the oldest is stopped for another.
const MOST_JOBS: usize = 20;

/// What goes on, of all tenants, by number.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<BTreeMap<u64, Arc<Job>>>);

#[derive(Debug)]
struct Job {
    /// Of which account.
    position: usize,
    all: usize,
    done: AtomicUsize,
    end: Mutex<Option<End>>,
    stop: watch::Sender<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Done,
    Stopped,
    Failed,
}

#[derive(Template)]
#[template(path = "page/progress.html")]
struct ProgressView {
    w: &'static Words,
    layout: Layout,
    path: String,
    back: String,
    done: usize,
    all: usize,
    looked_at: String,
    state: &'static str,
    is_running: bool,
    is_served: bool,
}

/// Asks for a look at one contract.
pub(super) async fn one(Path(id): Path<String>, visit: Visit) -> Answer {
    let (seat, contract) = (&visit.seat, contract_of(&id)?);
    seat.desk.work.enqueue(vec![seat.item(contract)], Trigger::ByHand).await?;
    Ok(see(&seat.to(&format!("/contracts/{contract}?asked=yes"))))
}

/// Asks for a look at all that match, once the person has seen how many these are.
pub(super) async fn all(visit: Visit) -> Answer {
    let (seat, form) = (&visit.seat, &visit.form);
    let fields = FilterFields::of(form);
    let now = seat.now();
    let again = LookAgain::new(&*seat.desk.state, &seat.account().tenant);
    let filter = again.up_to_now(fields.filter(now), now).await?;
    let count = seat.overview().count(&filter).await?;
    if form.get("confirmed").is_none() {
        let mut repeated = fields.pairs();
        repeated.push(("confirmed", "yes".to_owned()));
        return html(&ConfirmView {
            w: WORDS,
            layout: visit.layout(View::Contracts),
            title: WORDS.contracts.again_all,
            means: (WORDS.contracts.again_means)(&count.to_string()),
            action: seat.to("/contracts/again"),
            button: WORDS.contracts.again_confirm,
            back: fields.address(&seat.to("/contracts"), None),
            fields: repeated,
        });
    }
    let (number, job) = seat.desk.jobs.begin(seat.position, count.number as usize);
    tokio::spawn(run(seat.clone(), job, filter));
    Ok(see(&seat.to(&format!("/again/{number}"))))
}

pub(super) async fn progress(Path(number): Path<String>, visit: Visit) -> Answer {
    let seat = &visit.seat;
    let (number, job) = job(seat, &number)?;
    let end = *job.end();
    let words = &WORDS.again;
    let done = job.done.load(Relaxed);
    html(&ProgressView {
        w: WORDS,
        layout: visit.layout(View::Contracts),
        path: seat.to(&format!("/again/{number}")),
        back: seat.to("/contracts"),
        looked_at: (words.looked_at)(done, job.all),
        done,
        all: job.all,
        state: match end {
            None => words.is_running,
            Some(End::Done) => words.is_done,
            Some(End::Stopped) => words.is_stopped,
            Some(End::Failed) => words.has_failed,
        },
        is_running: end.is_none(),
        is_served: seat.journal().status(seat.now()).await?.is_served,
    })
}

pub(super) async fn stop(Path(number): Path<String>, visit: Visit) -> Answer {
    let seat = &visit.seat;
    let (number, job) = job(seat, &number)?;
    job.stop.send_replace(true);
    job.ended(End::Stopped);
    Ok(see(&seat.to(&format!("/again/{number}"))))
}

fn job(seat: &Seat, number: &str) -> Result<(u64, Arc<Job>), PageError> {
    let number = number.parse().map_err(|_| PageError::NotFound)?;
    let job = seat.desk.jobs.lock().get(&number).cloned();
    let job = job.filter(|job| job.position == seat.position).ok_or(PageError::NotFound)?;
    Ok((number, job))
}

impl Jobs {
    fn begin(&self, position: usize, all: usize) -> (u64, Arc<Job>) {
        let job = Arc::new(Job {
            position,
            all,
            done: AtomicUsize::new(0),
            end: Mutex::default(),
            stop: watch::Sender::new(false),
        });
        let mut jobs = self.lock();
        if jobs.len() >= MOST_JOBS
            && let Some((_, oldest)) = jobs.pop_first()
        {
            oldest.stop.send_replace(true);
        }
        let number = jobs.last_key_value().map_or(1, |(number, _)| number + 1);
        jobs.insert(number, Arc::clone(&job));
        (number, job)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn end(&self) -> MutexGuard<'_, Option<End>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it ended with first counts.
    fn ended(&self, end: End) {
        self.end().get_or_insert(end);
    }
}

async fn run(seat: Seat, job: Arc<Job>, filter: ContractFilter) {
    let mut stop = job.stop.subscribe();
    let again = LookAgain::new(&*seat.desk.state, &seat.account().tenant);
    let looked_at = |more| {
        job.done.fetch_add(more, Relaxed);
    };
    let end = tokio::select! {
        biased;
        // An error means that nobody can stop it any more.
        _ = stop.wait_for(|stop| *stop) => End::Stopped,
        asked = again.at_all(filter, looked_at) => if asked.is_ok() { End::Done } else { End::Failed },
    };
    job.ended(end);
}
