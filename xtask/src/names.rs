//! Rust names out of wire names.

use std::collections::BTreeMap;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use crate::{Refusal, borrowed, refusal::Place};

/// Names of Rust's prelude, and of the transport's that a client shows at its root or that a reader would take for its.
/// Those that generated code imports stand in `borrowed.rs`.
const RESERVED: &[&str] = &[
    "Body",
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Deserialize",
    "From",
    "Hidden",
    "Into",
    "Iterator",
    "Lenient",
    "NextPage",
    "None",
    "Ok",
    "Option",
    "Paged",
    "Problem",
    "Request",
    "Result",
    "Self",
    "Send",
    "Service",
    "Some",
    "String",
    "Sync",
    "Transport",
    "Url",
    "Vec",
];

/// Name of a field or an argument: `_private_ownerside` is `private_ownerside`, `type` is `type_`,
/// `filter[created-at][from]` is `created_at_from`.
pub(crate) fn field(wire: &str, place: &Place) -> Result<String, Refusal> {
    let bare = wire.strip_prefix("filter[").unwrap_or(wire);
    let words: String = bare.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = words.to_snake_case();
    let name = if is_keyword(&name) { format!("{name}_") } else { name };
    check(name, wire, place)
}

/// Name of a type or a variant: `contract:sign` is `ContractSign`.
pub(crate) fn pascal(wire: &str, place: &Place) -> Result<String, Refusal> {
    check(wire.to_upper_camel_case(), wire, place)
}

/// `getContract` is `get_contract`.
pub(crate) fn snake(wire: &str) -> String {
    wire.to_snake_case()
}

fn check(name: String, wire: &str, place: &Place) -> Result<String, Refusal> {
    if syn::parse_str::<proc_macro2::Ident>(&name).is_err() {
        return Err(Refusal::new(place, format!("`{wire}` makes no Rust name: add `x-name` or `x-names`")));
    }
    Ok(name)
}

fn is_keyword(name: &str) -> bool {
    !name.is_empty()
        && syn::parse_str::<proc_macro2::Ident>(name).is_err()
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Refuses two things with one name.
#[derive(Debug, Default)]
pub(crate) struct Namespace {
    taken: BTreeMap<String, String>,
}

impl Namespace {
    /// The namespace of the generated types.
    pub(crate) fn of_types() -> Self {
        let taken = RESERVED
            .iter()
            .copied()
            .chain(borrowed::names())
            .map(|name| (name.to_owned(), "a type of Rust or of the transport".to_owned()))
            .collect();
        Self { taken }
    }

    pub(crate) fn take(&mut self, name: &str, place: &Place) -> Result<(), Refusal> {
        match self.taken.insert(name.to_owned(), place.to_string()) {
            None => Ok(()),
            Some(other) => Err(Refusal::new(place, format!("the Rust name `{name}` is taken by {other}"))),
        }
    }
}
