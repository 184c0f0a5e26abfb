//! A candidate as it was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;
use teamtailor_client::{
    CandidateId, CustomFieldId, CustomFieldValueId, UploadId,
    candidates::{Candidate, CandidateInclude, GetCandidate, ListCandidates},
    custom_field_values::CustomFieldValue,
    custom_fields::CustomField,
    jsonapi::{Document, Included, Linkage, Resource, ResourceIdentifier, ToMany},
    uploads::Upload,
};

use super::{candidate_field::DefaultField, target::Target};
use crate::value::{FieldFormat, FieldType, FieldValue, ValueError};

/// The value of a custom field, as Teamtailor gives it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct CustomValue {
    /// Id of the value.
    pub id: CustomFieldValueId,
    /// The value; `Null` where it is empty, or could not be read.
    pub value: Value,
    /// Whether Teamtailor did not say the value, or not in a form that could be read.
    pub is_unreadable: bool,
}

impl CustomValue {
    /// A value.
    pub fn new(id: impl Into<CustomFieldValueId>, value: impl Into<Value>) -> Self {
        Self { id: id.into(), value: value.into(), is_unreadable: false }
    }

    fn read(value: CustomFieldValue) -> Self {
        let json = custom_value(&value);
        Self { id: value.id, is_unreadable: json.is_none(), value: json.unwrap_or_default() }
    }
}

impl fmt::Debug for CustomValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomValue")
            .field("id", &self.id)
            .field("is_unreadable", &self.is_unreadable)
            .finish_non_exhaustive()
    }
}

/// A file on a candidate's card. `Debug` prints its id only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardFile {
    /// Id of the file.
    pub id: UploadId,
    /// Its name; `None` when Teamtailor did not say, or shows an empty one, which may be a matter of time.
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
    /// The default fields of which Teamtailor did not say whether they have one, or not in a form that could be read.
    pub unreadable: BTreeSet<DefaultField>,
    /// The custom fields that have a value.
    pub custom: BTreeMap<CustomFieldId, CustomValue>,
    /// Whether there may be values that could not be read, so that a field that seems empty may not be.
    pub is_incomplete: bool,
    /// The files on the card; `None` when Teamtailor did not say which these are, or not all of them.
    pub files: Option<Vec<CardFile>>,
}

impl CandidateSnapshot {
    /// A candidate whose card is empty.
    pub fn new(id: impl Into<CandidateId>) -> Self {
        Self {
            id: id.into(),
            defaults: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            custom: BTreeMap::new(),
            is_incomplete: false,
            files: Some(Vec::new()),
        }
    }

    /// The operation that reads all a snapshot needs: `GET /candidates/{id}` with custom field values and uploads included. Its answer is for
    /// [`CandidateSnapshot::read`].
    pub fn request(candidate: &CandidateId) -> GetCandidate {
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
    #[must_use]
    pub fn read(document: &Document<Candidate>) -> Self {
        let (mut candidate, included) = (document.data.clone(), &document.included);
        let related = &mut candidate.relationships;
        link_all::<CustomFieldValue>(&mut related.custom_field_values, included, |value| value.id.as_str());
        link_all::<Upload>(&mut related.uploads, included, |file| file.id.as_str());
        let unlinked = Unlinked::of(&[&candidate], included);
        unlinked.mark(Self::read_listed(&candidate, included))
    }

    /// Reads the candidates of an answer to [`CandidateSnapshot::search`].
    pub(crate) fn read_all<'a>(
        candidates: &'a [&Candidate],
        included: &'a Included,
    ) -> impl Iterator<Item = Self> {
        let unlinked = Unlinked::of(candidates, included);
        candidates.iter().map(move |candidate| unlinked.mark(Self::read_listed(candidate, included)))
    }

