//! For which two accounts a tenant of the database is: pinned at first use, and changed by `adopt` alone.

use deadpool_postgres::Transaction;
use smartsync_core::Accounts;

use super::{postgres_error::PostgresError, postgres_store::PostgresStore, status::alive};
use crate::store::{
    accounts::Dropped,
    self_description::{ONEFLOW, TEAMTAILOR},
    store_error::StoreError,
    tenant::Tenant,
};

impl PostgresStore {
    /// The accounts that the tenant is for; `None` before its first use.
    pub(super) async fn pinned(&self, tenant: &Tenant) -> Result<Option<Accounts>, PostgresError> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        pinned(&transaction, tenant).await
    }

    /// Notes the accounts of a tenant, unless there are some. Returns those that are noted.
    pub(super) async fn pin(&self, tenant: &Tenant, accounts: Accounts) -> Result<Accounts, PostgresError> {
        let mut connection = self.connection().await?;
        let transaction = self.remembering(&mut connection, tenant).await?;
        if let Some(known) = pinned(&transaction, tenant).await? {
            return Ok(known);
        }
        note(&transaction, tenant, &accounts).await?;
        transaction.commit().await?;
        Ok(accounts)
    }

    /// Has the tenant be for these accounts from now on, as [`State::adopt`](crate::store::State::adopt) says. Refused while a server works on the database.
    pub(super) async fn adopt(&self, tenant: &Tenant, accounts: &Accounts) -> Result<Dropped, StoreError> {
        let mut connection = self.connection().await?;
        let transaction = self.remembering(&mut connection, tenant).await?;
        let served = format!("SELECT EXISTS (SELECT FROM {} AS alive WHERE is_server)", alive());
        let served = transaction.query_one(&served, &[]).await.and_then(|row| row.try_get(0));
        if served.map_err(PostgresError::from)? {
            return Err(StoreError::Locked { path: self.place().to_owned() });
        }
        note(&transaction, tenant, accounts).await?;
        let drop = async |table: &str| {
            let delete = format!("DELETE FROM {table} WHERE tenant = $1");
            let count = transaction.execute(&delete, &[tenant]).await.map_err(PostgresError::from)?;
            Ok::<_, PostgresError>(usize::try_from(count).unwrap_or(usize::MAX))
        };
        // What was overwritten there takes no room here.
        drop("overwrites").await?;
        drop("standing").await?;
        drop("standing_reasons").await?;
        drop("held").await?;
        drop("tallies").await?;
        drop("watermarks").await?;
        let dropped = Dropped {
            contracts: drop("ledger").await?,
            cards: drop("cards").await?,
            creations: drop("creations").await?,
            notifications: drop("inbox").await?,
            waiting: drop("waiting").await?,
            parked: drop("parked").await?,
            looks: drop("looks").await?,
        };
        transaction.commit().await.map_err(PostgresError::from)?;
        Ok(dropped)
    }
}

async fn pinned(transaction: &Transaction<'_>, tenant: &Tenant) -> Result<Option<Accounts>, PostgresError> {
    let sql = "SELECT (SELECT account FROM accounts WHERE tenant = $1 AND service = $2),
        (SELECT account FROM accounts WHERE tenant = $1 AND service = $3)";
    let row = transaction.query_one(sql, &[tenant, &ONEFLOW, &TEAMTAILOR]).await?;
    let (oneflow, teamtailor): (Option<String>, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    let oneflow = oneflow.and_then(|account| account.parse().ok());
    Ok(oneflow.zip(teamtailor).map(|(oneflow, teamtailor)| Accounts::new(oneflow, teamtailor.into())))
}

async fn note(
    transaction: &Transaction<'_>,
    tenant: &Tenant,
    accounts: &Accounts,
) -> Result<(), PostgresError> {
    let note = "INSERT INTO accounts (tenant, service, account) VALUES ($1, $2, $3)
        ON CONFLICT (tenant, service) DO UPDATE SET account = excluded.account";
    transaction.execute(note, &[tenant, &ONEFLOW, &accounts.oneflow.to_string()]).await?;
    transaction.execute(note, &[tenant, &TEAMTAILOR, &accounts.teamtailor.as_str()]).await?;
    Ok(())
}
