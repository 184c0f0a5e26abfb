//! What the server counts, for whoever watches it. Every label is one of a few words of this program or of the service's documentation:
//! none is an id, and none can be chosen by whoever sends something.

use std::{sync::Arc, time::Duration};

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use smartsync_core::{Reason, Report};

use crate::{
    engine::{tenant_label::TenantLabel, upstream_requests::UpstreamRequests},
    server::intake_tallies::IntakeTallies,
    store::{Accepted, Ending, Tallied, Trigger},
};

/// What the names of all metrics begin with.
pub(crate) const PREFIX: &str = "smartsync";

/// Bounds of the durations of looks, in seconds.
const LOOK_SECONDS: [f64; 8] = [0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0];

type Labels<const WORDS: usize> = (TenantLabel, [(&'static str, &'static str); WORDS]);

type Counts<const WORDS: usize> = Family<Labels<WORDS>, Counter>;

/// Everything that is counted for a tenant, from the start of the server on.
#[derive(Clone, Debug)]
pub(crate) struct Meters {
    /// Of all tenants.
    registry: Arc<Registry>,
    tenant: TenantLabel,
    notifications: Counts<1>,
    refused: Counts<1>,
    looks: Counts<2>,
    look_seconds: Family<TenantLabel, Histogram, fn() -> Histogram>,
    fields: Counts<2>,
    documents: Counts<2>,
    put_back: Family<TenantLabel, Counter>,
    outages: Family<Labels<1>, Gauge>,
    requests: UpstreamRequests,
    /// For people, beside what is counted for machines.
    tallies: IntakeTallies,
}

/// Why a notification was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Signature,
    NoNotification,
    TooLarge,
    Incomplete,
    TooSlow,
    NotRecorded,
    Copies,
}

impl Refusal {
    const ALL: [Self; 7] = [
        Self::Signature,
        Self::NoNotification,
        Self::TooLarge,
        Self::Incomplete,
        Self::TooSlow,
        Self::NotRecorded,
        Self::Copies,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::NoNotification => "no_notification",
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::TooSlow => "too_slow",
            Self::NotRecorded => "not_recorded",
            Self::Copies => "copies",
        }
    }

    fn tallied(self) -> Tallied {
        match self {
            Self::Signature => Tallied::RefusedSignature,
            Self::NoNotification => Tallied::RefusedNoNotification,
            Self::TooLarge => Tallied::RefusedTooLarge,
            Self::Incomplete => Tallied::RefusedIncomplete,
            Self::TooSlow => Tallied::RefusedTooSlow,
            Self::NotRecorded => Tallied::RefusedNotRecorded,
            Self::Copies => Tallied::RefusedCopies,
        }
    }
}

/// Those of a server with one tenant, which has no name.
impl Default for Meters {
    fn default() -> Self {
        Self::empty().of(TenantLabel::default())
    }
}

