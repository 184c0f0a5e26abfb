//! Checks an entry against Oneflow's template types and workspaces.

use oneflow_client::{DataFieldSource, TemplateTypeId, WorkspaceId};

use super::{
    super::{
        entry::{Entry, Source},
        nearest::{and_list, nearest},
        view::View,
    },
    known::{make_or_write, one_of, some_of},
};
use crate::{
    DataFieldSchema, Diagnostic, DiagnosticCode, Place, Schemas, TemplateTypeSchema, convention::bare,
};

pub(super) fn check(view: &View<'_>, entry: &Entry<'_>, found: &mut Vec<Diagnostic>) {
    let Some(schemas) = view.schemas else {
        return;
    };
    scope(schemas, &entry.place(), entry.template_types(), entry.workspaces(), found);
    if let Some(Source::DataField(key)) = entry.source() {
        found.extend(data_field(view, Some(entry), key, &entry.at("oneflow"), entry.fills_contracts()));
    }
}

/// Checks what `[sync]` names.
pub(super) fn check_sync(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let Some(schemas) = view.schemas else {
        return;
    };
    let sync = &view.sync;
    scope(schemas, &Place::default().key("sync"), sync.template_types(), sync.workspaces(), found);
    if let Some(key) = sync.token_field() {
        let place = Place::sync("link_data_field");
        let wrong = data_field(view, None, key, &place, true);
        found.extend(wrong.or_else(|| link_not_on_all(view, key, &place)));
    }
}

/// Checks the ids of a scope.
fn scope(
    schemas: &Schemas,
    table: &Place,
    template_types: Option<&[TemplateTypeId]>,
    workspaces: Option<&[WorkspaceId]>,
    found: &mut Vec<Diagnostic>,
) {
    let known = &schemas.oneflow;
    for (position, id) in template_types.unwrap_or_default().iter().enumerate() {
        if !known.template_types.iter().any(|kind| kind.id == *id) {
            let ids = known.template_types.iter().map(|kind| (kind.id.to_string(), kind.name.as_str()));
            found.push(Diagnostic::at_value(
                DiagnosticCode::UnknownTemplateType,
                table.key("template_types").index(position),
                format!("Oneflow has no template type {id}, or our user may not see it"),
                one_of("a template type", ids.collect()),
            ));
        }
    }
    for (position, id) in workspaces.unwrap_or_default().iter().enumerate() {
        if !known.workspaces.iter().any(|workspace| workspace.id == *id) {
            let ids =
                known.workspaces.iter().map(|workspace| (workspace.id.to_string(), workspace.name.as_str()));
            found.push(Diagnostic::at_value(
                DiagnosticCode::UnknownWorkspace,
                table.key("workspaces").index(position),
                format!("Oneflow has no workspace {id}, or our user may not see it"),
                one_of("a workspace", ids.collect()),
            ));
        }
    }
}

/// What is wrong with a data field: that it is not there, cannot be used, or cannot be written although it `is_written`.
fn data_field(
    view: &View<'_>,
    entry: Option<&Entry<'_>>,
    key: &str,
    place: &Place,
    is_written: bool,
) -> Option<Diagnostic> {
    let template_types = view.template_types(entry)?;
    let all = view.schemas?.oneflow.template_types.iter();
    let having: Vec<&TemplateTypeSchema> = all.filter(|kind| has(kind, key)).collect();
    let fields: Vec<&DataFieldSchema> =
        template_types.iter().flat_map(|kind| &kind.data_fields).filter(|field| field.key == key).collect();
    let active: Vec<&DataFieldSchema> = fields.iter().copied().filter(|field| field.active).collect();
    let report =
        |code, message: String, help: String| Some(Diagnostic::at_value(code, place.clone(), message, help));
    if having.is_empty() {
        let help = meant(key, &template_types);
        let message = format!("Oneflow has no data field `{key}`");
        report(DiagnosticCode::UnknownDataField, message, help)
    } else if fields.is_empty() {
        let names = and_list(having.iter().map(|kind| kind.name.as_str()));
        let ids: Vec<String> = having.iter().map(|kind| kind.id.to_string()).collect();
        report(
            DiagnosticCode::DataFieldElsewhere,
            format!("the data field `{key}` is on other template types only: {names}"),
            format!("add {} to `template_types`, or name another data field", ids.join(" or ")),
        )
    } else if active.is_empty() {
        report(
            DiagnosticCode::DataFieldInactive,
            format!("the data field `{key}` is switched off in Oneflow"),
            "switch it on in Oneflow, or name another data field".to_owned(),
        )
    } else if is_written
        && view.reads_template_types(entry)
        && active.iter().any(|field| field.source == Some(DataFieldSource::System))
    {
        let help = match entry {
            Some(_) => "write `direction = \"to_teamtailor\"`, or name a data field that a user has made",
            None => "name a data field that a user has made",
        };
        report(
            DiagnosticCode::DataFieldOfSystem,
            format!(
                "the data field `{key}` belongs to an integration of Oneflow, which ignores what others write into it"
            ),
            help.to_owned(),
        )
    } else {
        None
    }
}

/// Names the template types, among those that are kept in step, that lack the data field for the link.
fn link_not_on_all(view: &View<'_>, key: &str, place: &Place) -> Option<Diagnostic> {
    let template_types = view.template_types(None).filter(|_| view.reads_template_types(None))?;
    let is_linked =
        |kind: &&TemplateTypeSchema| kind.data_fields.iter().any(|field| field.key == key && field.active);
    let others: Vec<_> = template_types.into_iter().filter(|kind| !is_linked(kind)).collect();
    let others: Vec<_> = others.iter().map(|kind| (kind.id.to_string(), kind.name.as_str())).collect();
    (!others.is_empty()).then(|| {
        let message = format!(
            "the data field `{key}` is not on {}, whose contracts cannot find their candidate by it",
            some_of(&others)
        );
        let help = "make it there too in Oneflow, or name in `template_types` of `sync` those that have it";
        Diagnostic::at_value(DiagnosticCode::LinkDataFieldNotOnAll, place.clone(), message, help)
    })
}

fn has(kind: &TemplateTypeSchema, key: &str) -> bool {
    kind.data_fields.iter().any(|field| field.key == key)
}

/// What to write instead of a key that there is not.
fn meant(key: &str, template_types: &[&TemplateTypeSchema]) -> String {
    let fields = || template_types.iter().flat_map(|kind| &kind.data_fields).filter(|field| field.active);
    let keys = || fields().map(|field| field.key.as_str());
    let by_prefix = || keys().find(|known| bare(known) == bare(key));
    let by_name =
        || fields().find(|field| field.name.as_deref() == Some(key)).map(|field| field.key.as_str());
    if let Some(meant) = by_prefix().or_else(by_name).or_else(|| nearest(key, keys())) {
        return format!("write `{meant}`");
    }
    make_or_write("make a data field with this custom_id in Oneflow", key, keys())
}
