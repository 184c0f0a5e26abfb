//! The state of everything.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    action_error::ActionError,
    counters::Counters,
    faults::Faults,
    origins::Origins,
    rate_limit::RateLimit,
    request_log::RequestLog,
    seed::SeededIds,
    settings::SandboxSettings,
    state::{oneflow::Oneflow, outbox::Outbox, storage::Storage, teamtailor::Teamtailor},
    unknowns::{OneflowUnknowns, TeamtailorUnknowns, TimesForm},
    written_time,
};

/// The state of everything. No clock and no randomness: time moves by [`World::advance`], ids come from counters.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) settings: SandboxSettings,
    pub(crate) origins: Origins,
    pub(crate) now: Timestamp,
    pub(crate) counters: Counters,
    pub(crate) oneflow: Oneflow,
    pub(crate) oneflow_limit: RateLimit,
    pub(crate) teamtailor: Teamtailor,
    pub(crate) teamtailor_limit: RateLimit,
    pub(crate) storage: Storage,
    pub(crate) outbox: Outbox,
    pub(crate) faults: Faults,
    pub(crate) log: RequestLog,
    pub(crate) seeded: SeededIds,
}

impl World {
    pub(crate) fn new(settings: SandboxSettings, origins: Origins) -> Self {
        let mut world = Self {
            origins,
            now: settings.start,
            counters: Counters::default(),
            oneflow: Oneflow::default(),
            oneflow_limit: RateLimit::new(settings.oneflow_limit, SignedDuration::from_mins(5)),
            teamtailor: Teamtailor::default(),
            teamtailor_limit: RateLimit::new(settings.teamtailor_limit, SignedDuration::from_secs(10)),
            storage: Storage::default(),
            outbox: Outbox::default(),
            faults: Faults::default(),
            log: RequestLog::new(settings.logged_requests),
            seeded: SeededIds::default(),
            settings,
        };
        world.seed();
        world
    }

    /// How Oneflow is where no page says so.
    pub(crate) fn oneflow_unknowns(&self) -> &OneflowUnknowns {
        &self.settings.unknowns.oneflow
    }

    /// How Teamtailor is where no page says so.
    pub(crate) fn teamtailor_unknowns(&self) -> &TeamtailorUnknowns {
        &self.settings.unknowns.teamtailor
    }

    /// A time as Oneflow writes it.
    pub(crate) fn written(&self, time: Timestamp) -> String {
        let documented = written_time::oneflow(time);
        match self.oneflow_unknowns().times_form {
            TimesForm::WithoutColon => documented,
            TimesForm::WithColon => documented.replace("+0000", "+00:00"),
            TimesForm::Else => documented[..19].replace('T', " "),
        }
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.now = self.now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Does what a person does, a moment later than all before. What is refused takes no time.
    pub(crate) fn act<T>(
        &mut self,
        action: impl FnOnce(&mut Self) -> Result<T, ActionError>,
    ) -> Result<T, ActionError> {
        let before = self.now;
        self.advance(self.settings.action_time);
        let done = action(self);
        if done.is_err() {
            self.now = before;
        }
        done
    }
}
