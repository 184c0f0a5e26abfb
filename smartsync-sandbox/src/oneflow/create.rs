//! Makes a contract from a template.

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::{
    check::{Caller, Checked},
    model::{Contract, ContractState, DataField, Participant, Party, SignState},
    page,
    refusal::Refusal,
    render,
};
use crate::{counters::Counted, world::World};

const MAX_PARTICIPANTS: usize = 40;

/// The body of a create request, after the table has let it through.
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
}

#[derive(Deserialize)]
pub(crate) struct NewDataField {
    pub(crate) custom_id: String,
    pub(crate) value: String,
}

#[derive(Deserialize)]
pub(crate) struct MyParty {
    name: Option<String>,
    #[serde(default)]
    participants: Vec<NewParticipant>,
    #[serde(rename = "_private_ownerside", default)]
    ownerside: Ownerside,
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
    pub(crate) delivery_channel: String,
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
    /// Signs, may fill in fields, and is reached by e-mail.
    pub(crate) fn signatory(name: String, email: String) -> Self {
        Self {
            name,
            delivery_channel: "email".to_owned(),
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

pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let Caller::User(creator) = checked.caller else {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "A new contract has no creator yet: name a user.",
        ));
    };
    let new = serde_json::from_value(checked.body.clone()).map_err(|_| page::unreadable())?;
    check(world, &new)?;
    let id = world.make_contract(new, creator);
    world
        .oneflow
        .contracts
        .get(&id)
        .map(|contract| render::contract(world, contract))
        .ok_or_else(Refusal::not_found)
}

/// What the table cannot say: references, and rules between members.
fn check(world: &World, new: &NewContract) -> Result<(), Refusal> {
    if !world.oneflow.workspaces.contains_key(&new.workspace_id) || new.folder_id.is_some() {
        return Err(Refusal::not_found());
    }
    let template = world
        .oneflow
        .templates
        .get(&new.template_id)
        .filter(|template| template.workspace == new.workspace_id)
        .ok_or_else(Refusal::not_found)?;
    if !template.active {
        return Err(Refusal::conflict("The template is not active."));
    }
    if !new.product_groups.is_empty() {
        return Err(Refusal::parameter("product_groups", "the template has no product table"));
    }
    let fields = template.template_type.and_then(|id| world.oneflow.template_types.get(&id));
    for (position, given) in new.data_fields.iter().enumerate() {
        let place = format!("data_fields.{position}.custom_id");
        let known = |custom_id: &str| {
            fields.is_some_and(|kind| {
                kind.fields.iter().any(|field| field.active && field.custom_id == custom_id)
            })
        };
        if !known(&given.custom_id) {
            return Err(Refusal::parameter(place, "is no field of the template's template type"));
        }
        if new.data_fields[..position].iter().any(|earlier| earlier.custom_id == given.custom_id) {
            return Err(Refusal::parameter(place, "is given twice"));
        }
    }
    let owners = new.my_party.iter().flat_map(|party| &party.participants);
    for owner in owners.clone() {
        let is_user =
            |email: &str| world.oneflow.users.values().any(|user| user.email.eq_ignore_ascii_case(email));
        if !owner.email.as_deref().is_some_and(is_user) {
            return Err(Refusal::parameter(
                "my_party.participants",
                "the e-mail must be that of an active user",
            ));
        }
        check_participant(owner, "my_party.participants")?;
    }
    let mut participants = owners.count();
    for (position, party) in new.parties.iter().enumerate() {
        let place = format!("parties.{position}");
        participants += check_party(party, &place)?;
    }
    if participants > MAX_PARTICIPANTS {
        return Err(Refusal::parameter("parties", "a contract has at most 40 participants"));
    }
    Ok(())
}

/// The number of participants of a party that is well-formed.
fn check_party(party: &NewParty, place: &str) -> Result<usize, Refusal> {
    let individual = party.kind == "individual";
    match (individual, &party.participants, &party.participant) {
        (true, None, Some(one)) => check_participant(one, &format!("{place}.participant")).map(|()| 1),
        (false, Some(many), None) if party.name.is_some() => {
            many.iter().try_for_each(|one| check_participant(one, &format!("{place}.participants")))?;
            Ok(many.len())
        }
        (true, ..) => Err(Refusal::parameter(place, "an individual has `participant` and no `participants`")),
        (false, ..) => Err(Refusal::parameter(place, "a company has `name` and `participants`")),
    }
}

