//! The SQLite store keeps every rule that any store of the host has to keep.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync::{
    ContractId, Inbox, Store,
    store::{OpenedWork, TestTime, WorkBench, work_conformance},
};
use teamtailor_client::CandidateId;
use tempfile::TempDir;

struct SqliteBench {
    time: TestTime,
    folder: Mutex<TempDir>,
}

impl SqliteBench {
    fn database(&self) -> PathBuf {
        self.folder.lock().unwrap().path().join("state.db")
    }

    fn inbox(&self) -> Inbox {
        let store = Store::open(&self.database()).unwrap().clock(self.time.clone());
        Inbox::new(store).sleep(self.time.clone())
    }
}

fn opened(inbox: Inbox) -> OpenedWork {
    OpenedWork { intake: Arc::new(inbox.clone()), work: Arc::new(inbox) }
}

#[async_trait]
impl WorkBench for SqliteBench {
    async fn open(&self) -> OpenedWork {
        *self.folder.lock().unwrap() = tempfile::tempdir().unwrap();
        opened(self.inbox())
    }

    async fn reopen(&self) -> OpenedWork {
        let inbox = self.inbox();
        inbox.resume().await.unwrap();
        opened(inbox)
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    async fn is_of(&self, contract: ContractId, candidate: CandidateId) {
        let entry = format!(r#"{{"candidate":"{}"}}"#, candidate.as_str());
        let insert = "INSERT INTO ledger (contract_id, entry) VALUES (?1, ?2)";
        let connection = rusqlite::Connection::open(self.database()).unwrap();
        connection.execute(insert, (contract.get(), entry)).unwrap();
    }
}

#[tokio::test]
async fn the_store_keeps_every_rule() {
    let folder = Mutex::new(tempfile::tempdir().unwrap());
    work_conformance(&SqliteBench { time: TestTime::new(), folder }).await.unwrap();
}
