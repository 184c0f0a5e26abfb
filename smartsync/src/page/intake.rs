//! The view of what came in: which notifications, how soon their contracts were looked at, and what none told of.

use askama::Template;

use super::{
    answer::{Answer, html},
    chart::{Chart, Period},
    layout::{Layout, View},
    moment::Moment,
    now::periods,
    visit::Visit,
};
use crate::{
    store::{Tallied, Tallies},
    words::{WORDS, Words},
};

#[derive(Template)]
#[template(path = "page/intake.html")]
struct IntakeView {
    w: &'static Words,
    layout: Layout,
    last_notification: Option<Moment>,
    last_sweep: Option<Moment>,
    /// Of each its name, and its number in a day and in a month.
    notifications: Vec<(&'static str, u64, u64)>,
    delays: Vec<(&'static str, u64, u64)>,
    charts: Vec<Chart>,
    periods: [(&'static str, String, bool); 2],
}

pub(super) async fn view(visit: Visit) -> Answer {
    let (seat, now) = (&visit.seat, visit.seat.now());
    let period = Period::named(visit.query.get("period"));
    let status = seat.journal().status(now).await?;
    let tallies = async |period: Period| {
        let (hours, steps) = period.hours_and_steps();
        seat.overview().tallies(now, hours, steps).await
    };
    let (day, month) = (tallies(Period::Day).await?, tallies(Period::Month).await?);
    let steps = match period {
        Period::Day => &day,
        Period::Month => &month,
    };
    let came_in: Vec<Tallied> =
        [&Tallied::NOTIFICATIONS[..], &Tallied::REFUSED, &[Tallied::SweepFound]].concat();
    let shown = [&Tallied::NOTIFICATIONS[..], &[Tallied::RefusedSignature, Tallied::SweepFound]].concat();
    let rows = |whats: &[Tallied]| {
        let all =
            |steps: &[Tallies], what| steps.iter().fold(0_u64, |all, step| all.saturating_add(step.of(what)));
        whats
            .iter()
            .map(|what| ((WORDS.chart.counted)(*what), all(&day, *what), all(&month, *what)))
            .collect()
    };
    let charts = vec![
        Chart::new(WORDS, WORDS.chart.notifications, period, steps, &shown),
        Chart::new(WORDS, WORDS.chart.delays, period, steps, &Tallied::DELAYS),
    ];
    html(&IntakeView {
        w: WORDS,
        layout: visit.layout(View::Intake),
        last_notification: status.last_notification.map(|at| Moment::new(WORDS, now, at)),
        last_sweep: status.last_sweep.map(|at| Moment::new(WORDS, now, at)),
        notifications: rows(&came_in),
        delays: rows(&Tallied::DELAYS),
        charts,
        periods: periods(&seat.to("/intake"), period),
    })
}
