//! An administrator changes the data fields of a template type.

use crate::{
    action_error::ActionError, counters::Counted, sandbox::Sandbox, seed::DataFieldSeed,
    state::oneflow::TemplateTypeField, world::World,
};

impl Sandbox {
    /// An administrator adds a data field to a template type: contracts that are made from now on have it.
    ///
    /// # Errors
    ///
    /// [`ActionError::TemplateType`], and [`ActionError::Taken`] if the template type has a field of that `custom_id`.
    pub fn add_data_field(&self, template_type: i64, field: DataFieldSeed) -> Result<(), ActionError> {
        self.act(|world| world.add_data_field(template_type, field))
    }

    /// An administrator gives a data field of a template type another name. Its `custom_id` stays, and contracts that there are keep the name
    /// that they were made with.
    ///
    /// # Errors
    ///
    /// [`ActionError::TemplateType`] and [`ActionError::DataField`].
    pub fn rename_data_field(
        &self,
        template_type: i64,
        custom_id: &str,
        name: &str,
    ) -> Result<(), ActionError> {
        self.act(|world| world.rename_data_field(template_type, custom_id, name))
    }

    /// An administrator gives a data field of a template type another `custom_id`. Contracts that there are keep theirs.
    ///
    /// # Errors
    ///
    /// [`ActionError::TemplateType`], [`ActionError::DataField`], and [`ActionError::Taken`] if another field has it.
    pub fn change_custom_id(
        &self,
        template_type: i64,
        custom_id: &str,
        new: &str,
    ) -> Result<(), ActionError> {
        self.act(|world| world.change_custom_id(template_type, custom_id, new))
    }

    /// An administrator takes a data field out of a template type, and so out of every template of it. Contracts that there are keep it.
    ///
    /// # Errors
    ///
    /// [`ActionError::TemplateType`] and [`ActionError::DataField`].
    pub fn remove_data_field(&self, template_type: i64, custom_id: &str) -> Result<(), ActionError> {
        self.act(|world| world.remove_data_field(template_type, custom_id))
    }
}

impl World {
    /// Changes the fields of a template type, unless that is refused.
    fn change_fields(
        &mut self,
        template_type: i64,
        change: impl FnOnce(&mut Vec<TemplateTypeField>) -> Result<(), ActionError>,
    ) -> Result<(), ActionError> {
        let now = self.now;
        let kind = self.oneflow.template_types.get_mut(&template_type).ok_or(ActionError::TemplateType)?;
        change(&mut kind.fields)?;
        kind.updated = now;
        Ok(())
    }

    fn add_data_field(&mut self, template_type: i64, seed: DataFieldSeed) -> Result<(), ActionError> {
        let new = self.template_type_field(seed);
        self.change_fields(template_type, |fields| {
            if fields.iter().any(|field| field.custom_id == new.custom_id) {
                return Err(ActionError::Taken);
            }
            fields.push(new);
            Ok(())
        })
    }

    pub(crate) fn template_type_field(&mut self, seed: DataFieldSeed) -> TemplateTypeField {
        let DataFieldSeed { custom_id, name, value, active, system } = seed;
        let id = self.counters.next(Counted::TemplateTypeField);
        TemplateTypeField { id, custom_id, name, value, active, system }
    }

    fn rename_data_field(
        &mut self,
        template_type: i64,
        custom_id: &str,
        name: &str,
    ) -> Result<(), ActionError> {
        self.change_fields(template_type, |fields| {
            name.clone_into(&mut named(fields, custom_id)?.name);
            Ok(())
        })
    }

    fn change_custom_id(
        &mut self,
        template_type: i64,
        custom_id: &str,
        new: &str,
    ) -> Result<(), ActionError> {
        self.change_fields(template_type, |fields| {
            let is_taken = new != custom_id && fields.iter().any(|field| field.custom_id == new);
            let field = named(fields, custom_id)?;
            if is_taken {
                return Err(ActionError::Taken);
            }
            new.clone_into(&mut field.custom_id);
            Ok(())
        })
    }

    fn remove_data_field(&mut self, template_type: i64, custom_id: &str) -> Result<(), ActionError> {
        self.change_fields(template_type, |fields| {
            named(fields, custom_id)?;
            fields.retain(|field| field.custom_id != custom_id);
            Ok(())
        })
    }
}

fn named<'a>(
    fields: &'a mut [TemplateTypeField],
    custom_id: &str,
) -> Result<&'a mut TemplateTypeField, ActionError> {
    fields.iter_mut().find(|field| field.custom_id == custom_id).ok_or(ActionError::DataField)
}
