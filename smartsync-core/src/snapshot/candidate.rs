//! A candidate as it was read.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;
use teamtailor_client::{
    Candidate, CandidateId, CandidateInclude, CustomFieldId, CustomFieldValue, CustomFieldValueId,
    GetCandidate, ListCandidates, Upload, UploadId,
    jsonapi::{Document, Included, Resource, ResourceIdentifier, ToMany},
};

use crate::{DefaultField, FieldFormat, FieldValue, ValueError, field_pair::Target};

/// The value of a custom field, as Teamtailor gives it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct HeldValue {
    /// Id of the value.
    pub id: CustomFieldValueId,
    /// The value.
    pub value: Value,
}

impl HeldValue {
    /// A value.
    pub fn new(id: impl Into<CustomFieldValueId>, value: impl Into<Value>) -> Self {
        Self { id: id.into(), value: value.into() }
    }
}

impl fmt::Debug for HeldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldValue").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A file on a candidate's card. `Debug` prints its id only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardFile {
    /// Id of the file.
    pub id: UploadId,
    /// Its name; `None` when Teamtailor did not say, which may be a matter of time.
    pub name: Option<String>,
}

impl CardFile {
    /// A file of this name.
    pub fn new(id: impl Into<UploadId>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: Some(name.into()) }
    }
}

impl fmt::Debug for CardFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardFile").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A candidate as it was read. `Debug` prints ids and counts only.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct CandidateSnapshot {
    /// Id of the candidate.
    pub id: CandidateId,
    /// The default fields that have a value.
    pub defaults: BTreeMap<DefaultField, String>,
    /// The custom fields that have a value.
    pub custom: BTreeMap<CustomFieldId, HeldValue>,
    /// Whether a value could not be read, so that a field that seems empty may not be.
    pub is_incomplete: bool,
    /// The files on the card; `None` when Teamtailor did not say.
    pub files: Option<Vec<CardFile>>,
}

impl CandidateSnapshot {
    /// A candidate whose card is empty.
    pub fn new(id: impl Into<CandidateId>) -> Self {
        Self {
            id: id.into(),
            defaults: BTreeMap::new(),
            custom: BTreeMap::new(),
            is_incomplete: false,
            files: Some(Vec::new()),
        }
    }

    /// The operation that reads all a snapshot needs.
    pub(crate) fn request(candidate: &CandidateId) -> GetCandidate {
        GetCandidate::new(candidate.clone()).include(INCLUDE)
    }

    /// The operation that finds candidates by e-mail address and reads all that a snapshot needs. Two are enough to see
    /// that there are several.
    pub(crate) fn search(email: &str) -> ListCandidates {
        ListCandidates::new().email(email).include(INCLUDE).page_size(2)
    }

    /// Reads an answer to [`CandidateSnapshot::request`].
    ///
    /// All that came along with it belongs to this one candidate, so it counts even where the answer does not say which
    /// of it does.
    pub(crate) fn read(document: &Document<Candidate>) -> Self {
        let (mut candidate, included) = (document.data.clone(), &document.included);
        let related = &mut candidate.relationships;
        link_all::<CustomFieldValue>(&mut related.custom_field_values, included, |value| value.id.as_str());
        link_all::<Upload>(&mut related.uploads, included, |file| file.id.as_str());
        Self::read_listed(&candidate, included)
    }

