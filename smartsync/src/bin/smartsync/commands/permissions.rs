//! `smartsync permissions`: the write fence of the mapping.

use std::collections::BTreeMap;

use smartsync::config::{read_schemas, schema_file_of};
use smartsync_core::permissions::{Access, Permission};

use crate::{
    cli::FieldSource,
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
};

pub(crate) async fn run(named: &Named, source: FieldSource, output: &mut Output) -> Result<Exit, Failure> {
    let file = named.file()?;
    let schemas = if source.offline {
        read_schemas(&source.schema.unwrap_or_else(|| schema_file_of(&named.path)))?
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
            let table = table(["access", "method", "path", "what", "why"], rows.into_iter().map(line));
            writeln!(out, "{space}{host}\n\n{table}")?;
        }
        writeln!(out, "\nhash: {}", permissions.hash())
    })?;
    Ok(Exit::Success)
}

fn line(row: &Permission) -> [String; 5] {
    let access = match row.access {
        Access::Read => "read",
        Access::Write => "write",
    };
    let what = match row.except.as_slice() {
        [] => row.what.clone(),
        except => format!("{} except {}", row.what, except.join(", ")),
    };
    [access.to_owned(), row.method.to_owned(), row.path.clone(), what, row.why.clone()]
}
