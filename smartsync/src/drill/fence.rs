//! The drill's own table of what the program may write, read off what it promises and not off its code.

use std::collections::BTreeMap;

use serde_json::Value;
use smartsync_sandbox::Origin;
use smartsync_transport::Method;

use super::{field, rules::Rules};
use crate::words::commands::drill_rules as broken;

/// What is under way while a request goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// A look at a contract.
    Look,
    /// The making of a contract.
    Creation,
    /// Nothing: no request may write.
    Nothing,
}

/// What a request writes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    /// The candidate that it names, if it names one.
    pub(super) candidate: Option<String>,
}

/// What the fence has to know.
pub(super) struct Fence<'a> {
    pub(super) rules: &'a Rules,
    /// Api-names of the custom fields by id.
    pub(super) custom_fields: &'a BTreeMap<String, String>,
}

impl Fence<'_> {
    /// What a writing request is for, or why it must not be made.
    pub(super) fn check(
        &self,
        errand: Errand,
        origin: Origin,
        method: &Method,
        path: &str,
        body: &[u8],
    ) -> Result<Target, String> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let segments: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        match (errand, origin, method.as_str(), segments.as_slice()) {
            (Errand::Creation, Origin::Oneflow, "POST", ["contracts", "create"])
            | (Errand::Creation, Origin::Oneflow, "POST", ["contracts", _, "publish"]) => {
                Ok(Target::default())
            }
            (Errand::Look, Origin::Teamtailor, "PATCH", ["candidates", id]) => self.candidate(id, &body),
            (Errand::Look, Origin::Teamtailor, "POST", ["custom-field-values"]) => self.new_value(&body),
            (Errand::Look, Origin::Teamtailor, "PATCH", ["custom-field-values", id]) => {
                members(&body["data"], &["id", "type", "attributes"])?;
                members(&body["data"]["attributes"], &["value"])?;
                same(&body["data"]["id"], id)?;
                Ok(Target::default())
            }
            (Errand::Look, Origin::Teamtailor, "POST", ["uploads"]) => {
                members(&body["data"], &["type", "attributes", "relationships"])?;
                members(&body["data"]["attributes"], &["url", "file-name"])?;
                members(&body["data"]["relationships"], &["candidate"])?;
                Ok(Target { candidate: related(&body, "candidate") })
            }
            _ => Err(broken::NO_SUCH_REQUEST.to_owned()),
        }
    }

    fn candidate(&self, id: &str, body: &Value) -> Result<Target, String> {
        members(&body["data"], &["id", "type", "attributes"])?;
        same(&body["data"]["id"], id)?;
        for name in names(&body["data"]["attributes"]) {
            let is_open = field::on_card(name)
                .is_some_and(|field| field.is_identity() && self.rules.writes_back(field));
            if !is_open {
                return Err(broken::not_written_back(name));
            }
        }
        Ok(Target { candidate: Some(id.to_owned()) })
    }

    fn new_value(&self, body: &Value) -> Result<Target, String> {
        members(&body["data"], &["type", "attributes", "relationships"])?;
        members(&body["data"]["attributes"], &["value"])?;
        members(&body["data"]["relationships"], &["custom-field", "owner"])?;
        let custom_field = related(body, "custom-field").unwrap_or_default();
        let is_mapped =
            self.custom_fields.get(&custom_field).is_some_and(|name| field::on_card(name).is_some());
        if !is_mapped {
            return Err(broken::CUSTOM_FIELD_NOT_MAPPED.to_owned());
        }
        Ok(Target { candidate: related(body, "owner") })
    }
}

fn related(body: &Value, name: &str) -> Option<String> {
    body["data"]["relationships"][name]["data"]["id"].as_str().map(str::to_owned)
}

fn names(object: &Value) -> impl Iterator<Item = &str> {
    object.as_object().into_iter().flat_map(|members| members.keys().map(String::as_str))
}

fn members(object: &Value, allowed: &[&str]) -> Result<(), String> {
    match names(object).find(|name| !allowed.contains(name)) {
        Some(name) => Err(broken::other_member(name)),
        None => Ok(()),
    }
}

fn same(id: &Value, in_path: &str) -> Result<(), String> {
    if id.as_str() == Some(in_path) { Ok(()) } else { Err(broken::OTHER_IDS.to_owned()) }
}
