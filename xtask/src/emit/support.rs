//! Small helpers that the generated code calls, written only where they are called.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

/// The helpers whose names are in `used`.
pub(super) fn emit(used: &BTreeSet<String>) -> Vec<TokenStream> {
    let helpers = [
        ("Hidden", hidden()),
        ("Hidden", hidden_debug()),
        ("null_as_default", null_as_default()),
        ("lenient", lenient()),
        ("comma_list", comma_list()),
        ("Envelope", envelope(used)),
    ];
    helpers.into_iter().filter(|(name, _)| used.contains(*name)).map(|(_, tokens)| tokens).collect()
}

fn hidden() -> TokenStream {
    quote! {
        /// Stands in `Debug` for a value that a person may have typed.
        pub(super) struct Hidden;
    }
}

fn hidden_debug() -> TokenStream {
    quote! {
        impl fmt::Debug for Hidden {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("_")
            }
        }
    }
}

fn null_as_default() -> TokenStream {
    quote! {
        /// Reads `null` like an absent member.
        pub(super) fn null_as_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
            deserializer: D,
        ) -> Result<T, D::Error> {
            Option::deserialize(deserializer).map(Option::unwrap_or_default)
        }
    }
}

fn lenient() -> TokenStream {
    quote! {
        /// Reads a member whose shape no source confirms: another shape than expected counts as absent.
        pub(super) fn lenient<'de, D: Deserializer<'de>, T: Default + DeserializeOwned>(
            deserializer: D,
        ) -> Result<T, D::Error> {
            let value = Lenient::deserialize(deserializer)?;
            Ok(value.into_result().unwrap_or_default())
        }
    }
}

fn comma_list() -> TokenStream {
    quote! {
        /// The items as one query value; nothing for no items.
        pub(super) fn comma_list<T: fmt::Display>(items: &[T]) -> Option<String> {
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            (!items.is_empty()).then(|| items.join(","))
        }
    }
}

fn envelope(used: &BTreeSet<String>) -> TokenStream {
    let with_id = used.contains("with_id").then(|| {
        quote! {
            pub(super) fn with_id(mut self, id: &'a str) -> Self {
                self.data.id = Some(id);
                self
            }
        }
    });
    let with_relationship_opt = used.contains("with_relationship_opt").then(|| {
        quote! {
            pub(super) fn with_relationship_opt(self, name: &'static str, kind: &'static str, id: Option<&'a str>) -> Self {
                match id {
                    Some(id) => self.with_relationship(name, kind, id),
                    None => self,
                }
            }
        }
    });
    let with_relationship = (used.contains("with_relationship") || with_relationship_opt.is_some()).then(|| {
        quote! {
            pub(super) fn with_relationship(mut self, name: &'static str, kind: &'static str, id: &'a str) -> Self {
                self.data.relationships.insert(name, Relationship { data: Identifier { kind, id } });
                self
            }
        }
    });
    quote! {
        /// The JSON:API document around the attributes of a request.
        #[derive(Serialize)]
        pub(super) struct Envelope<'a, A> {
            data: Data<'a, A>,
        }

        #[derive(Serialize)]
        struct Data<'a, A> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
            #[serde(rename = "type")]
            kind: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            attributes: Option<&'a A>,
            #[serde(skip_serializing_if = "BTreeMap::is_empty")]
            relationships: BTreeMap<&'static str, Relationship<'a>>,
        }

        #[derive(Serialize)]
        struct Relationship<'a> {
            data: Identifier<'a>,
        }

        #[derive(Serialize)]
        struct Identifier<'a> {
            #[serde(rename = "type")]
            kind: &'static str,
            id: &'a str,
        }

        impl<'a, A> Envelope<'a, A> {
            pub(super) fn new(kind: &'static str, attributes: Option<&'a A>) -> Self {
                Self { data: Data { id: None, kind, attributes, relationships: BTreeMap::new() } }
            }
            #with_id
            #with_relationship
            #with_relationship_opt
        }
    }
}
