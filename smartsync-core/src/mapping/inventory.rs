//! What both services have, by what a mapping calls it. Each entry asks for several things, so nothing is searched for.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use oneflow_client::{TemplateTypeId, WorkspaceId, contracts::DataFieldSource};
use teamtailor_client::CustomFieldId;

use super::{
    convention::bare, nearest::Names, nearest::SearchBudget, schemas::DataFieldSchema, schemas::Schemas,
    schemas::TemplateTypeSchema, settings::Settings,
};
use crate::candidate::Definitions;

/// What both services have.
pub(super) struct Inventory<'a> {
    pub(super) schemas: &'a Schemas,
    template_types: Vec<TemplateTypeOf<'a>>,
    by_id: BTreeMap<TemplateTypeId, Vec<usize>>,
    workspaces: BTreeSet<WorkspaceId>,
    /// The template types that have a data field, by its key.
    having: BTreeMap<&'a str, Vec<usize>>,
    /// What the template types have whose contracts are kept in step.
    kept: DataFields<'a>,
    /// Whether `[sync]` names template types, and none of them exists.
    keeps_none: bool,
    pub(super) custom_fields: CustomFields<'a>,
    /// What may be spent on names that are not known.
    pub(super) work: SearchBudget,
    /// The words for a contract's state that a select has no option for.
    pub(super) lacking_states: RefCell<BTreeMap<CustomFieldId, Vec<&'static str>>>,
}

/// A template type, and its data fields.
pub(super) struct TemplateTypeOf<'a> {
    pub(super) schema: &'a TemplateTypeSchema,
    pub(super) data_fields: DataFields<'a>,
    is_kept: bool,
}

/// The data fields of some template types.
#[derive(Default)]
pub(super) struct DataFields<'a> {
    by_key: BTreeMap<&'a str, Facts>,
    /// Of the active ones, the first of each key without its prefix, and of each name.
    by_bare_key: BTreeMap<&'a str, &'a str>,
    by_name: BTreeMap<&'a str, &'a str>,
    /// The keys of the active ones.
    pub(super) names: Names<'a>,
}

/// What is known of a data field, on any of the template types.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) is_active: bool,
    pub(super) is_of_system: bool,
    pub(super) is_active_of_system: bool,
}

/// The custom fields by what else a mapping may call them.
pub(super) struct CustomFields<'a> {
    /// The api-names and ids of those that belong to jobs.
    of_jobs: BTreeSet<&'a str>,
    /// The api-name of the first that people see under a name, which is in small letters.
    by_seen_name: BTreeMap<String, Option<&'a str>>,
    pub(super) names: Names<'a>,
}

impl<'a> Inventory<'a> {
    pub(super) fn new(schemas: &'a Schemas, sync: &Settings<'_>) -> Self {
        let of_sync: BTreeSet<_> = sync.template_types().unwrap_or_default().iter().copied().collect();
        let (mut by_id, mut having) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        let template_types = schemas.oneflow.template_types.iter().enumerate().map(|(position, schema)| {
            by_id.entry(schema.id).or_default().push(position);
            for field in &schema.data_fields {
                let positions = having.entry(field.key.as_str()).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
            let is_kept = of_sync.is_empty() || of_sync.contains(&schema.id);
            TemplateTypeOf { schema, data_fields: DataFields::new(schema.data_fields.iter()), is_kept }
        });
        let template_types: Vec<_> = template_types.collect();
        let kept = || template_types.iter().filter(|kind| kind.is_kept);
        Self {
            schemas,
            kept: DataFields::new(kept().flat_map(|kind| &kind.schema.data_fields)),
            keeps_none: !of_sync.is_empty() && kept().next().is_none(),
            workspaces: schemas.oneflow.workspaces.iter().map(|workspace| workspace.id).collect(),
            custom_fields: CustomFields::new(&schemas.teamtailor),
            work: SearchBudget::default(),
            lacking_states: RefCell::default(),
            template_types,
            by_id,
            having,
        }
    }

    pub(super) fn has_template_type(&self, id: TemplateTypeId) -> bool {
        self.by_id.contains_key(&id)
    }

    pub(super) fn has_workspace(&self, id: WorkspaceId) -> bool {
        self.workspaces.contains(&id)
    }

    /// The template types that have a data field, whether they are kept in step or not.
    pub(super) fn having(&self, key: &str) -> impl ExactSizeIterator<Item = &'a TemplateTypeSchema> {
        let positions = self.having.get(key).map(Vec::as_slice).unwrap_or_default();
        positions.iter().map(|position| self.template_types[*position].schema)
    }

