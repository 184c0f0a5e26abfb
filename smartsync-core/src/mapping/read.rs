//! Reads a mapping file that was parsed, and notes everything that is wrong with its form.

use serde_json::Value;

use super::{
    DocumentSettings, FieldMapping, Mapping, SyncSettings,
    item::{Item, flag, id, list, text, word},
    nearest::{nearest, or_list},
    table::Table,
    view::{Entry, View},
};
use crate::{
    CandidateField, DefaultField, Diagnostic, DiagnosticCode, FileNameError, FileNameTemplate, Locale, Place,
    Schemas,
};

/// What of a file is in order, and what is wrong with the rest.
#[derive(Default)]
pub(super) struct Draft {
    /// `[sync]`; `None` if something is wrong with it.
    pub(super) sync: Option<SyncSettings>,
    /// The entries in order, each with its position in the file.
    pub(super) fields: Vec<(usize, FieldMapping)>,
    pub(super) found: Vec<Diagnostic>,
}

/// Reads the file as far as it can be read.
pub(super) fn draft(file: &Value) -> Draft {
    let mut draft = Draft::default();
    let mut found = Vec::new();
    if let Some(mut top) = Table::open(Item::new(file, Place::default(), &mut found)) {
        let mut in_sync = Vec::new();
        let sync = top.get("sync", |item| sync(Item::new(item.value, item.place, &mut in_sync)));
        draft.sync = in_sync.is_empty().then(|| sync.unwrap_or_default());
        top.get("field", |item| {
            if item.value.is_object() {
                return item.wrong_type("`[[field]]`, in double brackets, above each entry");
            }
            let entries = list(item, |item| {
                let mut in_entry = Vec::new();
                let entry = entry(Item::new(item.value, item.place, &mut in_entry));
                let entry = entry.filter(|_| in_entry.is_empty());
                item.found.append(&mut in_entry);
                // An entry that is wrong does not spoil the others.
                Some(entry)
            })?;
            let entries = entries.into_iter().enumerate();
            draft.fields = entries.filter_map(|(position, entry)| Some((position, entry?))).collect();
            Some(())
        });
        top.close();
        found.append(&mut in_sync);
    }
    draft.found = found;
    draft
}

impl Draft {
    /// The sound part, to be checked further.
    pub(super) fn view<'a>(&'a self, schemas: Option<&'a Schemas>) -> View<'a> {
        let entries = self.fields.iter().map(|(position, field)| Entry { position: *position, field });
        let (sync, lacks_entries) = (self.sync.as_ref(), !self.found.is_empty());
        View { sync, entries: entries.collect(), lacks_entries, schemas }
    }

    /// The mapping, if nothing is wrong.
    pub(super) fn finish(self) -> Result<Mapping, Vec<Diagnostic>> {
        match self.sync {
            Some(sync) if self.found.is_empty() => {
                Ok(Mapping { sync, fields: self.fields.into_iter().map(|(_, field)| field).collect() })
            }
            _ => Err(self.found),
        }
    }
}

fn sync(item: Item<'_>) -> Option<SyncSettings> {
    let mut table = Table::open(item)?;
    let mut sync = SyncSettings::default();
    table.set("link", &mut sync.link, |item| list(item, word));
    table.set("link_data_field", &mut sync.link_data_field, |item| key(item).map(Some));
    table.set("convention", &mut sync.convention, flag);
    table.set("document", &mut sync.document, document);
    table.set("locale", &mut sync.locale, locale);
    table.set("template_types", &mut sync.template_types, |item| list(item, id));
    table.set("workspaces", &mut sync.workspaces, |item| list(item, id));
    table.close();
    Some(sync)
}

fn document(item: Item<'_>) -> Option<DocumentSettings> {
    let mut table = Table::open(item)?;
    let mut document = DocumentSettings::default();
    table.set("attach", &mut document.attach, flag);
    table.set("file_name", &mut document.file_name, file_name);
    table.close();
    Some(document)
}

fn file_name(item: Item<'_>) -> Option<FileNameTemplate> {
    let (text, item) = text(item)?;
    match text.parse() {
        Ok(template) => Some(template),
        Err(FileNameError::NoContractId) => item.refuse(
            DiagnosticCode::FileNameWithoutId,
            "the file name has no `({contract_id})`, by which the document is found again",
            "write `({contract_id})` into it, parentheses included",
        ),
        Err(FileNameError::UnknownPlaceholder) => item.refuse(
            DiagnosticCode::UnknownPlaceholder,
            "the file name has a placeholder that is not known",
            "use `{contract_name}` and `{contract_id}` only, and no other braces",
        ),
    }
}

fn locale(item: Item<'_>) -> Option<Locale> {
    let mut table = Table::open(item)?;
    let mut locale = Locale::default();
    table.set("decimal", &mut locale.decimal, |item| word(item).map(Some));
    table.set("date_order", &mut locale.date_order, |item| word(item).map(Some));
    table.close();
    Some(locale)
}

fn entry(item: Item<'_>) -> Option<FieldMapping> {
    let mut table = Table::open(item)?;
    let oneflow =
        table.require("oneflow", "write `oneflow = \"...\"` with the custom_id of a data field", key);
    let teamtailor = table.require(
        "teamtailor",
        "write `teamtailor = \"custom:...\"` with the api-name of a custom field, or a default field such as \"phone\"",
        candidate_field,
    );
    // The rest is read all the same, so that all that is wrong is found at once.
    let mut field = FieldMapping::new("", CandidateField::Default(DefaultField::Email));
    rules(&mut table, &mut field);
    table.close();
    (field.oneflow, field.teamtailor) = (oneflow?, teamtailor?);
    Some(field)
}

fn rules(table: &mut Table<'_>, field: &mut FieldMapping) {
    table.set("type", &mut field.kind, |item| word(item).map(Some));
    table.set("direction", &mut field.direction, word);
    table.set("when", &mut field.when, word);
    table.set("on_conflict", &mut field.on_conflict, word);
    table.set("on_empty", &mut field.on_empty, word);
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
            "`custom:` has no name behind it",
            "write the api-name of a custom field behind it, as in `custom:start-date`",
        );
    }
    let defaults = || DefaultField::ALL.iter().map(|field| field.as_str());
    let help = match nearest(text, defaults()) {
        Some(meant) => format!("write `{meant}`"),
        None => format!("write `custom:<api-name>` for a custom field, or one of {}", or_list(defaults())),
    };
    item.refuse(DiagnosticCode::UnknownCandidateField, format!("`{text}` is no field of a candidate"), help)
}
