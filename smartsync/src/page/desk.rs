//! What the views are made from.

use std::{borrow::Cow, fmt, sync::Arc};

use axum::extract::FromRef;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Clock;

use super::{access::Access, live::Live, look_again::Jobs};
use crate::config::DocsSection;
use crate::engine::upstream_requests::UpstreamRequests;
use crate::store::{Item, Journal, Look, LookAgain, Overview, State, StoreError, Subject, Tenant, Work};

/// So many rows of a contract are shown, and searched at first.
pub(super) const LOOKS: u32 = 20;

/// What a tenant's views are made from.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Its name for people; `None` of the only one, which has none.
    pub(crate) name: Option<Tenant>,
    /// Whose the rows are.
    pub(crate) tenant: Tenant,
    pub(crate) live: Arc<dyn Live>,
    /// What both services have said of its credentials.
    pub(crate) requests: UpstreamRequests,
}

/// A tenant, and what is kept of it.
pub(super) struct Looked {
    pub(super) account: Account,
    journal: Arc<dyn Journal>,
    overview: Arc<dyn Overview>,
}

/// What the views of all tenants are made from.
pub(crate) struct Desk {
    pub(super) accounts: Vec<Looked>,
    pub(super) work: Arc<dyn Work>,
    pub(super) state: Arc<dyn State>,
    pub(super) access: Arc<Access>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) jobs: Jobs,
    /// Whether it is shown by a process that receives and looks at nothing.
    pub(super) is_alone: bool,
}

impl Desk {
    pub(crate) fn new(
        state: &Arc<dyn State>,
        accounts: impl IntoIterator<Item = Account>,
        access: Arc<Access>,
        clock: Arc<dyn Clock>,
        is_alone: bool,
    ) -> Self {
        let accounts = accounts.into_iter().map(|account| {
            let (journal, overview) = (state.journal(&account.tenant), state.overview(&account.tenant));
            Looked { account, journal, overview }
        });
        Self {
            accounts: accounts.collect(),
            work: state.work(),
            state: Arc::clone(state),
            access,
            clock,
            jobs: Jobs::default(),
            is_alone,
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("access", &self.access).finish_non_exhaustive()
    }
}

/// The desk, seen by one tenant.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    pub(super) desk: Arc<Desk>,
    /// Which of the accounts.
    pub(super) position: usize,
}

impl FromRef<Seat> for Arc<Desk> {
    fn from_ref(seat: &Seat) -> Self {
        Self::clone(&seat.desk)
    }
}

impl Seat {
    /// The desk, seen by the tenant of this name.
    pub(super) fn of_tenant(&self, name: &str) -> Option<Self> {
        let is_it = |looked: &Looked| looked.account.name.as_ref().is_some_and(|own| own.as_str() == name);
        let position = self.desk.accounts.iter().position(is_it)?;
        Some(Self { position, ..self.clone() })
    }

    pub(super) fn account(&self) -> &Account {
        &self.desk.accounts[self.position].account
    }

    pub(super) fn journal(&self) -> &Arc<dyn Journal> {
        &self.desk.accounts[self.position].journal
    }

    /// The last of the contract's rows of which this is true, however many others have come since: each decision on a field is a row, too. `looks`: the
    /// last [`LOOKS`] of them.
    pub(super) async fn last_look(
        &self,
        contract: ContractId,
        looks: &[Look],
        is_wanted: impl Fn(&Look) -> bool,
    ) -> Result<Option<Look>, StoreError> {
        let (mut looks, mut limit) = (Cow::Borrowed(looks), LOOKS);
        loop {
            let is_all = u32::try_from(looks.len()).is_ok_and(|found| found < limit);
            let found = looks.iter().find(|look| is_wanted(look));
            if found.is_some() || is_all {
                return Ok(found.cloned());
            }
            limit = limit.saturating_mul(10);
            looks = Cow::Owned(self.journal().looks(contract, limit).await?);
        }
    }

    pub(super) fn overview(&self) -> &Arc<dyn Overview> {
        &self.desk.accounts[self.position].overview
    }

    pub(super) fn look_again(&self) -> LookAgain {
        LookAgain::new(&*self.desk.state, &self.account().tenant)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    pub(super) fn item(&self, contract: ContractId) -> Item {
        Item::of(self.account().tenant.clone(), Subject::Contract(contract))
    }

    /// Where a code is explained, as the configuration has it that counts now.
    pub(super) fn docs(&self) -> Option<DocsSection> {
        self.account().live.config().docs.clone()
    }

    /// The address of a view: `/t/acme-se/parked`, or `/parked` where there is one tenant without a name.
    pub(super) fn to(&self, path: &str) -> String {
        match (&self.account().name, path) {
            (Some(name), path) => format!("{}{path}", base_of(name)),
            (None, "") => "/".to_owned(),
            (None, path) => path.to_owned(),
        }
    }
}

/// Where the views of a tenant begin.
pub(super) fn base_of(name: &Tenant) -> String {
    format!("/t/{name}")
}