    /// The template types whose contracts are kept in step. `None` where the scope names none that exists, which is a fault
    /// of its own.
    pub(super) fn kept(&self) -> Option<impl Iterator<Item = &TemplateTypeOf<'a>>> {
        (!self.keeps_none).then(|| self.template_types.iter().filter(|kind| kind.is_kept))
    }

    /// The data fields of the template types among these that are kept in step: of all, if none are named. `None` where none
    /// of those exists.
    pub(super) fn data_fields(&self, of: &[TemplateTypeId]) -> Option<Vec<&DataFields<'a>>> {
        if of.is_empty() {
            return (!self.keeps_none).then(|| vec![&self.kept]);
        }
        let positions: BTreeSet<usize> =
            of.iter().filter_map(|id| self.by_id.get(id)).flatten().copied().collect();
        let kinds = positions.into_iter().map(|position| &self.template_types[position]);
        let found: Vec<_> = kinds.filter(|kind| kind.is_kept).map(|kind| &kind.data_fields).collect();
        (!found.is_empty()).then_some(found)
    }
}

impl<'a> DataFields<'a> {
    fn new(fields: impl Iterator<Item = &'a DataFieldSchema>) -> Self {
        let mut data_fields = Self::default();
        let mut active = Vec::new();
        for field in fields {
            let key = field.key.as_str();
            let facts = data_fields.by_key.entry(key).or_default();
            let is_of_system = field.source == Some(DataFieldSource::System);
            facts.is_of_system |= is_of_system;
            if field.active {
                facts.is_active = true;
                facts.is_active_of_system |= is_of_system;
                data_fields.by_bare_key.entry(bare(key)).or_insert(key);
                if let Some(name) = &field.name {
                    data_fields.by_name.entry(name).or_insert(key);
                }
                active.push(key);
            }
        }
        Self { names: Names::new(active), ..data_fields }
    }

    pub(super) fn get(&self, key: &str) -> Option<Facts> {
        self.by_key.get(key).copied()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.by_key.keys().copied()
    }

    /// The active one whose key differs by the prefix only.
    pub(super) fn of_bare_key(&self, key: &str) -> Option<&'a str> {
        self.by_bare_key.get(bare(key)).copied()
    }

    /// The active one of this name.
    pub(super) fn of_name(&self, name: &str) -> Option<&'a str> {
        self.by_name.get(name).copied()
    }
}

impl<'a> CustomFields<'a> {
    fn new(definitions: &'a Definitions) -> Self {
        let of_jobs = definitions.all().filter(|field| !field.is_candidates);
        let mut by_seen_name = BTreeMap::new();
        for field in definitions.iter() {
            if let Some(seen) = &field.name {
                by_seen_name.entry(seen.to_lowercase()).or_insert(field.api_name.as_deref());
            }
        }
        let named =
            |field: &'a crate::candidate::Definition| [Some(field.id.as_str()), field.api_name.as_deref()];
        Self {
            of_jobs: of_jobs.flat_map(named).flatten().collect(),
            by_seen_name,
            names: Names::new(definitions.iter().filter_map(|field| field.api_name.as_deref())),
        }
    }

    /// Whether a field of jobs has this api-name or id.
    pub(super) fn is_of_jobs(&self, name: &str) -> bool {
        self.of_jobs.contains(name)
    }

    /// The api-name of the field that people see under this name, in whatever letters.
    pub(super) fn of_seen_name(&self, name: &str) -> Option<&'a str> {
        self.by_seen_name.get(&name.to_lowercase()).copied().flatten()
    }
}
