//! The one thread that writes: transactions that wait together share one commit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{database_file::OpenedFiles, store_error::StoreError};

/// Transactions that share one commit at most.
const COMMIT_BATCH: usize = 256;

/// A transaction that waits for the writer.
pub(super) trait Job: Send {
    /// Does the work; whether it is to be kept.
    fn run(&mut self, connection: &Connection) -> bool;
    /// Tells the caller, once it is known whether the disk has it.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Work<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.outcome = self.work.take().map(|work| work(connection).map_err(StoreError::transaction));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::fault()));
        // The caller may be gone: a closed connection, a passed deadline.
        self.caller.send(committed.and(outcome)).ok();
    }
}

pub(super) fn job<T, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, StoreError>>)
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
{
    let (caller, result) = oneshot::channel();
    (Box::new(Work { work: Some(work), outcome: None, caller }), result)
}

/// The one that writes: takes what waits, commits it at once, answers. Ends with the last clone of the store.
pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) files: Arc<OpenedFiles>,
    pub(super) path: Arc<Path>,
}

impl Writer {
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>) {
        let mut group = Vec::new();
        while queue.blocking_recv_many(&mut group, COMMIT_BATCH) > 0 {
            let committed = self.commit(&mut group);
            for job in group.drain(..) {
                job.answer(committed.clone());
            }
        }
    }

    /// Looked at before and after: what was committed into a file without a name is not kept.
    fn commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.in_place()?;
        commit(&mut self.connection, group).map_err(StoreError::transaction)?;
        self.in_place()
    }

    fn in_place(&self) -> Result<(), StoreError> {
        if self.files.are_in_place() {
            Ok(())
        } else {
            Err(StoreError::Moved { path: self.path.display().to_string() })
        }
    }
}

fn commit(connection: &mut Connection, group: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in group {
        // A failed job takes back its own changes and nobody else's.
        let savepoint = transaction.savepoint()?;
        // Nor does one that breaks off end the writer, and with it everything else.
        let is_kept = catch_unwind(AssertUnwindSafe(|| job.run(&savepoint))).unwrap_or(false);
        if is_kept { savepoint.commit()? } else { savepoint.finish()? }
    }
    transaction.commit()
}
