//! Oneflow's contracts as JSON.

use serde_json::Value;

use crate::{
    json_text::{self, Object, Text},
    state::oneflow::{Contract, ContractState, DataField, Participant, Party},
    unknowns::{
        ContractListParties, CustomIdPlace, DataFieldTimes, MyParty, ParticipantTimes, ValueWhenEmpty,
    },
    world::World,
};

/// One contract with everything nested.
pub(super) fn contract(world: &World, contract: &Contract, members: &mut Object<'_>) {
    write_contract(world, contract, ContractListParties::Whole, members);
}

/// One contract as the answer to its create has it, without data fields.
pub(super) fn contract_without_fields(world: &World, contract: &Contract, members: &mut Object<'_>) {
    write_contract(world, contract, ContractListParties::Parties, members);
}

/// A contract as a list shows it: by default without data fields and products, which only the contract itself has.
pub(super) fn contract_in_list(world: &World, contract: &Contract, members: &mut Object<'_>) {
    let shown = world.oneflow_unknowns().contract_list_parties;
    write_contract(world, contract, shown, members);
}

fn write_contract(world: &World, contract: &Contract, shown: ContractListParties, members: &mut Object<'_>) {
    let address = format!("{}/v1/contracts/{}", world.origins.oneflow, contract.id);
    members.object("_links", |links| {
        links.object("events", |link| link.member("href", Text(format_args!("{address}/events"))));
        links.object("self", |link| link.member("href", &address));
    });
    members.object("_permissions", |permissions| {
        for name in ["contract:delete", "contract:download:pdf", "contract:update"] {
            permissions.member(name, true);
        }
    });
    members.object("_private", |private| {
        private.member("date_format", "YYYY-MM-DD");
        private.member("folder", ());
        private.member("name", &contract.name);
        private.object("signing_period_expiration", |period| period.member("type", "never"));
        private.member("value", &contract.value);
        private.member("workspace_id", contract.workspace);
    });
    members.object("_private_ownerside", |ownerside| {
        ownerside.member("created_time", world.written(contract.created));
        ownerside.member("template_id", contract.template);
        ownerside.member("template_type_id", contract.template_type);
    });
    members.list("attachment_file_groups", |_| {});
    members.object("available_options", available_options);
    if shown == ContractListParties::Whole {
        members.list("data_fields", |fields| {
            for field in &contract.data_fields {
                fields.object(|members| write_data_field(world, field, members));
            }
        });
    }
    members.member("id", contract.id);
    if contract.deleted {
        members.member("is_deleted", true);
    }
    members.object("lifecycle_settings", |settings| settings.member("type", "no_duration"));
    if contract.state == ContractState::Signed {
        members.object("lifecycle_state", |lifecycle| {
            lifecycle.member("contract_end_time", ());
            lifecycle.member("contract_start_time", world.written(contract.state_updated));
            lifecycle.member("is_canceled", false);
            lifecycle.member("is_recurring", false);
            lifecycle.member("lifecycle_state", "active");
            lifecycle.member("lifecycle_state_updated_time", world.written(contract.state_updated));
        });
    } else {
        members.member("lifecycle_state", ());
    }
    members.list("links", |_| {});
    if shown != ContractListParties::Bare {
        members.list("parties", |parties| {
            for one in &contract.parties {
                parties.object(|members| party(world, one, members));
            }
        });
    }
    members.list("pdf_file_groups", |_| {});
    if shown == ContractListParties::Whole {
        members.list("product_groups", |_| {});
    }
    members.member("published_time", contract.published.map(|time| world.written(time)));
    members.member("sign_order", ());
    members.member("signing_period_expiry_time", ());
    members.member("state", contract.state.as_str());
    members.member("state_updated_time", world.written(contract.state_updated));
    members.list("tags", |_| {});
    members.member("updated_time", world.written(contract.updated));
}

fn available_options(options: &mut Object<'_>) {
    options.member("can_receive_attachments", false);
    options.member("can_receive_expanded_pdf", false);
    options.member("can_receive_products", false);
    options.list("delivery_channels", |channels| {
        channels.object(|channel| {
            channel.member("name", "email");
            channel.member("preferred", true);
            channel.member("required_participant_attributes", ["email"]);
        });
    });
    options.list("sign_methods", |methods| {
        methods.object(|method| {
            method.member("name", "standard_esign");
            method.member("preferred", true);
        });
    });
    options.list("two_step_authentication_methods", |_| {});
}

