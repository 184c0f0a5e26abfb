//! Which file a struct goes to: that of the one tag whose operations lead to it, or a shared one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Operation, Output, SHARED, Type};

/// The tags that lead to each struct and each union.
#[derive(Debug)]
pub(super) struct Homes(BTreeMap<String, BTreeSet<String>>);

impl Homes {
    pub(super) fn new(api: &Api) -> Self {
        let mut homes = Self(BTreeMap::new());
        for operation in &api.operations {
            for ty in roots(operation) {
                homes.reach(api, ty, &operation.tag);
            }
        }
        homes
    }

    /// The file of a struct or a union.
    pub(super) fn of(&self, name: &str) -> String {
        let tags: Vec<&String> = self.0.get(name).into_iter().flatten().collect();
        match tags.as_slice() {
            [tag] => (*tag).clone(),
            _ => SHARED.to_owned(),
        }
    }

    fn reach(&mut self, api: &Api, ty: &Type, tag: &str) {
        match ty {
            Type::List(item) | Type::Map(item) => self.reach(api, item, tag),
            Type::Struct(name) | Type::Union(name) => {
                if !self.0.entry(name.clone()).or_default().insert(tag.to_owned()) {
                    return;
                }
                for item in api.structs.iter().filter(|item| item.name == *name) {
                    item.fields.iter().for_each(|field| self.reach(api, &field.ty, tag));
                }
                for item in api.unions.iter().filter(|item| item.name == *name) {
                    item.variants
                        .iter()
                        .for_each(|(_, part)| self.reach(api, &Type::Struct(part.clone()), tag));
                }
            }
            _ => {}
        }
    }
}

/// The types that an operation names: its body and its answer.
fn roots(operation: &Operation) -> impl Iterator<Item = &Type> {
    let answer = match &operation.output {
        Output::Json(ty) | Output::OffsetPage(ty) | Output::Document(ty) | Output::ListDocument(ty) => {
            Some(ty)
        }
        Output::Nothing | Output::RedirectAddress(_) => None,
    };
    operation.body.iter().map(|body| &body.ty).chain(answer)
}
