//! Where each type stands: a resource is a folder, an operation is a file in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Direction, Operation, Output, SHARED, Type};

/// The file of an item: `contracts` and `get_contract`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    pub(super) resource: String,
    pub(super) file: String,
}

impl Home {
    pub(super) fn new(resource: &str, file: &str) -> Self {
        Self { resource: resource.to_owned(), file: file.to_owned() }
    }
}

/// The file of a handle.
pub(super) const HANDLE: &str = "handle";

const MODELS: &str = "models";
const REQUESTS: &str = "requests";

/// The home of every type but the ids, and of every operation and handle.
#[derive(Debug)]
pub(super) struct Homes(BTreeMap<String, Home>);

/// The operations that lead to a type, each with its resource, and whether an answer holds it.
#[derive(Debug, Default)]
struct Users<'a> {
    operations: BTreeSet<(&'a str, &'a str)>,
    answers: bool,
}

impl Homes {
    pub(super) fn new(api: &Api) -> Self {
        let mut users = BTreeMap::new();
        for operation in &api.operations {
            for (ty, answers) in roots(operation) {
                reach(api, ty, operation, answers, &mut users);
            }
        }
        let enums = api.enums.iter().map(|item| (&item.name, MODELS));
        let unions = api.unions.iter().map(|item| (&item.name, REQUESTS));
        let structs = api.structs.iter().map(|item| match item.direction {
            Direction::Answer => (&item.name, MODELS),
            Direction::Request | Direction::Form => (&item.name, REQUESTS),
        });
        let types = enums.chain(unions).chain(structs).map(|(name, file)| {
            let users = users.get(name.as_str());
            let resources: BTreeSet<&str> = users
                .into_iter()
                .flat_map(|users| &users.operations)
                .map(|(resource, _)| *resource)
                .collect();
            let owner = api.owners.get(name).map(String::as_str);
            let resource = match resources.into_iter().collect::<Vec<_>>()[..] {
                [resource] => resource,
                _ => owner.unwrap_or(SHARED),
            };
            let only = users.filter(|users| !users.answers && users.operations.len() == 1);
            let only = only.and_then(|users| users.operations.first()).map(|(_, operation)| *operation);
            (name.clone(), Home::new(resource, only.unwrap_or(file)))
        });
        let operations = api.operations.iter();
        let operations = operations.map(|item| (item.name.clone(), Home::new(&item.tag, &item.snake)));
        let handles = api.handles.iter().map(|item| (item.name.clone(), Home::new(&item.tag, HANDLE)));
        Self(types.chain(operations).chain(handles).collect())
    }

    pub(super) fn of(&self, name: &str) -> Home {
        self.0.get(name).cloned().unwrap_or_else(|| Home::new(SHARED, MODELS))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Home)> {
        self.0.iter()
    }
}

/// Notes that `operation` leads to `ty` and to all that it is made of.
fn reach<'a>(
    api: &'a Api,
    ty: &'a Type,
    operation: &'a Operation,
    answers: bool,
    users: &mut BTreeMap<&'a str, Users<'a>>,
) {
    match ty {
        Type::List(item) | Type::Map(item) => reach(api, item, operation, answers, users),
        Type::Enum(name) | Type::Struct(name) | Type::Union(name) => {
            reach_named(api, name, operation, answers, users);
        }
        _ => {}
    }
}

fn reach_named<'a>(
    api: &'a Api,
    name: &'a str,
    operation: &'a Operation,
    answers: bool,
    users: &mut BTreeMap<&'a str, Users<'a>>,
) {
    let known = users.entry(name).or_default();
    known.answers |= answers;
    if !known.operations.insert((&operation.tag, &operation.snake)) {
        return;
    }
    for item in api.structs.iter().filter(|item| item.name == *name) {
        item.fields.iter().for_each(|field| reach(api, &field.ty, operation, answers, users));
    }
    for item in api.unions.iter().filter(|item| item.name == *name) {
        item.variants.iter().for_each(|(_, part)| reach_named(api, part, operation, answers, users));
    }
}

/// The types that an operation names, and whether its answer does.
fn roots(operation: &Operation) -> impl Iterator<Item = (&Type, bool)> {
    let answer = match &operation.output {
        Output::Json(ty)
        | Output::OffsetPage { item: ty, .. }
        | Output::Document(ty)
        | Output::ListDocument(ty) => Some(ty),
        Output::Nothing | Output::RedirectAddress(_) => None,
    };
    let parameters = operation.parameters().map(|field| &field.ty);
    let sent = parameters.chain(operation.body.iter().map(|body| &body.ty));
    sent.map(|ty| (ty, false)).chain(answer.map(|ty| (ty, true)))
}
