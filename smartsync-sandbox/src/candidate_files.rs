//! Files on a candidate's card: what is there, and what somebody adds without the API.

use std::fmt;

use bytes::Bytes;

use crate::{action_error::ActionError, sandbox::Sandbox, world::World};

/// A file on a candidate's card. `Debug` shows neither its name nor what is in it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CandidateFile {
    /// Id of the upload.
    pub id: String,
    /// Its name, as the card shows it.
    pub name: String,
    /// Uploaded by a user of the company, according to the API.
    pub internal: bool,
    /// Uploaded over the API.
    pub by_api: bool,
    /// What is in it.
    pub contents: Bytes,
}

impl fmt::Debug for CandidateFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateFile")
            .field("id", &self.id)
            .field("internal", &self.internal)
            .field("by_api", &self.by_api)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Somebody adds a file to a card on the career site (`internal` false) or in the app (true), under any name.
    /// Returns the upload's id.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`].
    pub fn put_file(
        &self,
        candidate: &str,
        name: &str,
        internal: bool,
        contents: impl Into<Bytes>,
    ) -> Result<String, ActionError> {
        self.act(|world| world.put_file(candidate, name, internal, contents.into()))
    }

    /// The files on a card, oldest first; empty for an unknown candidate.
    #[must_use]
    pub fn candidate_files(&self, candidate: &str) -> Vec<CandidateFile> {
        self.world().candidate_files(candidate)
    }
}

impl World {
    fn put_file(
        &mut self,
        candidate: &str,
        name: &str,
        internal: bool,
        contents: Bytes,
    ) -> Result<String, ActionError> {
        if !self.teamtailor.candidates.contains_key(candidate) {
            return Err(ActionError::Candidate);
        }
        let object = self.store_object(contents);
        Ok(self.keep_upload(candidate.to_owned(), name.to_owned(), internal, false, object))
    }

    fn candidate_files(&self, candidate: &str) -> Vec<CandidateFile> {
        let mut uploads: Vec<_> =
            self.teamtailor.uploads.iter().filter(|(_, upload)| upload.candidate == candidate).collect();
        uploads.sort_by_key(|(id, _)| (id.len(), *id));
        let shown = uploads.into_iter().map(|(id, upload)| CandidateFile {
            id: id.clone(),
            name: upload.file_name.clone(),
            internal: upload.internal,
            by_api: upload.by_api,
            contents: self.object(upload.object),
        });
        shown.collect()
    }
}
