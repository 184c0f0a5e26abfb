//! A configuration file that was parsed, and may still say what it must not.

use std::{fmt::Display, path::Path, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use smartsync_core::{
    Mapping, Schemas,
    diagnostic::{Diagnostic, KeyOrValue, KeyPath, KeyPathSegment, Severity},
    mapping::{MappingFile, nearest},
    permissions::Permissions,
};
use smartsync_transport::RetryPolicy;

use super::{
    Config, ConfigError, DocsSection, Fault, StoreSection,
    document::{Document, Sections, Shared, StoreDocument, TenantSections},
    tenant_head::{TenantHead, heads, place_of},
    tenants::Tenants,
};
use crate::{
    config::{
        diagnostics::Diagnostics,
        source_text::{SourceText, SyntaxError},
    },
    files::{
        text_file::{read_text, without_mark},
        without_values::without_values,
    },
    store::Tenant,
};

/// The key of the list of tenants.
pub(super) const TENANT: &str = "tenant";

/// A configuration file whose text is TOML or JSON. What it says has not been judged: a mapping with errors can be
/// [diagnosed](Self::diagnose) against what both services have.
///
/// A file with `[[tenant]]` is read [for one of them](Self::of_tenant), or for [all](Self::tenants).
#[derive(Clone, Debug)]
pub struct ConfigFile {
    source: Arc<SourceText>,
    /// The tenant that it is read for; `None` in a file without, and in one that is read for no tenant yet.
    tenant: Option<TenantHead>,
    in_store: Tenant,
    mapping_file: MappingFile,
    /// `[sync]` and `[[field]]`, if nothing is wrong with their form.
    mapping: Option<Mapping>,
    allows_plain_http: bool,
}

impl ConfigFile {
    /// Reads the file at `path`: JSON if its name ends in `.json`, TOML otherwise.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] and, for a text that is no TOML or JSON, [`ConfigError::Invalid`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let text = match read_text(path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Read { path: file, source }),
        };
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let parse = if is_json { SourceText::json } else { SourceText::toml };
        Self::parsed(parse(text, Some(file.clone())), Some(file))
    }

    /// Takes a TOML text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] when it is none.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::parsed(SourceText::toml(without_mark(text).to_owned(), None), None)
    }

    /// Takes a JSON text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] when it is none.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        Self::parsed(SourceText::json(without_mark(text).to_owned(), None), None)
    }

    fn parsed(source: Result<SourceText, SyntaxError>, file: Option<String>) -> Result<Self, ConfigError> {
        match source {
            Ok(source) => {
                // The mappings of tenants are read with each of them.
                let mapping = mapping_value(source.value());
                Ok(Self::reading(Arc::new(source), None, &mapping))
            }
            Err(SyntaxError { message, line, key }) => {
                Err(ConfigError::Invalid(Fault { file, line, key, message, others: Vec::new() }))
            }
        }
    }

    fn reading(source: Arc<SourceText>, tenant: Option<TenantHead>, mapping: &Value) -> Self {
        let mapping_file = MappingFile::parse(mapping);
        let mapping = mapping_file.clone().into_mapping().ok();
        let in_store = tenant.as_ref().map(|tenant| tenant.in_store.clone()).unwrap_or_default();
        Self { source, tenant, in_store, mapping_file, mapping, allows_plain_http: false }
    }

    /// Takes a `base_url` in plain http for what it is, although credentials and personal data then travel in the clear. Without
    /// this, only one to this machine itself is taken.
    #[must_use]
    pub fn allow_plain_http(mut self, allowed: bool) -> Self {
        self.allows_plain_http = allowed;
        self
    }

    /// Whether [`allow_plain_http`](Self::allow_plain_http) was called with `true`.
    pub(crate) fn allows_plain_http(&self) -> bool {
        self.allows_plain_http
    }

    /// The file, if the text came from one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.source.file()
    }

    /// The tenant that it is read for; `None` in a file without `[[tenant]]`, and in one that is read for none yet.
    #[must_use]
    pub fn name(&self) -> Option<&Tenant> {
        self.tenant.as_ref().map(|tenant| &tenant.name)
    }

    /// Whose the rows in the database are: those of the tenant that it is read for, unless it is `unnamed` there.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.in_store
    }

    /// What the file says for each of its tenants; for the one without a name, if it has no `[[tenant]]`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] and [`ConfigError::Mapping`] show all that is wrong, whichever tenant it is about.
    pub fn tenants(&self) -> Result<Tenants, ConfigError> {
        let Some(tenants) = self.unchosen() else { return Ok(Tenants::from(self.config()?)) };
        let (heads, mut faults) = heads(self, tenants);
        let mut configs = Vec::new();
        match self.shared() {
            Ok(shared) => {
                for view in heads.into_iter().map(|head| self.view(head)) {
                    match view.tenant.as_ref().map(|tenant| view.sections_of(tenant, shared.clone())) {
                        Some(Ok(sections)) => configs.extend(view.with_mapping(sections)),
                        Some(Err(fault)) => faults.push(fault),
                        None => {}
                    }
                }
            }
            Err(fault) => faults.push(fault),
        }
        let diagnostics = self.diagnose(None);
        match Fault::all(faults) {
            Some(fault) if !diagnostics.has_errors() => Err(ConfigError::Invalid(fault)),
            None if !diagnostics.has_errors() => {
                Tenants::new(configs).ok_or(ConfigError::Mapping { diagnostics, fault: None })
            }
            fault => Err(ConfigError::Mapping { diagnostics, fault: fault.map(Box::new) }),
        }
    }

    /// The file as it is read for each of its tenants, in their order; as it is, if it has no `[[tenant]]`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] where they cannot be told apart.
    pub fn by_tenant(&self) -> Result<Vec<Self>, ConfigError> {
        let Some(tenants) = self.unchosen() else { return Ok(vec![self.clone()]) };
        let (heads, faults) = heads(self, tenants);
        match Fault::all(faults) {
            Some(fault) => Err(ConfigError::Invalid(fault)),
            None => Ok(heads.into_iter().map(|head| self.view(head)).collect()),
        }
    }

    /// The file as it is read for the tenant of this name; without one, for its only tenant. What it then says is of this tenant alone.
    ///
    /// # Errors
    ///
    /// [`ConfigError::UnknownTenant`], [`ConfigError::SeveralTenants`], and [`ConfigError::Invalid`] where the tenants cannot be told apart.
    pub fn of_tenant(&self, name: Option<&Tenant>) -> Result<Self, ConfigError> {
        let Some(name) = name else { return self.only() };
        let views = self.by_tenant()?;
        let names = views.iter().filter_map(Self::name).cloned().collect();
        let named = views.into_iter().find(|view| view.name() == Some(name));
        named.ok_or_else(|| ConfigError::UnknownTenant { name: name.clone(), names })
    }

    /// The file as it is read for its only tenant, or for the one without a name.
    fn only(&self) -> Result<Self, ConfigError> {
        match self.by_tenant()?.as_slice() {
            [only] => Ok(only.clone()),
            several => {
                let names = several.iter().filter_map(Self::name).cloned().collect();
                Err(ConfigError::SeveralTenants { names })
            }
        }
    }

    /// The file as it is read for each tenant but its own.
    pub(crate) fn others(&self) -> Vec<Self> {
        let whole = Self::reading(Arc::clone(&self.source), None, &Value::Null);
        let all = whole.by_tenant().unwrap_or_default().into_iter();
        all.filter(|view| view.name() != self.name()).collect()
    }

    /// The list of tenants, while none is chosen.
    fn unchosen(&self) -> Option<&Value> {
        self.top().get(TENANT).filter(|_| self.tenant.is_none())
    }

    /// The file as it is read for this tenant.
    fn view(&self, tenant: TenantHead) -> Self {
        let mapping = mapping_value(self.table_of(tenant.position));
        let view = Self::reading(Arc::clone(&self.source), Some(tenant), &mapping);
        view.allow_plain_http(self.allows_plain_http)
    }

    /// The table of a tenant.
    fn table_of(&self, position: usize) -> &Value {
        self.top().get(TENANT).and_then(|tenants| tenants.get(position)).unwrap_or(&Value::Null)
    }

    /// Everything that is to be said of `[sync]` and `[[field]]`: of their form, of what they say, and against what both
    /// services have, if that is known. As long as no tenant is chosen, of those of each tenant.
    #[must_use]
    pub fn diagnose(&self, schemas: Option<&Schemas>) -> Diagnostics {
        let found = match self.unchosen().and_then(Value::as_array) {
            Some(tenants) => {
                let mappings = (0..).zip(tenants).map(|(position, table)| {
                    let found = MappingFile::parse(&mapping_value(table)).diagnostics(schemas);
                    within_tenant(position, found)
                });
                mappings.flatten().collect()
            }
            None => self.placed(self.mapping_file.diagnostics(schemas)),
        };
        Diagnostics::new(found, Arc::clone(&self.source))
    }

    /// What was found in the mapping, with its places in the file.
    fn placed(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        match &self.tenant {
            Some(tenant) => within_tenant(tenant.position, found),
            None => found,
        }
    }

    /// What the file says for the tenant that it is read for, or for its only one.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`], [`ConfigError::Mapping`] and, if it has several, [`ConfigError::SeveralTenants`].
    pub fn config(&self) -> Result<Config, ConfigError> {
        if self.unchosen().is_some() {
            return self.only()?.config();
        }
        let diagnostics = self.diagnose(None);
        match self.own_sections() {
            Ok(sections) if !diagnostics.has_errors() => {
                self.with_mapping(sections).ok_or(ConfigError::Mapping { diagnostics, fault: None })
            }
            Err(fault) if !diagnostics.has_errors() => Err(ConfigError::Invalid(fault)),
            sections => Err(ConfigError::Mapping { diagnostics, fault: sections.err().map(Box::new) }),
        }
    }

    /// These sections with the mapping, if nothing is wrong with its form.
    fn with_mapping(&self, sections: Config) -> Option<Config> {
        let mapping = self.mapping()?.clone();
        Some(Config { mapping, warnings: self.diagnose(None).only(Severity::Warning), ..sections })
    }

    /// `[store]`, whatever the other sections and the mapping say.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`], also for a section of an unknown name: it may be a misspelled `[store]`.
    pub fn store(&self) -> Result<StoreSection, ConfigError> {
        let document: StoreDocument = self.part(&[], self.top()).map_err(ConfigError::Invalid)?;
        let StoreDocument { mut store, .. } = document;
        self.folder().inspect(|folder| store.relative_to(folder));
        Ok(store)
    }

    /// Everything that the mapping can ever read and write at both services.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Mapping`] for a mapping that does not fit the two services, and [`ConfigError::Invalid`],
    /// [`ConfigError::PlainHttp`] and [`ConfigError::Client`] for what is wrong with the other sections. No secret is read.
    pub fn permissions(&self, schemas: &Schemas) -> Result<Permissions, ConfigError> {
        let config = self.config()?;
        let checked = config.mapping.check_against(schemas).map_err(|found| ConfigError::Mapping {
            diagnostics: Diagnostics::new(self.placed(found), Arc::clone(&self.source)),
            fault: None,
        })?;
        let (oneflow, teamtailor) = config.base_urls()?;
        Ok(checked.permissions(&oneflow, &teamtailor))
    }

    /// All but the mapping, which is the default one: enough to ask the services.
    pub(crate) fn sections(&self) -> Result<Config, ConfigError> {
        match self.unchosen() {
            Some(_) => self.only()?.sections(),
            None => self.own_sections().map_err(ConfigError::Invalid),
        }
    }

    /// The same, where it is known for whom.
    fn own_sections(&self) -> Result<Config, Fault> {
        match &self.tenant {
            Some(tenant) => self.sections_of(tenant, self.shared()?),
            None => {
                let document: Document = self.part(&[], self.top())?;
                Ok(self.with_folder(Sections::from(document)))
            }
        }
    }

    /// The sections of a tenant, beside those that all have in common.
    fn sections_of(&self, tenant: &TenantHead, shared: Shared) -> Result<Config, Fault> {
        let Shared { store, mut server, alerts, page, docs, .. } = shared;
        server.path = tenant.path.clone();
        let table = self.table_of(tenant.position);
        let TenantSections { oneflow, teamtailor, limits, .. } =
            self.part(&place_of(tenant.position), table)?;
        Ok(self.with_folder(Sections { oneflow, teamtailor, store, server, limits, alerts, page, docs }))
    }

    /// What all tenants have in common.
    fn shared(&self) -> Result<Shared, Fault> {
        self.part(&[], self.top())
    }

    /// Whether what is wrong with it is so for each of its tenants alike.
    pub(crate) fn is_faulty_for_all(&self) -> bool {
        self.tenant.is_some() && self.shared().is_err()
    }

    fn with_folder(&self, sections: Sections) -> Config {
        let Sections { mut oneflow, mut teamtailor, mut store, server, limits, mut alerts, mut page, docs } =
            sections;
        if let Some(folder) = self.folder() {
            oneflow.token.relative_to(folder);
            oneflow.sign_keys.relative_to(folder);
            teamtailor.token.relative_to(folder);
            store.relative_to(folder);
            if let Some(alerts) = &mut alerts {
                alerts.key.relative_to(folder);
            }
            if let Some(token) = page.as_mut().and_then(|page| page.token.as_mut()) {
                token.relative_to(folder);
            }
        }
        Config {
            oneflow,
            teamtailor,
            store,
            server,
            limits,
            alerts,
            page,
            docs,
            mapping: Mapping::default(),
            retry: RetryPolicy::default(),
            change_limit: None,
            warnings: Diagnostics::default(),
            file: self.clone(),
        }
    }

    /// `[docs]`, if it is there and can be read: whatever else the file says, it is for whoever reads what is said of it.
    #[must_use]
    pub fn docs(&self) -> Option<DocsSection> {
        DocsSection::of(self.top())
    }

    /// Where a relative path of a secret begins.
    fn folder(&self) -> Option<&Path> {
        self.file().and_then(|file| Path::new(file).parent())
    }

    /// `[sync]` and `[[field]]`, if nothing is wrong with their form.
    pub(crate) fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// All that the text says.
    pub(super) fn top(&self) -> &Value {
        self.source.value()
    }

    /// A part of the text, which stands at this place.
    pub(super) fn part<'a, T: Deserialize<'a>>(
        &self,
        place: &[KeyPathSegment],
        value: &'a Value,
    ) -> Result<T, Fault> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let below = error.path().iter().filter_map(|segment| match segment {
                Segment::Seq { index } => Some(KeyPathSegment::Index(*index)),
                Segment::Map { key } => Some(KeyPathSegment::Key(key.clone())),
                Segment::Enum { variant } => Some(KeyPathSegment::Key(variant.clone())),
                Segment::Unknown => None,
            });
            let path: Vec<_> = place.iter().cloned().chain(below).collect();
            self.fault_at(&path, with_nearest(without_values(error.inner())))
        })
    }

    /// What is wrong at this place.
    pub(super) fn fault_at(&self, path: &[KeyPathSegment], message: impl Display) -> Fault {
        let span = self.source.span(path, KeyOrValue::Key);
        let key = if path.is_empty() {
            String::new()
        } else {
            path.iter().cloned().collect::<KeyPath>().to_string()
        };
        Fault {
            file: self.file().map(str::to_owned),
            line: span.map(|span| self.source.line_and_column(span.start).0),
            key,
            message: message.to_string(),
            others: Vec::new(),
        }
    }
}

/// What was found in the mapping of a tenant, with its places in the file.
fn within_tenant(position: usize, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place =
        |path: &KeyPath| place_of(position).into_iter().chain(path.segments().iter().cloned()).collect();
    for found in &mut found {
        found.path = place(&found.path);
        found.related.iter_mut().for_each(|related| related.path = place(&related.path));
        for text in [&mut found.message, &mut found.help] {
            *text = text.replace("`[[field]]`", "`[[tenant.field]]`").replace("`[sync]`", "`[tenant.sync]`");
        }
    }
    found
}

/// `[sync]` and `[[field]]` of a table.
fn mapping_value(table: &Value) -> Value {
    let members = table.as_object().into_iter().flatten();
    let sections = members.filter(|(key, _)| matches!(key.as_str(), "sync" | "field"));
    Value::Object(sections.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

/// serde lists the keys that are known; which of them was meant, it does not say.
fn with_nearest(message: String) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let meant = match names.as_slice() {
        [unknown, known @ ..] if message.starts_with("unknown field `") => {
            nearest(unknown, known.iter().copied()).map(str::to_owned)
        }
        _ => None,
    };
    meant.map_or(message.clone(), |meant| format!("{message}: write `{meant}`"))
}
