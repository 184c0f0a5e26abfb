//! How the resources are related.

use crate::{
    state::teamtailor,
    unknowns::{IncludedCap, PrivateFields},
    world::World,
};

/// What a resource is. Definitions of select fields have a type of their own and share their ids with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Candidate,
    Company,
    CustomField,
    CustomFieldOption,
    CustomFieldValue,
    Job,
    JobApplication,
    Stage,
    Upload,
    User,
    /// No candidate of the sandbox has one; it can be included with its question.
    Answer,
    /// A documented resource of which the sandbox has no instance.
    Absent,
}

/// A resource by kind and id.
pub(super) type Key = (Kind, String);

/// What a relationship leads to.
pub(super) enum Related {
    One(Option<Key>),
    Many(Vec<Key>),
}

use Kind::{
    Absent, Answer, Candidate, Company, CustomField, CustomFieldOption, CustomFieldValue, Job,
    JobApplication, Stage, Upload, User,
};

/// Every relationship that can be included: from what, its name, to what.
const RELATIONSHIPS: &[(Kind, &str, Kind)] = &[
    (Candidate, "activities", Absent),
    (Candidate, "answers", Answer),
    (Answer, "picked-question", Absent),
    (Answer, "question", Absent),
    (Candidate, "custom-field-values", CustomFieldValue),
    (Candidate, "department", Absent),
    (Candidate, "form-answers", Absent),
    (Candidate, "job-applications", JobApplication),
    (Candidate, "locations", Absent),
    (Candidate, "onboardings", Absent),
    (Candidate, "partner-results", Absent),
    (Candidate, "questions", Absent),
    (Candidate, "regions", Absent),
    (Candidate, "role", Absent),
    (Candidate, "uploads", Upload),
    (Company, "manager", User),
    (CustomField, "custom-field-values", CustomFieldValue),
    (CustomFieldOption, "custom-field", CustomField),
    (CustomFieldValue, "custom-field", CustomField),
    (CustomFieldValue, "owner", Candidate),
    (Job, "candidates", Candidate),
    (Job, "division", Absent),
    (Job, "stages", Stage),
    (JobApplication, "candidate", Candidate),
    (JobApplication, "job", Job),
    (JobApplication, "reject-reason", Absent),
    (JobApplication, "stage", Stage),
    (Stage, "job", Job),
    (Stage, "job-applications", JobApplication),
    (Stage, "triggers", Absent),
    (Upload, "candidate", Candidate),
    (Upload, "job", Job),
];

/// The relationships of a kind.
pub(super) fn of(kind: Kind) -> impl Iterator<Item = &'static str> {
    RELATIONSHIPS.iter().filter(move |(from, ..)| *from == kind).map(|(_, name, _)| *name)
}

/// What a relationship leads to, if there is such a relationship.
pub(super) fn target(kind: Kind, name: &str) -> Option<Kind> {
    RELATIONSHIPS.iter().find(|(from, known, _)| *from == kind && *known == name).map(|(.., to)| *to)
}

/// So many come along where not all do.
const CAP: usize = 3;

/// What comes along of the resources at the other end.
pub(super) fn included(world: &World, key: &Key, name: &str) -> Related {
    match (related(world, key, name), world.teamtailor_unknowns().included_cap) {
        (Related::Many(mut many), IncludedCap::Cut | IncludedCap::CutInSilence) => {
            many.truncate(CAP);
            Related::Many(many)
        }
        (whole, _) => whole,
    }
}

/// What is named of the resources at the other end, where they come along.
pub(super) fn named(world: &World, key: &Key, name: &str) -> Related {
    match world.teamtailor_unknowns().included_cap {
        IncludedCap::Whole | IncludedCap::Cut => related(world, key, name),
        IncludedCap::CutInSilence => included(world, key, name),
    }
}

