//! With the feature `serialize`, what was read can be written, and read again.

use std::fmt::Debug;

use oneflow_client::{
    Page,
    accounts::{Account, User, Workspace},
    contacts::Contact,
    contracts::Contract,
    events::ContractEvent,
    files::File,
    folders::Folder,
    helpers::ContractCreateData,
    logs::LogEntry,
    parties::{AccessLink, Participant, Party},
    products::{Product, ProductGroup},
    tags::Tag,
    templates::{Template, TemplateType, TemplateTypeDataFields},
    webhooks::Webhook,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::support::answers;

/// The places of all members and items, at every depth.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in below {
        let place = format!("{at}/{name}");
        places(value, &place, found);
        found.push(place);
    }
}

/// The model is the same after it was written and read, whatever stood in any place. How many of them could not be read.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> usize {
    let comes_back = |value: &Value| {
        let Ok(model) = serde_json::from_value::<T>(value.clone()) else { return true };
        let written = serde_json::to_string(&model).unwrap();
        let again = serde_json::from_str::<T>(&written);
        again.unwrap_or_else(|error| panic!("{error}: {written}")) == model
    };
    let whole: Value = serde_json::from_str(text).unwrap();
    assert!(comes_back(&whole));
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let shapes =
        [json!(null), json!(true), json!(1.5), json!("x"), json!([]), json!([null, 1]), json!({ "x": [1] })];
    for place in &found {
        for shape in &shapes {
            let mut altered = whole.clone();
            *altered.pointer_mut(place).unwrap() = shape.clone();
            assert!(comes_back(&altered), "{place}: {shape}");
        }
    }
    found.len() * shapes.len()
}

#[test]
fn every_model_comes_back_with_what_could_not_be_read() {
    let tried = [
        comes_back::<Account>(answers::ACCOUNT),
        comes_back::<AccessLink>(answers::ACCESS_LINK),
        comes_back::<Contact>(answers::CONTACT),
        comes_back::<Contract>(answers::CONTRACT),
        comes_back::<ContractCreateData>(answers::CREATE_DATA),
        comes_back::<ContractEvent>(answers::EVENT),
        comes_back::<File>(answers::FILE),
        comes_back::<Folder>(answers::FOLDER),
        comes_back::<LogEntry>(answers::LOG_ENTRY),
        comes_back::<Participant>(answers::PARTICIPANT),
        comes_back::<Party>(answers::PARTY),
        comes_back::<Product>(answers::PRODUCT),
        comes_back::<ProductGroup>(answers::PRODUCT_GROUP),
        comes_back::<Tag>(answers::TAG),
        comes_back::<Template>(answers::TEMPLATE),
        comes_back::<TemplateType>(answers::TEMPLATE_TYPE),
        comes_back::<TemplateTypeDataFields>(answers::TEMPLATE_TYPE_DATA_FIELDS),
        comes_back::<User>(answers::USER),
        comes_back::<Webhook>(answers::WEBHOOK),
        comes_back::<Workspace>(answers::WORKSPACE),
        comes_back::<Page<Contract>>(&answers::page(&[answers::CONTRACT, "{}"])),
    ];
    assert!(tried.iter().sum::<usize>() > 1_000);
}

#[test]
fn what_is_written_is_the_form_of_the_service_with_values_and_debug_stays_without() {
    let contract: Contract = serde_json::from_str(answers::CONTRACT).unwrap(); // 25
    let written = serde_json::to_value(&contract).unwrap();
    assert_eq!(written["_private"]["name"], "Employment of Ann Example");
    assert!(!format!("{contract:?}").contains("Ann"));

    let odd: Contract =
        serde_json::from_str(r#"{"id": 1, "state": 5, "parties": [], "data_fields": 7}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&odd).unwrap(),
        r#"{"id":1,"state":[null],"parties":[],"data_fields":[null],"product_groups":[],"sign_order":[],"tags":[],"attachment_file_groups":[],"pdf_file_groups":[],"links":[],"_links":{},"_integration_permissions":[]}"#
    );
}
