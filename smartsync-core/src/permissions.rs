//! The write fence: every request that a mapping can ever cause.

mod fence;
mod fields;
mod fixed;
mod query;

use std::{fmt, sync::Arc};

use oneflow_client::Url;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Position;

pub use self::fence::{Fence, Fenced, OutsidePermissions};
use self::{
    fields::Field, fields::written_to_oneflow, fields::written_to_teamtailor, query::is_listed,
    query::parameters,
};
use crate::{
    candidate::Definitions,
    mapping::{CheckedMapping, LinkMethod, Mapping},
    words::permissions as words,
};

/// Any host, any path.
const ANYWHERE: &str = "*";
/// The file of a contract.
const FILE: &str = "/contracts/{id}/files/{id}";

/// Whether a request changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Access {
    /// It reads.
    Read,
    /// It writes.
    Write,
}

/// One thing that may be read or written, and the request that does it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Permission {
    /// The host, with the port where it is not the usual one; `*` stands for any.
    pub host: String,
    /// The HTTP method.
    pub method: &'static str,
    /// The shape of the path: `/v1/candidates/{id}`, where a part in braces stands for any one segment; `*` for any path.
    pub path: String,
    /// Whether it changes something.
    pub access: Access,
    /// The parameters that its query may have: `name` with any value, `name=value` with that one, `page[*]` for every name that
    /// begins so. None but these, so nothing for a write.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub query: &'static [&'static str],
    /// What is read; or the one field that is written: `phone`, `custom:start-date`, `data_field:start-date`,
    /// `participant:email`. A `*` at the end stands for any ending, unless it is part of a name that the mapping has.
    pub what: String,
    /// Whether the `*` at the end of `what` stands for any ending. The mapping may name a field that ends in one.
    #[serde(skip)]
    is_open: bool,
    /// What the `*` does not stand for, since the mapping has a rule of its own for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// What for.
    pub why: String,
    /// `https`, or `http` for a stand-in.
    #[serde(skip)]
    scheme: String,
    /// The path behind the base URL.
    #[serde(skip)]
    pub(crate) operation: &'static str,
}

impl Permission {
    /// Whether it is for a request to this URL. The query is not looked at.
    #[must_use]
    pub fn is_for(&self, method: &str, url: &Url) -> bool {
        let is_there = self.is_for_anywhere()
            || self.host == host(url) && self.scheme == url.scheme() && has_shape(url.path(), &self.path);
        self.method == method && is_there
    }

    /// Whether it is for any address: of a file, fetched without credentials.
    pub(crate) fn is_for_anywhere(&self) -> bool {
        self.host == ANYWHERE
    }

    /// Whether the query has nothing but what is listed, and that once.
    pub(crate) fn lists_query(&self, url: &Url) -> bool {
        is_listed(url, self.query)
    }

    /// Whether it is for this field, as in [`Permission::what`].
    #[must_use]
    pub fn is_of(&self, what: &str) -> bool {
        match self.what.strip_suffix('*').filter(|_| self.is_open) {
            Some(start) => what.starts_with(start) && !self.except.iter().any(|except| except == what),
            None => self.what == what,
        }
    }

    /// What it permits, without its reason, on one line of the manifest. What is read is told from the request; in words it is said in a language.
    fn line(&self) -> String {
        let Self { method, scheme, host, path, access, query, is_open, except, .. } = self;
        let what = if *access == Access::Write { self.what.as_str() } else { "" };
        // `Debug` of a text escapes what would end it, so no two rows have one line.
        format!("{method} {scheme} {host:?} {path:?} {access:?} {query:?} {what:?} {is_open} {except:?}")
    }
}

fn host(url: &Url) -> String {
    url[Position::BeforeHost..Position::AfterPort].to_owned()
}

fn has_shape(path: &str, shape: &str) -> bool {
    let (mut segments, mut parts) = (path.split('/'), shape.split('/'));
    loop {
        match (segments.next(), parts.next()) {
            (None, None) => return true,
            (Some(segment), Some(part)) if part.starts_with('{') && is_id(segment) => {}
            (Some(segment), Some(part)) if part == segment => {}
            _ => return false,
        }
    }
}

