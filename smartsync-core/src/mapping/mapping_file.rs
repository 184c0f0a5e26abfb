//! Reads a mapping file that was parsed, and notes everything that is wrong with its form.

use std::str::FromStr;

use serde_json::Value;

use super::{
    Mapping, check::check, entry::Entry, field::FieldMapping, file_name::FileNameError,
    file_name::FileNameTemplate, invalid::InvalidMapping, item::Item, item::flag, item::id, item::list,
    item::text, item::word, nearest::nearest, nearest::or_list, schemas::Schemas, settings::Settings,
    sync_settings::DocumentSettings, sync_settings::SyncSettings, table::Table, unread::Partial,
    unread::Unread, view::View, view::sorted,
};
use crate::{
    candidate::{CandidateField, DefaultField},
    diagnostic::{Diagnostic, DiagnosticCode, KeyPath},
    value::Locale,
    words::mapping as words,
};

/// `[sync]` and `[[field]]` of a parsed file, TOML and JSON alike: `{ "sync": {..}, "field": [..] }`. It is read once, as far as it
/// can be read, and notes everything that is wrong with the rest.
///
/// ```
/// use serde_json::json;
/// use smartsync_core::mapping::MappingFile;
///
/// let file = MappingFile::parse(&json!({ "field": [{ "oneflow": "start-date", "teamtailor": "custom:31", "wen": "edited" }] }));
/// let found = file.diagnostics(None);
/// assert_eq!(found[0].path.to_string(), "field[0].wen");
/// assert!(file.into_mapping().is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MappingFile {
    sync: Partial<SyncSettings>,
    /// The entries in order.
    fields: Vec<Partial<FieldMapping>>,
    /// Whether the list of entries could not be read.
    lacks_entries: bool,
    found: Vec<Diagnostic>,
}

impl MappingFile {
    /// Reads a parsed file as far as it can be read.
    #[must_use]
    pub fn parse(file: &Value) -> Self {
        let mut read = Self::default();
        let mut found = Vec::new();
        let unread = match Table::open(Item::new(file, KeyPath::default(), &mut found)) {
            Some(mut top) => {
                top.set("sync", &mut read.sync, sync);
                top.set("field", &mut read.fields, entries);
                top.close()
            }
            None => Unread::All,
        };
        if unread.has("sync") {
            read.sync.unread = Unread::All;
        }
        Self { lacks_entries: unread.has("field"), found, ..read }
    }

    /// Everything that is to be said of the file at once, by place: about its form, about what its entries say, and against what both
    /// services have, if that is known. What cannot be read hides nothing but what would follow from it.
    #[must_use]
    pub fn diagnostics(&self, schemas: Option<&Schemas>) -> Vec<Diagnostic> {
        let mut found = check(&self.view(schemas));
        found.extend(self.found.iter().cloned());
        sorted(found)
    }

    /// The mapping, if nothing is wrong with the form of the file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with its form, not just the first.
    pub fn into_mapping(self) -> Result<Mapping, Vec<Diagnostic>> {
        if self.found.is_empty() {
            let fields = self.fields.into_iter().map(|field| field.read).collect();
            Ok(Mapping { sync: self.sync.read, fields })
        } else {
            Err(self.found)
        }
    }

    /// The sound part, to be checked further.
    fn view<'a>(&'a self, schemas: Option<&'a Schemas>) -> View<'a> {
        let fields = self.fields.iter().enumerate();
        let entries = fields.map(|(position, field)| Entry::new(position, &field.read, &field.unread));
        let sync = Settings::new(&self.sync.read, &self.sync.unread);
        View { lacks_entries: self.lacks_entries, ..View::new(sync, entries.collect(), schemas) }
    }
}

impl TryFrom<Value> for Mapping {
    type Error = InvalidMapping;

    fn try_from(file: Value) -> Result<Self, InvalidMapping> {
        MappingFile::parse(&file).into_mapping().map_err(InvalidMapping)
    }
}

fn sync(item: Item<'_>) -> Option<Partial<SyncSettings>> {
    let mut table = Table::open(item)?;
    let mut sync = SyncSettings::default();
    table.set("link", &mut sync.link, |item| list(item, word));
    table.set("link_data_field", &mut sync.link_data_field, |item| key(item).map(Some));
    table.set("convention", &mut sync.convention, flag);
    table.set("document", &mut sync.document, document);
    table.set("locale", &mut sync.locale, locale);
    table.set("template_types", &mut sync.template_types, |item| list(item, id));
    table.set("workspaces", &mut sync.workspaces, |item| list(item, id));
    Some(Partial { read: sync, unread: table.close() })
}

/// The document's table, if nothing in it is wrong.
fn document(item: Item<'_>) -> Option<DocumentSettings> {
    let mut table = Table::open(item)?;
    let mut document = DocumentSettings::default();
    table.set("attach", &mut document.attach, flag);
    table.set("by_email", &mut document.by_email, flag);
    table.set("file_name", &mut document.file_name, file_name);
    table.close().is_empty().then_some(document)
}

