//! A connection by itself, beside those of the pool.

use std::{future::poll_fn, time::Duration};

use deadpool_postgres::ClientWrapper;
use tokio::{task::JoinHandle, time::timeout};
use tokio_postgres::{AsyncMessage, Client};

use super::{postgres_error::PostgresError, reach::Reach};

/// How long it may take until a connection can be used.
const CONNECT: Duration = Duration::from_secs(10);

/// What every connection sets: where the tables are, and after how long something has gone wrong. What is answered with success is on the disk,
/// whatever the server's own setting. A table whose statistics say that it is empty may be a long one by now, so nothing is read from end to end that has an
/// index. A plan that has to do so all the same then looks so costly that it would be compiled first, for a second each time.
pub(super) const SETTINGS: &str = "
    SET search_path = smartsync;
    SET statement_timeout = '10s';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '10s';
    SET client_connection_check_interval = '1s';
    SET default_transaction_isolation = 'read committed';
    SET enable_seqscan = off;
    SET jit = off;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
";

/// Connects. `notified` is called with the process id of whoever sent a notification; the task ends with the connection.
pub(super) async fn connect(
    reach: &Reach,
    mut notified: impl FnMut(i32) + Send + 'static,
) -> Result<(Client, JoinHandle<()>), PostgresError> {
    let connected = timeout(CONNECT, reach.config.connect(reach.tls.clone())).await;
    let (client, mut connection) = connected.map_err(|_| PostgresError::TooLate)??;
    let task = tokio::spawn(async move {
        // An error ends the connection, and whoever uses it gets to know.
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notification(notification) = message {
                notified(notification.process_id());
            }
        }
    });
    Ok((client, task))
}

/// The same for one that listens to nothing. It ends when it is dropped.
pub(super) async fn plain(reach: &Reach) -> Result<ClientWrapper, PostgresError> {
    let (client, task) = connect(reach, |_| ()).await?;
    Ok(ClientWrapper::new(client, task))
}
