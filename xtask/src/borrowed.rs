//! What generated code borrows: paths of the standard library, of other crates, and of files written by hand.

/// From outside of the client.
pub(crate) const FOREIGN: &[&str] = &[
    "serde::Serialize",
    "serde::de::DeserializeOwned",
    "serde_json::Number",
    "serde_json::Value",
    "smartsync_transport::ApiClient",
    "smartsync_transport::BuildError",
    "smartsync_transport::Call",
    "smartsync_transport::DecodeError",
    "smartsync_transport::Endpoint",
    "smartsync_transport::Error",
    "smartsync_transport::Method",
    "smartsync_transport::Pages",
    "smartsync_transport::Part",
    "smartsync_transport::Patch",
    "smartsync_transport::Response",
    "smartsync_transport::StatusCode",
    "smartsync_transport::Timestamp",
    "smartsync_transport::Unreadable",
    "smartsync_transport::decode_json",
    "smartsync_transport::generated_support::about",
    "smartsync_transport::generated_support::of_type",
    "std::collections::BTreeMap",
];

/// From files of the client that are written by hand.
pub(crate) const OWN: &[&str] = &[
    "crate::FilePart",
    "crate::Page",
    "crate::jsonapi::Document",
    "crate::jsonapi::Envelope",
    "crate::jsonapi::RequestLinkage",
    "crate::jsonapi::ListDocument",
    "crate::jsonapi::Resource",
];

/// Their names. No generated type may take one.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FOREIGN.iter().chain(OWN).filter_map(|path| path.rsplit("::").next())
}
