//! People type into contracts and onto candidates' cards.

use serde_json::{Map, Value};

use crate::{
    action_error::ActionError, candidate_card::CARD_FIELDS, counters::Counted, oneflow::MAX_VALUE,
    state::teamtailor::CustomFieldValue, world::World,
};

impl World {
    /// A participant fills in, changes or empties a data field: the first counterparty who may.
    pub(crate) fn fill_data_field(
        &mut self,
        contract: i64,
        custom_id: &str,
        value: &str,
    ) -> Result<(), ActionError> {
        let known = self.oneflow.contracts.get(&contract).ok_or(ActionError::Contract)?;
        let mut fields = known.data_fields.iter();
        let field = fields.find(|field| field.custom_id == custom_id).ok_or(ActionError::DataField)?.id;
        if value.chars().count() > MAX_VALUE {
            return Err(ActionError::Value);
        }
        let mut others =
            known.parties.iter().filter(|party| !party.my_party).flat_map(|party| &party.participants);
        let actor = others.find(|one| one.may_update).map(|one| one.id);
        self.write_data_fields(contract, actor, &[(field, value.to_owned())])
    }

    /// A recruiter changes or empties a default field.
    pub(crate) fn edit_candidate(
        &mut self,
        candidate: &str,
        attribute: &str,
        value: Option<&str>,
    ) -> Result<(), ActionError> {
        if !self.teamtailor.candidates.contains_key(candidate) {
            return Err(ActionError::Candidate);
        }
        if !CARD_FIELDS.contains(&attribute) {
            return Err(ActionError::Field);
        }
        let change = Map::from_iter([(attribute.to_owned(), value.map_or(Value::Null, Value::from))]);
        self.write_candidate(candidate, &change).map_err(|_| ActionError::Value)
    }

    /// A recruiter changes or empties a custom field. Options are given as labels.
    pub(crate) fn edit_custom_field(
        &mut self,
        candidate: &str,
        api_name: &str,
        value: Option<&str>,
    ) -> Result<(), ActionError> {
        if !self.teamtailor.candidates.contains_key(candidate) {
            return Err(ActionError::Candidate);
        }
        let field = self.teamtailor.field_by_api_name(api_name).ok_or(ActionError::Field)?.clone();
        if self.teamtailor.custom_fields.get(&field).is_some_and(|field| field.of_jobs) {
            return Err(ActionError::Field);
        }
        let kept = self.teamtailor.value_of(candidate, &field).cloned();
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            kept.map(|id| self.teamtailor.values.remove(&id));
            self.value_has_changed(candidate);
            return Ok(());
        };
        let value = self.entered(&field, value).ok_or(ActionError::Value)?;
        let id = kept.unwrap_or_else(|| self.counters.next_text(Counted::CustomFieldValue));
        let value = CustomFieldValue { field, candidate: candidate.to_owned(), value };
        self.teamtailor.values.insert(id, value);
        self.value_has_changed(candidate);
        Ok(())
    }
}