/// Nothing that a server could read as another path: no escape, no dot.
fn is_id(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Everything that a mapping can ever cause: what is not in a row is not asked for and not written, whatever the contracts
/// and the candidates hold.
///
/// ```
/// use smartsync_core::{Mapping, Schemas, candidate::Definitions, mapping::OneflowSchema, permissions::Access};
///
/// let mapping: Mapping = toml::from_str(
///     r#"
///     sync  = { convention = false, document = { attach = false } }
///     field = [{ oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" }]
///     "#,
/// )?;
/// let schemas: Schemas = serde_json::from_str(
///     r#"{
///         "version": 1,
///         "oneflow": {
///             "template_types": [{ "id": 7, "name": "Employment", "data_fields": [{ "key": "phone", "active": true }] }],
///             "workspaces": []
///         },
///         "teamtailor": []
///     }"#,
/// )?;
/// let checked = mapping.check_against(&schemas).unwrap();
/// let (oneflow, teamtailor) = ("https://api.oneflow.com/v1".parse()?, "https://api.teamtailor.com/v1".parse()?);
/// let permissions = checked.permissions(&oneflow, &teamtailor);
/// let writes = permissions.rows().iter().filter(|row| row.access == Access::Write);
/// assert!(writes.clone().any(|row| row.is_of("data_field:phone")));
/// assert!(writes.clone().all(|row| row.host == "api.oneflow.com"), "nothing is written to Teamtailor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Permissions {
    rows: Vec<Permission>,
    #[serde(skip)]
    source: Arc<Source>,
    #[serde(skip)]
    has_document_host: bool,
}

/// What the rows are made from.
#[derive(PartialEq, Eq)]
enum Source {
    /// A mapping, and the base URLs of both services.
    Mapping { mapping: Box<Mapping>, oneflow: Url, teamtailor: Url },
    /// Rows that no mapping changes.
    Fixed(Vec<Permission>),
}

impl Source {
    /// The rows, with api-names in place of ids where the custom fields are known.
    fn rows(&self, known: &Definitions) -> Vec<Permission> {
        match self {
            Self::Mapping { mapping, oneflow, teamtailor } => {
                rows_of(&CheckedMapping::by_itself(mapping, known), oneflow, teamtailor)
            }
            Self::Fixed(rows) => rows.clone(),
        }
    }
}

impl Permissions {
    /// The rows: by host, reads first.
    #[must_use]
    pub fn rows(&self) -> &[Permission] {
        &self.rows
    }

    /// The fingerprint of what is permitted: SHA-256 in 64 hexadecimal digits, over one line per row in their order. It
    /// is that of the mapping and the two base URLs alone, whatever fields the services have, and of none of the words in which
    /// reads and reasons are said.
    #[must_use]
    pub fn hash(&self) -> String {
        let rows = self.over(self.source.rows(&Definitions::default())).rows;
        let mut hasher = Sha256::new();
        for row in rows {
            hasher.update(row.line());
            hasher.update("\n");
        }
        hex::encode(hasher.finalize())
    }

    /// The same for an engine that has a [`DocumentHost`](crate::engine::DocumentHost): it fetches the signed document itself, from
    /// the address that Oneflow gives.
    #[must_use]
    pub fn with_document_host(mut self) -> Self {
        self.has_document_host = true;
        let rows = std::mem::take(&mut self.rows);
        self.over(rows)
    }

    /// The same rows, by the api-names of these custom fields.
    pub(crate) fn naming(&self, known: &Definitions) -> Self {
        self.over(self.source.rows(known))
    }

    fn over(&self, mut rows: Vec<Permission>) -> Self {
        let attaches = self.has_document_host && rows.iter().any(|row| row.operation == FILE);
        if attaches && !rows.iter().any(Permission::is_for_anywhere) {
            rows.push(Permission {
                host: ANYWHERE.to_owned(),
                method: "GET",
                path: ANYWHERE.to_owned(),
                access: Access::Read,
                query: &[ANYWHERE],
                what: words::SIGNED_DOCUMENT.to_owned(),
                is_open: false,
                except: Vec::new(),
                why: words::TO_PASS_ON.to_owned(),
                scheme: ANYWHERE.to_owned(),
                operation: ANYWHERE,
            });
        }
        Self { rows, source: Arc::clone(&self.source), has_document_host: self.has_document_host }
    }

    /// Whether there is a row for a request to this URL.
    #[must_use]
    pub fn allow(&self, method: &str, url: &Url) -> bool {
        self.rows.iter().any(|row| row.is_for(method, url))
    }
}

/// Without the mapping, which the rows come from.
impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permissions").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl CheckedMapping {
    /// Everything that this mapping can ever cause at the services of these base URLs, as the two clients have them.
    #[must_use]
    pub fn permissions(&self, oneflow: &Url, teamtailor: &Url) -> Permissions {
        let rows = rows_of(self, oneflow, teamtailor);
        Permissions { rows, ..self.mapping().permissions(oneflow, teamtailor) }
    }
}

impl Mapping {
    /// The same without asking the services: rows name custom fields as the mapping does, be it by id.
    #[must_use]
    pub fn permissions(&self, oneflow: &Url, teamtailor: &Url) -> Permissions {
        let (oneflow, teamtailor) = (oneflow.clone(), teamtailor.clone());
        let source = Source::Mapping { mapping: Box::new(self.clone()), oneflow, teamtailor };
        let rows = source.rows(&Definitions::default());
        Permissions { rows, source: Arc::new(source), has_document_host: false }
    }
}

