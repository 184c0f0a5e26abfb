//! The small model between the OpenAPI document and the Rust text.

use std::collections::BTreeMap;

/// The resource of what several use and none owns.
pub(crate) const SHARED: &str = "shared";

/// The modules that are no resource.
pub(crate) const MODULES: &[&str] = &["handles", "ids", SHARED];

/// The field of what could not be read.
pub(crate) const UNREADABLE: &str = "unreadable";

/// The field of a list for what the document does not know of its query.
pub(crate) const QUERY_PARAMS: &str = "query_params";

/// Everything that is generated for one service.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// Name of the hand-written `Service`: `Oneflow`.
    pub(crate) service: String,
    pub(crate) ids: Vec<Id>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) unions: Vec<Union>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) handles: Vec<Handle>,
    /// Of the types that several resources use: the one that owns it.
    pub(crate) owners: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) text: bool,
}

#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) docs: Docs,
}

/// A struct serves one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    /// A request that travels as `multipart/form-data`.
    Form,
    Answer,
}

#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) direction: Direction,
    pub(crate) fields: Vec<Field>,
    /// A member with one possible value, written by itself: name and value.
    pub(crate) constant: Option<(String, String)>,
    /// Values of `type`, if this is a JSON:API resource.
    pub(crate) resource: Vec<String>,
    /// It can stand for an absent member (attributes and relationships of a resource).
    pub(crate) default: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Rust name.
    pub(crate) name: String,
    /// Name on the wire.
    pub(crate) wire: String,
    pub(crate) docs: Docs,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    /// `attributes` and `relationships` of a resource: absent counts as empty.
    pub(crate) or_default: bool,
    /// The service always sends it: absent counts as unreadable.
    pub(crate) expected: bool,
    /// The least value of a number, or 0.
    pub(crate) least: u64,
    /// A to-one relationship of a request: stands outside of the attributes. Its JSON:API type.
    pub(crate) relationship: Option<String>,
    /// A query parameter: what is sent where the caller sets nothing.
    pub(crate) when_unset: Option<i64>,
}

/// Alternatives of a request, told apart by a constant member.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) name: String,
    pub(crate) docs: Docs,
    /// Variant and struct.
    pub(crate) variants: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Bool,
    Integer {
        signed: bool,
        bits: u8,
    },
    Number,
    /// `print`: `Debug` may show it.
    Text {
        print: bool,
    },
    Timestamp,
    Untyped,
    /// A file of a form.
    File,
    Id {
        name: String,
        text: bool,
    },
    Enum(String),
    Struct(String),
    Union(String),
    /// Path of a type written by hand.
    HandWritten(String),
    List(Box<Type>),
    Map(Box<Type>),
}

impl Type {
    /// Whether it is as cheap to copy as to borrow.
    pub(crate) fn is_copy(&self) -> bool {
        matches!(self, Self::Bool | Self::Integer { .. } | Self::Id { text: false, .. })
    }

    /// The path of the hand-written type in it.
    pub(crate) fn hand_written(&self) -> Option<&str> {
        match self {
            Self::HandWritten(path) => Some(path),
            Self::List(item) | Self::Map(item) => item.hand_written(),
            _ => None,
        }
    }

    /// Whether `Debug` may show it.
    pub(crate) fn prints(&self) -> bool {
        match self {
            Self::Number | Self::Untyped | Self::Map(_) => false,
            Self::Text { print } => *print,
            Self::List(item) => item.prints(),
            Self::Bool
            | Self::Integer { .. }
            | Self::Timestamp
            | Self::File
            | Self::Id { .. }
            | Self::Enum(_)
            | Self::Struct(_)
            | Self::Union(_)
            | Self::HandWritten(_) => true,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Operation {
    /// `GetContract`.
    pub(crate) name: String,
    /// `get_contract`.
    pub(crate) snake: String,
    /// Name of the method on the handle: `get`.
    pub(crate) method: String,
    pub(crate) tag: String,
    pub(crate) docs: Docs,
    /// What the service answers when it refuses, as it says itself: `404 (not found)`.
    pub(crate) refusals: Vec<String>,
    /// `GET`.
    pub(crate) verb: String,
    pub(crate) path: Vec<Segment>,
    pub(crate) query: Vec<Field>,
    /// Query parameters with one possible value: name and value.
    pub(crate) constants: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
    pub(crate) output: Output,
    /// An answer without a body is one as well: `None`.
    pub(crate) may_be_empty: bool,
    pub(crate) paging: Option<Paging>,
    pub(crate) idempotent: bool,
}

impl Operation {
    /// The parameters of the path and of the query.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Field> {
        let in_path = self.path.iter().filter_map(|segment| match segment {
            Segment::Argument(field) => Some(field),
            Segment::Text(_) => None,
        });
        in_path.chain(&self.query)
    }
}

#[derive(Debug)]
pub(crate) enum Segment {
    Text(String),
    Argument(Field),
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) ty: Type,
    pub(crate) docs: Docs,
    pub(crate) content_type: String,
    pub(crate) envelope: Option<Envelope>,
    /// The body is a JSON:API linkage, `{data: ..}`: the JSON:API type of the ids in it.
    pub(crate) linkage: Option<String>,
}

/// The JSON:API document that an operation puts around its body.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub(crate) kind: String,
    /// `data.id` is the operation's last path argument.
    pub(crate) with_id: bool,
    pub(crate) with_attributes: bool,
    /// Fields of the body that are relationships.
    pub(crate) relationships: Vec<Field>,
}

#[derive(Debug)]
pub(crate) enum Output {
    Nothing,
    Json(Type),
    OffsetPage {
        item: Type,
        /// A bare list is such a page as well.
        or_list: bool,
    },
    Document(Type),
    ListDocument(Type),
    /// A hand-written type that reads a redirect as well.
    RedirectAddress(String),
}

impl Output {
    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::OffsetPage { .. } | Self::ListDocument(_) | Self::Json(Type::List(_)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    Offset,
    Link,
}

#[derive(Debug)]
pub(crate) struct Handle {
    /// `Contracts`.
    pub(crate) name: String,
    /// `contracts`.
    pub(crate) tag: String,
    pub(crate) docs: Docs,
}

/// Paragraphs of a doc comment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Docs(pub(crate) Vec<String>);
