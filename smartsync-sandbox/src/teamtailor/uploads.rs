//! Files on the candidate's card.

use serde_json::Value;

use super::{
    check::{self, Checked},
    document, page,
    refusal::Refusal,
    relationships::Kind,
};
use crate::{counters::Counted, incoming::Incoming, state::teamtailor::Upload, world::World};

/// All uploads, or those of one job. No upload of the sandbox belongs to a job.
pub(super) fn list(world: &World, incoming: &Incoming, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let none = incoming.query("filter[job]").is_some();
    let uploads = world.teamtailor.uploads.keys().filter(|_| !none);
    let keys = uploads.map(|id| (Kind::Upload, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}

pub(super) fn list_of_candidate(
    world: &World,
    incoming: &Incoming,
    checked: &Checked,
) -> Result<Vec<u8>, Refusal> {
    check::existing(world, (Kind::Candidate, checked.id().to_owned()))?;
    let uploads = world.teamtailor.uploads.iter().filter(|(_, upload)| upload.candidate == checked.id());
    let keys = uploads.map(|(id, _)| (Kind::Upload, id.clone())).collect();
    page::in_every_version(world, incoming, checked, keys)
}

/// Fetches the URL at once. No duplicate is looked for: the same call twice creates two files.
pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let text =
        |name: &str| checked.attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let candidate = checked.relationship("candidate").unwrap_or_default().to_owned();
    if !world.teamtailor.candidates.contains_key(&candidate) {
        return Err(Refusal::invalid_relationship("candidate", "must exist"));
    }
    let (url, file_name) = (text("url"), text("file-name"));
    if file_name.is_empty() {
        return Err(Refusal::invalid("file-name", "can't be blank"));
    }
    if world.teamtailor.refused_uploads > 0 {
        world.teamtailor.refused_uploads -= 1;
        return Err(Refusal::invalid("url", "could not be fetched"));
    }
    let bytes = world.fetch(&url).ok_or_else(|| Refusal::invalid("url", "is invalid"))?;
    let file_name = if world.teamtailor.cleans_file_names { cleaned(&file_name) } else { file_name };
    let object = world.store_object(bytes);
    let internal = world.settings.api_uploads_internal;
    let id = world.keep_upload(candidate, file_name, internal, true, object);
    Ok(document::one(world, &(Kind::Upload, id), &checked.includes))
}

impl World {
    pub(crate) fn keep_upload(
        &mut self,
        candidate: String,
        file_name: String,
        internal: bool,
        by_api: bool,
        object: i64,
    ) -> String {
        let id = self.counters.next_text(Counted::Upload);
        let upload = Upload { candidate, file_name, internal, by_api, object, created: self.now };
        self.teamtailor.uploads.insert(id.clone(), upload);
        id
    }
}

/// A name as some services change it: `Contract_9001.pdf` for `Contract (9001).pdf`.
fn cleaned(name: &str) -> String {
    name.replace(['(', ')'], "").replace(' ', "_")
}