fn rows_of(mapping: &CheckedMapping, oneflow: &Url, teamtailor: &Url) -> Vec<Permission> {
    let sync = &mapping.mapping().sync;
    let mut rows = Rows::default();
    let searches = sync.link.contains(&LinkMethod::Email);
    rows.oneflow(oneflow, searches, sync.document.attach, &written_to_oneflow(mapping));
    rows.teamtailor(teamtailor, searches, sync.document.attach, &written_to_teamtailor(mapping));
    rows.sorted()
}

#[derive(Default)]
struct Rows(Vec<Permission>);

impl Rows {
    fn sorted(self) -> Vec<Permission> {
        let mut rows = self.0;
        rows.sort_by(|a, b| (&a.host, a.access, &a.path, a).cmp(&(&b.host, b.access, &b.path, b)));
        rows
    }

    fn oneflow(&mut self, base: &Url, searches: bool, attaches: bool, data_fields: &[Field]) {
        self.read(base, "/contracts/{id}", words::CONTRACT, words::TO_SYNC);
        if searches {
            let why = words::TO_CONFIRM_ADDRESS;
            self.read(base, "/contracts/{id}/events", words::HISTORY, why);
        }
        self.read(base, "/contracts", words::NEWEST_CONTRACTS, words::TO_FIND_CREATED);
        self.read(base, "/templates/{id}", words::TEMPLATE, words::TO_CREATE);
        self.read(base, "/template_types", words::TEMPLATE_TYPES, words::TO_CHECK);
        self.read(base, "/template_types/{id}", words::DATA_FIELDS, words::TO_CHECK_AND_CREATE);
        self.read(base, "/accounts/me", words::ACCOUNT, words::TO_COMPARE_ACCOUNTS);
        self.read(base, "/workspaces", words::WORKSPACES, words::TO_CHECK_AND_CREATE);
        if attaches {
            self.read(base, FILE, words::SIGNED_DOCUMENT, words::TO_ATTACH);
        }
        let create = ("POST", "/contracts/create");
        for (what, why) in [
            ("name", words::CONTRACT_NAME),
            ("participant:name", words::CANDIDATE_SIGNS),
            ("participant:email", words::CANDIDATE_IS_INVITED),
            ("participant:phone_number", words::CANDIDATE_IS_INVITED),
            ("participant:custom_id", words::LINK),
        ] {
            self.write(base, create, what, why);
        }
        self.fields(base, create, data_fields);
        self.write(base, ("POST", "/contracts/{id}/publish"), "message", words::INVITATION);
    }

    fn teamtailor(&mut self, base: &Url, searches: bool, attaches: bool, fields: &[Field]) {
        self.read(base, "/candidates/{id}", words::CANDIDATE, words::TO_READ_CARD);
        if searches {
            let what = words::CANDIDATES;
            self.read(base, "/candidates", what, words::TO_FIND_CANDIDATE);
        }
        self.read(base, "/company", words::COMPANY, words::TO_COMPARE_ACCOUNTS);
        self.read(base, "/custom-fields", words::CUSTOM_FIELDS, words::TO_KNOW_TYPES);
        self.read(base, "/custom-field-options", words::OPTIONS, words::TO_MATCH_OPTIONS);
        let (custom, defaults): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(Field::is_custom);
        self.fields(base, ("PATCH", "/candidates/{id}"), &defaults);
        self.fields(base, ("POST", "/custom-field-values"), &custom);
        self.fields(base, ("PATCH", "/custom-field-values/{id}"), &custom);
        if attaches {
            self.write(base, ("POST", "/uploads"), "upload", words::DOCUMENT_BY_ADDRESS);
        }
    }

    fn read(&mut self, base: &Url, path: &'static str, what: &str, why: &str) {
        self.row(base, ("GET", path), Access::Read, Field::new(what, why));
    }

    fn write(&mut self, base: &Url, request: (&'static str, &'static str), what: &str, why: &str) {
        self.row(base, request, Access::Write, Field::new(what, why));
    }

    fn fields(&mut self, base: &Url, request: (&'static str, &'static str), fields: &[Field]) {
        for field in fields {
            self.row(base, request, Access::Write, field.clone());
        }
    }

    fn row(
        &mut self,
        base: &Url,
        (method, operation): (&'static str, &'static str),
        access: Access,
        field: Field,
    ) {
        let path = format!("{}{operation}", base.path().trim_end_matches('/'));
        let query = if access == Access::Read { parameters(operation) } else { &[] };
        let Field { what, is_open, except, why } = field;
        let (host, scheme) = (host(base), base.scheme().to_owned());
        self.0.push(Permission {
            host,
            method,
            path,
            access,
            query,
            what,
            is_open,
            except,
            why,
            scheme,
            operation,
        });
    }
}
