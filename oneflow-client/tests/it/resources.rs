//! Answers about parties, products, events, files and the address book, member by member.

use oneflow_client::{
    FilePart, FolderId, ParticipantId, PartyId, ProductGroupId, TemplateId, WorkspaceId,
    accounts::GetWorkspace,
    contacts::{ContactPatch, CreateContact, GetContact, ListContacts, NewContact, UpdateContact},
    events::{EventType, GetContractEvent, ListContractEvents},
    files::{FileKind, GetFile, NewFile, UploadFile, UploadKind},
    folders::{CreateFolder, ListFolders, NewFolder},
    helpers::{GetContractCreateData, GetTemplateTypeDataFields},
    logs::ListLogs,
    parties::{
        CreateAccessLink, CreateParticipant, DeliveryChannel, DeliveryStatus, GetParty, ListParties,
        NewParticipant, PartyKind, SignMethod, SignState, TwoStepAuthenticationMethod,
    },
    products::{CreateProduct, ListProductGroups, NewProduct, ProductColumnKey, QuantityKind},
    tags::{CreateTag, ListTags, NewTag},
    templates::{CreateTemplateType, GetTemplateFile, NewTemplateType},
};
use serde_json::json;

use crate::{
    decoding::finish,
    support::answers::{self, page},
};

#[test]
fn a_party_is_read() {
    let party = finish(&GetParty::new(9001, 2), answers::PARTY).unwrap();
    assert_eq!(
        (party.id, party.kind.clone(), party.my_party),
        (PartyId::new(2), Some(PartyKind::Company), Some(false))
    );
    assert_eq!(party.name.as_deref(), Some("Example Ltd"));
    assert_eq!(party.country_code.as_deref(), Some("SE"));
    assert_eq!(party.identification_number.as_deref(), Some("556000-0000"));
    let private = party.private_ownerside.as_ref().unwrap();
    assert_eq!(private.custom_id.as_deref(), Some("crm:7"));
    assert_eq!(private.created_time.as_ref().unwrap().as_str(), "2031-01-02T03:04:05+0000");
    assert_eq!(party.participants[0].delivery_channel, Some(DeliveryChannel::SameDevice));
    assert!(party.participant.is_none());
    let list = finish(&ListParties::new(9001), page(&[answers::PARTY])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(party)]);
}

#[test]
fn a_participant_is_read() {
    let create = CreateParticipant::new(9001, 2, NewParticipant::new("Ann Example", DeliveryChannel::Email));
    let participant = finish(&create, answers::PARTICIPANT).unwrap();
    assert_eq!(participant.id, ParticipantId::new(21));
    assert_eq!(participant.name.as_deref(), Some("Ann Example"));
    assert_eq!(participant.email.as_deref(), Some("ann@example.com"));
    assert_eq!(participant.phone_number.as_deref(), Some("+46700000000"));
    assert_eq!(participant.title.as_deref(), Some("Engineer"));
    assert_eq!(participant.identification_number.as_deref(), Some("900102"));
    assert_eq!((participant.signatory, participant.organizer), (Some(true), Some(false)));
    assert_eq!((participant.my_participant, participant.draft_approver), (Some(false), Some(false)));
    assert_eq!(participant.pending_approver, Some(true));
    assert_eq!(participant.delivery_channel, Some(DeliveryChannel::Email));
    assert_eq!(participant.delivery_status, Some(DeliveryStatus::NotSent));
    assert_eq!(participant.sign_method, Some(SignMethod::SwedishBankid));
    assert_eq!(participant.sign_state, Some(SignState::Undecided));
    assert_eq!(participant.two_step_authentication_method, Some(TwoStepAuthenticationMethod::Sms));
    assert_eq!(participant.options.as_ref().unwrap().invite, Some(false));
    assert_eq!(participant.permissions.as_ref().unwrap().contract_update, Some(true));
    let private = participant.private_ownerside.as_ref().unwrap();
    assert_eq!((private.custom_id.as_deref(), private.visits), (Some("teamtailor:4711"), Some(0)));
    assert!(private.first_visited_time.is_none());
}

#[test]
fn an_access_link_is_read_and_not_printed() {
    let link = finish(&CreateAccessLink::new(9001, 21), answers::ACCESS_LINK).unwrap();
    assert_eq!(
        link.access_link.as_deref(),
        Some("https://app.oneflow.com/contracts/9001/at/0123456789abcdef")
    );
    assert!(!format!("{link:?}").contains("0123456789abcdef"));
}

