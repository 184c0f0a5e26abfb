//! `[sync]` as far as it could be read.

use oneflow_client::{TemplateTypeId, WorkspaceId};

use super::{
    sync_settings::DocumentSettings, sync_settings::LinkMethod, sync_settings::SyncSettings, unread::Unread,
};
use crate::value::Locale;

/// `[sync]` as far as it could be read. What is said of it follows from keys that were read: each is `None` otherwise.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    sync: &'a SyncSettings,
    unread: &'a Unread,
}

impl<'a> Settings<'a> {
    pub(super) fn new(sync: &'a SyncSettings, unread: &'a Unread) -> Self {
        Self { sync, unread }
    }

    /// Whether a key could be read: it is written and in order, or left out.
    pub(super) fn reads(&self, key: &str) -> bool {
        !self.unread.has(key)
    }

    fn read<T>(&self, key: &str, value: T) -> Option<T> {
        self.reads(key).then_some(value)
    }

    pub(super) fn link(&self) -> Option<&'a [LinkMethod]> {
        self.read("link", &self.sync.link)
    }

    /// The data field for the link that is written.
    pub(super) fn link_data_field(&self) -> Option<&'a str> {
        self.read("link_data_field", self.sync.link_data_field.as_deref())?
    }

    /// The data field for the link, if the link is read from it. Where `link` or `link_data_field` could not be read, their
    /// defaults say that there is none.
    pub(super) fn token_field(&self) -> Option<&'a str> {
        self.sync.token_field()
    }

    pub(super) fn convention(&self) -> Option<bool> {
        self.read("convention", self.sync.convention)
    }

    pub(super) fn document(&self) -> Option<&'a DocumentSettings> {
        self.read("document", &self.sync.document)
    }

    pub(super) fn locale(&self) -> Option<Locale> {
        self.read("locale", self.sync.locale)
    }

    pub(super) fn template_types(&self) -> Option<&'a [TemplateTypeId]> {
        self.read("template_types", &self.sync.template_types)
    }

    pub(super) fn workspaces(&self) -> Option<&'a [WorkspaceId]> {
        self.read("workspaces", &self.sync.workspaces)
    }
}
