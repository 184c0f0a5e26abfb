//! A candidate together with what came along: custom field values and uploads.

use smartsync_transport::DecodeError;

use crate::{
    Candidate, Choices, CustomField, CustomFieldOption, CustomFieldValue, Upload,
    jsonapi::{Document, Included},
};

/// A custom field of a candidate that has a value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FilledCustomField {
    /// The value.
    pub value: CustomFieldValue,
    /// The definition of the field.
    pub definition: CustomField,
    /// What one can choose, if the field is a select and its options came along.
    pub options: Vec<CustomFieldOption>,
}

impl FilledCustomField {
    /// The options, to map between ids and labels.
    #[must_use]
    pub fn choices(&self) -> Choices {
        Choices::new(&self.options)
    }
}

/// Reads what came along with a candidate that was asked for with `include`.
impl Document<Candidate> {
    /// The candidate's custom field values, each with the definition of its field, in the order of the answer.
    ///
    /// A field without a value is not among them. Ask with
    /// [`CandidateInclude::CustomFieldValuesCustomField`](crate::CandidateInclude::CustomFieldValuesCustomField) beside
    /// [`CandidateInclude::CustomFieldValues`](crate::CandidateInclude::CustomFieldValues). If the answer does not say
    /// which values the candidate has, the only item is an error: that is not the same as having none.
    pub fn custom_field_values(
        &self,
    ) -> impl Iterator<Item = Result<(CustomFieldValue, CustomField), DecodeError>> {
        self.included.custom_field_values(&self.data)
    }

    /// Like [`Document::custom_field_values`], with the options of selects, where these came along.
    ///
    /// They come with the path `custom-field-values.custom-field.custom-field-options` among the includes, which no
    /// documentation shows; without it, read them with [`ListCustomFieldOptions`](crate::ListCustomFieldOptions).
    pub fn filled_custom_fields(&self) -> impl Iterator<Item = Result<FilledCustomField, DecodeError>> {
        self.included.filled_custom_fields(&self.data)
    }

    /// The files on the candidate's card, in the order of the answer.
    ///
    /// Ask with [`CandidateInclude::Uploads`](crate::CandidateInclude::Uploads). If the answer does not say which files
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
    ) -> impl Iterator<Item = Result<(CustomFieldValue, CustomField), DecodeError>> {
        let values = self.related_as(&candidate.relationships.custom_field_values, "custom field values");
        values.map(|value: Result<CustomFieldValue, DecodeError>| {
            let value = value?;
            let field = value.relationships.custom_field.identifier().and_then(|field| self.resolve(field));
            let field = field.unwrap_or(Err(DecodeError::missing("definition of a custom field value")))?;
            Ok((value, field))
        })
    }

    /// Like [`Document::filled_custom_fields`], for one candidate of a page.
    pub fn filled_custom_fields(
        &self,
        candidate: &Candidate,
    ) -> impl Iterator<Item = Result<FilledCustomField, DecodeError>> {
        self.custom_field_values(candidate).map(|pair| {
            let (value, definition) = pair?;
            let options = &definition.relationships.custom_field_options;
            let options = options.identifiers().iter().filter_map(|option| self.resolve(option));
            let options = options.collect::<Result<_, _>>()?;
            Ok(FilledCustomField { value, definition, options })
        })
    }

    /// Like [`Document::uploads`], for one candidate of a page.
    pub fn uploads(&self, candidate: &Candidate) -> impl Iterator<Item = Result<Upload, DecodeError>> {
        self.related_as(&candidate.relationships.uploads, "uploads")
    }
}
