//! The view of the mapping: its pairs, what is to be said of them, and what they allow to be read and written.

use askama::Template;
use serde::Serialize;
use smartsync_core::{
    FieldMapping, Schemas,
    permissions::{Access, Permissions},
};
use smartsync_transport::CauseChain;

use super::{
    answer::{Answer, html},
    layout::{Layout, View},
    linked::Linked,
    page_error::PageError,
    visit::Visit,
};
use crate::{
    config::{Diagnostics, DocsSection},
    words::{WORDS, Words},
};

/// So many pairs, and requests, are shown at once.
const SHOWN: usize = 40;

/// So many findings are shown: a check on the command line shows all.
const FINDINGS: usize = 30;

#[derive(Template)]
#[template(path = "page/mapping.html")]
struct MappingView {
    w: &'static Words,
    layout: Layout,
    path: String,
    is_checked: bool,
    convention: bool,
    has_errors: bool,
    findings: Vec<Finding>,
    more_findings: Option<String>,
    pairs_caption: String,
    pairs: Vec<Pair>,
    next_pairs: Option<String>,
    hash: String,
    permissions_caption: String,
    permissions: Vec<Row>,
    next_permissions: Option<String>,
}

struct Finding {
    severity: String,
    code: Linked,
    line: Option<String>,
    message: String,
    help: String,
}

struct Pair {
    oneflow: String,
    teamtailor: String,
    /// Each with the heading of its column.
    rules: [(&'static str, String); 5],
    is_of_convention: bool,
}

struct Row {
    host: String,
    access: &'static str,
    method: &'static str,
    path: String,
    what: String,
    except: Option<String>,
    why: String,
}

/// As it stands in the configuration. Asks no service.
pub(super) async fn view(visit: Visit) -> Answer {
    answer(&visit, None)
}

/// The same against what both services have now.
pub(super) async fn check(visit: Visit) -> Answer {
    let clients = visit.seat.account().live.clients();
    let schemas = Schemas::read(&clients.oneflow, &clients.teamtailor).await;
    let schemas = schemas.map_err(|error| PageError::Service(CauseChain(&error).to_string()))?;
    answer(&visit, Some(&schemas))
}

fn answer(visit: &Visit, schemas: Option<&Schemas>) -> Answer {
    let config = visit.seat.account().live.config();
    let diagnostics = schemas.map_or_else(|| config.warnings().clone(), |schemas| config.diagnose(schemas));
    let checked = schemas.and_then(|schemas| config.mapping.check_against(schemas).ok());
    let pairs: Vec<(&FieldMapping, bool)> = match &checked {
        Some(checked) => {
            checked.fields().iter().map(|field| (&field.entry, field.position.is_none())).collect()
        }
        None => config.mapping.fields.iter().map(|field| (field, false)).collect(),
    };
    let permissions = match &checked {
        Some(checked) => {
            let (oneflow, teamtailor) = config.base_urls()?;
            checked.permissions(&oneflow, &teamtailor)
        }
        None => config.permissions()?,
    };
    let path = visit.seat.to("/mapping");
    let from = |name| visit.query.read::<usize>(name).unwrap_or_default();
    let next = |name: &str, from: usize, all: usize| {
        let to = from.saturating_add(SHOWN);
        (to < all).then(|| format!("{path}?{name}={to}#{name}"))
    };
    let (from_pair, from_row) = (from("pairs"), from("permissions"));
    html(&MappingView {
        w: WORDS,
        layout: visit.layout(View::Mapping),
        is_checked: schemas.is_some(),
        convention: config.mapping.sync.convention,
        has_errors: diagnostics.has_errors(),
        findings: findings(&diagnostics, config.docs.as_ref()),
        more_findings: diagnostics
            .iter()
            .count()
            .checked_sub(FINDINGS)
            .filter(|more| *more > 0)
            .map(WORDS.mapping.more_diagnostics),
        pairs_caption: (WORDS.mapping.pairs_caption)(pairs.len()),
        // Of what was checked there is no second page: it would have to be read again.
        next_pairs: next("pairs", from_pair, pairs.len()).filter(|_| schemas.is_none()),
        pairs: pairs
            .iter()
            .skip(from_pair)
            .take(SHOWN)
            .map(|(entry, is_of_convention)| pair(entry, *is_of_convention))
            .collect(),
        hash: permissions.hash(),
        permissions_caption: (WORDS.mapping.permissions_caption)(permissions.rows().len()),
        next_permissions: next("permissions", from_row, permissions.rows().len())
            .filter(|_| schemas.is_none()),
        permissions: rows(&permissions, from_row),
        path,
    })
}

fn findings(diagnostics: &Diagnostics, docs: Option<&DocsSection>) -> Vec<Finding> {
    let finding = |found: &smartsync_core::Diagnostic| Finding {
        severity: found.severity.to_string(),
        code: Linked::diagnostic(found.code, docs),
        line: diagnostics.line(found).map(WORDS.mapping.line),
        message: found.message.clone(),
        help: found.help.clone(),
    };
    diagnostics.iter().take(FINDINGS).map(finding).collect()
}

fn pair(entry: &FieldMapping, is_of_convention: bool) -> Pair {
    let rules = entry.rules();
    let words = &WORDS.mapping;
    let all = [
        (words.direction, word(&entry.direction)),
        (words.when, word(&entry.moment())),
        (words.on_conflict, word(&rules.on_conflict)),
        (words.on_first_sight, word(&rules.on_first_sight)),
        (words.on_empty, word(&rules.on_empty)),
    ];
    Pair {
        oneflow: entry.oneflow.clone(),
        teamtailor: entry.teamtailor.to_string(),
        rules: all.map(|(heading, word)| (heading, WORDS.rule(&word))),
        is_of_convention,
    }
}

/// A word of the mapping, as a configuration has it.
fn word(word: &impl Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn rows(permissions: &Permissions, from: usize) -> Vec<Row> {
    let rows = permissions.rows().iter().skip(from).take(SHOWN);
    rows.map(|row| Row {
        host: row.host.clone(),
        access: match row.access {
            Access::Read => WORDS.mapping.read,
            Access::Write => WORDS.mapping.write,
        },
        method: row.method,
        path: row.path.clone(),
        what: row.what.clone(),
        except: (!row.except.is_empty()).then(|| (WORDS.mapping.except)(&row.except.join(", "))),
        why: row.why.clone(),
    })
    .collect()
}