#[test]
fn a_product_is_read() {
    let create = CreateProduct::new(9001, 31, NewProduct::new("Laptop"));
    let product = finish(&create, answers::PRODUCT).unwrap();
    assert_eq!((product.id.get(), product.name.as_deref()), (32, Some("Laptop")));
    assert_eq!((product.description.as_deref(), product.counterparty_lock), (Some("14 inches"), Some(false)));
    let price = product.price_1.as_ref().unwrap();
    assert_eq!(price.base_amount.as_ref().unwrap().amount.as_deref(), Some("10.00"));
    assert_eq!(price.discount_amount.as_ref().unwrap().amount.as_deref(), Some("1.25"));
    assert_eq!(price.discount_percent.as_deref(), Some("12.500"));
    assert_eq!(price.amount.as_ref().unwrap().amount.as_deref(), Some("8.75"));
    assert!(product.price_2.is_none());
    let quantity = product.quantity.as_ref().unwrap();
    assert_eq!(quantity.kind, Some(QuantityKind::Quantity));
    assert_eq!(quantity.amount.as_ref().unwrap().to_string(), "1.5", "numbers are not rounded");
    assert_eq!(product.private_ownerside.as_ref().unwrap().custom_id.as_deref(), Some("sku-1"));
}

#[test]
fn a_table_of_products_is_read() {
    let tables = finish(&ListProductGroups::new(9001), page(&[answers::PRODUCT_GROUP])).unwrap();
    let table = tables.into_items().collect::<Vec<_>>().remove(0).unwrap();
    assert_eq!((table.id, table.created_from), (ProductGroupId::new(31), Some(ProductGroupId::new(30))));
    assert_eq!(table.enabled_columns, ["name", "price_1"]);
    let configuration = table.configuration.as_ref().unwrap();
    let column = &configuration.columns[0];
    assert_eq!((column.enabled, column.label.as_deref()), (Some(true), Some("Per month")));
    assert_eq!(column.key, Some(ProductColumnKey::Price1));
    assert_eq!(
        (configuration.counterpart_edit, configuration.hide_price_summation),
        (Some(false), Some(true))
    );
    assert_eq!((configuration.price_precision, configuration.quantity_precision), (Some(2), Some(0)));
    let name = configuration.name.as_ref().unwrap();
    assert_eq!((name.enabled, name.label.as_deref()), (Some(true), Some("Equipment")));
    let affixes = configuration.price_affixes.as_ref().unwrap();
    assert_eq!((affixes.prefix.as_deref(), affixes.postfix.as_deref()), (Some(""), Some(" kr")));
    assert_eq!(configuration.tax_1, Some(json!({ "label": "VAT" })));
    assert_eq!(table.products[0].id.get(), 32);
    let private = table.private_ownerside.as_ref().unwrap();
    assert_eq!(private.created_time.as_ref().unwrap().as_str(), "2031-01-02T03:04:05+0000");
}

#[test]
fn an_event_says_who_changed_what() {
    let event = finish(&GetContractEvent::new(9001, 55012), answers::EVENT).unwrap();
    assert_eq!((event.id.get(), event.kind.clone()), (55012, Some(EventType::DataFieldUpdate)));
    let actor = event.actor.as_ref().unwrap();
    assert_eq!((actor.id, actor.name.as_deref()), (Some(ParticipantId::new(21)), Some("Ann Example")));
    assert_eq!(actor.party.as_ref().unwrap().id, Some(PartyId::new(2)));
    let data = event.data.as_ref().unwrap();
    assert_eq!(data.changes[0].attribute.as_deref(), Some("value"));
    assert_eq!(data.changes[0].from.as_deref(), Some("2031-05-01"));
    assert_eq!(data.changes[0].to.as_deref(), Some("2031-06-01"));
    assert_eq!(data.subject, Some(json!({ "id": 70012, "name": "Start date" })));
    let shown = format!("{event:?}");
    assert!(shown.contains("value") && !shown.contains("2031-05-01") && !shown.contains("Ann"), "{shown}");
    let list = finish(&ListContractEvents::new(9001), page(&[answers::EVENT])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(event)]);
}

#[test]
fn an_event_may_have_no_actor_and_a_type_of_tomorrow() {
    let event = r#"{ "id": 1, "actor": null, "type": "contract:frozen", "data": { "subject": null } }"#;
    let event = finish(&GetContractEvent::new(9001, 1), event).unwrap();
    assert!(event.actor.is_none() && event.data.unwrap().changes.is_empty());
    assert_eq!(event.kind.unwrap().as_str(), "contract:frozen");
}

#[test]
fn a_file_is_known_wherever_it_belongs() {
    let file = finish(&GetFile::new(9001, 1), answers::FILE).unwrap();
    assert_eq!((file.id.get(), file.kind.clone()), (1, Some(FileKind::Contract)));
    assert_eq!((file.name.as_deref(), file.extension.as_deref()), (Some("Employment.pdf"), Some("pdf")));
    assert_eq!(finish(&GetTemplateFile::new(34, 1), answers::FILE).unwrap(), file);
    let upload = NewFile::new(FilePart::new("a.pdf", "application/pdf", "%PDF"), UploadKind::Attachment);
    assert_eq!(finish(&UploadFile::new(9001, upload), answers::FILE).unwrap(), file);
}

