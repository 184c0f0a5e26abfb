//! The store of a host on a drive, what is asked of it, and what a file of it says.

use std::{
    collections::BTreeSet,
    fs,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store, StoreError,
    store::{Accepted, Claim, Due, Journal as _, Look, NextLook, Occasion, Setback, SqliteJournal, Trigger},
};
use smartsync_core::{
    Clock, Ledger as _,
    ledger::{CardEntry, LedgerChange},
};

use super::{
    disk::Files,
    drive::{Drive, Power, Syncs},
};

const DATABASE: &str = "state.db";

/// What is asked of the store: each is one transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask {
    Resume,
    Note {
        callback: u64,
        contract: i64,
    },
    Claim,
    /// Of the claims that are held, this one ends.
    End {
        claim: usize,
        ending: Ending,
    },
    Remember {
        contract: i64,
        upload: u64,
    },
    Record {
        contract: i64,
    },
    Mark(u64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    Done,
    Parked,
    Again,
    Released,
}

/// What the store has said to it.
pub(crate) enum Answer {
    /// A notification that had not come before is noted.
    Noted {
        contract: i64,
        pair: (String, i64),
    },
    Claimed(i64),
    Ended {
        contract: i64,
        is_over: bool,
    },
    Else,
}

/// A time that is the same in every run.
#[derive(Clone, Copy, Debug)]
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A store with the parts of the host that write into it.
pub(crate) struct Host {
    pub(crate) drive: Arc<Drive>,
    store: Store,
    pub(crate) claims: Vec<Claim>,
}

impl Host {
    pub(crate) fn open(files: Files, power: Power, syncs: Syncs) -> (Arc<Drive>, Result<Self, StoreError>) {
        let drive = Drive::new(files, power, syncs);
        let store = Store::open(&drive.path(DATABASE));
        (Arc::clone(&drive), store.map(|store| Self { drive, store, claims: Vec::new() }))
    }

    /// Asks all of it at once, so that it shares one commit: a write before it is held until everything waits.
    pub(crate) async fn ask(&mut self, asked: &[Ask], minute: i64) -> Vec<Result<Answer, String>> {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        let store = self.store.clone().clock(At(now));
        let calls: Vec<_> = asked
            .iter()
            .map(|ask| match *ask {
                Ask::End { claim, .. } => (*ask, Some(self.claims.remove(claim))),
                Ask::Resume
                | Ask::Note { .. }
                | Ask::Claim
                | Ask::Remember { .. }
                | Ask::Record { .. }
                | Ask::Mark(_) => (*ask, None),
            })
            .collect();
        let inbox = Inbox::new(store.clone());
        self.drive.hold_next_write();
        let mut first = pin!(inbox.is_ready());
        let first_ended = poll_once(first.as_mut()).await;
        self.drive.until_held();
        let mut answers: Vec<_> =
            calls.into_iter().map(|(ask, claim)| Box::pin(answer(store.clone(), ask, claim, now))).collect();
        let mut ended = Vec::new();
        for answer in &mut answers {
            ended.push(poll_once(answer.as_mut()).await);
        }
        self.drive.release();
        if first_ended.is_none() {
            // It says nothing that was not there before.
            first.await.ok();
        }
        let mut all = Vec::new();
        for (answer, ended) in answers.into_iter().zip(ended) {
            let (answer, claim) = match ended {
                Some(ended) => ended,
                None => answer.await,
            };
            self.claims.extend(claim);
            all.push(answer);
        }
        all
    }

    /// Ends the process in good order: what is in the log goes into the database.
    pub(crate) fn close(self) {
        let drive = Arc::clone(&self.drive);
        drop(self);
        drive.until_closed();
    }
}

async fn poll_once<F: Future + ?Sized>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

