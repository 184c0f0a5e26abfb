//! What a create request says.

use serde::Deserialize;
use serde_json::Value;

/// The body of a create request that the table has accepted.
#[derive(Deserialize)]
pub(crate) struct NewContract {
    pub(crate) workspace_id: i64,
    pub(crate) template_id: i64,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) data_fields: Vec<NewDataField>,
    pub(crate) folder_id: Option<i64>,
    pub(crate) my_party: Option<MyParty>,
    #[serde(default)]
    pub(crate) parties: Vec<NewParty>,
    #[serde(default)]
    pub(crate) product_groups: Vec<Value>,
    #[serde(default)]
    pub(crate) tags: Vec<Value>,
    #[serde(default)]
    pub(crate) value: Value,
}

#[derive(Deserialize)]
pub(crate) struct NewDataField {
    pub(crate) custom_id: String,
    pub(crate) value: String,
}

#[derive(Deserialize)]
pub(crate) struct MyParty {
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) participants: Vec<NewParticipant>,
    #[serde(rename = "_private_ownerside", default)]
    pub(crate) ownerside: Ownerside,
}

#[derive(Deserialize)]
pub(crate) struct NewParty {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) identification_number: Option<String>,
    pub(crate) participants: Option<Vec<NewParticipant>>,
    pub(crate) participant: Option<NewParticipant>,
    #[serde(rename = "_private_ownerside", default)]
    pub(crate) ownerside: Ownerside,
}

#[derive(Deserialize)]
pub(crate) struct NewParticipant {
    pub(crate) name: String,
    pub(crate) delivery_channel: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) identification_number: Option<String>,
    pub(crate) sign_method: Option<String>,
    pub(crate) two_step_authentication_method: Option<String>,
    #[serde(default)]
    pub(crate) signatory: bool,
    #[serde(default)]
    pub(crate) organizer: bool,
    #[serde(rename = "_permissions", default)]
    pub(crate) permissions: Permissions,
    #[serde(rename = "_private_ownerside", default)]
    pub(crate) ownerside: Ownerside,
}

impl NewParticipant {
    /// Signs, may fill in fields, and is invited by e-mail.
    pub(crate) fn signatory(name: String, email: String) -> Self {
        Self {
            name,
            delivery_channel: Some("email".to_owned()),
            email: Some(email),
            phone_number: None,
            title: String::new(),
            identification_number: None,
            sign_method: None,
            two_step_authentication_method: None,
            signatory: true,
            organizer: false,
            permissions: Permissions { contract_update: Some(true) },
            ownerside: Ownerside::default(),
        }
    }
}

impl NewParty {
    /// A party of one person.
    pub(crate) fn individual(participant: NewParticipant) -> Self {
        Self {
            kind: "individual".to_owned(),
            name: None,
            country_code: None,
            identification_number: None,
            participants: None,
            participant: Some(participant),
            ownerside: Ownerside::default(),
        }
    }
}

#[derive(Default, Deserialize)]
pub(crate) struct Ownerside {
    pub(crate) custom_id: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Permissions {
    #[serde(rename = "contract:update")]
    pub(crate) contract_update: Option<bool>,
}
