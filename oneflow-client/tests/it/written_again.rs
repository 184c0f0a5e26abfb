//! With the feature `serialize`, what was read can be written, and read again.

#[path = "../../../smartsync-transport/tests/it/support/comes_back.rs"]
mod comes_back;

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

use self::comes_back::comes_back;
use crate::support::answers;

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
