//! Which tables and columns a copy takes over: those of both schemas.

/// A table that is the same in both databases.
#[derive(Debug)]
#[non_exhaustive]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// What tells its rows apart, in the order in which they are read.
    pub key: &'static [&'static str],
    /// What is copied of a row, the key included.
    pub columns: &'static [CopiedColumn],
    /// What is not: what is claimed in one database waits in the other.
    pub left_out: &'static [&'static str],
}

/// A column that is copied.
#[derive(Debug)]
#[non_exhaustive]
pub struct CopiedColumn {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub kind: CopiedKind,
}

/// What is in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopiedKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A truth value: in SQLite, 0 or 1.
    Truth,
    /// JSON: in SQLite, its text.
    Json,
}

use CopiedKind::{Json, Number, Text, Truth};

const fn column(name: &'static str, kind: CopiedKind) -> CopiedColumn {
    CopiedColumn { name, kind }
}

const TENANT: CopiedColumn = column("tenant", Text);
const CONTRACT: CopiedColumn = column("contract_id", Number);
const CANDIDATE: CopiedColumn = column("candidate_id", Text);

const fn table(
    name: &'static str,
    key: &'static [&'static str],
    columns: &'static [CopiedColumn],
) -> CopiedTable {
    CopiedTable { name, key, columns, left_out: &[] }
}

/// Every table that a copy takes over.
pub(in crate::store) const TABLES: &[CopiedTable] = &[
    // First, so that no row is ever in a database that does not name its key.
    table("keys", &["name"], &[column("name", Text)]),
    table("accounts", &["tenant", "service"], &[TENANT, column("service", Text), column("account", Text)]),
    table("forgotten", &["tenant", "candidate_id"], &[TENANT, CANDIDATE]),
    table(
        "ledger",
        &["tenant", "contract_id"],
        &[TENANT, CONTRACT, column("entry", Json), column("changed_at", Number)],
    ),
    table("cards", &["tenant", "candidate_id"], &[TENANT, CANDIDATE, column("entry", Json)]),
    table(
        "creations",
        &["tenant", "request_id"],
        &[TENANT, column("request_id", Text), column("creation", Json)],
    ),
    table("overwrites", &["tenant", "minute"], &[TENANT, column("minute", Number), column("count", Number)]),
    table(
        "inbox",
        &["tenant", "callback_id", "kind", "id"],
        &[
            TENANT,
            column("callback_id", Text),
            column("kind", Text),
            column("id", Number),
            column("received_at", Number),
        ],
    ),
    CopiedTable {
        name: "waiting",
        key: &["tenant", "kind", "id"],
        columns: &[
            TENANT,
            column("kind", Text),
            column("id", Number),
            CANDIDATE,
            column("cause", Text),
            column("generation", Number),
            column("run_at", Number),
            column("lane", Number),
            column("attempts", Number),
            column("faults", Number),
            column("retry_at", Number),
            column("not_before", Number),
            column("outage", Text),
            column("last_error", Text),
            column("is_known", Truth),
            column("put_back_from", Number),
        ],
        left_out: &["claimed_generation", "claimed_until", "claimed_by", "claimed_candidate"],
    },
    table(
        "parked",
        &["tenant", "kind", "id"],
        &[
            TENANT,
            column("kind", Text),
            column("id", Number),
            column("parked_at", Number),
            column("attempts", Number),
            column("reason", Text),
            column("is_known", Truth),
        ],
    ),
    table(
        "looks",
        &["id"],
        &[
            column("id", Number),
            TENANT,
            CONTRACT,
            CANDIDATE,
            column("at", Number),
            column("cause", Text),
            column("failures", Number),
            column("state", Text),
            column("plan", Text),
            column("fields", Text),
            column("document", Text),
            column("document_reason", Text),
            column("drifts", Truth),
            column("reason", Text),
            column("error", Text),
            column("next", Text),
            column("next_at", Number),
            column("duration", Number),
            column("requests", Number),
            column("last_change", Number),
            column("action", Text),
            column("decided", Text),
            column("template_type", Number),
        ],
    ),
    table(
        "standing",
        &["tenant", "contract_id"],
        &[
            TENANT,
            CONTRACT,
            CANDIDATE,
            column("looked_at", Number),
            column("cause", Text),
            column("failures", Number),
            column("state", Text),
            column("written", Number),
            column("unchanged", Number),
            column("held", Number),
            column("skipped", Number),
            column("failed", Number),
            column("document", Text),
            column("document_reason", Text),
            column("reasons", Text),
            column("drifts_since", Number),
            column("last_change", Number),
            column("left_alone_since", Number),
            column("template_type", Number),
        ],
    ),
    table(
        "standing_reasons",
        &["tenant", "contract_id", "reason"],
        &[TENANT, CONTRACT, column("reason", Text), column("looked_at", Number)],
    ),
    table(
        "held",
        &["tenant", "contract_id", "data_field", "candidate_field"],
        &[
            TENANT,
            CONTRACT,
            column("data_field", Text),
            column("candidate_field", Text),
            CANDIDATE,
            column("reason", Text),
            column("since", Number),
            column("looked_at", Number),
            column("plan", Text),
            column("relation", Text),
        ],
    ),
    table(
        "tallies",
        &["tenant", "hour", "what"],
        &[TENANT, column("hour", Number), column("what", Text), column("count", Number)],
    ),
    table("watermarks", &["tenant", "name"], &[TENANT, column("name", Text), column("value", Text)]),
];

/// Tables that are of one database only: who works on it, and its version.
const NOT_COPIED: &[&str] = &["leases", "permits", "sessions", "smartsync_schema"];

/// The tables that a copy takes over, and the names of those that it does not, to be compared with a schema.
#[must_use]
pub fn copied_tables() -> (&'static [CopiedTable], &'static [&'static str]) {
    (TABLES, NOT_COPIED)
}

impl CopiedTable {
    /// Its columns, separated by commas.
    pub(in crate::store) fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    /// The columns of its key with what they hold.
    #[cfg(feature = "postgres")]
    pub(in crate::store) fn key_columns(&self) -> impl Iterator<Item = &'static CopiedColumn> {
        self.key.iter().filter_map(|name| self.columns.iter().find(|column| column.name == *name))
    }
}
