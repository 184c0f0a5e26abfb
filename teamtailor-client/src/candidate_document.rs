//! A candidate together with what came along: custom field values and uploads.

use std::sync::Arc;

use smartsync_transport::DecodeError;

use crate::{
    candidates::Candidate,
    choices::Choices,
    custom_field_options::CustomFieldOption,
    custom_field_values::CustomFieldValue,
    custom_fields::CustomField,
    jsonapi::{Document, Included, Linkage, ResourceIdentifier},
    uploads::Upload,
};

/// A custom field of a candidate that has a value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FilledCustomField {
    /// The value.
    pub value: CustomFieldValue,
    /// The definition of the field, shared by all its values.
    pub definition: Arc<CustomField>,
    /// What one can choose, if the field is a select and its options came along. Shared by all values of the field.
    pub options: Arc<[Arc<CustomFieldOption>]>,
}

impl FilledCustomField {
    /// The options, to map between ids and labels.
    #[must_use]
    pub fn choices(&self) -> Choices {
        Choices::new(self.options.iter().map(Arc::as_ref))
    }
}

/// Reads what came along with a candidate that was asked for with `include`.
impl Document<Candidate> {
    /// The candidate's custom field values, each with the definition of its field, in the order of the answer.
    ///
    /// A field without a value is not among them. Ask with
    /// [`CandidateInclude::CustomFieldValuesCustomField`](crate::candidates::CandidateInclude::CustomFieldValuesCustomField) beside
    /// [`CandidateInclude::CustomFieldValues`](crate::candidates::CandidateInclude::CustomFieldValues). If the answer does not say
    /// which values the candidate has, the only item is an error: that is not the same as having none.
    pub fn custom_field_values(
        &self,
    ) -> impl Iterator<Item = Result<(CustomFieldValue, Arc<CustomField>), DecodeError>> {
        self.included.custom_field_values(&self.data)
    }

    /// Like [`Document::custom_field_values`], with the options of selects, where these came along.
    ///
    /// They come with the path `custom-field-values.custom-field.custom-field-options` among the includes, which no
    /// documentation shows; without it, read them with [`ListCustomFieldOptions`](crate::custom_field_options::ListCustomFieldOptions).
    pub fn filled_custom_fields(&self) -> impl Iterator<Item = Result<FilledCustomField, DecodeError>> {
        self.included.filled_custom_fields(&self.data)
    }

    /// The files on the candidate's card, in the order of the answer.
    ///
    /// Ask with [`CandidateInclude::Uploads`](crate::candidates::CandidateInclude::Uploads). If the answer does not say which files
    /// there are, the only item is an error: that is not the same as having none.
    pub fn uploads(&self) -> impl Iterator<Item = Result<Upload, DecodeError>> {
        self.included.uploads(&self.data)
    }
}

/// Reads what came along with the candidates of a page.
impl Included {
    /// Like [`Document::custom_field_values`], for one candidate of a page.
    pub fn custom_field_values(
        &self,
        candidate: &Candidate,
    ) -> impl Iterator<Item = Result<(CustomFieldValue, Arc<CustomField>), DecodeError>> {
        let mut definitions = Once::new(self);
        let values = self.related_as(&candidate.relationships.custom_field_values, "custom field values");
        values.map(move |value: Result<CustomFieldValue, DecodeError>| {
            let value = value?;
            let field = definition(&value)?;
            let entry = self.entry::<CustomField>(field).ok_or_else(|| self.not_found(DEFINITION))?;
            let definition = definitions.get(entry.position, || self.decode(entry).map(Arc::new))?;
            Ok((value, definition))
        })
    }

    /// Like [`Document::filled_custom_fields`], for one candidate of a page.
    pub fn filled_custom_fields(
        &self,
        candidate: &Candidate,
    ) -> impl Iterator<Item = Result<FilledCustomField, DecodeError>> {
        let (mut options_of, mut options) = (Once::new(self), Once::new(self));
        self.custom_field_values(candidate).map(move |pair| {
            let (value, definition) = pair?;
            let entry = self.entry::<CustomField>(self::definition(&value)?);
            let position = entry.ok_or_else(|| self.not_found(DEFINITION))?.position;
            let options = options_of.get(position, || self.options(&definition, &mut options))?;
            Ok(FilledCustomField { value, definition, options })
        })
    }

    /// The options of a field that came along.
    fn options(
        &self,
        definition: &CustomField,
        known: &mut Once<Arc<CustomFieldOption>>,
    ) -> Result<Arc<[Arc<CustomFieldOption>]>, DecodeError> {
        let options = &definition.relationships.custom_field_options;
        if options.is_unreadable() {
            return Err(DecodeError::unreadable("options"));
        }
        let came_along = options.identifiers().iter().filter_map(|option| {
            let entry = self.entry::<CustomFieldOption>(option)?;
            Some(known.get(entry.position, || self.decode(entry).map(Arc::new)))
        });
        came_along.collect()
    }

    /// Like [`Document::uploads`], for one candidate of a page.
    pub fn uploads(&self, candidate: &Candidate) -> impl Iterator<Item = Result<Upload, DecodeError>> {
        self.related_as(&candidate.relationships.uploads, "uploads")
    }
}

const DEFINITION: &str = "definition of a custom field value";

/// The definition that a value names.
fn definition(value: &CustomFieldValue) -> Result<&ResourceIdentifier, DecodeError> {
    match &value.relationships.custom_field.data {
        Linkage::To(field) => Ok(field),
        Linkage::Unreadable => Err(DecodeError::unreadable(DEFINITION)),
        Linkage::NotLoaded | Linkage::Empty => Err(DecodeError::missing(DEFINITION)),
    }
}

/// What came along, each decoded once, however often it is named: by its position.
struct Once<T>(Vec<Option<Result<T, DecodeError>>>);

impl<T: Clone> Once<T> {
    fn new(included: &Included) -> Self {
        Self(vec![None; included.len()])
    }

    /// What is at `position`, or `read` now.
    fn get(
        &mut self,
        position: usize,
        read: impl FnOnce() -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self.0.get_mut(position) {
            Some(known) => known.get_or_insert_with(read).clone(),
            None => read(),
        }
    }
}
