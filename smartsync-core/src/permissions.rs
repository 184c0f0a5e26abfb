//! The write fence: every request that a mapping can ever cause.

mod fields;

use oneflow_client::Url;
use serde::Serialize;
use url::Position;

use self::fields::{Field, written_to_oneflow, written_to_teamtailor};
use crate::{CheckedMapping, LinkMeans};

/// Any host, any path.
const ANYWHERE: &str = "*";
const SIGNED_DOCUMENT: &str = "the signed document";

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
}

impl Permission {
    /// Whether it is for a request to this URL. The query is not looked at.
    #[must_use]
    pub fn is_for(&self, method: &str, url: &Url) -> bool {
        let is_there = self.host == ANYWHERE || self.host == host(url) && has_shape(url.path(), &self.path);
        self.method == method && is_there
    }

    /// Whether it is for this field, as in [`Permission::what`].
    #[must_use]
    pub fn is_of(&self, what: &str) -> bool {
        match self.what.strip_suffix('*').filter(|_| self.is_open) {
            Some(start) => what.starts_with(start) && !self.except.iter().any(|except| except == what),
            None => self.what == what,
        }
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
            (Some(segment), Some(part)) if part.starts_with('{') && !segment.is_empty() => {}
            (Some(segment), Some(part)) if part == segment => {}
            _ => return false,
        }
    }
}

/// Everything that a mapping can ever cause: what is not in a row is not asked for and not written, whatever the contracts
/// and the candidates hold.
///
/// ```
/// use smartsync_core::{Access, Definitions, Mapping, OneflowSchema, Schemas, compile};
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
/// let checked = compile(&mapping, &schemas).unwrap();
/// let (oneflow, teamtailor) = ("https://api.oneflow.com/v1".parse()?, "https://api.teamtailor.com/v1".parse()?);
/// let permissions = checked.permissions(&oneflow, &teamtailor);
/// let writes = permissions.rows().iter().filter(|row| row.access == Access::Write);
/// assert!(writes.clone().any(|row| row.is_of("data_field:phone")));
/// assert!(writes.clone().all(|row| row.host == "api.oneflow.com"), "nothing is written to Teamtailor");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Permissions {
    rows: Vec<Permission>,
}

impl Permissions {
    /// The rows: by host, reads first.
    #[must_use]
    pub fn rows(&self) -> &[Permission] {
        &self.rows
    }

    /// The same for an engine that has a [`DocumentHost`](crate::DocumentHost): it fetches the signed document itself, from
    /// the address that Oneflow gives.
    #[must_use]
    pub fn with_document_host(mut self) -> Self {
        let attaches = self.rows.iter().any(|row| row.what == SIGNED_DOCUMENT);
        self.rows.extend(attaches.then(|| Permission {
            host: ANYWHERE.to_owned(),
            method: "GET",
            path: ANYWHERE.to_owned(),
            access: Access::Read,
            what: SIGNED_DOCUMENT.to_owned(),
            is_open: false,
            except: Vec::new(),
            why: "to hand it to the document host; without credentials".to_owned(),
        }));
        self
    }

    /// Whether there is a row for a request to this URL.
    #[must_use]
    pub fn allow(&self, method: &str, url: &Url) -> bool {
        self.rows.iter().any(|row| row.is_for(method, url))
    }
}

impl CheckedMapping {
    /// Everything that this mapping can ever cause at the services of these base URLs, as the two clients have them.
    #[must_use]
    pub fn permissions(&self, oneflow: &Url, teamtailor: &Url) -> Permissions {
        let sync = &self.mapping().sync;
        let mut rows = Rows::default();
        let searches = sync.link.contains(&LinkMeans::Email);
        rows.oneflow(oneflow, searches, sync.document.attach, &written_to_oneflow(self));
        rows.teamtailor(teamtailor, searches, sync.document.attach, &written_to_teamtailor(self));
        let mut rows = rows.0;
        rows.sort_by(|a, b| (&a.host, a.access, &a.path, a).cmp(&(&b.host, b.access, &b.path, b)));
        Permissions { rows }
    }
}

#[derive(Default)]
struct Rows(Vec<Permission>);

impl Rows {
    fn oneflow(&mut self, base: &Url, searches: bool, attaches: bool, data_fields: &[Field]) {
        self.read(base, "/contracts/{id}", "the contract", "to look at a contract");
        if searches {
            let why = "to find out what a participant's address proves";
            self.read(base, "/contracts/{id}/events", "what has happened to the contract", why);
        }
        self.read(base, "/contracts", "up to 1,000 contracts", "to find one that an earlier try has made");
        self.read(base, "/templates/{id}", "the template", "to make a contract");
        self.read(base, "/template_types", "the template types", "to check the mapping");
        self.read(
            base,
            "/template_types/{id}",
            "the data fields",
            "to check the mapping and to make a contract",
        );
        self.read(base, "/workspaces", "the workspaces", "to check the mapping and to make a contract");
        if attaches {
            self.read(base, "/contracts/{id}/files/{id}", SIGNED_DOCUMENT, "to attach it");
        }
        let create = ("POST", "/contracts/create");
        for (what, why) in [
            ("name", "the contract's name, where one is given"),
            ("participant:name", "the candidate signs"),
            ("participant:email", "the candidate is invited"),
            ("participant:phone_number", "the candidate is invited"),
            ("participant:custom_id", "the link to the candidate, signed"),
        ] {
            self.write(base, create, what, why);
        }
        self.fields(base, create, data_fields);
        self.write(
            base,
            ("POST", "/contracts/{id}/publish"),
            "message",
            "the invitation, where one is given",
        );
    }

    fn teamtailor(&mut self, base: &Url, searches: bool, attaches: bool, fields: &[Field]) {
        self.read(base, "/candidates/{id}", "the candidate, with values and file names", "to look at a card");
        if searches {
            let what = "the candidates of an e-mail address, with values and file names";
            self.read(base, "/candidates", what, "to find the candidate of a contract");
        }
        self.read(base, "/custom-fields", "the custom fields", "to know their types");
        self.read(base, "/custom-field-options", "the options of selects", "to know them by name");
        let (custom, defaults): (Vec<_>, Vec<_>) = fields.iter().cloned().partition(Field::is_custom);
        self.fields(base, ("PATCH", "/candidates/{id}"), &defaults);
        self.fields(base, ("POST", "/custom-field-values"), &custom);
        self.fields(base, ("PATCH", "/custom-field-values/{id}"), &custom);
        if attaches {
            self.write(base, ("POST", "/uploads"), "upload", "the signed document, by its address");
        }
    }

    fn read(&mut self, base: &Url, path: &str, what: &str, why: &str) {
        self.row(base, ("GET", path), Access::Read, Field::new(what, why));
    }

    fn write(&mut self, base: &Url, request: (&'static str, &str), what: &str, why: &str) {
        self.row(base, request, Access::Write, Field::new(what, why));
    }

    fn fields(&mut self, base: &Url, request: (&'static str, &str), fields: &[Field]) {
        for field in fields {
            self.row(base, request, Access::Write, field.clone());
        }
    }

    fn row(&mut self, base: &Url, (method, path): (&'static str, &str), access: Access, field: Field) {
        let path = format!("{}{path}", base.path().trim_end_matches('/'));
        let Field { what, is_open, except, why } = field;
        self.0.push(Permission { host: host(base), method, path, access, what, is_open, except, why });
    }
}
