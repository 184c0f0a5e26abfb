//! `smartsync adopt`: has the database be for the accounts of the configured credentials.

use serde::Serialize;
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
        let question = format!(
            "The database belongs to {}. Move it to {} instead, and drop everything it stores about contracts and cards, and everything that is waiting?",
            name(before),
            name(adoption.accounts())
        );
        ask(&question, "moving a database to other accounts requires `--yes`")?;
    }
    let accounts = adoption.accounts().clone();
    let dropped = if is_new { Some(adoption.adopt().await?) } else { None };
    let (oneflow, teamtailor) = (accounts.oneflow.to_string(), accounts.shown_teamtailor());
    let adopted = Adopted { oneflow, teamtailor, new: is_new, dropped };
    output.result(&adopted, |out| {
        let how = if is_new { "now belongs to" } else { "already belonged to" };
        writeln!(out, "the database {how} {}", name(&accounts))?;
        if let Some(dropped) = dropped {
            let rows = [
                ("contracts", dropped.contracts),
                ("cards", dropped.cards),
                ("creations", dropped.creations),
                ("notifications", dropped.notifications),
                ("waiting", dropped.waiting),
                ("parked", dropped.parked),
                ("looks", dropped.looks),
            ];
            let rows = rows.map(|(name, count)| [name.to_owned(), count.to_string()]);
            writeln!(out, "\n{}", table(["dropped", "rows"], rows))?;
            writeln!(out, "\nForgotten candidates stay forgotten, by id.")?;
            writeln!(out, "Run `smartsync sync --all` to sync the contracts of these accounts.")?;
        }
        Ok(())
    })?;
    Ok(Exit::Success)
}

fn name(accounts: &Accounts) -> String {
    format!("Oneflow account {} and Teamtailor company {}", accounts.oneflow, accounts.shown_teamtailor())
}
