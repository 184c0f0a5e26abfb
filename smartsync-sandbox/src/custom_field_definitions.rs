//! An administrator changes what custom fields there are, and their options.

use crate::{
    action_error::ActionError,
    counters::Counted,
    sandbox::Sandbox,
    seed::CustomFieldKind,
    state::teamtailor::{CustomFieldOption, CustomFieldValue, Stored},
    world::World,
};

impl Sandbox {
    /// An administrator gives a custom field another name. Its api-name stays.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`].
    pub fn rename_custom_field(&self, api_name: &str, name: &str) -> Result<(), ActionError> {
        self.act(|world| world.rename_custom_field(api_name, name))
    }

    /// An administrator gives a custom field another api-name. Id, name and values stay.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`], and [`ActionError::Taken`] if another field has it.
    pub fn change_api_name(&self, api_name: &str, new: &str) -> Result<(), ActionError> {
        self.act(|world| world.change_api_name(api_name, new))
    }

    /// An administrator makes a custom field hold something else. Its id stays. Values that suit the new type stay, the others are gone, and so
    /// are the options of a field that has none any more.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`].
    pub fn change_custom_field_kind(&self, api_name: &str, kind: CustomFieldKind) -> Result<(), ActionError> {
        self.act(|world| world.change_custom_field_kind(api_name, kind))
    }

    /// An administrator deletes a custom field, with its options and all values.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`].
    pub fn delete_custom_field(&self, api_name: &str) -> Result<(), ActionError> {
        self.act(|world| world.delete_custom_field(api_name))
    }

    /// An administrator adds an option to a select. Returns its id.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`] for a field that is no select, and [`ActionError::Taken`] if it has such an option.
    pub fn add_option(&self, api_name: &str, label: &str) -> Result<String, ActionError> {
        self.act(|world| world.add_option(api_name, label))
    }

    /// An administrator changes the text of an option. Whoever has chosen it has the new text.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`], [`ActionError::Option`], and [`ActionError::Taken`] if the field has another option of that text.
    pub fn rename_option(&self, api_name: &str, label: &str, new: &str) -> Result<(), ActionError> {
        self.act(|world| world.rename_option(api_name, label, new))
    }

    /// An administrator deletes an option. Whoever has chosen it has not any more; a value without a choice is gone.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`] and [`ActionError::Option`].
    pub fn delete_option(&self, api_name: &str, label: &str) -> Result<(), ActionError> {
        self.act(|world| world.delete_option(api_name, label))
    }
}

impl World {
    fn field_id(&self, api_name: &str) -> Result<String, ActionError> {
        self.teamtailor.field_by_api_name(api_name).cloned().ok_or(ActionError::Field)
    }

    fn option_id(&self, field: &str, label: &str) -> Option<String> {
        let mut options = self.teamtailor.options.iter();
        let found = options.find(|(_, option)| option.field == field && option.value == label);
        found.map(|(id, _)| id.clone())
    }

    fn rename_custom_field(&mut self, api_name: &str, name: &str) -> Result<(), ActionError> {
        let id = self.field_id(api_name)?;
        let now = self.now;
        if let Some(field) = self.teamtailor.custom_fields.get_mut(&id) {
            name.clone_into(&mut field.name);
            field.updated = now;
        }
        Ok(())
    }

    fn change_api_name(&mut self, api_name: &str, new: &str) -> Result<(), ActionError> {
        let id = self.field_id(api_name)?;
        if self.teamtailor.field_by_api_name(new).is_some_and(|other| *other != id) {
            return Err(ActionError::Taken);
        }
        let now = self.now;
        if let Some(field) = self.teamtailor.custom_fields.get_mut(&id) {
            new.clone_into(&mut field.api_name);
            field.updated = now;
        }
        Ok(())
    }

    fn change_custom_field_kind(&mut self, api_name: &str, kind: CustomFieldKind) -> Result<(), ActionError> {
        let id = self.field_id(api_name)?;
        let of_field: Vec<(String, CustomFieldValue)> = {
            let values = self.teamtailor.values.iter().filter(|(_, value)| value.field == id);
            values.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let now = self.now;
        if let Some(field) = self.teamtailor.custom_fields.get_mut(&id) {
            field.kind = kind;
            field.updated = now;
        }
        for (key, value) in of_field {
            // A text becomes the option of that label, and the other way round.
            match self.entered(&id, &self.as_typed(&value.value)) {
                Some(converted) => {
                    self.teamtailor.values.insert(key, CustomFieldValue { value: converted, ..value });
                }
                None => {
                    self.teamtailor.values.remove(&key);
                }
            }
        }
        if !kind.has_options() {
            self.teamtailor.options.retain(|_, option| option.field != id);
        }
        Ok(())
    }

    /// A value as a recruiter would type it.
    fn as_typed(&self, value: &Stored) -> String {
        match value {
            Stored::Text(text) | Stored::Date(text) => text.clone(),
            Stored::Number(number) => number.to_string(),
            Stored::Checkbox(checked) => checked.to_string(),
            Stored::Select(option) => self.teamtailor.label(option),
            Stored::MultiSelect(options) => {
                let labels: Vec<String> =
                    options.iter().map(|option| self.teamtailor.label(option)).collect();
                labels.join(", ")
            }
        }
    }

    fn delete_custom_field(&mut self, api_name: &str) -> Result<(), ActionError> {
        let id = self.field_id(api_name)?;
        self.teamtailor.custom_fields.remove(&id);
        self.teamtailor.options.retain(|_, option| option.field != id);
        self.teamtailor.values.retain(|_, value| value.field != id);
        Ok(())
    }

    fn add_option(&mut self, api_name: &str, label: &str) -> Result<String, ActionError> {
        let field = self.field_id(api_name)?;
        if !self.teamtailor.custom_fields.get(&field).is_some_and(|known| known.kind.has_options()) {
            return Err(ActionError::Field);
        }
        if self.option_id(&field, label).is_some() {
            return Err(ActionError::Taken);
        }
        let id = self.counters.next_text(Counted::CustomFieldOption);
        self.teamtailor.options.insert(id.clone(), CustomFieldOption { field, value: label.to_owned() });
        Ok(id)
    }

    fn rename_option(&mut self, api_name: &str, label: &str, new: &str) -> Result<(), ActionError> {
        let field = self.field_id(api_name)?;
        let id = self.option_id(&field, label).ok_or(ActionError::Option)?;
        if self.option_id(&field, new).is_some_and(|other| other != id) {
            return Err(ActionError::Taken);
        }
        if let Some(option) = self.teamtailor.options.get_mut(&id) {
            new.clone_into(&mut option.value);
        }
        Ok(())
    }

    fn delete_option(&mut self, api_name: &str, label: &str) -> Result<(), ActionError> {
        let field = self.field_id(api_name)?;
        let id = self.option_id(&field, label).ok_or(ActionError::Option)?;
        self.teamtailor.options.remove(&id);
        self.teamtailor.values.retain(|_, value| match &mut value.value {
            Stored::Select(chosen) => *chosen != id,
            Stored::MultiSelect(chosen) => {
                let was_chosen = chosen.contains(&id);
                chosen.retain(|one| *one != id);
                !(was_chosen && chosen.is_empty())
            }
            Stored::Text(_) | Stored::Number(_) | Stored::Date(_) | Stored::Checkbox(_) => true,
        });
        Ok(())
    }
}
