//! `smartsync forget`: erases what is remembered of a candidate. Asks no service, and needs of the configuration `[store]`
//! only: who must be forgotten does not wait until a mapping is right.

use std::path::PathBuf;

use serde::Serialize;
use smartsync::{Erased, SqliteLedger, Store};
use smartsync_core::CandidateId;

use crate::{
    ask::ask,
    cli::Forget,
    commands::{Exit, Named},
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
    /// Whether anything was known of the candidate.
    known: bool,
    /// Numbers of rows.
    erased: Erased,
}

pub(crate) async fn run(named: &Named, arguments: Forget, output: &mut Output) -> Result<Exit, Failure> {
    let candidate = arguments.candidate;
    let store = named.file()?.store()?;
    let database = std::path::absolute(store.url.path())?;
    let ledger = SqliteLedger::new(Store::open_existing(&database)?);
    let is_known = ledger.knows(&candidate).await?;
    if !is_known && !arguments.yes {
        // There is no way back, and nothing to check a slip of the finger against.
        let question =
            format!("Nothing was known of candidate {candidate}: check the id. Forget it all the same?");
        ask(&question, "a candidate of whom nothing is known is forgotten only with `--yes`")?;
    }
    let erased = ledger.erase(&candidate).await?;
    let forgotten = Forgotten { candidate, database, new: erased.is_new, known: is_known, erased };
    output.result(&forgotten, |out| {
        let how = if forgotten.new { "is" } else { "was already" };
        writeln!(
            out,
            "candidate {} {how} forgotten: nothing is written for it any more\n",
            forgotten.candidate
        )?;
        if !forgotten.known {
            writeln!(out, "Nothing was known of this id: check it.\n")?;
        }
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
