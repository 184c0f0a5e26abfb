//! For which two accounts a tenant of a database is: pinned at first use, and changed by `adopt` alone.

use rusqlite::{Connection, params};
use serde::Serialize;
use smartsync_core::Accounts;

use super::self_description::{self, ONEFLOW, TEAMTAILOR};
use crate::store::{database::Store, store_error::StoreError, tenant::Tenant};

/// What to do about credentials of another account.
pub const OTHER_ACCOUNT: &str = "use the credentials of the accounts that this database belongs to, or set another database \
    in `[store] url`; only to move this database to the new accounts, stop the server and run `smartsync adopt`";

/// What was erased when a database went over to other accounts: numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Dropped {
    /// Contracts of which it was known whose they are.
    pub contracts: usize,
    /// Candidates of whose cards something was known.
    pub cards: usize,
    /// Creations of contracts.
    pub creations: usize,
    /// Notifications that had come.
    pub notifications: usize,
    /// Contracts that waited to be looked at.
    pub waiting: usize,
    /// Contracts that had been given up.
    pub parked: usize,
    /// Looks at contracts.
    pub looks: usize,
}

/// The accounts that the tenant is for; `None` before its first use.
pub(crate) async fn pinned(store: &Store, tenant: &Tenant) -> Result<Option<Accounts>, StoreError> {
    let tenant = tenant.clone();
    store.transaction(move |tx| self_description::accounts(tx, &tenant)).await
}

/// Notes the accounts of a tenant, unless there are some. Returns those that are noted.
pub(crate) async fn pin(store: &Store, tenant: &Tenant, accounts: Accounts) -> Result<Accounts, StoreError> {
    let tenant = tenant.clone();
    store
        .transaction(move |tx| match self_description::accounts(tx, &tenant)? {
            Some(known) => Ok(known),
            None => note(tx, &tenant, &accounts).map(|()| accounts),
        })
        .await
}

/// Has the tenant be for these accounts from now on. What is remembered of contracts, cards and creations is of others, whose
/// candidates may have the same ids: it goes, and so does what came in or waits, of which nobody can tell whose it is. Who was forgotten stays
/// forgotten, and what is of other tenants stays as it is.
pub(crate) async fn adopt(store: &Store, tenant: &Tenant, accounts: Accounts) -> Result<Dropped, StoreError> {
    let tenant = tenant.clone();
    store
        .transaction(move |tx| {
            note(tx, &tenant, &accounts)?;
            let drop = |table: &str| tx.execute(&format!("DELETE FROM {table} WHERE tenant = ?1"), [&tenant]);
            // What was overwritten there takes no room here.
            drop("overwrites")?;
            drop("standing")?;
            drop("standing_reasons")?;
            drop("held")?;
            drop("tallies")?;
            drop("watermarks")?;
            Ok(Dropped {
                contracts: drop("ledger")?,
                cards: drop("cards")?,
                creations: drop("creations")?,
                notifications: drop("inbox")?,
                waiting: drop("waiting")?,
                parked: drop("parked")?,
                looks: drop("looks")?,
            })
        })
        .await
}

fn note(tx: &Connection, tenant: &Tenant, accounts: &Accounts) -> rusqlite::Result<()> {
    let mut insert =
        tx.prepare("INSERT OR REPLACE INTO accounts (tenant, service, account) VALUES (?1, ?2, ?3)")?;
    insert.execute(params![tenant, ONEFLOW, accounts.oneflow.to_string()])?;
    insert.execute(params![tenant, TEAMTAILOR, accounts.teamtailor.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use smartsync_core::{Ledger as _, LedgerEntry, ledger::CardEntry, ledger::LedgerChange};

    use super::*;
    use crate::store::SqliteLedger;

    #[tokio::test]
    async fn each_tenant_is_for_accounts_of_its_own_and_one_that_goes_over_to_others_takes_nothing_from_another()
     {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db")).unwrap();
        let of = |oneflow: i64| Accounts::new(oneflow.into(), "AcmeA1".into());
        let tenants = [Tenant::default(), "north".parse().unwrap(), "south".parse().unwrap()];
        for (number, tenant) in (1..).zip(&tenants) {
            assert_eq!(pinned(&store, tenant).await.unwrap(), None);
            assert_eq!(pin(&store, tenant, of(number)).await.unwrap(), of(number));
            assert_eq!(pin(&store, tenant, of(9)).await.unwrap(), of(number), "it is pinned already");
            let mut entry = LedgerEntry::default();
            entry.candidate = Some("4711".into());
            let change = LedgerChange::set(9001.into(), "4711".into(), entry, CardEntry::default());
            SqliteLedger::new(store.clone()).for_tenant(tenant).update(&change).await.unwrap();
        }
        let dropped = adopt(&store, &tenants[1], of(9)).await.unwrap();
        assert_eq!((dropped.contracts, dropped.cards), (1, 1));
        for (tenant, expected, contracts) in [(0, 1, 1), (1, 9, 0), (2, 3, 1)] {
            let tenant = &tenants[tenant];
            assert_eq!(pinned(&store, tenant).await.unwrap(), Some(of(expected)), "{tenant:?}");
            let ledger = SqliteLedger::new(store.clone()).for_tenant(tenant);
            assert_eq!(ledger.contracts_of(&"4711".into()).await.unwrap().len(), contracts, "{tenant:?}");
        }
    }
}
