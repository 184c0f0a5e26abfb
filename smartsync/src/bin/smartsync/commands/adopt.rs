//! `smartsync adopt`: has the database be for the accounts of the configured credentials.

use serde::Serialize;
use smartsync::words::commands::adopt as words;
use smartsync::{Config, setup::Adoption, store::Dropped};
use smartsync_core::Accounts;

use crate::{
    ask::ask,
    cli::Adopt,
    commands::Exit,
    failure::Failure,
    output::{Output, table},
};

#[derive(Serialize)]
struct Adopted {
    oneflow: String,
    teamtailor: String,
    /// Whether the database was for others before, or for none.
    new: bool,
    /// Numbers of rows.
    dropped: Option<Dropped>,
}

pub(crate) async fn run(config: &Config, arguments: Adopt, output: &mut Output) -> Result<Exit, Failure> {
    let adoption = Adoption::of(config).await?;
    let is_new = adoption.is_new();
    if let Some(before) = adoption.before().filter(|_| is_new && !arguments.yes) {
        let question = words::question(&name(before), &name(adoption.accounts()));
        ask(&question, words::WITHOUT_YES)?;
    }
    let accounts = adoption.accounts().clone();
    let dropped = if is_new { Some(adoption.adopt().await?) } else { None };
    let (oneflow, teamtailor) = (accounts.oneflow.to_string(), accounts.shown_teamtailor());
    let adopted = Adopted { oneflow, teamtailor, new: is_new, dropped };
    output.result(&adopted, |out| {
        writeln!(out, "{}", words::belongs(is_new, &name(&accounts)))?;
        if let Some(dropped) = dropped {
            let Dropped { contracts, cards, creations, notifications, waiting, parked, looks, .. } = dropped;
            let counts = [contracts, cards, creations, notifications, waiting, parked, looks];
            let rows = words::DROPPED.into_iter().zip(counts);
            let rows = rows.map(|(name, count)| [name.to_owned(), count.to_string()]);
            writeln!(out, "\n{}", table(words::COLUMNS, rows))?;
            writeln!(out, "\n{}", words::STAY_FORGOTTEN)?;
            writeln!(out, "{}", words::SYNC_ALL)?;
        }
        Ok(())
    })?;
    Ok(Exit::Success)
}

fn name(accounts: &Accounts) -> String {
    words::accounts(accounts.oneflow, accounts.shown_teamtailor())
}
