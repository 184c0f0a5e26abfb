//! A candidate is deleted, or merged into another.

use serde_json::Value;

use crate::{action_error::ActionError, sandbox::Sandbox, settings::Merged, world::World};

impl Sandbox {
    /// A recruiter deletes a candidate, with values, files and applications.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`].
    pub fn delete_candidate(&self, candidate: &str) -> Result<(), ActionError> {
        self.act(|world| world.delete_candidate(candidate))
    }

    /// A recruiter merges a candidate into another, who is the one that stays and keeps what is on the card; what was empty there comes from
    /// the other, and files and applications move. What becomes of the other's id, [`SandboxSettings::merged`](crate::SandboxSettings::merged) says.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`] if there is one of them not, or both are the same.
    pub fn merge_candidate(&self, candidate: &str, into: &str) -> Result<(), ActionError> {
        self.act(|world| world.merge_candidate(candidate, into))
    }
}

impl World {
    pub(crate) fn delete_candidate(&mut self, id: &str) -> Result<(), ActionError> {
        let store = &mut self.teamtailor;
        store.candidates.remove(id).ok_or(ActionError::Candidate)?;
        store.values.retain(|_, value| value.candidate != id);
        store.uploads.retain(|_, upload| upload.candidate != id);
        store.applications.retain(|_, application| application.candidate != id);
        Ok(())
    }

    fn merge_candidate(&mut self, id: &str, into: &str) -> Result<(), ActionError> {
        let (now, kept) = (self.now, self.settings.merged == Merged::Stays);
        let store = &mut self.teamtailor;
        if id == into || !store.candidates.contains_key(into) {
            return Err(ActionError::Candidate);
        }
        let merged = store.candidates.get(id).ok_or(ActionError::Candidate)?.clone();
        if let Some(stays) = store.candidates.get_mut(into) {
            let is_empty = |value: &Value| value.is_null() || value.as_str() == Some("");
            // An address belongs to one candidate.
            let moves = |name: &String| !kept || name != "email";
            for (name, value) in merged.attributes.into_iter().filter(|(name, _)| moves(name)) {
                let own = stays.attributes.entry(name).or_insert(Value::Null);
                if is_empty(own) {
                    *own = value;
                }
            }
            stays.updated = now;
        }
        let owned = store.values.values().filter(|value| value.candidate == into);
        let owned: Vec<String> = owned.map(|value| value.field.clone()).collect();
        if !kept {
            store.values.retain(|_, value| value.candidate != id || !owned.contains(&value.field));
        }
        for value in store.values.values_mut().filter(|value| value.candidate == id) {
            if !owned.contains(&value.field) {
                into.clone_into(&mut value.candidate);
            }
        }
        for upload in store.uploads.values_mut().filter(|upload| upload.candidate == id) {
            into.clone_into(&mut upload.candidate);
        }
        for application in store.applications.values_mut().filter(|one| one.candidate == id) {
            into.clone_into(&mut application.candidate);
        }
        if !kept {
            store.candidates.remove(id);
            store.merged.insert(id.to_owned(), into.to_owned());
        }
        Ok(())
    }
}
