//! `smartsync forget`: erases what is remembered of a candidate. Asks no service, and needs of the configuration `[store]`
//! only: who must be forgotten does not wait until a mapping is right.

use std::path::{Path, PathBuf};

use serde::Serialize;
use smartsync::{ConfigFile, Erased, SqliteLedger, Store};
use smartsync_core::CandidateId;

use crate::{
    cli::Forget,
    commands::Exit,
    failure::Failure,
    render::{Output, table},
};

#[derive(Serialize)]
struct Forgotten {
    candidate: CandidateId,
    /// Its whole path: in another database the candidate is not forgotten.
    database: PathBuf,
    /// Whether it was not forgotten before.
    new: bool,
    /// Numbers of rows.
    erased: Erased,
}

pub(crate) async fn run(config: &Path, arguments: Forget, output: &mut Output) -> Result<Exit, Failure> {
    let candidate = arguments.candidate;
    let store = ConfigFile::read(config)?.store()?;
    let database = std::path::absolute(store.url.path())?;
    let ledger = SqliteLedger::new(Store::open_existing(&database)?);
    let erased = ledger.erase(&candidate).await?;
    let forgotten = Forgotten { candidate, database, new: erased.is_new, erased };
    output.result(&forgotten, |out| {
        let how = if forgotten.new { "is" } else { "was already" };
        writeln!(
            out,
            "candidate {} {how} forgotten: nothing is written for it any more\n",
            forgotten.candidate
        )?;
        let rows = [
            ("contracts", erased.contracts),
            ("creations", erased.creations),
            ("notifications", erased.notifications),
            ("waiting", erased.waiting),
            ("parked", erased.parked),
        ];
        let rows = rows.map(|(name, count)| [name.to_owned(), count.to_string()]);
        writeln!(out, "{}", table(["erased", "rows"], rows))?;
        writeln!(out, "\nThe database is {}.", forgotten.database.display())?;
        writeln!(out, "Teamtailor, Oneflow and backups of the database keep what they hold.")
    })?;
    Ok(Exit::Done)
}
