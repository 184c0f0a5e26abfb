//! What a notification and a look cost the database when a million contracts are known, beside one that knows a hundred.
//!
//! In `TMPDIR`: on a disk, both wait for it as long, so the ratio is nearest to the truth where there is none (`TMPDIR=/dev/shm`).

use std::{error::Error, path::Path, time::Instant};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync::{
    Inbox, Store,
    store::{Due, Journal as _, Look, NextLook, Occasion, SqliteJournal, Trigger},
};
use smartsync_benches::median;

const FEW: i64 = 100;
const MANY: i64 = 1_000_000;
const ROUNDS: usize = 5;
const LOOKS: i64 = 2_000;

/// Contracts that have each been told of, looked at and finished, and the card of each.
const KNOWN: &str = r#"
    CREATE TEMP TABLE known AS WITH RECURSIVE known (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM known WHERE id < ?1) SELECT id FROM known;
"#;

const ROWS: &str = r#"
    BEGIN;
    INSERT INTO ledger (contract_id, entry, changed_at)
        SELECT id, json_object('candidate', 'candidate ' || id), unixepoch() FROM known;
    INSERT INTO cards SELECT '', 'candidate ' || id, '{}' FROM known;
    INSERT INTO inbox SELECT '', 'earlier ' || id, 'contract', id, unixepoch() * 1000 FROM known;
    INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, fields, next, duration, requests)
        SELECT '', id, 'candidate ' || id, unixepoch() * 1000, 'notification', '[]', 'none', 200, 5 FROM known;
    INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, reasons)
        SELECT '', id, 'candidate ' || id, unixepoch() * 1000, 'notification', '[]' FROM known;
    COMMIT;
"#;

struct Known {
    contracts: i64,
    inbox: Inbox,
    journal: SqliteJournal,
}

impl Known {
    fn fill(path: &Path, contracts: i64) -> Result<Self, Box<dyn Error>> {
        let store = Store::open(path)?;
        let database = rusqlite::Connection::open(path)?;
        database.execute(KNOWN, [contracts])?;
        database.execute_batch(ROWS)?;
        Ok(Self { contracts, inbox: Inbox::new(store.clone()), journal: SqliteJournal::new(store) })
    }

    /// Microseconds for a notification, and for claiming and finishing a look.
    async fn round(&self, round: usize) -> Result<(f64, f64), Box<dyn Error>> {
        let each = |begun: Instant| {
            begun.elapsed().as_secs_f64() * 1e6 / f64::from(i32::try_from(LOOKS).unwrap_or(1))
        };
        let begun = Instant::now();
        for number in 0..LOOKS {
            // Spread over all that are known.
            let contract = ContractId::new(1 + number * 499_979 % self.contracts);
            self.inbox.accept(&format!("round {round}, {number}"), contract).await?;
        }
        let accepted = each(begun);
        let begun = Instant::now();
        let mut looks = 0;
        while let Due::Now(claim) = self.inbox.claim_due().await? {
            let occasion = Occasion::new(claim.contract(), Trigger::Notification, Timestamp::now());
            let look = Look::without_end(occasion, NextLook::None);
            let (recorded, done) = tokio::join!(self.journal.record(&look), self.inbox.done(claim));
            recorded?;
            done?;
            looks += 1;
        }
        // What waits already is one item.
        let scale = f64::from(i32::try_from(LOOKS)?) / f64::from(looks);
        Ok((accepted, each(begun) * scale))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let few = Known::fill(&folder.path().join("few.db"), FEW)?;
    let many = Known::fill(&folder.path().join("many.db"), MANY)?;
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        rounds.push((few.round(round).await?, many.round(round).await?));
    }
    for (what, of) in [("notification", 0), ("claim and finish", 1)] {
        let pick = |(accepted, looked): (f64, f64)| if of == 0 { accepted } else { looked };
        let few = median(&mut rounds.iter().map(|round| pick(round.0)).collect::<Vec<_>>());
        let many = median(&mut rounds.iter().map(|round| pick(round.1)).collect::<Vec<_>>());
        println!(
            "{what}: {few:.0} µs with {FEW} known contracts, {many:.0} µs with {MANY}: {:.2} (goal for claim and finish: at most 1.2)",
            many / few
        );
    }
    Ok(())
}
