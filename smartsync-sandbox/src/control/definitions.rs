//! What administrators do to custom fields, their options, and the data fields of template types.

use serde::Deserialize;
use serde_json::Value;

use super::{Call, Failure};
use crate::seed::{CustomFieldKind, CustomFieldSeed, DataFieldSeed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCustomField {
    api_name: String,
    #[serde(rename = "type")]
    kind: CustomFieldKind,
    name: Option<String>,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtCustomField {
    api_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renaming {
    api_name: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherApiName {
    api_name: String,
    new_api_name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherKind {
    api_name: String,
    #[serde(rename = "type")]
    kind: CustomFieldKind,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtOption {
    api_name: String,
    option: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherOption {
    api_name: String,
    option: String,
    new_option: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDataField {
    template_type: i64,
    custom_id: String,
    name: Option<String>,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFieldRenaming {
    template_type: i64,
    custom_id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherCustomId {
    template_type: i64,
    custom_id: String,
    new_custom_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtDataField {
    template_type: i64,
    custom_id: String,
}

pub(super) fn add_custom_field(call: &Call<'_>) -> Result<Value, Failure> {
    let NewCustomField { api_name, kind, name, options } = call.read()?;
    let mut seed = CustomFieldSeed::new(api_name, kind).options(options);
    if let Some(name) = name {
        seed = seed.name(name);
    }
    Ok(call.done([("custom_field", call.sandbox.add_custom_field(seed).into())]))
}

pub(super) fn rename_custom_field(call: &Call<'_>) -> Result<Value, Failure> {
    let Renaming { api_name, name } = call.read()?;
    call.sandbox.rename_custom_field(&api_name, &name)?;
    Ok(call.done([]))
}

pub(super) fn change_api_name(call: &Call<'_>) -> Result<Value, Failure> {
    let OtherApiName { api_name, new_api_name } = call.read()?;
    call.sandbox.change_api_name(&api_name, &new_api_name)?;
    Ok(call.done([]))
}

pub(super) fn change_custom_field_kind(call: &Call<'_>) -> Result<Value, Failure> {
    let OtherKind { api_name, kind } = call.read()?;
    call.sandbox.change_custom_field_kind(&api_name, kind)?;
    Ok(call.done([]))
}

pub(super) fn delete_custom_field(call: &Call<'_>) -> Result<Value, Failure> {
    call.sandbox.delete_custom_field(&call.read::<AtCustomField>()?.api_name)?;
    Ok(call.done([]))
}

pub(super) fn add_option(call: &Call<'_>) -> Result<Value, Failure> {
    let AtOption { api_name, option } = call.read()?;
    let id = call.sandbox.add_option(&api_name, &option)?;
    Ok(call.done([("option", id.into())]))
}

pub(super) fn rename_option(call: &Call<'_>) -> Result<Value, Failure> {
    let OtherOption { api_name, option, new_option } = call.read()?;
    call.sandbox.rename_option(&api_name, &option, &new_option)?;
    Ok(call.done([]))
}

pub(super) fn delete_option(call: &Call<'_>) -> Result<Value, Failure> {
    let AtOption { api_name, option } = call.read()?;
    call.sandbox.delete_option(&api_name, &option)?;
    Ok(call.done([]))
}

pub(super) fn add_data_field(call: &Call<'_>) -> Result<Value, Failure> {
    let NewDataField { template_type, custom_id, name, value } = call.read()?;
    let mut seed = DataFieldSeed::new(custom_id).value(value.unwrap_or_default());
    if let Some(name) = name {
        seed = seed.name(name);
    }
    call.sandbox.add_data_field(template_type, seed)?;
    Ok(call.done([]))
}

pub(super) fn rename_data_field(call: &Call<'_>) -> Result<Value, Failure> {
    let DataFieldRenaming { template_type, custom_id, name } = call.read()?;
    call.sandbox.rename_data_field(template_type, &custom_id, &name)?;
    Ok(call.done([]))
}

pub(super) fn change_custom_id(call: &Call<'_>) -> Result<Value, Failure> {
    let OtherCustomId { template_type, custom_id, new_custom_id } = call.read()?;
    call.sandbox.change_custom_id(template_type, &custom_id, &new_custom_id)?;
    Ok(call.done([]))
}

pub(super) fn remove_data_field(call: &Call<'_>) -> Result<Value, Failure> {
    let AtDataField { template_type, custom_id } = call.read()?;
    call.sandbox.remove_data_field(template_type, &custom_id)?;
    Ok(call.done([]))
}
