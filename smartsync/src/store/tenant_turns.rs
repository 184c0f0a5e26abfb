//! Whose turn it is, where several tenants have something to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::tenant::Tenant;

/// Serves tenants in turn: first the one that was served least recently.
#[derive(Clone, Debug, Default)]
pub(crate) struct TenantTurns {
    /// As which of all turns each was served last.
    served: BTreeMap<Tenant, u64>,
    turns: u64,
    left_out: BTreeSet<Tenant>,
}

impl TenantTurns {
    /// Those of these whose turn it may be, in its order.
    pub(crate) fn in_turn(&self, tenants: impl IntoIterator<Item = Tenant>) -> Vec<Tenant> {
        let mut tenants: Vec<Tenant> =
            tenants.into_iter().filter(|tenant| !self.left_out.contains(tenant)).collect();
        // Who was never served comes first.
        tenants.sort_by(|one, other| (self.served.get(one), one).cmp(&(self.served.get(other), other)));
        tenants
    }

    /// Those that were served, the least recent first. Who is not among them comes before, by name; [`left_out`](Self::left_out) have no turn.
    #[cfg(feature = "postgres")]
    pub(super) fn served(&self) -> Vec<&Tenant> {
        let mut served: Vec<&Tenant> = self.served.keys().collect();
        served.sort_by_key(|tenant| self.served.get(*tenant));
        served
    }

    /// Those that have no turn.
    #[cfg(feature = "postgres")]
    pub(super) fn left_out(&self) -> Vec<&Tenant> {
        self.left_out.iter().collect()
    }

    /// As if none had ever been served, for a store that has a fault.
    #[cfg(test)]
    pub(super) fn by_name(&self) -> Self {
        Self { served: BTreeMap::new(), ..self.clone() }
    }

    /// This one was served.
    pub(super) fn serve(&mut self, tenant: &Tenant) {
        self.turns += 1;
        self.served.insert(tenant.clone(), self.turns);
    }

    /// The same turns without these.
    pub(super) fn without<'a>(&self, tenants: impl IntoIterator<Item = &'a Tenant>) -> Self {
        let mut without = self.clone();
        without.left_out.extend(tenants.into_iter().cloned());
        without
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_served_least_recently_is_next_and_who_is_left_out_is_not() {
        let [east, north, south] = ["east", "north", "south"].map(|name| name.parse::<Tenant>().unwrap());
        let all = || [south.clone(), north.clone(), east.clone()];
        let mut turns = TenantTurns::default();
        assert_eq!(turns.in_turn(all()), [east.clone(), north.clone(), south.clone()]);
        for tenant in [&north, &east, &north] {
            turns.serve(tenant);
        }
        assert_eq!(turns.in_turn(all()), [south.clone(), east.clone(), north.clone()]);
        #[cfg(feature = "postgres")]
        assert_eq!(turns.served(), [&east, &north]);
        assert_eq!(turns.without([&south, &north]).in_turn(all()), std::slice::from_ref(&east));
        assert_eq!(turns.in_turn(all()).len(), 3, "left out once, not for good");
    }
}
