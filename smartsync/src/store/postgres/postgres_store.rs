//! The database: connections, clock, and the session that claims are bound to.

use std::{fmt, sync::Arc, time::Duration};

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use secrecy::SecretString;
use smartsync_core::Clock;
use tokio::sync::Mutex;

use super::{
    connection::{SETTINGS, plain},
    copying::refuse_copy,
    migrations::{SCHEMA_VERSION, migrate},
    no_tls::remedy,
    pooler::is_pooled,
    postgres_error::PostgresError,
    reach::Reach,
    session::{Session, Wake},
};
use crate::store::{postgres_address::PostgresAddress, store_error::StoreError};

/// Connections at most, beside the one of the session.
const MAX_CONNECTIONS: usize = 10;

/// How long to wait for one of them, and for a new one to be made.
const FREE_CONNECTION: Duration = Duration::from_secs(5);

/// Major versions before this one are not maintained any more.
const OLDEST_SERVER: i32 = 14;

/// A PostgreSQL database of this program. Cheap to clone: all clones share their connections.
///
/// A transaction is on the disk of the server when its future resolves, whatever `synchronous_commit` says there.
///
/// ```no_run
/// use smartsync::store::{PostgresAddress, PostgresStore};
///
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// let address = PostgresAddress::parse("postgres://smartsync@db.example.com/smartsync")?;
/// let password = std::env::var("DATABASE_PASSWORD")?.into();
/// let store = PostgresStore::open(&address, Some(&password)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    shared: Arc<Shared>,
    /// `None`: the clock of the database, which all processes share.
    clock: Option<Arc<dyn Clock>>,
}

struct Shared {
    reach: Reach,
    pool: Pool,
    wake: Arc<Wake>,
    session: Mutex<Option<Arc<Session>>>,
}

impl PostgresStore {
    /// Connects to the database at `address`, and makes the tables in its schema `smartsync` if they are not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Open`], [`StoreError::NoTls`], [`StoreError::Pooled`], [`StoreError::Unsuitable`], [`StoreError::Newer`], [`StoreError::BeingCopied`] and [`StoreError::HalfCopied`].
    pub async fn open(
        address: &PostgresAddress,
        password: Option<&SecretString>,
    ) -> Result<Self, StoreError> {
        let reach = Reach::new(address, password)?;
        let client = fit(&reach).await?;
        refuse_copy(&client, &reach.place, false).await?;
        let pool = pool(&reach)
            .map_err(|error| StoreError::Open { path: reach.place.to_string(), source: Arc::new(error) })?;
        let shared = Shared { reach, pool, wake: Arc::default(), session: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), clock: None })
    }

    /// The same, with another clock than the database's for what is due. Clones that were made before keep theirs.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self { clock: Some(Arc::new(clock)), ..self }
    }

    /// Where it is, for people: without the password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.shared.reach.place
    }

    /// The time of another clock than the database's, in milliseconds since 1970.
    pub(super) fn given_time(&self) -> Option<i64> {
        self.clock.as_ref().map(|clock| clock.now().as_millisecond())
    }

    /// A connection for one transaction.
    pub(super) async fn connection(&self) -> Result<Object, PostgresError> {
        Ok(self.shared.pool.get().await?)
    }

    pub(super) fn wake(&self) -> &Wake {
        &self.shared.wake
    }

    /// The session of a server. Begun in place of any other of this process, unless there is one: what was leased on that goes on.
    pub(super) async fn serve(&self) -> Result<Arc<Session>, PostgresError> {
        let mut session = self.shared.session.lock().await;
        if let Some(session) = session.as_ref().filter(|session| session.is_server && !session.is_lost()) {
            return Ok(Arc::clone(session));
        }
        *session = None;
        self.begin(&mut session, true).await
    }

    /// The session of this process. Begun if there is none, or the last was lost.
    pub(super) async fn session(&self) -> Result<Arc<Session>, PostgresError> {
        let mut session = self.shared.session.lock().await;
        match &*session {
            Some(session) if !session.is_lost() => Ok(Arc::clone(session)),
            _ => self.begin(&mut session, false).await,
        }
    }

    async fn begin(
        &self,
        place: &mut Option<Arc<Session>>,
        is_server: bool,
    ) -> Result<Arc<Session>, PostgresError> {
        let Shared { reach, wake, .. } = &*self.shared;
        let session = Arc::new(Session::begin(reach, Arc::clone(wake), is_server).await?);
        *place = Some(Arc::clone(&session));
        Ok(session)
    }
}

/// A connection to the database at `address` whatever copy it holds, for one that is made.
pub(super) async fn connect_for_copy(
    address: &PostgresAddress,
    password: Option<&SecretString>,
) -> Result<ClientWrapper, StoreError> {
    fit(&Reach::new(address, password)?).await
}

/// A connection to a database that is fit, with the tables of this version.
async fn fit(reach: &Reach) -> Result<ClientWrapper, StoreError> {
    let failed = |source: PostgresError| {
        let (path, remedy) = (reach.place.to_string(), remedy(&source));
        let source = Arc::new(source);
        match remedy {
            Some(remedy) => StoreError::NoTls { path, remedy, source },
            None => StoreError::Open { path, source },
        }
    };
    if is_pooled(reach).await.map_err(failed)? {
        return Err(StoreError::Pooled { path: reach.place.to_string() });
    }
    let mut client = plain(reach).await.map_err(failed)?;
    let why = unsuitable(&client).await.map_err(failed)?;
    if let Some(why) = why {
        return Err(StoreError::Unsuitable { path: reach.place.to_string(), why });
    }
    client.batch_execute(SETTINGS).await.map_err(|error| failed(error.into()))?;
    let version = migrate(&mut client).await.map_err(failed)?;
    if version != SCHEMA_VERSION {
        return Err(StoreError::Newer { path: reach.place.to_string(), version });
    }
    Ok(client)
}

/// What is not fit of the server, if anything is.
async fn unsuitable(client: &ClientWrapper) -> Result<Option<&'static str>, PostgresError> {
    let sql =
        "SELECT current_setting('server_version_num')::integer / 10000, current_setting('server_encoding')";
    let row = client.query_one(sql, &[]).await?;
    let (version, encoding): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match (version, encoding.as_str()) {
        (..OLDEST_SERVER, _) => Some("its version is older than 14"),
        (_, "UTF8") => None,
        _ => Some("its encoding is not UTF8"),
    })
}

fn pool(reach: &Reach) -> Result<Pool, deadpool_postgres::BuildError> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(reach.config.clone(), reach.tls.clone(), recycling);
    let place = Arc::clone(&reach.place);
    let settings = Hook::async_fn(move |client: &mut ClientWrapper, _| {
        let place = Arc::clone(&place);
        Box::pin(async move {
            client.batch_execute(SETTINGS).await.map_err(HookError::Backend)?;
            // As long as it is there, no copy begins: what is about to be written would not be in it.
            let free = refuse_copy(client, &place, true).await;
            free.map_err(|error| HookError::message(error.to_string()))
        })
    });
    Pool::builder(manager)
        .max_size(MAX_CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(FREE_CONNECTION))
        .create_timeout(Some(FREE_CONNECTION))
        .recycle_timeout(Some(FREE_CONNECTION))
        .post_create(settings)
        .build()
}

/// The time by the clock that was given (`$1`), or else by that of the database, in milliseconds since 1970.
pub(super) const NOW: &str =
    "coalesce($1::bigint, floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint)";

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("place", &self.shared.reach.place).finish_non_exhaustive()
    }
}
