//! Files on the candidate's card.

use serde_json::Value;

use super::{
    check::{self, Checked},
    document, page,
    refusal::Refusal,
    relationships::Kind,
};
use crate::{
    counters::Counted,
    incoming::Incoming,
    state::teamtailor::Upload,
    unknowns::{UploadFetch, UploadInternal, UploadName},
    world::World,
};

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
    let fetched = match (world.fetch(&url), world.teamtailor_unknowns().upload_fetch) {
        (None, UploadFetch::Within) => return Err(Refusal::invalid("url", "is invalid")),
        (fetched, UploadFetch::Within | UploadFetch::Later) => fetched,
        // So late that no address is valid any more.
        (_, UploadFetch::Else) => None,
    };
    let unknowns = *world.teamtailor_unknowns();
    let cleans = world.teamtailor.cleans_file_names || unknowns.upload_name == UploadName::Changed;
    let file_name = if cleans { cleaned(&file_name) } else { file_name };
    let is_there = fetched.is_some();
    let object = world.store_object(fetched.unwrap_or_default());
    let internal = unknowns.upload_internal == UploadInternal::Yes;
    let id = world.keep_upload(candidate, file_name, internal, true, object);
    let key = (Kind::Upload, id);
    let answer = document::one(world, &key, &checked.includes);
    if !is_there {
        // The answer had to be given before.
        world.teamtailor.uploads.remove(&key.1);
    }
    Ok(answer)
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
