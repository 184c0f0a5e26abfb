//! Each tenant has a pace of its own: what is asked for too often in one delays nothing in another.

use std::{collections::BTreeMap, time::Duration};

use super::{pace::Pace, tenant::Tenant, work::WorkLimits};

/// The paces of the tenants.
#[derive(Debug)]
pub(super) struct Paces {
    limits: WorkLimits,
    of: BTreeMap<Tenant, Pace>,
}

impl Paces {
    pub(super) fn new(limits: WorkLimits) -> Self {
        Self { limits, of: BTreeMap::new() }
    }

    /// That of a tenant.
    pub(super) fn of(&mut self, tenant: &Tenant) -> &mut Pace {
        self.of.entry(tenant.clone()).or_insert_with(|| Pace::new(self.limits))
    }

    /// The tenants of which nothing that is looked at last is looked at yet, and for how long.
    pub(super) fn resting(&self, now: Duration) -> BTreeMap<Tenant, Duration> {
        let pauses = self.of.iter().map(|(tenant, pace)| (tenant.clone(), pace.pause_of_last(now)));
        pauses.filter(|(_, pause)| !pause.is_zero()).collect()
    }
}
