//! `smartsync history`: what each look at a contract found and did. Asks no service.

use crate::{
    cli::History,
    commands::{Exit, Named},
    failure::Failure,
    field_table::write_looks,
    output::Output,
};

pub(crate) async fn run(named: &Named, arguments: History, output: &mut Output) -> Result<Exit, Failure> {
    let History { contract, field, limit, .. } = arguments;
    let mut looks = named.journal().await?.looks(contract, limit).await?;
    if let Some(name) = &field {
        for look in &mut looks {
            look.fields.retain(|field| [&field.data_field, &field.candidate_field].contains(&name));
        }
        // One that failed as a whole says why of every field, and a decision is one on a field of the card.
        looks.retain(|look| {
            let is_decided = look.decided.as_ref().is_some_and(|decided| decided.field == *name);
            !look.fields.is_empty() || look.error.is_some() || is_decided
        });
    }
    output.result(&looks, |out| {
        if looks.is_empty() {
            let of_field = field.as_ref().map(|name| format!(" with a field `{name}`")).unwrap_or_default();
            return writeln!(out, "no look at contract {contract}{of_field} is known");
        }
        let candidate = looks.iter().find_map(|look| look.candidate.as_ref());
        match candidate {
            Some(candidate) => writeln!(out, "contract {contract}, candidate {candidate}\n")?,
            None => writeln!(out, "contract {contract}\n")?,
        }
        write_looks(out, &looks, field.is_none())
    })?;
    Ok(Exit::Success)
}
