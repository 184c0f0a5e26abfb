//! One answer for every operation, and what no answer may stumble over.

use std::{collections::BTreeSet, fmt::Debug};

use oneflow_client::{
    FilePart, Oneflow,
    accounts::{Account, GetAccount, GetWorkspace, ListUsers, ListWorkspaces, Ping, User, Workspace},
    contacts::{
        Contact, ContactPatch, CreateContact, DeleteContact, GetContact, ListContacts, NewContact,
        UpdateContact,
    },
    contracts::{
        Contract, ContractCopy, ContractMove, ContractPatch, CopyContract, CreateContract, DataFieldPatch,
        DataFieldUpdates, DeclineContract, DeleteContract, GetContract, ListContracts, ListDataFields,
        MarkContractAsSigned, MoveContract, NewContract, PublishContract, PublishMessage, UpdateContract,
        UpdateDataField, UpdateDataFields,
    },
    events::{ContractEvent, GetContractEvent, ListContractEvents},
    files::{File, GetFile, GetFileAddress, ListFiles, NewFile, UploadFile, UploadKind},
    folders::{CreateFolder, DeleteFolder, Folder, FolderPatch, ListFolders, NewFolder, UpdateFolder},
    helpers::{ContractCreateData, GetContractCreateData, GetTemplateTypeDataFields},
    logs::{ListLogs, LogEntry},
    parties::{
        AccessLink, CreateAccessLink, CreateParticipant, CreateParty, DeleteParty, DeliveryChannel, GetParty,
        ListParties, NewIndividual, NewParticipant, Participant, ParticipantPatch, Party, PartyPatch,
        UpdateParticipant, UpdateParty,
    },
    products::{
        CreateProduct, ListProductGroups, NewProduct, Product, ProductGroup, ProductGroupPatch, ProductPatch,
        UpdateProduct, UpdateProductGroup, UpdateProductInGroup,
    },
    tags::{CreateTag, DeleteTag, GetTag, ListTags, NewTag, Tag, TagPatch, UpdateTag},
    templates::{
        CreateTemplateType, DataFieldSet, DeleteTemplateType, GetTemplate, GetTemplateFile,
        GetTemplateFileAddress, GetTemplateType, ListTemplateTypes, ListTemplates, NewTemplateType,
        ReplaceTemplateTypeDataFields, Template, TemplateType, TemplateTypeDataFields,
    },
    transport::{CauseChain, Endpoint, http::Method},
    webhooks::{
        CreateWebhook, DeleteWebhook, GetWebhook, ListWebhooks, NewWebhook, UpdateWebhook, Webhook,
        WebhookPatch,
    },
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{
    decoding::finish,
    support::answers::{self, page},
};

/// Decodes `body` as the answer of `endpoint`, and names the operation.
fn answered<E: Endpoint<Service = Oneflow>>(endpoint: E, body: impl Into<String>) -> &'static str {
    let mut body = body.into();
    // An answer about another id than that of the path is an error.
    let call = endpoint.call().unwrap();
    let id: Option<i64> = call.path().rsplit('/').next().unwrap().parse().ok();
    if let (Some(id), Ok(mut whole @ Value::Object(_))) = (id, serde_json::from_str::<Value>(&body))
        && E::METHOD != Method::POST
    {
        let name = if whole.get("webhook_id").is_some() { "webhook_id" } else { "id" };
        whole[name] = json!(id);
        body = whole.to_string();
    }
    if let Err(error) = finish(&endpoint, body) {
        panic!("{error}: {}", CauseChain(&error));
    }
    E::OPERATION
}

