//! What was changed in an answer.

use std::fmt;

use smartsync_transport::StatusCode;

use super::{likeness::Likeness, wire::Exchange};

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The body ends somewhere in the middle.
    Cut,
    /// Another body altogether: nothing, HTML, `null`, `[]`, `{}`, or the body in a list.
    Body,
    /// Another status.
    Status,
    /// A header that is missing, or says something else.
    Header,
    /// A member or an item of another JSON type.
    Retype,
    /// A member or an item is `null`.
    Null,
    /// A member is missing.
    Drop,
    /// An item is missing.
    DropItem,
    /// An item stands there twice.
    RepeatItem,
    /// An item stands there twice, and the two differ.
    RepeatChanged,
    /// A member stands there twice.
    RepeatKey,
    /// The items are in another order.
    Reorder,
    /// Another text.
    Text,
    /// Another number.
    Number,
    /// `true` in place of `false`.
    Flag,
    /// Another `type`.
    Type,
    /// Another `id`.
    OtherId,
    /// An item has the id of another.
    SharedId,
    /// Two items have each other's id.
    SwapIds,
    /// An item stands there again under another id.
    CopyUnderOtherId,
    /// An object is given as the list of its values.
    ByPosition,
    /// The service says that it did it, and did not.
    Swallow,
}

impl Kind {
    /// Its name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Body => "body",
            Self::Status => "status",
            Self::Header => "header",
            Self::Retype => "retype",
            Self::Null => "null",
            Self::Drop => "drop",
            Self::DropItem => "drop-item",
            Self::RepeatItem => "repeat-item",
            Self::RepeatChanged => "repeat-changed",
            Self::RepeatKey => "repeat-key",
            Self::Reorder => "reorder",
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "flag",
            Self::Type => "type",
            Self::OtherId => "other-id",
            Self::SharedId => "shared-id",
            Self::SwapIds => "swap-ids",
            Self::CopyUnderOtherId => "copy-under-other-id",
            Self::ByPosition => "by-position",
            Self::Swallow => "swallow",
        }
    }
}

/// What was changed in an answer.
#[derive(Clone, Debug)]
pub(crate) struct Alteration {
    pub(crate) kind: Kind,
    pub(crate) likeness: Likeness,
    /// The request: `GET /v1/candidates/{}`, ids left out.
    pub(crate) operation: String,
    /// The place in the answer: `data.attributes.phone`, numbers of items left out.
    pub(crate) place: String,
    /// What stands there now.
    pub(crate) change: String,
    /// The status that the service answered, where it was changed.
    pub(crate) status: Option<StatusCode>,
}

impl Alteration {
    pub(crate) fn new(exchange: &Exchange, kind: Kind, place: String, change: String) -> Self {
        let operation = operation(exchange);
        Self { kind, likeness: Likeness::Wrong, operation, place, change, status: None }
    }

    pub(crate) fn of_likeness(self, likeness: Likeness) -> Self {
        Self { likeness, ..self }
    }

    pub(crate) fn swallowed(exchange: &Exchange) -> Self {
        Self::new(exchange, Kind::Swallow, "body".to_owned(), "as it was before".to_owned())
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.operation, self.kind.as_str(), self.place)
    }
}

/// Method and path, ids left out; of a list, which.
pub(crate) fn operation(exchange: &Exchange) -> String {
    let segments = exchange.path().split('/').map(|segment| {
        let is_id = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { "{}" } else { segment }
    });
    format!("{} {}", exchange.method, segments.collect::<Vec<_>>().join("/"))
}
