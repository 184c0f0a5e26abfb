//! People type into contracts and onto candidates' cards.

use serde_json::{Map, Value};

use crate::{
    ActionError, ContractSeed,
    counters::Counted,
    oneflow::{NewContract, NewDataField, NewParticipant, NewParty},
    teamtailor::CustomFieldValue,
    world::World,
};

impl World {
    /// A participant fills in, changes or empties a data field.
    pub(crate) fn fill_data_field(
        &mut self,
        contract: i64,
        custom_id: &str,
        value: &str,
    ) -> Result<(), ActionError> {
        let known = self.oneflow.contracts.get(&contract).ok_or(ActionError::Contract)?;
        let mut fields = known.data_fields.iter();
        let field = fields.find(|field| field.custom_id == custom_id).ok_or(ActionError::DataField)?.id;
        if value.chars().count() > 1_024 {
            return Err(ActionError::Value);
        }
        let written = self.write_data_fields(contract, &[(field, value.to_owned())]);
        if written { Ok(()) } else { Err(ActionError::State) }
    }

    /// The PDF of a contract is not there yet, or is there again.
    pub(crate) fn set_file_missing(&mut self, contract: i64, missing: bool) -> Result<(), ActionError> {
        let contract = self.oneflow.contracts.get_mut(&contract).ok_or(ActionError::Contract)?;
        contract.file_missing = missing;
        Ok(())
    }

    /// A recruiter changes or empties a default field.
    pub(crate) fn edit_candidate(
        &mut self,
        candidate: &str,
        attribute: &str,
        value: Option<&str>,
    ) -> Result<(), ActionError> {
        const EDITABLE: &[&str] = &["email", "first-name", "last-name", "linkedin-url", "phone", "pitch"];
        if !self.teamtailor.candidates.contains_key(candidate) {
            return Err(ActionError::Candidate);
        }
        if !EDITABLE.contains(&attribute) {
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
        let kept = self.teamtailor.value_of(candidate, &field).cloned();
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            kept.map(|id| self.teamtailor.values.remove(&id));
            return Ok(());
        };
        let value = self.entered(&field, value).ok_or(ActionError::Value)?;
        let id = kept.unwrap_or_else(|| self.counters.next_text(Counted::CustomFieldValue));
        let value = CustomFieldValue { field, candidate: candidate.to_owned(), value };
        self.teamtailor.values.insert(id, value);
        Ok(())
    }

    /// Somebody makes a contract in Oneflow's own app, or Teamtailor's built-in integration does.
    pub(crate) fn add_contract(&mut self, seed: ContractSeed) -> Result<i64, ActionError> {
        let template = self.oneflow.templates.get(&seed.template).filter(|one| one.active);
        let template = template.ok_or(ActionError::Template)?;
        let kind = template.template_type.and_then(|id| self.oneflow.template_types.get(&id));
        let has = |custom_id: &str| {
            kind.is_some_and(|kind| kind.fields.iter().any(|field| field.custom_id == custom_id))
        };
        if !seed.values.keys().all(|custom_id| has(custom_id)) {
            return Err(ActionError::Template);
        }
        let creator = self.oneflow.users.keys().next().copied().unwrap_or_default();
        let (publish, new) = (seed.published, new_contract(seed, template.workspace));
        let id = self.make_contract(new, creator);
        if publish {
            self.publish(id);
        }
        Ok(id)
    }
}

fn new_contract(seed: ContractSeed, workspace_id: i64) -> NewContract {
    let individual =
        |(name, email): (String, String)| NewParty::individual(NewParticipant::signatory(name, email));
    NewContract {
        workspace_id,
        template_id: seed.template,
        name: seed.name,
        data_fields: seed
            .values
            .into_iter()
            .map(|(custom_id, value)| NewDataField { custom_id, value })
            .collect(),
        folder_id: None,
        my_party: None,
        parties: seed.counterparties.into_iter().map(individual).collect(),
        product_groups: Vec::new(),
    }
}
