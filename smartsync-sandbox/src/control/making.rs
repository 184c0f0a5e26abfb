//! Makes candidates and contracts, and lists what they can be made of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{AtCandidate, Call, Failure};
use crate::seed::{CandidateSeed, ContractSeed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCandidate {
    email: String,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    custom_fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewContract {
    template: Option<i64>,
    name: String,
    #[serde(default)]
    counterparties: Vec<NewCounterparty>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    publish: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCounterparty {
    name: String,
    email: String,
    #[serde(default = "signs")]
    signatory: bool,
}

fn signs() -> bool {
    true
}

pub(super) fn candidate(call: &Call<'_>) -> Result<Value, Failure> {
    let NewCandidate { email, fields, custom_fields } = call.read()?;
    let mut seed = CandidateSeed::new(email);
    for (name, value) in fields {
        seed = seed.field(name, value);
    }
    for (api_name, value) in custom_fields {
        seed = seed.custom_field(api_name, value);
    }
    let id = call.sandbox.add_candidate(seed)?;
    Ok(call.done([("candidate", id.into())]))
}

pub(super) fn contract(call: &Call<'_>) -> Result<Value, Failure> {
    let NewContract { template, name, counterparties, values, publish } = call.read()?;
    let mut seed = ContractSeed::new(template.unwrap_or(call.sandbox.seeded().template), name);
    for NewCounterparty { name, email, signatory } in counterparties {
        seed = if signatory { seed.counterparty(name, email) } else { seed.observer(name, email) };
    }
    for (custom_id, value) in values {
        seed = seed.value(custom_id, value);
    }
    if publish {
        seed = seed.published();
    }
    let id = call.sandbox.add_contract(seed)?;
    Ok(call.done([("contract", id.into())]))
}

pub(super) fn job_application(call: &Call<'_>) -> Result<Value, Failure> {
    let (id, stages) = call.sandbox.add_job_application(&call.read::<AtCandidate>()?.candidate)?;
    Ok(call.done([("job_application", id.into()), ("stages", stages.into())]))
}

pub(super) fn templates(call: &Call<'_>) -> Result<Value, Failure> {
    let store = &call.sandbox.world().oneflow;
    let shown = store.templates.values().map(|template| {
        let kind = template.template_type.and_then(|id| store.template_types.get(&id));
        let fields = kind.into_iter().flat_map(|kind| &kind.fields).filter(|field| field.active);
        let fields: Vec<&str> = fields.map(|field| field.custom_id.as_str()).collect();
        json!({ "id": template.id, "name": template.name, "active": template.active, "template_type": template.template_type, "data_fields": fields })
    });
    Ok(shown.collect())
}

pub(super) fn custom_fields(call: &Call<'_>) -> Result<Value, Failure> {
    let store = &call.sandbox.world().teamtailor;
    let shown = store.custom_fields.iter().map(|(id, field)| {
        let options = store.options.values().filter(|option| option.field == *id);
        let options: Vec<&str> = options.map(|option| option.value.as_str()).collect();
        json!({ "api_name": field.api_name, "name": field.name, "type": field.kind, "options": options })
    });
    Ok(shown.collect())
}