#[test]
fn folders_are_read() {
    let folder = finish(&CreateFolder::new(NewFolder::new("2031", 12)), answers::FOLDER).unwrap();
    assert_eq!((folder.id, folder.parent_id), (FolderId::new(56), Some(FolderId::new(55))));
    assert_eq!(folder.path, [FolderId::new(54), FolderId::new(55)]);
    assert_eq!((folder.name.as_deref(), folder.workspace_id), (Some("2031"), Some(WorkspaceId::new(12))));
    let permissions = folder.permissions.as_ref().unwrap();
    assert_eq!((permissions.folder_contract, permissions.folder_delete), (Some(true), Some(false)));
    assert_eq!((permissions.folder_sub_folder_create, permissions.folder_update), (Some(true), Some(false)));
    let top = r#"{ "id": 54, "parent_id": null, "path": [] }"#;
    let list =
        finish(&ListFolders::new(), page(&[answers::FOLDER, top])).unwrap().into_items().collect::<Vec<_>>();
    assert_eq!(list[0], Ok(folder));
    assert_eq!(list[1].as_ref().unwrap().parent_id, None);
}

#[test]
fn tags_are_read() {
    let tag = finish(&CreateTag::new(NewTag::new("hr")), answers::TAG).unwrap();
    assert_eq!((tag.id.get(), tag.name.as_deref()), (41, Some("hr")));
    assert_eq!((tag.is_global, tag.system), (Some(true), Some(false)));
    assert_eq!(tag.shared_workspaces, [json!("12")]);
    assert_eq!(tag.updated_time.as_ref().unwrap().as_str(), "2030-01-02T03:04:05+0000");
    let list = finish(&ListTags::new(), page(&[answers::TAG])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(tag)]);
}

#[test]
fn contacts_are_read() {
    let contact = finish(&GetContact::new(61), answers::CONTACT).unwrap();
    assert_eq!((contact.id.get(), contact.workspace_id), (61, Some(WorkspaceId::new(12))));
    assert_eq!(contact.name.as_deref(), Some("Ann Example"));
    assert_eq!(contact.email.as_deref(), Some("ann@example.com"));
    assert_eq!(contact.phone_number.as_deref(), Some("+46700000000"));
    assert_eq!(
        (contact.title.as_deref(), contact.notes.as_deref()),
        (Some("Engineer"), Some("Met at a fair."))
    );
    assert_eq!(contact.company_name.as_deref(), Some("Example Ltd"));
    assert_eq!(contact.company_registration_number.as_deref(), Some("556000-0000"));
    assert_eq!(
        (contact.country_code.as_deref(), contact.date_of_birth.as_deref()),
        (Some("SE"), Some("1990-01-02"))
    );
    let created = finish(&CreateContact::new(NewContact::new(12)), answers::CONTACT).unwrap();
    assert_eq!(created, contact);
    let updated = finish(&UpdateContact::new(61, ContactPatch::new()), answers::CONTACT).unwrap();
    assert_eq!(updated, contact);
    let list = finish(&ListContacts::new(12), page(&[answers::CONTACT])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(contact)]);
}

#[test]
fn a_logged_call_is_read_and_neither_headers_nor_bodies_are_printed() {
    let list = finish(&ListLogs::new(), page(&[answers::LOG_ENTRY])).unwrap();
    let entry = list.into_items().collect::<Vec<_>>().remove(0).unwrap();
    assert_eq!(
        (entry.api_version, entry.response_code, entry.request_duration),
        (Some(1), Some(200), Some(120))
    );
    assert_eq!(entry.request_method.as_deref(), Some("PUT"));
    assert_eq!(entry.request_headers["accept"], "application/json");
    assert_eq!(entry.request_body, Some(json!({ "value": "2031-05-01" })));
    assert_eq!(entry.response_body, Some(json!("")));
    let shown = format!("{entry:?}");
    assert!(
        shown.contains("PUT") && !shown.contains("2031-05-01") && !shown.contains("application/json"),
        "{shown}"
    );
}

#[test]
fn the_helpers_answer_without_pages() {
    let body = format!("[{}]", answers::CREATE_DATA);
    let workspaces = finish(&GetContractCreateData::new(), body).unwrap();
    assert_eq!((workspaces[0].id, workspaces[0].name.as_deref()), (WorkspaceId::new(12), Some("HR")));
    assert_eq!(workspaces[0].templates[0].id, TemplateId::new(34));
    let fields = finish(&GetTemplateTypeDataFields::new(4711), answers::TEMPLATE_TYPE_DATA_FIELDS).unwrap();
    assert_eq!(fields.data_fields[0].key(), Some("start-date"));
    assert_eq!(fields.data_fields[0].placeholder.as_deref(), Some("2031-05-01"));
}

#[test]
fn a_workspace_and_a_new_template_type_are_read() {
    let workspace = finish(&GetWorkspace::new(12), answers::WORKSPACE).unwrap();
    assert_eq!((workspace.id.get(), workspace.kind.as_deref()), (12, Some("regular")));
    let create = CreateTemplateType::new(NewTemplateType::new("Teamtailor"));
    let template_type = finish(&create, answers::TEMPLATE_TYPE).unwrap();
    assert_eq!(template_type.name.as_deref(), Some("Teamtailor"));
}
