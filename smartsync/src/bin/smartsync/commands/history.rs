//! `smartsync history`: what each look at a contract found and did. Asks no service.

use std::collections::BTreeSet;

use smartsync::{store::Look, words::commands::history as words};
use smartsync_core::CandidateId;

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
        let cards = cards_of(&looks, name);
        for look in &mut looks {
            look.fields.retain(|field| [&field.data_field, &field.candidate_field].contains(&name));
        }
        // One that failed as a whole says why of every field, and a decision is one on a field of the card.
        looks.retain(|look| {
            let is_decided = look.decided.as_ref().is_some_and(|decided| cards.contains(&decided.field));
            !look.fields.is_empty() || look.error.is_some() || is_decided
        });
    }
    output.result(&looks, |out| {
        if looks.is_empty() {
            return writeln!(out, "{}", words::none(contract, field.as_deref()));
        }
        let candidate = looks.iter().find_map(|look| look.candidate.as_ref());
        writeln!(out, "{}\n", words::heading(contract, candidate.map(CandidateId::as_str)))?;
        write_looks(out, &looks, field.is_none())
    })?;
    Ok(Exit::Success)
}

/// The fields of the card that are of this name, or that were looked at for the data field of this name.
fn cards_of(looks: &[Look], name: &str) -> BTreeSet<String> {
    let fields = looks.iter().flat_map(|look| &look.fields).filter(|field| field.data_field == name);
    fields.map(|field| field.candidate_field.clone()).chain([name.to_owned()]).collect()
}
