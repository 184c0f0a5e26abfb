//! `cargo xtask claims`: each sentence of SECURITY.md has an id, and each id something that proves the sentence.

mod evidence;
mod sentences;

use std::{collections::BTreeSet, fs, io, path::Path};

pub use self::{
    evidence::{Evidence, Table},
    sentences::{Sentence, sentences},
};

/// The document.
pub const DOCUMENT: &str = "SECURITY.md";
/// What proves its sentences, by their ids.
pub const TABLE: &str = "docs/security-claims.toml";
/// The gate, whose steps may prove one.
pub const GATE: &str = ".ci/run";

/// A document of security that asks for belief too often is none.
pub const MOST_STATEMENTS: usize = 12;

/// Holds the document of the repository at `root` against its table. What is wrong, one line each; nothing if all is well.
///
/// # Errors
///
/// When one of the three files cannot be read.
pub fn run(root: &Path) -> io::Result<Vec<String>> {
    let read = |name: &str| {
        fs::read_to_string(root.join(name))
            .map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
    };
    let (document, table, gate) = (read(DOCUMENT)?, read(TABLE)?, read(GATE)?);
    let table: Table = match toml::from_str(&table) {
        Ok(table) => table,
        Err(error) => return Ok(vec![format!("{TABLE}: {}", error.message())]),
    };
    let (sentences, faults) = sentences(&document);
    let mut faults: Vec<String> = faults.into_iter().map(|fault| format!("{DOCUMENT}, {fault}")).collect();
    if sentences.is_empty() {
        faults.push(format!("{DOCUMENT} says nothing"));
    }
    let mut known = BTreeSet::new();
    for Sentence { line, id, text } in &sentences {
        let place = format!("{DOCUMENT}, line {line}: {id}");
        if !known.insert(id) {
            faults.push(format!("{place} is the id of two sentences"));
        }
        match table.get(id) {
            None => faults.push(format!("{place} has no entry in {TABLE}: \"{text}\"")),
            Some(evidence) => {
                faults.extend(
                    evidence.faults(root, &gate).into_iter().map(|fault| format!("{place}: {fault}")),
                );
            }
        }
    }
    let unused = table.keys().filter(|id| !known.contains(id));
    faults.extend(unused.map(|id| format!("{TABLE}: no sentence of {DOCUMENT} has the id {id}")));
    let statements = table.values().filter(|evidence| evidence.statement.is_some()).count();
    if statements > MOST_STATEMENTS {
        faults.push(format!("{TABLE}: {statements} mere statements, and {MOST_STATEMENTS} are the most"));
    }
    Ok(faults)
}
