//! Whether a contract can be created as a request says.

use http::StatusCode;

use super::{
    check::{Caller, Checked},
    contracts,
    new_contract::{NewContract, NewParticipant, NewParty},
    refusal::Refusal,
};
use crate::{
    unknowns::{CreateAnswerValues, IntegrationFieldWrites, NewContractValue, ParticipantCustomId},
    world::World,
};

const MAX_PARTICIPANTS: usize = 40;

pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Vec<u8>, Refusal> {
    let Caller::User(creator) = checked.caller else {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "A new contract has no creator yet: name a user.",
        ));
    };
    let new = serde_json::from_value(checked.body.clone()).map_err(|_| Refusal::unreadable())?;
    check(world, &new)?;
    let id = world.make_contract(new, creator);
    world
        .oneflow
        .contracts
        .get(&id)
        .map(|contract| match world.oneflow_unknowns().create_answer_values {
            CreateAnswerValues::Shown => contracts::whole(world, contract),
            CreateAnswerValues::LeftOut => contracts::without_fields(world, contract),
        })
        .ok_or_else(Refusal::not_found)
}

/// What the table cannot express: references, and rules between members.
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
    if !new.value.is_null() && world.oneflow_unknowns().new_contract_value == NewContractValue::Refused {
        return Err(Refusal::parameter("value", "is not a known parameter"));
    }
    let given =
        new.parties.iter().flat_map(|party| party.participants.iter().flatten().chain(&party.participant));
    if world.oneflow_unknowns().participant_custom_id == ParticipantCustomId::Refused
        && given.into_iter().any(|one| one.ownerside.custom_id.is_some())
    {
        return Err(Refusal::parameter("parties", "`custom_id` is not a known parameter"));
    }
    if !new.tags.is_empty() {
        return Err(Refusal::parameter("tags", "the account has no tags"));
    }
    let fields = template.template_type.and_then(|id| world.oneflow.template_types.get(&id));
    for (position, given) in new.data_fields.iter().enumerate() {
        let place = format!("data_fields.{position}.custom_id");
        let known = |custom_id: &str| {
            fields.is_some_and(|kind| {
                kind.fields.iter().any(|field| field.active && field.custom_id == custom_id)
            })
        };
        let is_system = |custom_id: &str| {
            fields.is_some_and(|kind| {
                kind.fields.iter().any(|field| field.system && field.custom_id == custom_id)
            })
        };
        let refuses_system =
            world.oneflow_unknowns().integration_field_writes == IntegrationFieldWrites::Refused;
        if refuses_system && is_system(&given.custom_id) {
            return Err(Refusal::parameter(place, "is written by an integration"));
        }
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
    // Without an owner, the creator becomes one.
    let mut participants = owners.count().max(1);
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
        (true, None, Some(one)) => check_counterparty(one, &format!("{place}.participant")).map(|()| 1),
        (false, Some(many), None) if party.name.is_some() => {
            many.iter().try_for_each(|one| check_counterparty(one, &format!("{place}.participants")))?;
            Ok(many.len())
        }
        (true, ..) => Err(Refusal::parameter(place, "an individual has `participant` and no `participants`")),
        (false, ..) => Err(Refusal::parameter(place, "a company has `name` and `participants`")),
    }
}

/// The owner's own people may do without a channel, nobody else.
fn check_counterparty(participant: &NewParticipant, place: &str) -> Result<(), Refusal> {
    if participant.delivery_channel.is_none() {
        return Err(Refusal::parameter(format!("{place}.delivery_channel"), "is required"));
    }
    check_participant(participant, place)
}

fn check_participant(participant: &NewParticipant, place: &str) -> Result<(), Refusal> {
    let two_step = participant.two_step_authentication_method.as_deref();
    let channel = participant.delivery_channel.as_deref();
    let needs_email = matches!(channel, Some("email" | "email_and_sms")) || two_step == Some("email");
    let needs_phone = matches!(channel, Some("sms" | "email_and_sms")) || two_step == Some("sms");
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
