//! What a test or a demo puts into the sandbox.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// Ids of the sample data. All empty in an unseeded sandbox, but for the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeededIds {
    /// The workspace.
    pub workspace: i64,
    /// The template type with the sample data fields.
    pub template_type: i64,
    /// An active template of that type.
    pub template: i64,
    /// The sample candidate.
    pub candidate: String,
    /// The candidate's application.
    pub job_application: String,
    /// Stages of the job, in order. The application stands in the first.
    pub stages: Vec<String>,
}

/// A new template type (in Oneflow's app: a playbook).
#[derive(Clone, Debug)]
#[must_use]
pub struct TemplateTypeSeed {
    pub(crate) name: String,
    pub(crate) fields: Vec<DataFieldSeed>,
}

impl TemplateTypeSeed {
    /// A template type without data fields.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), fields: Vec::new() }
    }

    /// With one more data field.
    pub fn field(mut self, field: DataFieldSeed) -> Self {
        self.fields.push(field);
        self
    }
}

/// A new data field of a template type.
#[derive(Clone, Debug)]
#[must_use]
pub struct DataFieldSeed {
    pub(crate) custom_id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) active: bool,
    pub(crate) system: bool,
}

impl DataFieldSeed {
    /// An active, empty field whose name is its key.
    pub fn new(custom_id: impl Into<String>) -> Self {
        let custom_id = custom_id.into();
        Self {
            name: custom_id.replace('-', " "),
            custom_id,
            value: String::new(),
            active: true,
            system: false,
        }
    }

    /// The name that people see.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The text that it has in a new contract.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Not active: new contracts do not have it.
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// `source = system`: an update of it is answered with 200 and changes nothing.
    pub fn system(mut self) -> Self {
        self.system = true;
        self
    }
}

/// A new template.
#[derive(Clone, Debug)]
#[must_use]
pub struct TemplateSeed {
    pub(crate) name: String,
    pub(crate) template_type: Option<i64>,
    pub(crate) active: bool,
}

impl TemplateSeed {
    /// An active template. Without a template type its contracts have no data fields.
    pub fn new(name: impl Into<String>, template_type: Option<i64>) -> Self {
        Self { name: name.into(), template_type, active: true }
    }

    /// Not active: no contract can be created from it.
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }
}

/// An individual on the other side.
#[derive(Clone)]
pub(crate) struct Counterparty {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) signatory: bool,
}

/// A contract that somebody creates outside the program under test.
#[derive(Clone)]
#[must_use]
pub struct ContractSeed {
    pub(crate) template: i64,
    pub(crate) name: String,
    pub(crate) counterparties: Vec<Counterparty>,
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) published: bool,
}

impl ContractSeed {
    /// A draft from a template, with nobody but the creator.
    pub fn new(template: i64, name: impl Into<String>) -> Self {
        Self {
            template,
            name: name.into(),
            counterparties: Vec::new(),
            values: BTreeMap::new(),
            published: false,
        }
    }

    /// With one more individual who has to sign and may fill in fields.
    pub fn counterparty(mut self, name: impl Into<String>, email: impl Into<String>) -> Self {
        self.counterparties.push(Counterparty { name: name.into(), email: email.into(), signatory: true });
        self
    }

    /// With one more individual who may fill in fields but does not have to sign.
    pub fn observer(mut self, name: impl Into<String>, email: impl Into<String>) -> Self {
        self.counterparties.push(Counterparty { name: name.into(), email: email.into(), signatory: false });
        self
    }

    /// With a value in a data field.
    pub fn value(mut self, custom_id: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(custom_id.into(), value.into());
        self
    }

    /// Published at once.
    pub fn published(mut self) -> Self {
        self.published = true;
        self
    }
}

impl fmt::Debug for ContractSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractSeed")
            .field("template", &self.template)
            .field("counterparties", &self.counterparties.len())
            .field("values", &self.values.keys())
            .field("published", &self.published)
            .finish_non_exhaustive()
    }
}

/// What a custom field of Teamtailor holds.
///
/// As JSON it is the `field-type` of the API: `CustomField::Text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "the field types are a closed list in the public documentation")]
pub enum CustomFieldKind {
    /// Any text.
    #[serde(rename = "CustomField::Text")]
    Text,
    /// An e-mail address.
    #[serde(rename = "CustomField::Email")]
    Email,
    /// A web address.
    #[serde(rename = "CustomField::Url")]
    Url,
    /// A phone number; any text is accepted.
    #[serde(rename = "CustomField::Phone")]
    Phone,
    /// A day.
    #[serde(rename = "CustomField::Date")]
    Date,
    /// Yes or no.
    #[serde(rename = "CustomField::Checkbox")]
    Checkbox,
    /// A number.
    #[serde(rename = "CustomField::Number")]
    Number,
    /// One option.
    #[serde(rename = "CustomField::Select")]
    Select,
    /// Several options.
    #[serde(rename = "CustomField::MultiSelect")]
    MultiSelect,
}

/// A new custom field of candidates.
#[derive(Clone, Debug)]
#[must_use]
pub struct CustomFieldSeed {
    pub(crate) api_name: String,
    pub(crate) name: String,
    pub(crate) kind: CustomFieldKind,
    pub(crate) options: Vec<String>,
    pub(crate) of_jobs: bool,
    pub(crate) private: bool,
}

impl CustomFieldSeed {
    /// A field without options, whose name is its api-name.
    pub fn new(api_name: impl Into<String>, kind: CustomFieldKind) -> Self {
        let api_name = api_name.into();
        Self {
            name: api_name.replace('-', " "),
            api_name,
            kind,
            options: Vec::new(),
            of_jobs: false,
            private: false,
        }
    }

    /// The name that people see.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// A field of jobs: no candidate can have a value.
    pub fn of_jobs(mut self) -> Self {
        self.of_jobs = true;
        self
    }

    /// A private field: whether a key sees it, nobody says.
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// With these options, for a select.
    pub fn options(mut self, options: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options = options.into_iter().map(Into::into).collect();
        self
    }
}

/// A new candidate.
#[derive(Clone)]
#[must_use]
pub struct CandidateSeed {
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) custom_fields: BTreeMap<String, String>,
}

impl CandidateSeed {
    /// A candidate with an e-mail address and nothing else.
    pub fn new(email: impl Into<String>) -> Self {
        let attributes = BTreeMap::from([("email".to_owned(), email.into())]);
        Self { attributes, custom_fields: BTreeMap::new() }
    }

    /// With first and last name.
    pub fn name(self, first: impl Into<String>, last: impl Into<String>) -> Self {
        self.field("first-name", first).field("last-name", last)
    }

    /// With a default field, by attribute name.
    pub fn field(mut self, attribute: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(attribute.into(), value.into());
        self
    }

    /// With a custom field, by api-name; options as labels.
    pub fn custom_field(mut self, api_name: impl Into<String>, value: impl Into<String>) -> Self {
        self.custom_fields.insert(api_name.into(), value.into());
        self
    }
}

impl fmt::Debug for CandidateSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CandidateSeed")
            .field("attributes", &self.attributes.keys())
            .field("custom_fields", &self.custom_fields.keys())
            .finish()
    }
}