async fn answer(
    store: Store,
    ask: Ask,
    claim: Option<Claim>,
    now: Timestamp,
) -> (Result<Answer, String>, Option<Claim>) {
    let mut claimed = None;
    let answer = async {
        let inbox = Inbox::new(store.clone());
        Ok::<_, Box<dyn std::error::Error>>(match ask {
            Ask::Resume => {
                inbox.resume().await?;
                Answer::Else
            }
            Ask::Note { callback, contract } => {
                let callback = callback.to_string();
                let accepted = inbox.accept(&callback, ContractId::new(contract)).await?;
                if accepted == Accepted::Duplicate {
                    Answer::Else
                } else {
                    Answer::Noted { contract, pair: (callback, contract) }
                }
            }
            Ask::Claim => match inbox.claim_due().await? {
                Due::Now(claim) => {
                    let contract = claim.contract().get();
                    claimed = Some(claim);
                    Answer::Claimed(contract)
                }
                Due::Later(_) => Answer::Else,
            },
            Ask::End { ending, .. } => {
                let claim = claim.ok_or("no claim")?;
                let contract = claim.contract().get();
                match ending {
                    Ending::Done => inbox.done(claim).await?,
                    Ending::Parked => inbox.park(claim, "failed for good".to_owned()).await?,
                    Ending::Again => inbox.retry(claim, Setback::new("failed", Duration::from_secs(300))).await?,
                    Ending::Released => inbox.release(claim).await?,
                }
                Answer::Ended { contract, is_over: matches!(ending, Ending::Done | Ending::Parked) }
            }
            Ask::Remember { contract, upload } => {
                let candidate = (contract / 3).to_string();
                let entry = json!({ "candidate": candidate, "document": { "uploaded": { "upload": upload.to_string() } } });
                let entry = serde_json::from_value(entry)?;
                let change =
                    LedgerChange::set(contract.into(), candidate.as_str().into(), entry, CardEntry::default());
                SqliteLedger::new(store).update(&change).await?;
                Answer::Else
            }
            Ask::Record { contract } => {
                let occasion = Occasion::new(contract.into(), Trigger::Notification, now);
                SqliteJournal::new(store).record(&Look::without_end(occasion, NextLook::None)).await?;
                Answer::Else
            }
            Ask::Mark(value) => {
                SqliteJournal::new(store).set_watermark("pass", Some(&value.to_string())).await?;
                Answer::Else
            }
        })
    }
    .await;
    (answer.map_err(|error| error.to_string()), claimed)
}

/// What files say, read by SQLite's own file system.
#[derive(PartialEq, Eq)]
pub(crate) struct Said {
    /// Every row of every table.
    rows: BTreeSet<String>,
    /// Callback ids and contracts that are known to have come.
    pub(crate) noted: BTreeSet<(String, i64)>,
    /// Contracts that are looked at again.
    pub(crate) waiting: BTreeSet<i64>,
}

impl Said {
    /// None where there is no database.
    ///
    /// # Errors
    ///
    /// What is wrong with the database.
    pub(crate) fn by(files: &Files) -> Result<Option<Self>, String> {
        if !files.contains_key(DATABASE) {
            return Ok(None);
        }
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self::read(&folder.path().join(DATABASE)).map(Some).map_err(|error| error.to_string())
    }

    fn read(path: &std::path::Path) -> Result<Self, Box<dyn std::error::Error>> {
        let connection = Connection::open_with_flags_and_vfs(path, OpenFlags::default(), "unix")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if integrity != "ok" {
            return Err(format!("integrity_check: {integrity}").into());
        }
        let tables = texts(&connection, "SELECT name FROM sqlite_schema WHERE type = 'table'")?;
        let mut rows = BTreeSet::new();
        for table in &tables {
            let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = statement.column_count();
            let mut found = statement.query([])?;
            while let Some(row) = found.next()? {
                let values: Vec<rusqlite::types::Value> =
                    (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
                rows.insert(format!("{table} {values:?}"));
            }
        }
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (mut noted, mut waiting) = (BTreeSet::new(), BTreeSet::new());
        if tables.iter().any(|table| table == "waiting") {
            noted = connection
                .prepare("SELECT callback_id, id FROM inbox")?
                .query_map([], pair)?
                .collect::<Result<_, _>>()?;
            waiting = connection
                .prepare("SELECT id FROM waiting")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
        }
        Ok(Self { rows, noted, waiting })
    }

    /// In what this differs from the other, in a few rows.
    pub(crate) fn difference(&self, other: &Self) -> String {
        let rows = |those: &BTreeSet<String>, these: &BTreeSet<String>| {
            let rows: Vec<_> = those.difference(these).cloned().collect();
            format!("{} rows, the first: {:?}", rows.len(), &rows[..rows.len().min(3)])
        };
        format!("lost {}; not known before {}", rows(&other.rows, &self.rows), rows(&self.rows, &other.rows))
    }
}

fn texts(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}