fn check_participant(participant: &NewParticipant, place: &str) -> Result<(), Refusal> {
    let two_step = participant.two_step_authentication_method.as_deref();
    let needs_email = matches!(participant.delivery_channel.as_str(), "email" | "email_and_sms")
        || two_step == Some("email");
    let needs_phone =
        matches!(participant.delivery_channel.as_str(), "sms" | "email_and_sms") || two_step == Some("sms");
    match &participant.email {
        None if needs_email => {
            return Err(Refusal::parameter(format!("{place}.email"), "is needed for e-mail"));
        }
        Some(email) if !is_email(email) => {
            return Err(Refusal::parameter(format!("{place}.email"), "must be an e-mail address"));
        }
        _ => {}
    }
    match &participant.phone_number {
        None if needs_phone => Err(Refusal::parameter(format!("{place}.phone_number"), "is needed for SMS")),
        Some(number) if !is_e164(number) => {
            Err(Refusal::parameter(format!("{place}.phone_number"), "must be in E.164 form: +46701740605"))
        }
        _ => Ok(()),
    }
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, host)| {
        !local.is_empty() && host.contains('.') && !text.contains(char::is_whitespace)
    })
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

impl World {
    /// Copies the template into a new draft. The caller has checked every reference.
    pub(crate) fn make_contract(&mut self, new: NewContract, creator: i64) -> i64 {
        let id = self.counters.next(Counted::Contract);
        let template_type = self.oneflow.templates.get(&new.template_id).and_then(|one| one.template_type);
        let data_fields = self.inherit_fields(template_type, &new.data_fields);
        let mut parties = vec![self.owner_party(new.my_party, creator)];
        for party in new.parties {
            parties.push(self.make_party(party));
        }
        let now = self.now;
        let contract = Contract {
            id,
            name: new.name,
            state: ContractState::Draft,
            workspace: new.workspace_id,
            template: new.template_id,
            template_type,
            parties,
            data_fields,
            created: now,
            published: None,
            state_updated: now,
            updated: now,
            file_missing: false,
        };
        self.oneflow.contracts.insert(id, contract);
        id
    }

    fn inherit_fields(&mut self, template_type: Option<i64>, given: &[NewDataField]) -> Vec<DataField> {
        let (now, counters) = (self.now, &mut self.counters);
        let fields =
            template_type.and_then(|id| self.oneflow.template_types.get(&id)).map(|kind| &kind.fields);
        fields
            .into_iter()
            .flatten()
            .filter(|field| field.active)
            .map(|field| {
                let value = given.iter().find(|one| one.custom_id == field.custom_id).map(|one| &one.value);
                DataField {
                    id: counters.next(Counted::DataField),
                    custom_id: field.custom_id.clone(),
                    name: field.name.clone(),
                    placeholder: field.placeholder.clone(),
                    value: value.unwrap_or(&field.value).clone(),
                    system: field.system,
                    created: now,
                    updated: now,
                }
            })
            .collect()
    }

    /// Always a company. Without participants of its own, the creator becomes one.
    fn owner_party(&mut self, given: Option<MyParty>, creator: i64) -> Party {
        let (name, custom_id, participants) = match given {
            Some(party) => (party.name, party.ownerside.custom_id, party.participants),
            None => (None, None, Vec::new()),
        };
        let id = self.counters.next(Counted::Party);
        let mut participants: Vec<_> =
            participants.into_iter().map(|one| self.make_participant(one)).collect();
        if participants.is_empty()
            && let Some(user) = self.oneflow.users.get(&creator)
        {
            let mut new = NewParticipant::signatory(user.name.clone(), user.email.clone());
            (new.signatory, new.organizer) = (false, true);
            participants.push(self.make_participant(new));
        }
        Party {
            id,
            my_party: true,
            individual: false,
            name: name.unwrap_or_else(|| super::directory::ACCOUNT_NAME.to_owned()),
            country_code: Some("SE".to_owned()),
            identification_number: None,
            custom_id,
            participants,
            created: self.now,
        }
    }

    fn make_party(&mut self, new: NewParty) -> Party {
        let id = self.counters.next(Counted::Party);
        let given = new.participants.into_iter().flatten().chain(new.participant);
        let participants: Vec<_> = given.map(|one| self.make_participant(one)).collect();
        let name = new.name.or_else(|| participants.first().map(|one| one.name.clone()));
        Party {
            id,
            my_party: false,
            individual: new.kind == "individual",
            name: name.unwrap_or_default(),
            country_code: new.country_code,
            identification_number: new.identification_number,
            custom_id: new.ownerside.custom_id,
            participants,
            created: self.now,
        }
    }

    fn make_participant(&mut self, new: NewParticipant) -> Participant {
        Participant {
            id: self.counters.next(Counted::Participant),
            name: new.name,
            email: new.email,
            phone_number: new.phone_number,
            title: new.title,
            identification_number: new.identification_number.unwrap_or_default(),
            custom_id: new.ownerside.custom_id,
            delivery_channel: new.delivery_channel,
            sign_method: new.sign_method.unwrap_or_else(|| "standard_esign".to_owned()),
            two_step: new.two_step_authentication_method.unwrap_or_else(|| "none".to_owned()),
            signatory: new.signatory,
            organizer: new.organizer,
            may_update: new.permissions.contract_update.unwrap_or(false),
            sign_state: SignState::Undecided,
            sign_state_updated: None,
            created: self.now,
        }
    }
}
