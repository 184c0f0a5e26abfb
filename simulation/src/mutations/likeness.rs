//! How much a changed answer looks like one that a service might give.
//!
//! Nobody can tell an answer that says something else, in good form, from the truth: that the salary is 43,000, that the
//! phone number is empty, that the candidate is gone. What the engine does by such an answer is no fault of its own and is
//! counted apart. All else it has to notice, or it must do no harm.

use serde_json::Value;
use smartsync_transport::{Method, StatusCode};

use super::{
    alteration::{self, Kind},
    place::{Step, last_key},
    wire::Exchange,
};

/// How much a changed answer looks like one that a service might give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// No service gives it: of a wrong form, incomplete, or in contradiction to itself, to the request or to the effect.
    Wrong,
    /// In good form, but it names something that is not there.
    Dangling,
    /// Other data of the same kind.
    Plausible,
    /// A creation that took effect was refused, which may rightly be tried again.
    RefusedCreation,
}

impl Likeness {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Dangling => "dangling",
            Self::Plausible => "plausible",
            Self::RefusedCreation => "refused-creation",
        }
    }

    /// Whether what follows from it is the engine's fault.
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Wrong | Self::Dangling)
    }
}

/// Members that may be `null`: that means empty, or not yet.
const NULLABLE: &[&str] = &[
    "email",
    "first-name",
    "last-name",
    "phone",
    "linkedin-url",
    "pitch",
    "value",
    "custom_id",
    "folder",
    "published_time",
    "created_time",
    "updated_time",
    "template_type_id",
    "name",
    "facebook-id",
    "linkedin-uid",
    "original-resume",
    "picture",
    "referring-site",
    "referring-url",
    "resume",
    "resume-summary",
    "first_visited_time",
    "last_visited_time",
    "sign_state_updated_time",
    "lifecycle_state",
    "sign_order",
    "signing_period_expiry_time",
    "country_code",
    "identification_number",
    "phone_number",
    "title",
    "_private",
    "owner-type",
    "template_type",
    // A custom field of a later kind, or one that has no name for programs.
    "api-name",
    "field-type",
];

/// Members that an answer may leave out: not every version has them, or not every kind of caller sees them.
const OMITTABLE: &[&str] = &[
    "_private",
    "custom_id",
    "published_time",
    "created_time",
    "template_type_id",
    "workspace_id",
    "template_id",
    "owner-type",
    "name",
    "email",
    "template_type",
    "active",
    "system",
    "source",
];

const STATES: &[&str] = &["draft", "pending", "overdue", "signed", "declined"];

/// The likeness of an answer with another status.
pub(crate) fn of_status(exchange: &Exchange, status: StatusCode) -> Likeness {
    let is_post = |path: &str| exchange.method == Method::POST && exchange.path().ends_with(path);
    // A file that was refused for the rate limit only is sent again at once, without a look at the card.
    let is_creation =
        is_post("/contracts/create") || is_post("/uploads") && status == StatusCode::TOO_MANY_REQUESTS;
    if is_creation && status.is_client_error() {
        Likeness::RefusedCreation
    } else if exchange.method == Method::GET && status == StatusCode::NOT_FOUND {
        Likeness::Plausible
    } else {
        Likeness::Wrong
    }
}

/// The likeness of an answer in which one place holds `new` in place of `old`; `None` where it is left out.
pub(crate) fn of_place(
    exchange: &Exchange,
    kind: Kind,
    place: &[Step],
    (old, new): (&Value, Option<&Value>),
    whole: &Value,
) -> Likeness {
    let key = last_key(place);
    let plausible_if = |yes: bool| if yes { Likeness::Plausible } else { Likeness::Wrong };
    match kind {
        Kind::OtherId => other_id(exchange, place, new, whole),
        Kind::CopyUnderOtherId if share_an_id(new) => Likeness::Wrong,
        Kind::CopyUnderOtherId => Likeness::Dangling,
        // Each value then stands under the id of the other, and nothing says so.
        Kind::SwapIds => plausible_if(are_of_one_type(old, new)),
        Kind::DropItem => plausible_if(!is_linkage(place) && key != "included"),
        Kind::Drop => plausible_if(OMITTABLE.contains(&key)),
        // The value of no field: that of one which was deleted.
        Kind::Null if is_field_of_value(place) => Likeness::Plausible,
        Kind::Null => plausible_if(NULLABLE.contains(&key) && !is_linkage(place)),
        // The clients read a number as the id that it spells.
        Kind::Number | Kind::Text | Kind::Retype if key == "id" && (is_alike(old, new) || is_number(new)) => {
            other_id(exchange, place, new.map(|new| spelled_as(old, new)).as_ref(), whole)
        }
        Kind::Flag | Kind::Number => Likeness::Plausible,
        Kind::Text | Kind::Retype => {
            plausible_if(new.is_some_and(|new| is_other_value(place, old, new, whole)))
        }
        Kind::Cut
        | Kind::Body
        | Kind::Status
        | Kind::Header
        | Kind::RepeatItem
        | Kind::RepeatChanged
        | Kind::RepeatKey
        | Kind::Reorder
        | Kind::Type
        | Kind::SharedId
        | Kind::ByPosition
        | Kind::Swallow => Likeness::Wrong,
    }
}