fn contracts() -> Vec<&'static str> {
    let contract = answers::CONTRACT;
    vec![
        answered(ListContracts::new(), page(&[contract])),
        answered(CreateContract::new(NewContract::new(12, 34)), contract),
        answered(GetContract::new(1), contract),
        answered(UpdateContract::new(1, ContractPatch::new()), contract),
        answered(DeleteContract::new(1), ""),
        answered(CopyContract::new(1, ContractCopy::new(12)), contract),
        answered(MoveContract::new(1, ContractMove::new(12, 56)), contract),
        answered(DeclineContract::new(1), contract),
        answered(MarkContractAsSigned::new(1), "{}"),
        answered(PublishContract::new(1, PublishMessage::new("a", "b")), contract),
        answered(ListDataFields::new(1), page(&[r#"{ "id": 5 }"#])),
        answered(UpdateDataField::new(1, "a", DataFieldPatch::new()), r#"{ "id": 5 }"#),
        answered(UpdateDataFields::new(1, DataFieldUpdates::new([])), "[]"),
        answered(ListContractEvents::new(1), page(&[answers::EVENT])),
        answered(GetContractEvent::new(1, 2), answers::EVENT),
    ]
}

fn in_contracts() -> Vec<&'static str> {
    let participant = NewParticipant::new("Ann Example", DeliveryChannel::Email);
    let file = NewFile::new(FilePart::new("a.pdf", "application/pdf", "%PDF"), UploadKind::Attachment);
    vec![
        answered(ListParties::new(1), page(&[answers::PARTY])),
        answered(CreateParty::new(1, NewIndividual::new(participant.clone())), answers::PARTY),
        answered(GetParty::new(1, 2), answers::PARTY),
        answered(UpdateParty::new(1, 2, PartyPatch::new()), answers::PARTY),
        answered(DeleteParty::new(1, 2), ""),
        answered(CreateParticipant::new(1, 2, participant), answers::PARTICIPANT),
        answered(UpdateParticipant::new(1, 2, 3, ParticipantPatch::new()), answers::PARTICIPANT),
        answered(CreateAccessLink::new(1, 2), answers::ACCESS_LINK),
        answered(ListProductGroups::new(1), page(&[answers::PRODUCT_GROUP])),
        answered(UpdateProductGroup::new(1, 2, ProductGroupPatch::new()), answers::PRODUCT_GROUP),
        answered(CreateProduct::new(1, 2, NewProduct::new("a")), answers::PRODUCT),
        answered(UpdateProduct::new(1, 2, ProductPatch::new()), answers::PRODUCT),
        answered(UpdateProductInGroup::new(1, 2, 3, ProductPatch::new()), answers::PRODUCT),
        answered(ListFiles::new(1), page(&[answers::FILE])),
        answered(UploadFile::new(1, file), answers::FILE),
        answered(GetFile::new(1, 2), answers::FILE),
        answered(GetFileAddress::new(1, 1), "%PDF-1.7"),
    ]
}

fn in_the_account() -> Vec<&'static str> {
    let data_fields = answers::TEMPLATE_TYPE_DATA_FIELDS;
    vec![
        answered(Ping::new(), "{}"),
        answered(GetAccount::new(), answers::ACCOUNT),
        answered(ListUsers::new(), page(&[answers::USER])),
        answered(ListWorkspaces::new(), page(&[answers::WORKSPACE])),
        answered(GetWorkspace::new(1), answers::WORKSPACE),
        answered(ListLogs::new(), page(&[answers::LOG_ENTRY])),
        answered(ListTemplates::new(), page(&[answers::TEMPLATE])),
        answered(GetTemplate::new(1), answers::TEMPLATE),
        answered(GetTemplateFile::new(1, 2), answers::FILE),
        answered(GetTemplateFileAddress::new(1, 2), "%PDF-1.7"),
        answered(ListTemplateTypes::new(), page(&[answers::TEMPLATE_TYPE])),
        answered(CreateTemplateType::new(NewTemplateType::new("a")), answers::TEMPLATE_TYPE),
        answered(GetTemplateType::new(1), answers::TEMPLATE_TYPE),
        answered(DeleteTemplateType::new(1), ""),
        answered(ReplaceTemplateTypeDataFields::new(1, DataFieldSet::new([])), data_fields),
        answered(GetTemplateTypeDataFields::new(1), data_fields),
        answered(GetContractCreateData::new(), format!("[{}]", answers::CREATE_DATA)),
        answered(ListFolders::new(), page(&[answers::FOLDER])),
        answered(CreateFolder::new(NewFolder::new("a", 12)), answers::FOLDER),
        answered(UpdateFolder::new(1, FolderPatch::new()), answers::FOLDER),
        answered(DeleteFolder::new(1), ""),
        answered(ListTags::new(), page(&[answers::TAG])),
        answered(CreateTag::new(NewTag::new("a")), answers::TAG),
        answered(GetTag::new(1), answers::TAG),
        answered(UpdateTag::new(1, TagPatch::new()), answers::TAG),
        answered(DeleteTag::new(1), ""),
        answered(ListContacts::new(12), page(&[answers::CONTACT])),
        answered(CreateContact::new(NewContact::new(12)), answers::CONTACT),
        answered(GetContact::new(1), answers::CONTACT),
        answered(UpdateContact::new(1, ContactPatch::new()), answers::CONTACT),
        answered(DeleteContact::new(1), ""),
        answered(ListWebhooks::new(), page(&[answers::WEBHOOK])),
        answered(GetWebhook::new(1), answers::WEBHOOK),
        answered(CreateWebhook::new(NewWebhook::new("https://hooks.example.test")), answers::WEBHOOK),
        answered(UpdateWebhook::new(1, WebhookPatch::new()), answers::WEBHOOK),
        answered(DeleteWebhook::new(1), ""),
    ]
}

#[test]
fn every_operation_of_the_document_reads_its_answer() {
    let read: BTreeSet<String> = contracts()
        .into_iter()
        .chain(in_contracts())
        .chain(in_the_account())
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(read, crate::requests::documented());
}

/// What holds for `fixture` as a `T`.
fn holds<T: DeserializeOwned + PartialEq + Debug>(fixture: &str) {
    let name = std::any::type_name::<T>();
    let read = |value: &Value| -> T {
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let full: Value = serde_json::from_str(fixture).unwrap();

    let mut places = Vec::new();
    members(&full, "", &mut places);
    assert!(!places.is_empty(), "{name}: the fixture is empty");
    // The value of a data field is `null` where there is none, and the time of its last change where there was no change. Neither
    // is ever absent.
    let is_always_sent = |object: &str, member: &str| {
        object.contains("/data_fields/") && ["value", "updated_time"].contains(&member)
    };
    for (object, member) in places.into_iter().filter(|(object, member)| !is_always_sent(object, member)) {
        let with = |change: fn(&mut Value, &str)| {
            let mut changed = full.clone();
            change(changed.pointer_mut(&object).unwrap(), &member);
            read(&changed)
        };
        let null = with(|object, member| object[member] = Value::Null);
        let absent = with(|object, member| drop(object.as_object_mut().unwrap().remove(member)));
        assert_eq!(null, absent, "{name}: null is not like absent at {object}/{member}");
    }

    let mut more = full.clone();
    surprise(&mut more);
    assert_eq!(read(&more), read(&full), "{name}: an unknown member counts");
}

/// Every member but ids, at every depth, that does not stand in a map or in something untyped: its object and its name.
fn members(value: &Value, at: &str, places: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if name != "id" {
                    places.push((at.to_owned(), name.clone()));
                }
                if !is_open(name, value) {
                    members(value, &format!("{at}/{name}"), places);
                }
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                members(item, &format!("{at}/{position}"), places);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether a member is a map or untyped, so that what stands in it is up to the service.
fn is_open(name: &str, value: &Value) -> bool {
    match name {
        "_links" | "request_headers" | "request_body" | "subject" | "tax_1" => true,
        // Of a webhook. That of a table of products and that of a template are typed, and have members.
        "configuration" => value.get("columns").or(value.get("default_creator_roles")).is_none(),
        // Of a template.
        "workspaces" => true,
        _ => false,
    }
}

/// Adds an unknown member to every object that is not a map or untyped.
fn surprise(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in &mut *members {
                if !is_open(name, value) {
                    surprise(value);
                }
            }
            members.insert("a_member_of_tomorrow".to_owned(), json!({ "deep": [1, null] }));
        }
        Value::Array(items) => items.iter_mut().for_each(surprise),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn null_is_like_absent_and_unknown_members_do_not_count() {
    holds::<Account>(answers::ACCOUNT);
    holds::<AccessLink>(answers::ACCESS_LINK);
    holds::<Contact>(answers::CONTACT);
    holds::<Contract>(answers::CONTRACT);
    holds::<ContractCreateData>(answers::CREATE_DATA);
    holds::<ContractEvent>(answers::EVENT);
    holds::<File>(answers::FILE);
    holds::<Folder>(answers::FOLDER);
    holds::<LogEntry>(answers::LOG_ENTRY);
    holds::<Participant>(answers::PARTICIPANT);
    holds::<Party>(answers::PARTY);
    holds::<Product>(answers::PRODUCT);
    holds::<ProductGroup>(answers::PRODUCT_GROUP);
    holds::<Tag>(answers::TAG);
    holds::<Template>(answers::TEMPLATE);
    holds::<TemplateType>(answers::TEMPLATE_TYPE);
    holds::<TemplateTypeDataFields>(answers::TEMPLATE_TYPE_DATA_FIELDS);
    holds::<User>(answers::USER);
    holds::<Webhook>(answers::WEBHOOK);
    holds::<Workspace>(answers::WORKSPACE);
}
