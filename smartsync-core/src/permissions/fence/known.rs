//! What the answers that passed have told of custom fields: a request has ids, a row has api-names.

use std::{collections::BTreeMap, fmt, mem};

use serde::Deserialize;
use serde_json::value::RawValue;
use teamtailor_client::CustomFieldId;

use crate::{
    candidate::{Definition, Definitions},
    permissions::Permissions,
    value::FieldType,
};

/// So many values are remembered at least; a look needs those of one card.
const MOST_VALUES: usize = 20_000;

pub(super) struct Known {
    /// As the mapping alone has them.
    written: Permissions,
    /// The same by the names that are known.
    permissions: Permissions,
    /// The api-name of each custom field of candidates.
    names: BTreeMap<String, String>,
    /// The custom field of each value that was seen lately, and a while ago.
    values: BTreeMap<String, String>,
    older: BTreeMap<String, String>,
}

/// An answer, as far as it tells of custom fields. What cannot be read tells nothing.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    included: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Field {
    id: String,
    attributes: FieldAttributes,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct FieldAttributes {
    api_name: String,
    #[serde(default)]
    owner_type: Option<String>,
}

#[derive(Deserialize)]
struct Value {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    relationships: OfField,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct OfField {
    custom_field: Link,
}

#[derive(Deserialize)]
struct Link {
    data: Id,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Known {
    pub(super) fn new(permissions: Permissions) -> Self {
        let (names, values, older) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { written: permissions.clone(), permissions, names, values, older }
    }

    pub(super) fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// Every name that a row may have for the custom field of this id.
    pub(super) fn names(&self, id: &str) -> Vec<String> {
        let by_name = self.names.get(id).map(|name| format!("custom:{name}"));
        by_name.into_iter().chain([format!("custom:{id}")]).collect()
    }

    /// The same for the field of this value, if an answer has told of it.
    pub(super) fn names_of_value(&self, id: &str) -> Option<Vec<String>> {
        let field = self.values.get(id).or_else(|| self.older.get(id))?;
        Some(self.names(field))
    }

    pub(super) fn learn(&mut self, operation: &str, body: &[u8]) {
        match operation {
            "/custom-fields" => self.learn_names(body),
            "/candidates" | "/candidates/{id}" => self.learn_values(body),
            _ => {}
        }
    }

    fn learn_names(&mut self, body: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(body) else { return };
        let items = answer.data.and_then(|data| serde_json::from_str::<Vec<&RawValue>>(data.get()).ok());
        let before = self.names.clone();
        for item in items.unwrap_or_default() {
            let Ok(field) = serde_json::from_str::<Field>(item.get()) else { continue };
            let owner = field.attributes.owner_type.unwrap_or_default();
            if owner.to_lowercase().contains("job") {
                self.names.remove(&field.id);
            } else {
                self.names.insert(field.id, field.attributes.api_name);
            }
        }
        if self.names != before {
            let definition = |(id, name): (&String, &String)| {
                Definition::new(CustomFieldId::from(id.as_str()), name, FieldType::Text)
            };
            self.permissions = self.written.naming(&Definitions::new(self.names.iter().map(definition)));
        }
    }

    fn learn_values(&mut self, body: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(body) else { return };
        if self.values.len() >= MOST_VALUES {
            self.older = mem::take(&mut self.values);
        }
        for item in answer.included.unwrap_or_default() {
            let Ok(value) = serde_json::from_str::<Value>(item.get()) else { continue };
            if value.kind == "custom-field-values" {
                self.values.insert(value.id, value.relationships.custom_field.data.id);
            }
        }
    }
}

/// By numbers: nothing of a card.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("rows", &self.written.rows().len()).finish_non_exhaustive()
    }
}
