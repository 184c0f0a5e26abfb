//! The contract's document.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use smartsync_transport::{Body, Response};

use super::{check::Checked, contracts, page, refusal::Refusal};
use crate::{
    action_error::ActionError,
    answer,
    incoming::Incoming,
    pdf,
    state::oneflow::{Contract, ContractState},
    unknowns::FileAddress,
    world::World,
};

/// The document as PDF always has this id.
const DOCUMENT: &str = "1";

pub(super) fn list(world: &World, incoming: &Incoming, checked: &Checked) -> Result<Value, Refusal> {
    let document = render(world, contracts::find(world, checked)?);
    page::page(world, incoming, &[document])
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    Ok(render(world, present(world, checked)?))
}

/// A redirect to the storage, where the address itself is the credential.
pub(super) fn download(world: &mut World, checked: &Checked) -> Result<Response, Refusal> {
    let Contract { id, state, pdf, .. } = *present(world, checked)?;
    let object = match pdf {
        Some((shown, object)) if shown == state => object,
        _ => world.store_pdf(id, state),
    };
    let form = world.oneflow_unknowns().file_address;
    if form == FileAddress::Bytes {
        return Ok(answer::bytes(StatusCode::OK, "application/pdf", Body::from(world.object(object))));
    }
    let address = world.short_lived_address(object);
    if form == FileAddress::Else {
        return Ok(answer::json(StatusCode::OK, "application/json", &json!({ "url": address })));
    }
    let mut response = answer::empty(StatusCode::FOUND);
    answer::set_header(&mut response, "location", &address);
    Ok(response)
}

/// The same address, with a slash at its end.
pub(super) fn with_slash(world: &World, incoming: &Incoming) -> Response {
    let mut response = answer::empty(StatusCode::MOVED_PERMANENTLY);
    answer::set_header(&mut response, "location", &format!("{}{}/", world.origins.oneflow, incoming.path));
    response
}

impl World {
    /// Stores the PDF of a contract in this state, once, however often it is asked for.
    fn store_pdf(&mut self, contract: i64, state: ContractState) -> i64 {
        let line = format!("Contract {contract}, {}", state.as_str());
        let object = self.store_object(Bytes::from(pdf::one_page(&line)));
        if let Some(contract) = self.oneflow.contracts.get_mut(&contract) {
            contract.pdf = Some((state, object));
        }
        object
    }

    /// Sets whether the PDF of a contract is missing.
    pub(crate) fn set_file_missing(&mut self, contract: i64, missing: bool) -> Result<(), ActionError> {
        let contract = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        contract.file_missing = missing;
        Ok(())
    }
}

fn present<'a>(world: &'a World, checked: &Checked) -> Result<&'a Contract, Refusal> {
    let contract = contracts::find(world, checked)?;
    if checked.argument(1) == DOCUMENT && !contract.file_missing {
        Ok(contract)
    } else {
        Err(Refusal::not_found())
    }
}

fn render(world: &World, contract: &Contract) -> Value {
    json!({
        "_links": {
            "self": { "href": format!("{}/v1/contracts/{}/files/{DOCUMENT}", world.origins.oneflow, contract.id) },
        },
        "extension": "pdf",
        "id": 1,
        "name": format!("{}.pdf", contract.name),
        "type": "contract",
    })
}
