//! Relationships followed to what came along.

use smartsync_transport::DecodeError;

use crate::jsonapi::{Document, Included, Linkage, ListDocument, Resource, ToMany, ToOne};

/// Follows relationships. Not loaded, and not come along, are errors: neither is the same as empty.
impl Included {
    /// The resources that `relationship` points at, in its order, each once.
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
        const PART: &str = "related resource";
        match &relationship.data {
            Linkage::NotLoaded => Err(DecodeError::missing(PART)),
            Linkage::Unreadable => Err(DecodeError::unreadable(PART)),
            Linkage::Empty => Ok(None),
            Linkage::To(identifier) => {
                self.resolve(identifier).unwrap_or_else(|| Err(self.not_found(PART))).map(Some)
            }
        }
    }

    /// Like [`Included::related`], with an error that names `part`.
    pub(crate) fn related_as<T: Resource>(
        &self,
        relationship: &ToMany,
        part: &'static str,
    ) -> impl Iterator<Item = Result<T, DecodeError>> {
        let error = match (relationship.is_loaded(), relationship.is_unreadable()) {
            (_, true) => Some(Err(DecodeError::unreadable(part))),
            (false, false) => Some(Err(DecodeError::missing(part))),
            (true, false) => None,
        };
        // Each is decoded once, even if the answer names it a thousand times.
        let mut seen = vec![false; self.len()];
        let resources = relationship.identifiers().iter().filter_map(move |identifier| {
            let Some(entry) = self.entry::<T>(identifier) else { return Some(Err(self.not_found(part))) };
            let is_new = seen.get_mut(entry.position).is_none_or(|seen| !std::mem::replace(seen, true));
            is_new.then(|| self.decode(entry))
        });
        error.into_iter().chain(resources)
    }

    /// What it means that nothing was found.
    pub(crate) fn not_found(&self, part: &'static str) -> DecodeError {
        if self.has_unreadable() { DecodeError::unreadable(part) } else { DecodeError::missing(part) }
    }
}

/// Follows relationships of the resource to what came along.
impl<D> Document<D> {
    /// The resources that `relationship` points at, in its order. See [`Included::related`].
    ///
    /// ```
    /// use teamtailor_client::{
    ///     candidates::Candidate, job_applications::JobApplication, jsonapi::Document, transport::DecodeError,
    /// };
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