/// Whether the key does not see this private field, its value or its option.
pub(super) fn is_hidden(world: &World, (kind, id): &Key) -> bool {
    let store = &world.teamtailor;
    let is_private = |field: &String| store.custom_fields.get(field).is_some_and(|field| field.private);
    match (world.teamtailor_unknowns().private_fields, kind) {
        (PrivateFields::Seen, _) => false,
        (_, CustomFieldValue) => store.values.get(id).is_some_and(|value| is_private(&value.field)),
        (PrivateFields::Unseen, CustomField) => is_private(id),
        (PrivateFields::Unseen, CustomFieldOption) => {
            store.options.get(id).is_some_and(|option| is_private(&option.field))
        }
        _ => false,
    }
}

/// The resources at the other end.
pub(super) fn related(world: &World, (kind, id): &Key, name: &str) -> Related {
    let store = &world.teamtailor;
    let one = |kind: Kind, id: Option<&String>| Related::One(id.map(|id| (kind, id.clone())));
    let values = |wanted: &dyn Fn(&teamtailor::CustomFieldValue) -> bool| {
        let found = store.values.iter().filter(|(_, value)| wanted(value));
        let keys = found.map(|(id, _)| (CustomFieldValue, id.clone()));
        Related::Many(keys.filter(|key| !is_hidden(world, key)).collect())
    };
    let applications = |wanted: &dyn Fn(&teamtailor::JobApplication) -> bool| {
        let found = store.applications.iter().filter(|(_, application)| wanted(application));
        found.map(|(id, application)| (id.clone(), application.candidate.clone())).collect::<Vec<_>>()
    };
    match (*kind, name) {
        (Candidate, "custom-field-values") => values(&|value| value.candidate == *id),
        (CustomField, "custom-field-values") => values(&|value| value.field == *id),
        (Candidate, "uploads") => {
            let found = store.uploads.iter().filter(|(_, upload)| upload.candidate == *id);
            Related::Many(found.map(|(id, _)| (Upload, id.clone())).collect())
        }
        (Candidate, "job-applications") => {
            let found = applications(&|application| application.candidate == *id);
            Related::Many(found.into_iter().map(|(id, _)| (JobApplication, id)).collect())
        }
        (Stage, "job-applications") => {
            let found = applications(&|application| application.seen_in(world.now).stage == *id);
            Related::Many(found.into_iter().map(|(id, _)| (JobApplication, id)).collect())
        }
        (Job, "candidates") => {
            let found = applications(&|application| application.job == *id);
            Related::Many(found.into_iter().map(|(_, candidate)| (Candidate, candidate)).collect())
        }
        (Job, "stages") => {
            let found = store.stages.iter().filter(|(_, stage)| stage.job == *id);
            Related::Many(found.map(|(id, _)| (Stage, id.clone())).collect())
        }
        (Company, "manager") => one(User, Some(&store.manager)),
        (CustomFieldOption, "custom-field") => one(CustomField, store.options.get(id).map(|one| &one.field)),
        (CustomFieldValue, "custom-field") => one(CustomField, store.values.get(id).map(|one| &one.field)),
        (CustomFieldValue, "owner") => one(Candidate, store.values.get(id).map(|one| &one.candidate)),
        (JobApplication, "candidate") => one(Candidate, store.applications.get(id).map(|one| &one.candidate)),
        (JobApplication, "job") => one(Job, store.applications.get(id).map(|one| &one.job)),
        (JobApplication, "stage") => {
            one(Stage, store.applications.get(id).map(|one| &one.seen_in(world.now).stage))
        }
        (Stage, "job") => one(Job, store.stages.get(id).map(|one| &one.job)),
        (Upload, "candidate") => one(Candidate, store.uploads.get(id).map(|one| &one.candidate)),
        (Candidate, "department" | "role")
        | (Job, "division")
        | (JobApplication, "reject-reason")
        | (Upload, "job") => Related::One(None),
        _ => Related::Many(Vec::new()),
    }
}
