//! The view of how the whole stands at this moment.

use askama::Template;
use tokio::time::Instant;

use super::{
    answer::{Answer, html},
    chart::{Chart, Period},
    fields::address,
    layout::{Layout, View},
    moment::Moment,
    visit::Visit,
};
use crate::{
    engine::upstream_requests::{CredentialState, UpstreamRequests},
    store::{Status, Tallied},
    words::{WORDS, Words},
};

/// The services, and what they are called.
const SERVICES: [(&str, &str); 2] = [("oneflow", "Oneflow"), ("teamtailor", "Teamtailor")];

#[derive(Template)]
#[template(path = "page/now.html")]
struct NowView {
    w: &'static Words,
    layout: Layout,
    read_at: Moment,
    status: Status,
    oldest_waiting: Option<(i64, Moment)>,
    oldest_drift: Option<(i64, Moment)>,
    last_notification: Option<Moment>,
    last_look: Option<(i64, Moment, String)>,
    last_sweep: Option<Moment>,
    held: String,
    credentials: Vec<Credential>,
    charts: Vec<Chart>,
    periods: [(&'static str, String, bool); 2],
}

/// What a service has said of a credential.
struct Credential {
    name: String,
    state: &'static str,
    is_refused: bool,
    left: Option<String>,
}

impl Credential {
    fn new((service, name): (&'static str, &str), requests: &UpstreamRequests, is_alone: bool) -> Self {
        let CredentialState { left, is_refused } = requests.state_of(service, Instant::now());
        let words = &WORDS.now;
        Self {
            name: (words.credential)(name),
            state: match is_refused {
                // What another process has used is known to nobody here.
                None if is_alone => words.not_known_here,
                None => words.not_asked,
                Some(false) => words.accepted,
                Some(true) => words.refused,
            },
            is_refused: is_refused == Some(true),
            left: left.map(|(left, limit)| (words.left)(left, limit)),
        }
    }
}

pub(super) async fn view(visit: Visit) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    let period = Period::named(visit.query.get("period"));
    let status = seat.journal().status(now).await?;
    let held = seat.overview().held_count().await?.to_string();
    let (hours, steps) = period.hours_and_steps();
    let tallies = seat.overview().tallies(now, hours, steps).await?;
    let when = |at| Moment::new(WORDS, now, at);
    let chart = |title, series: &[Tallied]| Chart::new(WORDS, title, period, &tallies, series);
    let charts = vec![
        chart(WORDS.chart.looks, &Tallied::LOOKS),
        chart(WORDS.chart.fields, &Tallied::FIELDS),
        chart(WORDS.chart.delays, &Tallied::DELAYS),
    ];
    html(&NowView {
        w: WORDS,
        layout: visit.layout(View::Now),
        read_at: when(now),
        oldest_waiting: status.oldest_waiting.map(|due| (due.contract.get(), when(due.at))),
        oldest_drift: status.drift.oldest.map(|drifting| (drifting.contract.get(), when(drifting.since))),
        last_notification: status.last_notification.map(when),
        last_look: status
            .last_look
            .map(|look| (look.contract.get(), when(look.at), WORDS.because_of_code(look.trigger))),
        last_sweep: status.last_sweep.map(when),
        held,
        credentials: SERVICES
            .map(|service| Credential::new(service, &seat.account().requests, seat.desk.is_alone))
            .into(),
        status,
        charts,
        periods: periods(&seat.to(""), period),
    })
}

/// The periods that can be chosen, with their addresses, and which one it is.
pub(super) fn periods(path: &str, period: Period) -> [(&'static str, String, bool); 2] {
    [(WORDS.chart.day, Period::Day), (WORDS.chart.month, Period::Month)]
        .map(|(name, other)| (name, address(path, &[("period", Some(other.name()))]), other == period))
}
