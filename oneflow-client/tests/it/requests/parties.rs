//! Parties and participants.

use oneflow_client::{
    parties::{
        CreateAccessLink, CreateParticipant, CreateParty, DeleteParty, DeliveryChannel, GetParty,
        ListParties, NewCompany, NewIndividual, NewParticipant, NewParticipantOptions,
        NewParticipantPermissions, ParticipantPatch, PartyPatch, SignMethod, TwoStepAuthenticationMethod,
        UpdateParticipant, UpdateParty,
    },
    shared::NewPrivateOwnerside,
};
use serde_json::json;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = parties();
    rows.extend(participants());
    rows
}

fn parties() -> Vec<Row> {
    let clerk = || NewParticipant::new("Carl Clerk", DeliveryChannel::SameDevice);
    vec![
        row(&ListParties::new(9001).limit(10), "GET /v1/contracts/9001/parties?limit=10"),
        row(
            &CreateParty::new(
                9001,
                NewCompany::new("Example Ltd", [clerk()])
                    .country_code("SE")
                    .identification_number("556000-0000")
                    .private_ownerside(NewPrivateOwnerside::new().custom_id("crm:7")),
            ),
            "POST /v1/contracts/9001/parties",
        )
        .json(json!({
            "type": "company",
            "name": "Example Ltd",
            "participants": [{ "name": "Carl Clerk", "delivery_channel": "same_device" }],
            "country_code": "SE",
            "identification_number": "556000-0000",
            "_private_ownerside": { "custom_id": "crm:7" }
        })),
        row(&CreateParty::new(9001, NewIndividual::new(clerk())), "POST /v1/contracts/9001/parties").json(
            json!({
                "type": "individual",
                "participant": { "name": "Carl Clerk", "delivery_channel": "same_device" }
            }),
        ),
        row(&GetParty::new(9001, 2), "GET /v1/contracts/9001/parties/2"),
        row(
            &UpdateParty::new(
                9001,
                2,
                PartyPatch::new()
                    .name("Example AB")
                    .country_code("SE")
                    .identification_number("")
                    .private_ownerside(NewPrivateOwnerside::new().custom_id("crm:8")),
            ),
            "PUT /v1/contracts/9001/parties/2",
        )
        .json(json!({
            "name": "Example AB",
            "country_code": "SE",
            "identification_number": "",
            "_private_ownerside": { "custom_id": "crm:8" }
        })),
        row(&DeleteParty::new(9001, 2), "DELETE /v1/contracts/9001/parties/2"),
    ]
}

fn participants() -> Vec<Row> {
    let signer = NewParticipant::new("Ann Example", DeliveryChannel::Email)
        .email("ann@example.com")
        .title("Engineer")
        .identification_number("900102")
        .signatory(true)
        .sign_method(SignMethod::SwedishBankid)
        .two_step_authentication_method(TwoStepAuthenticationMethod::Sms)
        .options(NewParticipantOptions::new().invite(false));
    let patch = ParticipantPatch::new()
        .name("Ann Example")
        .email("ann@example.com")
        .clear_phone_number()
        .title("")
        .identification_number("900102")
        .signatory(false)
        .delivery_channel(DeliveryChannel::Email)
        .sign_method(SignMethod::StandardEsign)
        .two_step_authentication_method(TwoStepAuthenticationMethod::NoMethod)
        .permissions(NewParticipantPermissions::new().contract_update(false));
    vec![
        row(&CreateParticipant::new(9001, 2, signer), "POST /v1/contracts/9001/parties/2/participants").json(
            json!({
                "name": "Ann Example",
                "delivery_channel": "email",
                "email": "ann@example.com",
                "title": "Engineer",
                "identification_number": "900102",
                "signatory": true,
                "sign_method": "swedish_bankid",
                "two_step_authentication_method": "sms",
                "_options": { "invite": false }
            }),
        ),
        row(&UpdateParticipant::new(9001, 2, 21, patch), "PUT /v1/contracts/9001/parties/2/participants/21")
            .json(json!({
                "name": "Ann Example",
                "email": "ann@example.com",
                "phone_number": null,
                "title": "",
                "identification_number": "900102",
                "signatory": false,
                "delivery_channel": "email",
                "sign_method": "standard_esign",
                "two_step_authentication_method": "none",
                "_permissions": { "contract:update": false }
            })),
        row(
            &UpdateParticipant::new(9001, 2, 21, ParticipantPatch::new().phone_number("+46700000000")),
            "PUT /v1/contracts/9001/parties/2/participants/21",
        )
        .json(json!({ "phone_number": "+46700000000" })),
        row(&CreateAccessLink::new(9001, 21), "POST /v1/contracts/9001/participants/21/access_link"),
    ]
}