/// Whether `new` is as good a value for this member as `old`.
fn is_other_value(place: &[Step], old: &Value, new: &Value, whole: &Value) -> bool {
    let key = last_key(place);
    match new {
        Value::String(text) => match key {
            "state" => STATES.contains(&text.as_str()),
            "type" | "id" => false,
            "href" | "self" | "related" | "next" | "prev" | "first" | "last" => false,
            _ if key.ends_with("_time") || key.ends_with("-at") => shape(old) == shape(new),
            "value" => old.is_string() || !is_of_kind(place, whole, &["Checkbox", "Number"]),
            _ => old.is_string() || old.is_null(),
        },
        Value::Number(_) => old.is_number() || key == "value" && is_of_kind(place, whole, &["Number"]),
        Value::Bool(_) => old.is_boolean() || key == "value" && is_of_kind(place, whole, &["Checkbox"]),
        Value::Array(items) if items.is_empty() => old.is_array() && !is_linkage(place) && key != "included",
        // One option by its label, or a list of that one.
        Value::Array(_) => key == "value" && is_of_kind(place, whole, &["Select", "MultiSelect"]),
        // Without any member that is known, all of which may be left out.
        Value::Object(_) => old.is_object() && OMITTABLE.contains(&key),
        Value::Null => NULLABLE.contains(&key),
    }
}

/// Whether the place is the value of a custom field of one of these types.
fn is_of_kind(place: &[Step], whole: &Value, kinds: &[&str]) -> bool {
    let attributes = place.split_last().and_then(|(_, parent)| super::place::at(whole, parent));
    let kind = attributes.and_then(|attributes| attributes.get("field-type")?.as_str());
    kind.and_then(|kind| kind.strip_prefix("CustomField::")).is_some_and(|kind| kinds.contains(&kind))
}

/// Whether the place lies in the `data` of a relationship.
fn is_linkage(place: &[Step]) -> bool {
    let is_relationships = |step: &Step| matches!(step, Step::Key(key) if key == "relationships");
    place.iter().any(is_relationships)
}

/// Whether the place says which custom field a value is of.
fn is_field_of_value(place: &[Step]) -> bool {
    let is = |step: &Step, name: &str| matches!(step, Step::Key(key) if key == name);
    matches!(place, [.., parent, last] if is(parent, "custom-field") && is(last, "data"))
}

/// Whether the items whose ids have changed are of one type.
fn are_of_one_type(old: &Value, new: Option<&Value>) -> bool {
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let (before, after) = (items(old), new.map(items).unwrap_or_default());
    let changed = before.iter().zip(&after).filter(|(before, after)| before.get("id") != after.get("id"));
    let mut types = changed.map(|(item, _)| kind(item));
    let first = types.next();
    types.all(|other| Some(other) == first)
}

/// The JSON:API type. A select is a custom field under a type of its own.
fn kind(resource: &Value) -> Option<String> {
    resource.get("type").and_then(Value::as_str).map(|kind| kind.replace("-selects", "s"))
}

/// Whether two items of a list have the same type and id.
fn share_an_id(list: Option<&Value>) -> bool {
    let items = list.and_then(Value::as_array);
    let names: Vec<_> = items.into_iter().flatten().map(|item| (kind(item), item.get("id"))).collect();
    names.iter().enumerate().any(|(position, name)| names[position + 1..].contains(name))
}

fn is_number(new: Option<&Value>) -> bool {
    new.is_some_and(Value::is_i64)
}

/// The id as it would stand there in the type of the old one.
fn spelled_as(old: &Value, new: &Value) -> Value {
    if old.is_string() && new.is_number() { Value::String(new.to_string()) } else { new.clone() }
}

/// Whether both are texts, or both numbers.
fn is_alike(old: &Value, new: Option<&Value>) -> bool {
    new.is_some_and(|new| old.is_string() && new.is_string() || old.is_number() && new.is_number())
}

/// The text with every digit made the same, so that two times look alike.
fn shape(value: &Value) -> Option<String> {
    let same = |c: char| if c.is_ascii_digit() { '0' } else { c };
    value.as_str().map(|text| text.chars().map(same).collect())
}

/// An answer about another than was asked for is wrong, and so is a link to something that is not there. Other ids may be
/// anything.
fn other_id(exchange: &Exchange, place: &[Step], new: Option<&Value>, whole: &Value) -> Likeness {
    let is_empty = new.is_none_or(|new| new.as_str() == Some(""));
    let names_one = alteration::operation(exchange).contains("{}");
    let is_asked_for = matches!(place, [_] | [_, Step::Key(_)]) && names_one;
    let is_created = exchange.is_write() && !names_one;
    // A field that was deleted and made anew has another id than the values on a card that was read before.
    let is_definition = alteration::operation(exchange) == "GET /v1/custom-fields";
    let is_there = new.is_some_and(|new| names_another(place, new, whole));
    if is_empty || is_asked_for {
        Likeness::Wrong
    } else if is_linkage(place) {
        let of_the_field = place.iter().any(|step| matches!(step, Step::Key(key) if key == "custom-field"));
        if of_the_field && is_there { Likeness::Plausible } else { Likeness::Wrong }
    } else if is_created || is_there || is_definition {
        Likeness::Plausible
    } else {
        Likeness::Dangling
    }
}

/// Whether something else of the same type has this id.
fn names_another(place: &[Step], id: &Value, whole: &Value) -> bool {
    let Some((_, parent)) = place.split_last() else { return false };
    let own = super::place::at(whole, parent).and_then(kind);
    let has_it = |other: &Vec<Step>| {
        let object = other.split_last().and_then(|(_, parent)| super::place::at(whole, parent));
        object.is_some_and(|object| object.get("id") == Some(id) && kind(object) == own)
    };
    super::place::all(whole).iter().filter(|place| last_key(place) == "id").any(has_it)
}
