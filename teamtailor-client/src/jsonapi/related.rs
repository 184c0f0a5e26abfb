//! Relationships followed to what came along.

use smartsync_transport::DecodeError;

use crate::jsonapi::{Document, Included, Linkage, ListDocument, Resource, ToMany, ToOne};

/// Follows relationships. Not loaded, and not come along, are errors: neither is the same as empty.
impl Included {
    /// The resources that `relationship` points at, in its order.
    pub fn related<T: Resource>(
        &self,
        relationship: &ToMany,
    ) -> impl Iterator<Item = Result<T, DecodeError>> {
        self.related_as(relationship, "related resources")
    }

    /// The resource that `relationship` points at; `None` if it points at nothing.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the answer does not say what is related, did not bring it along, or has it in another shape.
    pub fn related_one<T: Resource>(&self, relationship: &ToOne) -> Result<Option<T>, DecodeError> {
        let missing = || DecodeError::missing("related resource");
        match &relationship.data {
            Linkage::NotLoaded => Err(missing()),
            Linkage::Empty => Ok(None),
            Linkage::To(identifier) => self.resolve(identifier).unwrap_or_else(|| Err(missing())).map(Some),
        }
    }

    /// Like [`Included::related`], with an error that names `part`.
    pub(crate) fn related_as<T: Resource>(
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

/// Follows relationships of the resource to what came along.
impl<D> Document<D> {
    /// The resources that `relationship` points at, in its order. See [`Included::related`].
    ///
    /// ```
    /// use teamtailor_client::{Candidate, DecodeError, JobApplication, jsonapi::Document};
    ///
    /// fn stages(document: &Document<Candidate>) -> Result<usize, DecodeError> {
    ///     let applications = document.related::<JobApplication>(&document.data.relationships.job_applications);
    ///     let applications: Vec<JobApplication> = applications.collect::<Result<_, _>>()?;
    ///     Ok(applications.iter().filter(|application| application.relationships.stage.is_loaded()).count())
    /// }
    /// ```
    pub fn related<T: Resource>(
        &self,
        relationship: &ToMany,
    ) -> impl Iterator<Item = Result<T, DecodeError>> {
        self.included.related(relationship)
    }

    /// The resource that `relationship` points at; `None` if it points at nothing. See [`Included::related_one`].
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the answer does not say what is related, did not bring it along, or has it in another shape.
    pub fn related_one<T: Resource>(&self, relationship: &ToOne) -> Result<Option<T>, DecodeError> {
        self.included.related_one(relationship)
    }
}

/// Follows relationships of the resources of a page to what came along.
impl<D> ListDocument<D> {
    /// The resources that `relationship` points at, in its order. See [`Included::related`].
    pub fn related<T: Resource>(
        &self,
        relationship: &ToMany,
    ) -> impl Iterator<Item = Result<T, DecodeError>> {
        self.included.related(relationship)
    }

    /// The resource that `relationship` points at; `None` if it points at nothing. See [`Included::related_one`].
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the answer does not say what is related, did not bring it along, or has it in another shape.
    pub fn related_one<T: Resource>(&self, relationship: &ToOne) -> Result<Option<T>, DecodeError> {
        self.included.related_one(relationship)
    }
}
