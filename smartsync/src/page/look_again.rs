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
use jiff::Timestamp;
use tokio::sync::watch;

use super::{
    answer::{Answer, html, see},
    contract::contract_of,
    desk::Seat,
    fields::Fields,
    filter::FilterFields,
    layout::{Layout, View},
    page_error::PageError,
    parked::ConfirmView,
    visit::Visit,
};
use crate::{
    store::{ContractFilter, Counted, LookAgain, StoreError, Trigger},
    words::{WORDS, Words},
};

/// So many are remembered; one that has ended makes room for another.
const MOST_JOBS: usize = 20;

/// What goes on, of all tenants, by number.
#[derive(Debug, Default)]
pub(super) struct Jobs(Mutex<BTreeMap<u64, Arc<Job>>>);

#[derive(Debug)]
struct Job {
    /// Of which account.
    position: usize,
    all: Counted,
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
    /// How many there are; `None` where they were not counted to their end.
    all: Option<u32>,
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

/// Up to which moments a filter was asked: what matches later was not counted.
#[derive(Clone, Copy)]
struct Asked {
    /// By which ages are told.
    at: Timestamp,
    /// When the last look began that was there, by the journal: no other clock is compared with it.
    last_look: Timestamp,
}

impl Asked {
    async fn now(seat: &Seat, fields: &FilterFields) -> Result<Self, StoreError> {
        let at = seat.now();
        Ok(Self { at, last_look: seat.look_again().last_look(&fields.filter(at), at).await? })
    }

    /// As a form says it.
    fn of(form: &Fields) -> Option<Self> {
        let moment = |name| Timestamp::from_millisecond(form.read(name)?).ok();
        Some(Self { at: moment("asked_at")?, last_look: moment("last_look")? })
    }

    fn pairs(self) -> [(&'static str, String); 2] {
        [("asked_at", self.at), ("last_look", self.last_look)]
            .map(|(name, at)| (name, at.as_millisecond().to_string()))
    }

    /// Lets through what matched then and was not looked at since: a look can only take from these, and adds none.
    fn filter(self, fields: &FilterFields) -> ContractFilter {
        LookAgain::up_to(fields.filter(self.at), self.last_look)
    }
}

/// Asks for a look at all that match, once the person has seen how many these are. Those that have come to match since are not among them.
pub(super) async fn all(visit: Visit) -> Answer {
    let (seat, form) = (&visit.seat, &visit.form);
    let fields = FilterFields::of(form);
    let confirmed = Asked::of(form);
    let asked = match confirmed {
        Some(asked) => asked,
        None => Asked::now(seat, &fields).await?,
    };
    let filter = asked.filter(&fields);
    let count = seat.overview().count(&filter).await?;
    if confirmed.is_none() {
        let mut repeated = fields.pairs();
        repeated.extend(asked.pairs());
        return html(&ConfirmView {
            w: WORDS,
            layout: visit.layout(View::Contracts),
            title: WORDS.contracts.again_all,
            means: (WORDS.contracts.again_means)(count),
            action: seat.to("/contracts/again"),
            button: WORDS.contracts.again_confirm,
            back: fields.address(&seat.to("/contracts"), None),
            fields: repeated,
        });
    }
    let begun = seat.desk.jobs.begin(seat.position, count);
    let (number, job) = begun.ok_or(PageError::TooManyJobs)?;
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
        all: job.total(),
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
    /// `None`: as many as are remembered go on.
    fn begin(&self, position: usize, all: Counted) -> Option<(u64, Arc<Job>)> {
        let job = Arc::new(Job {
            position,
            all,
            done: AtomicUsize::new(0),
            end: Mutex::default(),
            stop: watch::Sender::new(false),
        });
        let mut jobs = self.lock();
        let number = jobs.last_key_value().map_or(1, |(number, _)| number + 1);
        if jobs.len() >= MOST_JOBS {
            let ended = jobs.iter().find(|(_, job)| job.end().is_some()).map(|(number, _)| *number)?;
            jobs.remove(&ended);
        }
        jobs.insert(number, Arc::clone(&job));
        Some((number, job))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn end(&self) -> MutexGuard<'_, Option<End>> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are, if they were counted to their end.
    fn total(&self) -> Option<u32> {
        (!self.all.is_more).then_some(self.all.number)
    }

    /// What it ended with first counts.
    fn ended(&self, end: End) {
        self.end().get_or_insert(end);
    }
}

async fn run(seat: Seat, job: Arc<Job>, filter: ContractFilter) {
    let mut stop = job.stop.subscribe();
    let again = seat.look_again();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_goes_on_makes_room_for_none_and_one_that_has_ended_does() {
        let jobs = Jobs::default();
        let begun: Vec<_> = (0..MOST_JOBS).map(|_| jobs.begin(0, Counted::new(1, false)).unwrap()).collect();
        assert!(jobs.begin(0, Counted::new(1, false)).is_none());
        assert!(begun.iter().all(|(_, job)| !*job.stop.borrow()), "nobody has stopped one");
        let (number, ended) = &begun[3];
        ended.ended(End::Done);
        let (further, _) = jobs.begin(0, Counted::new(1, false)).unwrap();
        assert_eq!(further, 21);
        assert!(!jobs.lock().contains_key(number) && jobs.lock().contains_key(&1));
    }

    #[test]
    fn what_was_not_counted_to_its_end_is_no_total() {
        let layout = || Layout {
            here: View::Contracts,
            base: String::new(),
            views: Vec::new(),
            accounts: Vec::new(),
            form_token: String::new(),
            can_log_out: false,
            contracts: String::new(),
        };
        let progress = |is_more, is_running| {
            let (_, job) = Jobs::default().begin(0, Counted::new(10_000, is_more)).unwrap();
            let view = ProgressView {
                w: WORDS,
                layout: layout(),
                path: String::new(),
                back: String::new(),
                done: 25,
                all: job.total(),
                looked_at: String::new(),
                state: "",
                is_running,
                is_served: true,
            };
            let text = view.render().unwrap();
            text.split_once("<progress").map(|(_, behind)| behind.split('>').next().unwrap().to_owned())
        };
        let label = "aria-label=\"Looking again\"";
        for is_running in [true, false] {
            let counted = format!(" max=\"10000\" value=\"25\" {label}");
            assert_eq!(progress(false, is_running), Some(counted));
        }
        // It moves as long as something does.
        assert_eq!(progress(true, true), Some(format!(" {label}")));
        assert_eq!(progress(true, false), None);
    }

    #[test]
    fn what_a_form_says_of_the_moment_lets_nothing_later_through() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let asked = Asked { at: at("2031-03-08T09:00:00Z"), last_look: at("2031-03-08T08:00:00.007Z") };
        let text: Vec<String> = asked.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let read = Asked::of(&Fields::parse(text.join("&").as_bytes())).unwrap();
        let filter = |fields: &[u8]| read.filter(&FilterFields::of(&Fields::parse(fields)));
        assert_eq!(filter(b"state=signed").looked_before, Some(at("2031-03-08T08:00:00.008Z")));
        assert_eq!(filter(b"age=before-7d").looked_before, Some(at("2031-03-01T09:00:00Z")));
        assert_eq!(filter(b"age=within-24h").looked_from, Some(at("2031-03-07T09:00:00Z")));
        for missing in ["", "confirmed=yes", "asked_at=1", "asked_at=1&last_look=x"] {
            assert!(Asked::of(&Fields::parse(missing.as_bytes())).is_none(), "{missing}");
        }
    }
}