    /// Reads one candidate of an answer to [`CandidateSnapshot::search`].
    pub(crate) fn read_listed(candidate: &Candidate, included: &Included) -> Self {
        let attributes = &candidate.attributes;
        let text = |field| match field {
            DefaultField::FirstName => attributes.first_name.clone(),
            DefaultField::LastName => attributes.last_name.clone(),
            DefaultField::Email => attributes.email.clone(),
            DefaultField::Phone => attributes.phone.clone(),
            DefaultField::LinkedinUrl => attributes.linkedin_url.clone(),
            DefaultField::Pitch => attributes.pitch.clone(),
        };
        let defaults =
            DefaultField::ALL.into_iter().filter_map(|field| Some((field, text(field)?))).collect();
        let values = &candidate.relationships.custom_field_values;
        let mut is_incomplete = !values.is_loaded();
        let mut custom = BTreeMap::new();
        for identifier in values.identifiers() {
            match included.resolve::<CustomFieldValue>(identifier) {
                Some(Ok(value)) => match value.relationships.custom_field.identifier() {
                    Some(field) => {
                        let json = value.attributes.value.unwrap_or(Value::Null);
                        custom
                            .entry(CustomFieldId::from(field.id.as_str()))
                            .or_insert(HeldValue::new(value.id, json));
                    }
                    None => is_incomplete = true,
                },
                Some(Err(_)) | None => is_incomplete = true,
            }
        }
        let files: Result<Vec<_>, _> = included.uploads(candidate).collect();
        let on_card = |file: Upload| CardFile { id: file.id, name: file.attributes.file_name };
        let files = files.ok().map(|files| files.into_iter().map(on_card).collect());
        Self { id: candidate.id.clone(), defaults, custom, is_incomplete, files }
    }

    /// The custom value at the target, if there is one.
    pub(crate) fn held(&self, target: &Target) -> Option<&HeldValue> {
        match target {
            Target::Default(_) => None,
            Target::Custom(field) => self.custom.get(field),
        }
    }

    /// The value at the target.
    pub(crate) fn value(
        &self,
        target: &Target,
        format: &FieldFormat,
    ) -> Result<Option<FieldValue>, ValueError> {
        match target {
            Target::Default(field) => match self.defaults.get(field) {
                Some(text) => format.read_teamtailor(&Value::from(text.as_str())),
                None => Ok(None),
            },
            Target::Custom(field) => match self.custom.get(field) {
                Some(held) => format.read_teamtailor(&held.value),
                None if self.is_incomplete => Err(ValueError::Unreadable),
                None => Ok(None),
            },
        }
    }
}

/// The default field in an answer; `None` where the answer does not say.
pub(crate) fn default_value(candidate: &Candidate, field: DefaultField) -> Option<Value> {
    let attributes = &candidate.attributes;
    let text = match field {
        DefaultField::FirstName => &attributes.first_name,
        DefaultField::LastName => &attributes.last_name,
        DefaultField::Email => &attributes.email,
        DefaultField::Phone => &attributes.phone,
        DefaultField::LinkedinUrl => &attributes.linkedin_url,
        DefaultField::Pitch => &attributes.pitch,
    };
    text.clone().map(Value::String)
}

/// The value in an answer; `None` where the answer does not say.
pub(crate) fn custom_value(value: &CustomFieldValue) -> Option<Value> {
    value.attributes.value.clone()
}

/// Links a candidate to every resource of type `T` that came along, if the answer does not say to which it is linked. Where
/// nothing came along it stays unknown: that could mean none, or that none was sent.
fn link_all<T: Resource>(relationship: &mut ToMany, included: &Included, id: impl Fn(&T) -> &str) {
    if relationship.is_loaded() {
        return;
    }
    let kind = T::TYPES.first().copied().unwrap_or_default();
    let all: Result<Vec<T>, _> = included.all::<T>().collect();
    let identifiers =
        all.unwrap_or_default().iter().map(|item| ResourceIdentifier::new(kind, id(item))).collect();
    relationship.data = Some(identifiers).filter(|all: &Vec<_>| !all.is_empty());
}

const INCLUDE: [CandidateInclude; 3] = [
    CandidateInclude::CustomFieldValues,
    CandidateInclude::CustomFieldValuesCustomField,
    CandidateInclude::Uploads,
];

impl fmt::Debug for CandidateSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateSnapshot")
            .field("id", &self.id)
            .field("defaults", &self.defaults.keys())
            .field("custom", &self.custom)
            .field("is_incomplete", &self.is_incomplete)
            .field("files", &self.files.as_ref().map(Vec::len))
            .finish()
    }
}
