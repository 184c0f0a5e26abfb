//! A candidate together with what came along: custom field values and uploads.

use smartsync_transport::DecodeError;

use crate::{
    Candidate, CustomField, CustomFieldValue, Upload,
    jsonapi::{Document, Included, Resource, ToMany},
};

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
        let values = self.related(&candidate.relationships.custom_field_values, "custom field values");
        values.map(|value: Result<CustomFieldValue, DecodeError>| {
            let value = value?;
            let field = value.relationships.custom_field.identifier().and_then(|field| self.resolve(field));
            let field = field.unwrap_or(Err(DecodeError::missing("definition of a custom field value")))?;
            Ok((value, field))
        })
    }

    /// Like [`Document::uploads`], for one candidate of a page.
    pub fn uploads(&self, candidate: &Candidate) -> impl Iterator<Item = Result<Upload, DecodeError>> {
        self.related(&candidate.relationships.uploads, "uploads")
    }

    /// The resources that `relationship` points at. Not loaded, and not come along, are errors that name `part`.
    fn related<T: Resource>(
        &self,
        relationship: &ToMany,
        part: &'static str,
    ) -> impl Iterator<Item = Result<T, DecodeError>> {
        let not_loaded = (!relationship.is_loaded()).then(|| Err(DecodeError::missing(part)));
        let resources = relationship.identifiers().iter().map(move |identifier| {
            let resource = self.resolve(identifier);
            resource.unwrap_or(Err(DecodeError::missing(part)))
        });
        not_loaded.into_iter().chain(resources)
    }
}