fn party(world: &World, party: &Party, members: &mut Object<'_>) {
    members.object("_private_ownerside", |ownerside| {
        ownerside.member("created_time", world.written(party.created));
        ownerside.member("custom_id", &party.custom_id);
        ownerside.member("updated_time", world.written(party.created));
    });
    members.member("country_code", &party.country_code);
    members.member("id", party.id);
    members.member("identification_number", &party.identification_number);
    if world.oneflow_unknowns().my_party == MyParty::Always {
        members.member("my_party", party.my_party);
    }
    members.member("name", &party.name);
    // An individual has the singular member and no list.
    if !party.individual {
        members.list("participants", |participants| {
            for one in &party.participants {
                participants.object(|members| participant(world, party, one, members));
            }
        });
    } else if let Some(one) = party.participants.first() {
        members.object("participant", |members| participant(world, party, one, members));
    } else {
        members.member("participant", ());
    }
    members.member("type", if party.individual { "individual" } else { "company" });
}

fn participant(world: &World, party: &Party, participant: &Participant, members: &mut Object<'_>) {
    let times = world.oneflow_unknowns().participant_times;
    let time = |time| (times != ParticipantTimes::None).then(|| world.written(time));
    members.object("_permissions", |permissions| {
        permissions.member("contract:update", participant.may_update);
    });
    members.object("_private_ownerside", |ownerside| {
        ownerside.member("created_time", time(participant.created));
        ownerside.member("custom_id", &participant.custom_id);
        ownerside.member("first_visited_time", ());
        ownerside.member("last_visited_time", ());
        // Both members are there and null where there are no times; here one of them is not even a member.
        if times != ParticipantTimes::Else {
            ownerside.member("updated_time", time(participant.updated));
        }
        ownerside.member("visits", 0);
    });
    members.member("delivery_channel", &participant.delivery_channel);
    members.member("delivery_status", "not_sent");
    members.member("email", &participant.email);
    members.member("id", participant.id);
    members.member("identification_number", &participant.identification_number);
    members.member("my_participant", party.my_party && participant.organizer);
    members.member("name", &participant.name);
    members.member("organizer", participant.organizer);
    members.member("phone_number", &participant.phone_number);
    members.member("sign_method", &participant.sign_method);
    members.member("sign_state", participant.sign_state.as_str());
    members.member("sign_state_updated_time", participant.sign_state_updated.map(|time| world.written(time)));
    members.member("signatory", participant.signatory);
    members.member("title", &participant.title);
    members.member("two_step_authentication_method", &participant.two_step);
}

/// A data field of a contract. The sources disagree on the place of `custom_id`; see the settings.
fn write_data_field(world: &World, field: &DataField, members: &mut Object<'_>) {
    let times = world.oneflow_unknowns().data_field_times;
    let time = |time| (times != DataFieldTimes::None).then(|| world.written(time));
    let place = world.oneflow_unknowns().custom_id_place;
    members.object("_private_ownerside", |ownerside| {
        ownerside.member("created_time", time(field.created));
        if place != CustomIdPlace::Top {
            ownerside.member("custom_id", &field.custom_id);
        }
        if times != DataFieldTimes::Else {
            ownerside.member("updated_time", time(field.updated));
        }
    });
    if place != CustomIdPlace::OwnerSide {
        members.member("custom_id", &field.custom_id);
    }
    members.member("description", "");
    members.member("id", field.id);
    members.member("name", &field.name);
    members.member("placeholder", "");
    match (world.oneflow_unknowns().value_when_empty, field.value.as_str()) {
        (ValueWhenEmpty::Null, "") => members.member("value", ()),
        (ValueWhenEmpty::Absent, "") => {}
        (_, value) => members.member("value", value),
    }
}

/// A data field by itself, or as the subject of an event.
pub(super) fn data_field(world: &World, field: &DataField) -> Value {
    let text = json_text::object(|members| write_data_field(world, field, members));
    serde_json::from_slice(&text).unwrap_or_default()
}