fn file_name(item: Item<'_>) -> Option<FileNameTemplate> {
    let (text, item) = text(item)?;
    match text.parse() {
        Ok(template) => Some(template),
        Err(FileNameError::NoContractId) => item.refuse(
            DiagnosticCode::FileNameWithoutId,
            words::FILE_NAME_WITHOUT_ID,
            words::FILE_NAME_WITHOUT_ID_HELP,
        ),
        Err(FileNameError::UnknownPlaceholder) => item.refuse(
            DiagnosticCode::UnknownPlaceholder,
            words::UNKNOWN_PLACEHOLDER,
            words::UNKNOWN_PLACEHOLDER_HELP,
        ),
        Err(FileNameError::TooLong) => item.refuse(
            DiagnosticCode::FileNameTooLong,
            words::FILE_NAME_TOO_LONG,
            words::FILE_NAME_TOO_LONG_HELP,
        ),
    }
}

/// A locale, if nothing in it is wrong.
fn locale(item: Item<'_>) -> Option<Locale> {
    let mut table = Table::open(item)?;
    let mut locale = Locale::default();
    table.set("decimal", &mut locale.decimal, |item| word(item).map(Some));
    table.set("date_order", &mut locale.date_order, |item| word(item).map(Some));
    table.set("country", &mut locale.country, |item| {
        let help = words::UNKNOWN_COUNTRY_HELP;
        code(item, DiagnosticCode::UnknownCountry, words::unknown_country, help).map(Some)
    });
    table.set("currency", &mut locale.currency, |item| {
        let help = words::UNKNOWN_CURRENCY_HELP;
        code(item, DiagnosticCode::UnknownCurrency, words::unknown_currency, help).map(Some)
    });
    table.close().is_empty().then_some(locale)
}

/// A code of a standard: of a country, of a currency.
fn code<T: FromStr>(
    item: Item<'_>,
    unknown: DiagnosticCode,
    message: fn(&str) -> String,
    help: &str,
) -> Option<T> {
    let (text, item) = text(item)?;
    match text.parse() {
        Ok(code) => Some(code),
        Err(_) => item.refuse(unknown, message(text), help),
    }
}

fn entries(item: Item<'_>) -> Option<Vec<Partial<FieldMapping>>> {
    if item.value.is_object() {
        return item.wrong_type(words::WRITE_ENTRIES);
    }
    list(item, |item| Some(entry(item)))
}

fn entry(item: Item<'_>) -> Partial<FieldMapping> {
    let mut field = FieldMapping::new("", CandidateField::Default(DefaultField::Email));
    let Some(mut table) = Table::open(item) else {
        return Partial { read: field, unread: Unread::All };
    };
    let oneflow = table.require("oneflow", words::MISSING_ONEFLOW, key);
    let teamtailor = table.require("teamtailor", words::MISSING_TEAMTAILOR, candidate_field);
    field.oneflow = oneflow.unwrap_or(field.oneflow);
    field.teamtailor = teamtailor.unwrap_or(field.teamtailor);
    rules(&mut table, &mut field);
    Partial { read: field, unread: table.close() }
}

fn rules(table: &mut Table<'_>, field: &mut FieldMapping) {
    table.set("type", &mut field.kind, |item| word(item).map(Some));
    table.set("direction", &mut field.direction, word);
    table.set("when", &mut field.when, |item| word(item).map(Some));
    table.set("on_conflict", &mut field.on_conflict, |item| word(item).map(Some));
    table.set("on_first_sight", &mut field.on_first_sight, word);
    table.set("on_empty", &mut field.on_empty, word);
    table.set("allow_identity", &mut field.allow_identity, flag);
    table.set("locale", &mut field.locale, |item| locale(item).map(Some));
    table.set("template_types", &mut field.template_types, |item| list(item, id));
    table.set("workspaces", &mut field.workspaces, |item| list(item, id));
}

/// The key of a data field. Whether it is empty is checked with the rest of the mapping.
fn key(item: Item<'_>) -> Option<String> {
    text(item).map(|(text, _)| text.to_owned())
}

fn candidate_field(item: Item<'_>) -> Option<CandidateField> {
    let (text, item) = text(item)?;
    if let Ok(field) = text.parse() {
        return Some(field);
    }
    if text.starts_with("custom:") {
        return item.refuse(
            DiagnosticCode::CustomFieldWithoutName,
            words::CUSTOM_WITHOUT_NAME,
            words::CUSTOM_WITHOUT_NAME_HELP,
        );
    }
    let defaults = || DefaultField::ALL.iter().map(|field| field.as_str());
    let help = match nearest(text, defaults()) {
        Some(meant) => words::write(&format!("`{meant}`")),
        None => words::candidate_fields(&or_list(defaults())),
    };
    item.refuse(DiagnosticCode::UnknownCandidateField, words::unknown_candidate_field(text), help)
}
