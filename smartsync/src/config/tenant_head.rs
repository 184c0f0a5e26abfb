//! What `[[tenant]]` says of itself: its name, and the path at which it is told of changes.

use std::{collections::BTreeMap, fmt::Display};

use serde_json::Value;
use smartsync_core::diagnostic::KeyPathSegment;

use super::{
    Fault, WebhookPath,
    document::TenantTable,
    file::{ConfigFile, TENANT},
};
use crate::store::Tenant;

/// The keys of a tenant that have no place at the top beside `[[tenant]]`, and how each is written below it.
const OF_A_TENANT: [(&str, &str); 5] = [
    ("oneflow", "[tenant.oneflow]"),
    ("teamtailor", "[tenant.teamtailor]"),
    ("sync", "[tenant.sync]"),
    ("field", "[[tenant.field]]"),
    ("limits", "[tenant.limits]"),
];

/// One of the tenants of a file.
#[derive(Clone, Debug)]
pub(super) struct TenantHead {
    /// Its place in the file, from 0.
    pub(super) position: usize,
    pub(super) name: Tenant,
    /// Whose the rows in the database are: its own, or those of a host without tenants, with which it goes on.
    pub(super) in_store: Tenant,
    pub(super) path: WebhookPath,
}

/// The place of a tenant in the file.
pub(super) fn place_of(position: usize) -> [KeyPathSegment; 2] {
    [KeyPathSegment::Key(TENANT.to_owned()), KeyPathSegment::Index(position)]
}

/// The tenants of a file that has some, as far as they can be read, and all that is wrong with how it tells of them.
pub(super) fn heads(file: &ConfigFile, tenants: &Value) -> (Vec<TenantHead>, Vec<Fault>) {
    let mut reader = Reader { file, heads: Vec::new(), faults: Vec::new() };
    reader.misplaced();
    match tenants.as_array() {
        Some(tables) if tables.is_empty() => reader.refuse_list("add a tenant, or remove the key"),
        Some(tables) => (0..).zip(tables).for_each(|(position, table)| reader.read(position, table)),
        None => reader.refuse_list("write `[[tenant]]`, in double square brackets, above each tenant"),
    }
    reader.clashes();
    (reader.heads, reader.faults)
}

struct Reader<'a> {
    file: &'a ConfigFile,
    heads: Vec<TenantHead>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn misplaced(&mut self) {
        let top = self.file.top();
        for (key, written) in OF_A_TENANT.into_iter().filter(|(key, _)| top.get(*key).is_some()) {
            let message = format!("each tenant has its own: write `{written}` below its `[[tenant]]`");
            self.faults.push(self.file.fault_at(&[KeyPathSegment::Key(key.to_owned())], message));
        }
        if top.get("server").and_then(|server| server.get("path")).is_some() {
            let path = ["server", "path"].map(|key| KeyPathSegment::Key(key.to_owned()));
            self.faults
                .push(self.file.fault_at(&path, "each tenant has its own: write `path` in its `[[tenant]]`"));
        }
    }

    fn read(&mut self, position: usize, table: &Value) {
        let TenantTable { name, unnamed, path, .. } = match self.file.part(&place_of(position), table) {
            Ok(read) => read,
            Err(fault) => return self.faults.push(fault),
        };
        match name.parse::<Tenant>() {
            Ok(name) => {
                let path = path.unwrap_or_else(|| WebhookPath::of_tenant(&name));
                let in_store = if unnamed { Tenant::default() } else { name.clone() };
                self.heads.push(TenantHead { position, name, in_store, path });
            }
            Err(invalid) => self.refuse(position, "name", invalid),
        }
    }

    /// What no two of them can have.
    fn clashes(&mut self) {
        let (mut names, mut paths, mut unnamed) = (BTreeMap::new(), BTreeMap::new(), None);
        for TenantHead { position, name, in_store, path } in self.heads.clone() {
            if let Some(first) = names.insert(name, position) {
                let of = self.tenant(first);
                self.refuse(position, "name", format_args!("{of} has this name, too"));
            }
            if let Some(first) = paths.insert(path.as_str().to_owned(), position) {
                let of = self.tenant(first);
                let message = format_args!(
                    "{of} receives at the same path, which tells whose a notification is: write another `path`"
                );
                self.refuse(position, "path", message);
            }
            if let Some(first) = in_store.is_nameless().then(|| unnamed.replace(position)).flatten() {
                let of = self.tenant(first);
                let message =
                    format_args!("{of} goes on with what is stored without a name, and only one can");
                self.refuse(position, "unnamed", message);
            }
        }
    }

    /// `the tenant in line 7`.
    fn tenant(&self, position: usize) -> String {
        let line = self.file.fault_at(&place_of(position), "").line;
        line.map_or_else(|| "another tenant".to_owned(), |line| format!("the tenant in line {line}"))
    }

    /// Notes what is wrong with a key of a tenant.
    fn refuse(&mut self, position: usize, key: &str, message: impl Display) {
        let key = KeyPathSegment::Key(key.to_owned());
        let place: Vec<_> = place_of(position).into_iter().chain([key]).collect();
        self.faults.push(self.file.fault_at(&place, message));
    }

    /// The same with the list of tenants.
    fn refuse_list(&mut self, message: &str) {
        self.faults.push(self.file.fault_at(&[KeyPathSegment::Key(TENANT.to_owned())], message));
    }
}
