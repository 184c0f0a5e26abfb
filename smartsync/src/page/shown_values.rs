//! The names and values of a contract and a card, for somebody who has asked to see them: read from the services now, put into the answer, and gone.

use std::{collections::BTreeMap, fmt};

use oneflow_client::{ContractId, contracts::GetContract};
use serde_json::Value;
use smartsync_core::{
    CandidateId,
    candidate::{CandidateField, CandidateSnapshot, DefaultField},
    contract::ContractSnapshot,
};
use smartsync_transport::{CauseChain, Error};
use teamtailor_client::custom_fields::CustomField;

use super::{desk::Seat, page_error::PageError};
use crate::words::WORDS;

/// The mapped data field that is the state of the contract, and none of its fields.
const STATE: &str = "contract:state";

/// What somebody has asked to see.
#[derive(Default)]
pub(super) struct ShownValues {
    pub(super) contract_name: Option<String>,
    pub(super) candidate_name: Option<String>,
    data_fields: Option<BTreeMap<String, String>>,
    state: Option<String>,
    card: Option<BTreeMap<CandidateField, String>>,
}

/// Nothing of it: it is what a person typed.
impl fmt::Debug for ShownValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownValues(_)")
    }
}

impl ShownValues {
    /// Reads the contract, and the card if it is known whose it is.
    pub(super) async fn read(
        seat: &Seat,
        contract: ContractId,
        candidate: Option<&CandidateId>,
    ) -> Result<Self, PageError> {
        let live = &seat.account().live;
        // Of another account, the same ids are other people.
        live.engine().await?.check_accounts().await?;
        let clients = live.clients();
        let of_contract = async {
            let answer = clients.oneflow.send_opt(&GetContract::new(contract)).await.map_err(unread)?;
            Ok::<_, PageError>(answer.as_ref().map(ContractSnapshot::read))
        };
        let of_card = async {
            let Some(candidate) = candidate else { return Ok(None) };
            clients.teamtailor.send_opt(&CandidateSnapshot::request(candidate)).await.map_err(unread)
        };
        let (contract, card) = tokio::try_join!(of_contract, of_card)?;
        let mut shown = Self::default();
        if let Some(contract) = contract {
            shown.contract_name = Some(contract.name);
            shown.state = contract.state.map(|state| WORDS.state(state.as_str()));
            let fields = contract.data_fields.into_iter();
            shown.data_fields = Some(fields.map(|(key, field)| (key, field.text)).collect());
        }
        if let Some(document) = card {
            let snapshot = CandidateSnapshot::read(&document);
            let name =
                [DefaultField::FirstName, DefaultField::LastName].map(|field| snapshot.defaults.get(&field));
            let name: Vec<&str> = name.into_iter().flatten().map(String::as_str).collect();
            shown.candidate_name = Some(name.join(" "));
            let mut values: BTreeMap<_, _> = snapshot
                .defaults
                .iter()
                .map(|(field, text)| (CandidateField::Default(*field), text.clone()))
                .collect();
            // A mapping names a custom field by its api-name or by its id.
            for field in document.included.all::<CustomField>().flatten() {
                let Some(held) = snapshot.custom.get(&field.id) else { continue };
                let text =
                    if held.is_unreadable { WORDS.contract.unreadable.to_owned() } else { text(&held.value) };
                if let Some(name) = &field.attributes.api_name {
                    values.insert(CandidateField::custom(name.as_str()), text.clone());
                }
                values.insert(CandidateField::custom(field.id.as_str()), text);
            }
            shown.card = Some(values);
        }
        Ok(shown)
    }

    /// What the contract holds in a data field, for people.
    pub(super) fn in_contract(&self, data_field: &str) -> String {
        let words = &WORDS.contract;
        if data_field == STATE {
            return self.state.clone().unwrap_or_else(|| words.absent.to_owned());
        }
        match self.data_fields.as_ref().and_then(|fields| fields.get(data_field)) {
            Some(text) if text.is_empty() => words.empty.to_owned(),
            Some(text) => text.clone(),
            None => words.absent.to_owned(),
        }
    }

    /// What the card holds in a field, for people.
    pub(super) fn on_card(&self, candidate_field: &str) -> String {
        let words = &WORDS.contract;
        let Some(card) = &self.card else { return words.absent.to_owned() };
        let field = candidate_field.parse::<CandidateField>().ok();
        match field.and_then(|field| card.get(&field)) {
            Some(text) if !text.is_empty() => text.clone(),
            Some(_) | None => words.empty.to_owned(),
        }
    }
}

/// A value as Teamtailor gives it, for people.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => WORDS.frame.yes.to_owned(),
        Value::Bool(false) => WORDS.frame.no.to_owned(),
        Value::Null => String::new(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

fn unread(error: Error) -> PageError {
    PageError::Service(CauseChain(&error).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_shown_as_a_person_would_write_it() {
        for (value, shown) in [
            (json!("a"), "a"),
            (json!(true), "yes"),
            (json!(["a", "b"]), "a, b"),
            (json!(1.5), "1.5"),
            (json!(null), ""),
        ] {
            assert_eq!(text(&value), shown);
        }
        let values = ShownValues { contract_name: Some("Ann".to_owned()), ..ShownValues::default() };
        assert_eq!(format!("{values:?}"), "ShownValues(_)");
        assert_eq!(
            (values.in_contract("a").as_str(), values.on_card("phone").as_str()),
            ("not there", "not there")
        );
    }
}
