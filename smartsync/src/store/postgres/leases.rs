//! Who works on a contract or a creation, among all processes, by the database's clock.

use std::time::Duration;

use async_trait::async_trait;
use smartsync_core::{
    LedgerError,
    engine::{Lease, Leases},
};

use super::{claim::milliseconds, postgres_store::PostgresStore, session::OWN_CLOCK};
use crate::store::tenant::Tenant;

/// [`Leases`] in a [`PostgresStore`], of one tenant.
///
/// A lease is bound to the session of the process as its claims are: when the process dies or loses its connection, it ends together with them, and cannot
/// be renewed. So whoever asks before each write, as the engine does, writes nothing that another process may be about to write. Each has a number
/// that is higher than every one before.
#[derive(Clone, Debug)]
pub struct PostgresLeases {
    store: PostgresStore,
    tenant: Tenant,
}

impl PostgresLeases {
    /// Those in `store`, of the nameless tenant.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { store, tenant: Tenant::default() }
    }

    /// The same of a tenant.
    #[must_use]
    pub fn for_tenant(self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self }
    }
}

#[async_trait]
impl Leases for PostgresLeases {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let session = self.store.session().await.map_err(LedgerError::new)?;
        let sql = format!(
            "INSERT INTO leases AS held (tenant, name, mark, session, ends)
             SELECT $1, $2, nextval('fences'), id, {OWN_CLOCK} + $4 FROM sessions WHERE id = $3
             ON CONFLICT (tenant, name) DO UPDATE SET mark = excluded.mark, session = excluded.session, ends = excluded.ends
                 WHERE held.ends <= {OWN_CLOCK}
             RETURNING mark"
        );
        let time = milliseconds(time);
        let rows = session.query(&sql, &[&self.tenant, &name, &session.id, &time]).await;
        let rows = rows.map_err(LedgerError::new)?;
        let mark: Option<i64> =
            rows.first().map(|row| row.try_get(0)).transpose().map_err(LedgerError::new)?;
        Ok(mark.map(|mark| Lease::new(name, mark.to_string())))
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        let session = self.store.session().await.map_err(LedgerError::new)?;
        let sql = format!(
            "UPDATE leases SET ends = {OWN_CLOCK} + $5
             WHERE tenant = $1 AND name = $2 AND mark = $3 AND session = $4 AND ends > {OWN_CLOCK}
                 AND EXISTS (SELECT FROM sessions WHERE id = $4)"
        );
        let (mark, time) = (number(lease), milliseconds(time));
        let renewed = session.execute(&sql, &[&self.tenant, &lease.name, &mark, &session.id, &time]).await;
        Ok(renewed.map_err(LedgerError::new)? > 0)
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        let session = self.store.session().await.map_err(LedgerError::new)?;
        let sql = "DELETE FROM leases WHERE tenant = $1 AND name = $2 AND mark = $3";
        let released = session.execute(sql, &[&self.tenant, &lease.name, &number(lease)]).await;
        released.map(drop).map_err(LedgerError::new)
    }
}

/// What we have not granted has the number of none.
fn number(lease: &Lease) -> i64 {
    lease.mark.parse().unwrap_or(0)
}