impl Meters {
    /// Those of no tenant yet.
    pub(crate) fn empty() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let meters = Self {
            registry: Arc::default(),
            tenant: TenantLabel::default(),
            notifications: Counts::default(),
            refused: Counts::default(),
            looks: Counts::default(),
            look_seconds: Family::new_with_constructor(|| Histogram::new(LOOK_SECONDS)),
            fields: Counts::default(),
            documents: Counts::default(),
            put_back: Family::default(),
            outages: Family::default(),
            requests: UpstreamRequests::default(),
            tallies: IntakeTallies::default(),
        };
        meters.register(&mut registry);
        Self { registry: Arc::new(registry), ..meters }
    }

    /// The same for a tenant.
    pub(crate) fn of(&self, tenant: TenantLabel) -> Self {
        let (requests, tallies) = (self.requests.of(tenant.clone()), IntakeTallies::default());
        let meters = Self { requests, tallies, tenant, ..self.clone() };
        // What has not happened yet is 0: a series that begins with 1 shows no increase.
        for result in ["accepted", "repeated", "same_callback_id"] {
            drop(meters.notifications.get_or_create(&meters.labels([("result", result)])));
        }
        for cause in Refusal::ALL {
            drop(meters.refused.get_or_create(&meters.labels([("cause", cause.as_str())])));
        }
        drop(meters.look_seconds.get_or_create(&meters.tenant));
        drop(meters.put_back.get_or_create(&meters.tenant));
        meters
    }

    fn labels<const WORDS: usize>(&self, words: [(&'static str, &'static str); WORDS]) -> Labels<WORDS> {
        (self.tenant.clone(), words)
    }

    fn register(&self, registry: &mut Registry) {
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version of the program", version);
        registry.register(
            "notifications",
            "Notifications that were answered with 200",
            self.notifications.clone(),
        );
        registry.register(
            "notifications_refused",
            "Notifications that were refused, by cause",
            self.refused.clone(),
        );
        registry.register("looks", "Looks at contracts, by trigger and result", self.looks.clone());
        registry.register_with_unit(
            "look_duration",
            "How long looks took, waits for rate limits included",
            Unit::Seconds,
            self.look_seconds.clone(),
        );
        registry.register(
            "fields",
            "Mapped fields in looks, by outcome and reason code",
            self.fields.clone(),
        );
        registry.register(
            "documents",
            "Signed documents in looks, by outcome and reason code",
            self.documents.clone(),
        );
        registry.register(
            "put_back",
            "Looks that were put back, since notifications had brought enough of them in a minute, at the contract or at unknown ones",
            self.put_back.clone(),
        );
        registry.register(
            "outage",
            "1 while what the errand needs fails for all or many contracts, 0 once that is over",
            self.outages.clone(),
        );
        self.requests.register(registry);
    }

    /// What is counted for all tenants.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where the clients of the server count their requests.
    pub(crate) fn requests(&self) -> &UpstreamRequests {
        &self.requests
    }

    /// What was counted of notifications, to be kept.
    pub(crate) fn tallies(&self) -> IntakeTallies {
        self.tallies.clone()
    }

    /// A notification that was answered with 200.
    pub(crate) fn accepted(&self, accepted: Accepted) {
        let (result, tallied) = match accepted {
            Accepted::New => ("accepted", Tallied::NotificationAccepted),
            Accepted::Duplicate => ("repeated", Tallied::NotificationRepeated),
            Accepted::SameId { .. } => ("same_callback_id", Tallied::NotificationSameId),
        };
        self.tallies.count(tallied);
        self.notifications.get_or_create(&self.labels([("result", result)])).inc();
    }

    pub(crate) fn refused(&self, refusal: Refusal) {
        self.tallies.count(refusal.tallied());
        self.refused.get_or_create(&self.labels([("cause", refusal.as_str())])).inc();
    }

    /// A look that has ended; `report` if it did not fail as a whole.
    pub(crate) fn looked(&self, trigger: Trigger, ending: &Ending, took: Duration, report: Option<&Report>) {
        let result = match ending {
            Ending::Done if report.is_some_and(Report::is_without_candidate) => "without_candidate",
            Ending::Done => "done",
            Ending::Again(_) => "retried",
            Ending::AgainWithAll(_) => "limit_reached",
            Ending::Park { .. } => "parked",
        };
        self.looks.get_or_create(&self.labels([("trigger", trigger.as_str()), ("result", result)])).inc();
        self.look_seconds.get_or_create(&self.tenant).observe(took.as_secs_f64());
        let Some(report) = report else { return };
        for field in &report.outcomes {
            self.fields.get_or_create(&self.labels(words(field.outcome.as_str(), field.reason()))).inc();
        }
        let document = &report.document;
        self.documents.get_or_create(&self.labels(words(document.as_str(), document.reason()))).inc();
    }

    pub(crate) fn put_back(&self) {
        self.put_back.get_or_create(&self.tenant).inc();
    }

    /// An outage begins, or is over.
    pub(crate) fn outage(&self, errand: &'static str, is_out: bool) {
        self.outages.get_or_create(&self.labels([("errand", errand)])).set(is_out.into());
    }
}

fn words(outcome: &'static str, reason: Option<Reason>) -> [(&'static str, &'static str); 2] {
    [("outcome", outcome), ("reason", reason.map_or("", Reason::code))]
}
