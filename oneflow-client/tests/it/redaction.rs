//! No text of an answer or a request is printed by `Debug`.

use std::fmt::Debug;

use oneflow_client::{
    FilePart, OneflowClient, Page, SecretString,
    accounts::{Account, User, Workspace},
    contacts::{Contact, ContactPatch, CreateContact, NewContact, UpdateContact},
    contracts::{
        Contract, ContractPatch, ContractPrivatePatch, CreateContract, DataFieldPatch, DataFieldUpdate,
        DataFieldUpdates, GetContract, ListContracts, NewContract, NewDataFieldValue, NewMoney,
        PublishContract, PublishMessage, UpdateContract, UpdateDataField,
    },
    files::{File, NewFile, UploadFile, UploadKind},
    folders::Folder,
    helpers::ContractCreateData,
    parties::{
        AccessLink, DeliveryChannel, NewCompany, NewIndividual, NewParticipant, Participant,
        ParticipantPatch, Party, PartyPatch, UpdateParticipant, UpdateParty,
    },
    products::{Product, ProductGroup, ProductPatch, UpdateProduct},
    shared::NewPrivateOwnerside,
    tags::Tag,
    templates::{
        DataFieldSet, NewDataField, ReplaceTemplateTypeDataFields, Template, TemplateType,
        TemplateTypeDataFields,
    },
    transport::{CauseChain, ScriptedTransport},
    webhook::{self, Verifier},
    webhooks::{CreateWebhook, NewWebhook, UpdateWebhook, Webhook, WebhookPatch},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::answers;

const MARKER: &str = "mark-4f2a";

/// Every text of `json`, and every name of a member that is no part of the model, replaced by the marker.
fn marked(json: &str) -> String {
    fn mark(value: &mut Value) {
        match value {
            Value::String(text) => *text = MARKER.to_owned(),
            Value::Array(items) => items.iter_mut().for_each(mark),
            Value::Object(members) => {
                members.values_mut().for_each(mark);
                members.insert(MARKER.to_owned(), Value::String(MARKER.to_owned()));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut value: Value = serde_json::from_str(json).unwrap();
    mark(&mut value);
    value.to_string()
}

fn assert_hidden(what: &str, shown: &str) {
    assert!(!shown.contains(MARKER), "{what}: {shown}");
}

fn check_model<T: DeserializeOwned + Debug>(json: &str) {
    let json = marked(json);
    assert!(json.contains(MARKER));
    let model: T = serde_json::from_str(&json).unwrap();
    let name = std::any::type_name::<T>();
    assert_hidden(name, &format!("{model:?}"));
    assert_hidden(name, &format!("{model:#?}"));
}

#[test]
fn no_text_of_an_answer_is_printed() {
    check_model::<Contract>(answers::CONTRACT);
    check_model::<Account>(answers::ACCOUNT);
    check_model::<User>(answers::USER);
    check_model::<Workspace>(answers::WORKSPACE);
    check_model::<File>(answers::FILE);
    check_model::<Template>(answers::TEMPLATE);
    check_model::<TemplateType>(answers::TEMPLATE_TYPE);
    check_model::<Webhook>(answers::WEBHOOK);
    check_model::<AccessLink>(answers::ACCESS_LINK);
    check_model::<Contact>(answers::CONTACT);
    check_model::<ContractCreateData>(answers::CREATE_DATA);
    check_model::<Folder>(answers::FOLDER);
    check_model::<Participant>(answers::PARTICIPANT);
    check_model::<Party>(answers::PARTY);
    check_model::<Product>(answers::PRODUCT);
    check_model::<ProductGroup>(answers::PRODUCT_GROUP);
    check_model::<Tag>(answers::TAG);
    check_model::<TemplateTypeDataFields>(answers::TEMPLATE_TYPE_DATA_FIELDS);
    check_model::<Page<Contract>>(&answers::page(&[answers::CONTRACT]));
}

#[test]
fn what_is_printed_suffices_to_find_the_contract() {
    let contract: Contract = serde_json::from_str(answers::CONTRACT).unwrap();
    let shown = format!("{contract:?}");
    for part in [
        "ContractId(9001)",
        "Some(Pending)",
        "2031-02-03T04:05:06Z",
        "DataFieldId(70012)",
        "ParticipantId(21)",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn no_text_of_a_request_is_printed() {
    let person = || {
        NewParticipant::new(MARKER, DeliveryChannel::Email)
            .email(MARKER)
            .phone_number(MARKER)
            .title(MARKER)
            .identification_number(MARKER)
            .private_ownerside(NewPrivateOwnerside::new().custom_id(MARKER))
    };
    let contract = NewContract::new(1, 2)
        .name(MARKER)
        .data_fields([NewDataFieldValue::new(MARKER, MARKER)])
        .parties([
            oneflow_client::parties::NewParty::from(NewCompany::new(MARKER, [person()]).country_code(MARKER)),
            NewIndividual::new(person()).identification_number(MARKER).into(),
        ])
        .value(NewMoney::new(MARKER, MARKER));
    assert_hidden("CreateContract", &format!("{:?}", CreateContract::new(contract)));
    let message = PublishMessage::new(MARKER, MARKER);
    assert_hidden("PublishContract", &format!("{:?}", PublishContract::new(1, message)));
    let update = UpdateDataField::new(1, "salary", DataFieldPatch::new().value(MARKER));
    assert_hidden("UpdateDataField", &format!("{update:?}"));
    let updates = DataFieldUpdates::new([DataFieldUpdate::new().id(1).value(MARKER)]);
    assert_hidden("DataFieldUpdates", &format!("{updates:?}"));
    let patch = ContractPatch::new().private(ContractPrivatePatch::new().name(MARKER));
    assert_hidden("UpdateContract", &format!("{:?}", UpdateContract::new(1, patch)));
    let patch = ParticipantPatch::new().name(MARKER).email(MARKER).phone_number(MARKER);
    assert_hidden("UpdateParticipant", &format!("{:?}", UpdateParticipant::new(1, 2, 3, patch)));
    let patch = PartyPatch::new().name(MARKER).identification_number(MARKER);
    assert_hidden("UpdateParty", &format!("{:?}", UpdateParty::new(1, 2, patch)));
    let patch = ContactPatch::new().name(MARKER).notes(MARKER).date_of_birth(MARKER);
    assert_hidden("UpdateContact", &format!("{:?}", UpdateContact::new(1, patch)));
    let patch = ProductPatch::new().name(MARKER).description(MARKER);
    assert_hidden("UpdateProduct", &format!("{:?}", UpdateProduct::new(1, 2, patch)));
    let list = ListContracts::new().name(MARKER).query(MARKER).data_field_match(MARKER);
    assert_hidden("ListContracts", &format!("{list:?}"));
    let webhook = NewWebhook::new(MARKER).sign_key(MARKER);
    assert_hidden("CreateWebhook", &format!("{:?}", CreateWebhook::new(webhook)));
    let patch = WebhookPatch::new().callback_url(MARKER).sign_key(MARKER);
    assert_hidden("UpdateWebhook", &format!("{:?}", UpdateWebhook::new(1, patch)));
    let contact = NewContact::new(1).name(MARKER).email(MARKER).date_of_birth(MARKER).notes(MARKER);
    assert_hidden("CreateContact", &format!("{:?}", CreateContact::new(contact)));
    let file = NewFile::new(FilePart::new(MARKER, "application/pdf", MARKER), UploadKind::Attachment);
    assert_hidden("UploadFile", &format!("{:?}", UploadFile::new(1, file)));
    let field = NewDataField::new("salary", MARKER).value(MARKER).description(MARKER).placeholder(MARKER);
    let fields = ReplaceTemplateTypeDataFields::new(1, DataFieldSet::new([field]));
    assert_hidden("ReplaceTemplateTypeDataFields", &format!("{fields:?}"));
}

#[tokio::test]
async fn no_error_shows_a_text_of_the_answer() {
    let unreadable = marked(r#"{ "id": "x", "name": "y" }"#);
    let problem = format!(
        r#"{{ "detail": "{MARKER}", "parameter_problems": {{ "name": "{MARKER}" }}, "info": "{MARKER}", "status": 400 }}"#
    );
    for (status, body) in [(200, unreadable), (400, problem), (500, MARKER.to_owned())] {
        let script = ScriptedTransport::new().json(status, body);
        let builder = OneflowClient::builder().api_token("token");
        let oneflow = builder.transport(script).build().unwrap();
        let error = oneflow.send(&GetContract::new(1)).await.unwrap_err();
        assert!(std::str::from_utf8(error.response().unwrap().body().as_bytes()).unwrap().contains(MARKER));
        assert_hidden("Display", &error.to_string());
        assert_hidden("causes", &CauseChain(&error).to_string());
        assert_hidden("Debug", &format!("{error:?}"));
    }
}

#[test]
fn no_text_of_a_notification_is_printed_but_its_id() {
    let key = SecretString::from(MARKER);
    let body = webhook::test_notification("callback-1", 1, &[MARKER], &key);
    let verifier = Verifier::new([key]).unwrap();
    assert_hidden("Verifier", &format!("{verifier:?}"));
    assert_hidden("Verified", &format!("{:?}", verifier.verify(body.as_bytes()).unwrap()));
}
