//! Oneflow's resources as JSON.

use serde_json::{Value, json};

use crate::{
    state::oneflow::{Contract, ContractState, DataField, Participant, Party},
    world::World,
    written_time::oneflow as written,
};

/// One contract with everything nested.
pub(super) fn contract(world: &World, contract: &Contract) -> Value {
    let mut value = contract_in_list(world, contract);
    value["data_fields"] =
        contract.data_fields.iter().map(|field| data_field(world, field)).collect::<Vec<_>>().into();
    value["product_groups"] = json!([]);
    value
}

/// A contract as a list shows it: without data fields and products, which only the contract itself has.
pub(super) fn contract_in_list(world: &World, contract: &Contract) -> Value {
    let id = contract.id;
    let lifecycle = (contract.state == ContractState::Signed).then(|| {
        json!({
            "lifecycle_state": "active",
            "lifecycle_state_updated_time": written(contract.state_updated),
            "contract_start_time": written(contract.state_updated),
            "contract_end_time": null,
            "is_canceled": false,
            "is_recurring": false,
        })
    });
    json!({
        "_links": {
            "events": { "href": format!("{}/v1/contracts/{id}/events", world.origins.oneflow) },
            "self": { "href": format!("{}/v1/contracts/{id}", world.origins.oneflow) },
        },
        "_permissions": { "contract:update": true, "contract:delete": true, "contract:download:pdf": true },
        "_private": {
            "date_format": "YYYY-MM-DD",
            "folder": null,
            "name": contract.name,
            "signing_period_expiration": { "type": "never" },
            "value": contract.value,
            "workspace_id": contract.workspace,
        },
        "_private_ownerside": {
            "created_time": written(contract.created),
            "template_id": contract.template,
            "template_type_id": contract.template_type,
        },
        "attachment_file_groups": [],
        "available_options": {
            "can_receive_attachments": false,
            "can_receive_expanded_pdf": false,
            "can_receive_products": false,
            "delivery_channels": [
                { "name": "email", "preferred": true, "required_participant_attributes": ["email"] },
            ],
            "sign_methods": [{ "name": "standard_esign", "preferred": true }],
            "two_step_authentication_methods": [],
        },
        "id": id,
        "lifecycle_settings": { "type": "no_duration" },
        "lifecycle_state": lifecycle,
        "links": [],
        "parties": contract.parties.iter().map(|one| party(world, one)).collect::<Vec<_>>(),
        "pdf_file_groups": [],
        "published_time": contract.published.map(written),
        "sign_order": null,
        "signing_period_expiry_time": null,
        "state": contract.state.as_str(),
        "state_updated_time": written(contract.state_updated),
        "tags": [],
        "updated_time": written(contract.updated),
    })
}

fn party(world: &World, party: &Party) -> Value {
    let mut value = json!({
        "_private_ownerside": {
            "created_time": written(party.created),
            "custom_id": party.custom_id,
            "updated_time": written(party.created),
        },
        "country_code": party.country_code,
        "id": party.id,
        "identification_number": party.identification_number,
        "my_party": party.my_party,
        "name": party.name,
        "type": if party.individual { "individual" } else { "company" },
    });
    if world.settings.my_party_hidden {
        value.as_object_mut().map(|members| members.remove("my_party"));
    }
    // An individual has the singular member and no list.
    if party.individual {
        value["participant"] = party.participants.first().map(|one| participant(world, party, one)).into();
    } else {
        value["participants"] =
            party.participants.iter().map(|one| participant(world, party, one)).collect::<Vec<_>>().into();
    }
    value
}

fn participant(world: &World, party: &Party, participant: &Participant) -> Value {
    let time = |time| world.settings.participant_times.then(|| written(time));
    json!({
        "_permissions": { "contract:update": participant.may_update },
        "_private_ownerside": {
            "created_time": time(participant.created),
            "custom_id": participant.custom_id,
            "first_visited_time": null,
            "last_visited_time": null,
            "updated_time": time(participant.updated),
            "visits": 0,
        },
        "delivery_channel": participant.delivery_channel,
        "delivery_status": "not_sent",
        "email": participant.email,
        "id": participant.id,
        "identification_number": participant.identification_number,
        "my_participant": party.my_party && participant.organizer,
        "name": participant.name,
        "organizer": participant.organizer,
        "phone_number": participant.phone_number,
        "sign_method": participant.sign_method,
        "sign_state": participant.sign_state.as_str(),
        "sign_state_updated_time": participant.sign_state_updated.map(written),
        "signatory": participant.signatory,
        "title": participant.title,
        "two_step_authentication_method": participant.two_step,
    })
}

/// A data field of a contract. The sources disagree on the place of `custom_id`; see the settings.
pub(super) fn data_field(world: &World, field: &DataField) -> Value {
    let time = |time| world.settings.data_field_times.then(|| written(time));
    let mut value = json!({
        "_private_ownerside": {
            "created_time": time(field.created),
            "updated_time": time(field.updated),
        },
        "description": "",
        "id": field.id,
        "name": field.name,
        "placeholder": "",
        "value": field.value,
    });
    let place = if world.settings.custom_id_on_top { &mut value } else { &mut value["_private_ownerside"] };
    place["custom_id"] = field.custom_id.as_str().into();
    value
}