    fn read_listed(candidate: &Candidate, included: &Included) -> Self {
        let (mut defaults, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
        for field in DefaultField::ALL {
            match default_value(candidate, field) {
                Some(Value::String(text)) => drop(defaults.insert(field, text)),
                Some(_) => {}
                None => drop(unreadable.insert(field)),
            }
        }
        let values = &candidate.relationships.custom_field_values;
        // A value of which not even the id could be read may be that of any field.
        let mut is_incomplete = !values.is_loaded() || included.has_unreadable();
        is_incomplete |= has_twice(values);
        // Their definitions were asked for as well. Where some came along, a value whose own did not may be of another field.
        let has_fields = included.all::<CustomField>().next().is_some();
        let mut custom = BTreeMap::new();
        for identifier in values.identifiers() {
            let Some(Ok(value)) = included.resolve::<CustomFieldValue>(identifier) else {
                is_incomplete = true;
                continue;
            };
            match &value.relationships.custom_field.data {
                Linkage::To(field) => {
                    let field = CustomFieldId::from(field.id.as_str());
                    is_incomplete |= has_fields && !came_along::<CustomField>(included, field.as_str());
                    let held = CustomValue::read(value);
                    match custom.get_mut(&field) {
                        None => drop(custom.insert(field, held)),
                        // Of two values of one field, neither is the right one.
                        Some(first) => first.is_unreadable = true,
                    }
                }
                // The value of no field: that of one which was deleted.
                Linkage::Empty => {}
                Linkage::NotLoaded | Linkage::Unreadable => is_incomplete = true,
            }
        }
        let files: Result<Vec<_>, _> = included.uploads(candidate).collect();
        let files =
            files.ok().filter(|_| !included.has_unreadable() && !has_twice(&candidate.relationships.uploads));
        let name = |name: String| (!name.trim().is_empty()).then_some(name);
        let on_card = |file: Upload| CardFile { id: file.id, name: file.attributes.file_name.and_then(name) };
        let files = files.map(|files| files.into_iter().map(on_card).collect());
        Self { id: candidate.id.clone(), defaults, unreadable, custom, is_incomplete, files }
    }

    /// The custom value at the target, if there is one.
    pub(crate) fn custom_value(&self, target: &Target) -> Option<&CustomValue> {
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
    ) -> Result<Option<FieldValue>, CardValueError> {
        let json = match target {
            Target::Default(field) if self.unreadable.contains(field) => {
                return Err(CardValueError::NotSaid(field.attribute()));
            }
            Target::Default(field) => self.defaults.get(field).map(|text| Value::from(text.as_str())),
            Target::Custom(field) => match self.custom.get(field) {
                Some(held) if held.is_unreadable || !may_be_value(&held.value, format.kind()) => {
                    return Err(CardValueError::NotSaid("value"));
                }
                Some(held) => Some(held.value.clone()),
                None if self.is_incomplete => return Err(CardValueError::NotSaid("custom-field-values")),
                None => None,
            },
        };
        json.map_or(Ok(None), |json| format.read_teamtailor(&json)).map_err(CardValueError::Value)
    }
}

/// Why the value of a field of the card is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardValueError {
    /// Teamtailor did not say it, or not in a form that could be read. The member of its answer.
    NotSaid(&'static str),
    /// The card holds what is no value of the field's type.
    Value(ValueError),
}

/// The default field in an answer: `Null` where it is empty, `None` where the answer does not say, or not in a form that could
/// be read.
pub(crate) fn default_value(candidate: &Candidate, field: DefaultField) -> Option<Value> {
    let attributes = &candidate.attributes;
    let is_lost =
        candidate.unreadable.contains("attributes") || attributes.unreadable.contains(field.attribute());
    let text = match field {
        DefaultField::FirstName => &attributes.first_name,
        DefaultField::LastName => &attributes.last_name,
        DefaultField::Email => &attributes.email,
        DefaultField::Phone => &attributes.phone,
        DefaultField::LinkedinUrl => &attributes.linkedin_url,
        DefaultField::Pitch => &attributes.pitch,
    };
    (!is_lost).then(|| text.clone().map_or(Value::Null, Value::String))
}

/// The value in an answer, in the same way.
pub(crate) fn custom_value(value: &CustomFieldValue) -> Option<Value> {
    let is_lost = value.unreadable.contains("attributes") || value.attributes.unreadable.contains("value");
    (!is_lost).then(|| value.attributes.value.clone().unwrap_or_default())
}

/// Whether Teamtailor may say the value of a field of this type so: only what can be chosen is a list, only a checkbox is true or
/// false, and nothing is an object.
fn may_be_value(json: &Value, kind: FieldType) -> bool {
    match json {
        Value::Object(_) => false,
        Value::Array(_) => matches!(kind, FieldType::Choice | FieldType::Choices),
        Value::Bool(_) => kind == FieldType::Checkbox,
        Value::Null | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether the resource came along, once or several times alike.
fn came_along<T: Resource>(included: &Included, id: &str) -> bool {
    T::TYPES.iter().any(|kind| included.text(&ResourceIdentifier::new(*kind, id)).is_some())
}

/// Links a candidate to every resource of type `T` that came along, if the answer does not say to which it is linked. Where
/// nothing came along it stays unknown: that could mean none, or that none was sent.
fn link_all<T: Resource>(relationship: &mut ToMany, included: &Included, id: impl Fn(&T) -> &str) {
    if relationship.is_loaded() || relationship.is_unreadable() {
        return;
    }
    let kind = T::TYPES.first().copied().unwrap_or_default();
    let all: Result<Vec<T>, _> = included.all::<T>().collect();
    let identifiers =
        all.unwrap_or_default().iter().map(|item| ResourceIdentifier::new(kind, id(item))).collect();
    relationship.data = Some(identifiers).filter(|all: &Vec<_>| !all.is_empty());
}

/// Whether one resource is linked twice: then it may stand in the place of another.
fn has_twice(relationship: &ToMany) -> bool {
    let mut linked = BTreeSet::new();
    !relationship.identifiers().iter().all(|resource| linked.insert(resource.id.as_str()))
}

/// Whether something came along that none of the candidates is said to have. It may be one's all the same.
#[derive(Clone, Copy)]
struct Unlinked {
    has_value: bool,
    has_file: bool,
}

impl Unlinked {
    fn of(candidates: &[&Candidate], included: &Included) -> Self {
        let related = || candidates.iter().map(|candidate| &candidate.relationships);
        let (values, files) =
            (related().map(|all| &all.custom_field_values), related().map(|all| &all.uploads));
        Self {
            has_value: has_unlinked::<CustomFieldValue>(values, included, |value| value.id.as_str()),
            has_file: has_unlinked::<Upload>(files, included, |file| file.id.as_str()),
        }
    }

    /// What is then not known of a candidate.
    fn mark(self, snapshot: CandidateSnapshot) -> CandidateSnapshot {
        CandidateSnapshot {
            is_incomplete: snapshot.is_incomplete || self.has_value,
            files: snapshot.files.filter(|_| !self.has_file),
            ..snapshot
        }
    }
}

/// Whether a resource of type `T` came along at which none of the relationships points.
fn has_unlinked<'a, T: Resource>(
    relationships: impl Iterator<Item = &'a ToMany>,
    included: &Included,
    id: impl Fn(&T) -> &str,
) -> bool {
    let identifiers = relationships.flat_map(ToMany::identifiers);
    let linked: BTreeSet<&str> = identifiers.map(|identifier| identifier.id.as_str()).collect();
    let mut all = included.all::<T>();
    all.any(|resource| resource.map_or(true, |resource| !linked.contains(id(&resource))))
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
            .field("unreadable", &self.unreadable)
            .field("custom", &self.custom)
            .field("is_incomplete", &self.is_incomplete)
            .field("files", &self.files.as_ref().map(Vec::len))
            .finish()
    }
}
