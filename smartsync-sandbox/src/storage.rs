//! File storage behind short-lived download addresses.

use bytes::Bytes;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use sha1::{Digest, Sha1};
use smartsync_transport::{Body, Request};

use crate::{
    answer::{self, Handled},
    counters::Counted,
    incoming::Incoming,
    world::World,
};

impl World {
    /// Stores `bytes` and returns their key.
    pub(crate) fn store_object(&mut self, bytes: Bytes) -> i64 {
        let key = self.counters.next(Counted::StoredObject);
        self.storage.objects.insert(key, bytes);
        key
    }

    /// What is stored under a key.
    pub(crate) fn object(&self, key: i64) -> Bytes {
        self.storage.objects.get(&key).cloned().unwrap_or_default()
    }

    /// An address of an object that is valid for as long as the settings say. It needs no state: like a presigned
    /// URL, it says when it expires, and its signature covers that.
    pub(crate) fn short_lived_address(&self, object: i64) -> String {
        let lifetime = SignedDuration::try_from(self.settings.link_lifetime).unwrap_or(SignedDuration::MAX);
        let ends = self.now.saturating_add(lifetime).unwrap_or(Timestamp::MAX).as_millisecond();
        let signature = signature(object, ends);
        format!("{}/download/{object}?ends={ends}&signature={signature}", self.origins.storage)
    }

    /// Somebody else's file, which Teamtailor can fetch from `url`.
    pub(crate) fn serve_elsewhere(&mut self, url: String, bytes: Bytes) {
        self.storage.elsewhere.insert(url, bytes);
    }

    /// What a service gets when it fetches `url` without any credentials.
    pub(crate) fn fetch(&self, url: &str) -> Option<Bytes> {
        if let Some(bytes) = self.storage.elsewhere.get(url) {
            return Some(bytes.clone());
        }
        let path = url.strip_prefix(&self.origins.storage)?;
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path.parse().ok()?;
        self.download(&Incoming::new(request)).ok()
    }

    fn download(&self, incoming: &Incoming) -> Result<Bytes, StatusCode> {
        let object: i64 = match &incoming.segments[..] {
            [first, object] if first == "download" && incoming.method == Method::GET => {
                object.parse().map_err(|_| StatusCode::NOT_FOUND)?
            }
            _ => return Err(StatusCode::NOT_FOUND),
        };
        let ends = incoming.query("ends").and_then(|ends| ends.parse().ok()).ok_or(StatusCode::FORBIDDEN)?;
        let genuine = incoming.query("signature") == Some(&signature(object, ends));
        if !genuine || self.now.as_millisecond() >= ends {
            return Err(StatusCode::FORBIDDEN);
        }
        self.storage.objects.get(&object).cloned().ok_or(StatusCode::NOT_FOUND)
    }
}

fn signature(object: i64, ends: i64) -> String {
    hex::encode(Sha1::digest(format!("sandbox storage, object {object} until {ends}")))
}

/// What every request is for.
pub(crate) const OPERATION: &str = "download";

/// Answers a download. The address is the credential: headers are ignored.
pub(crate) fn handle(world: &World, incoming: &Incoming) -> Handled {
    let response = match world.download(incoming) {
        Ok(bytes) => answer::bytes(StatusCode::OK, "binary/octet-stream", Body::from(bytes)),
        Err(status) => {
            let code = if status == StatusCode::FORBIDDEN { "AccessDenied" } else { "NoSuchKey" };
            let body = Body::from(format!("<Error><Code>{code}</Code></Error>"));
            answer::bytes(status, "application/xml", body)
        }
    };
    Handled { operation: OPERATION, response }
}
