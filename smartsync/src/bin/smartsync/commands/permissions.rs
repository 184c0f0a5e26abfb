//! `smartsync permissions`: the write fence of the mapping.

use std::collections::BTreeMap;

use smartsync::words::commands::permissions as words;
use smartsync::{
    ConfigFile,
    config::{read_schemas, schema_file_of},
};
use smartsync_core::permissions::{Access, Permission};

use super::each_tenant::each_tenant;
use crate::{
    cli::FieldSource,
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
};

pub(crate) async fn run(named: &Named, source: FieldSource, output: &mut Output) -> Result<Exit, Failure> {
    if source.schema.is_some() {
        // One file of saved schemas is of one tenant.
        named.file()?;
    }
    each_tenant(named, output, async |file, output| show(named, file, &source, output).await).await
}

async fn show(
    named: &Named,
    file: &ConfigFile,
    source: &FieldSource,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let schemas = if source.offline {
        let saved = source.schema.clone();
        read_schemas(&saved.unwrap_or_else(|| schema_file_of(&named.path, file.name())))?
    } else {
        file.schemas().await?
    };
    let permissions = file.permissions(&schemas)?;
    let mut hosts: BTreeMap<&str, Vec<&Permission>> = BTreeMap::new();
    for row in permissions.rows() {
        hosts.entry(&row.host).or_default().push(row);
    }
    output.result(&permissions, |out| {
        for (position, (host, rows)) in hosts.into_iter().enumerate() {
            let space = if position == 0 { "" } else { "\n" };
            let table = table(words::COLUMNS, rows.into_iter().map(line));
            writeln!(out, "{space}{host}\n\n{table}")?;
        }
        writeln!(out, "\n{}", words::hash(&permissions.hash()))
    })?;
    Ok(Exit::Success)
}

fn line(row: &Permission) -> [String; 5] {
    let access = match row.access {
        Access::Read => words::READ,
        Access::Write => words::WRITE,
    };
    let what = match row.except.as_slice() {
        [] => row.what.clone(),
        except => words::except(&row.what, &except.join(", ")),
    };
    [access.to_owned(), row.method.to_owned(), row.path.clone(), what, row.why.clone()]
}
