//! Fills the sandbox with sample data, and with what a test adds.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    action_error::ActionError,
    candidate_card::CARD_FIELDS,
    counters::Counted,
    oneflow::{NewContract, NewDataField, NewParticipant, NewParty},
    seed::{
        CandidateSeed, ContractSeed, Counterparty, CustomFieldKind, CustomFieldSeed, DataFieldSeed,
        SeededIds, TemplateSeed, TemplateTypeSeed,
    },
    state::{
        oneflow::{Template, TemplateType, User, Workspace},
        teamtailor::{Candidate, CustomField, CustomFieldOption, Job, JobApplication, Place, Stage},
    },
    world::World,
};

impl World {
    /// The account and the company, and unless the settings say otherwise the sample data.
    pub(crate) fn seed(&mut self) {
        let account = self.counters.next(Counted::Account);
        self.oneflow.account = self.settings.account.unwrap_or(account);
        let user = self.counters.next(Counted::User);
        let email = self.settings.user_email.clone();
        self.oneflow.users.insert(user, User { id: user, name: "Sample Recruiter".to_owned(), email });
        let workspace = self.counters.next(Counted::Workspace);
        let name = "Recruiting".to_owned();
        self.oneflow.workspaces.insert(workspace, Workspace { id: workspace, name, created: self.now });
        self.teamtailor.manager = self.counters.next_text(Counted::TeamtailorUser);
        self.seeded.workspace = workspace;
        if self.settings.seeded {
            // The sample data refers only to itself, so none of it can be refused; a test ensures that.
            let _ = self.seed_samples(workspace);
        }
    }

    fn seed_samples(&mut self, workspace: i64) -> Result<(), ActionError> {
        let template_type = self.add_template_type(
            TemplateTypeSeed::new("Employment")
                .field(DataFieldSeed::new("first-name").name("First name"))
                .field(DataFieldSeed::new("last-name").name("Last name"))
                .field(DataFieldSeed::new("email").name("E-mail"))
                .field(DataFieldSeed::new("phone").name("Phone"))
                .field(DataFieldSeed::new("oneflow-start-date").name("Start date"))
                .field(DataFieldSeed::new("oneflow-salary").name("Salary"))
                .field(DataFieldSeed::new("oneflow-contract-type").name("Contract type"))
                .field(DataFieldSeed::new("oneflow-has-car").name("Has a car"))
                .field(DataFieldSeed::new("oneflow-notice").name("Notice period")),
        );
        let template = self.add_template(TemplateSeed::new("Employment contract", Some(template_type)))?;
        self.add_custom_field(
            CustomFieldSeed::new("oneflow-start-date", CustomFieldKind::Date).name("Start date"),
        );
        self.add_custom_field(CustomFieldSeed::new("oneflow-salary", CustomFieldKind::Number).name("Salary"));
        self.add_custom_field(
            CustomFieldSeed::new("oneflow-contract-type", CustomFieldKind::Select)
                .name("Contract type")
                .options(["Permanent", "Fixed term", "Hourly"]),
        );
        self.add_custom_field(
            CustomFieldSeed::new("oneflow-has-car", CustomFieldKind::Checkbox).name("Has a car"),
        );
        self.add_custom_field(
            CustomFieldSeed::new("oneflow-notice", CustomFieldKind::Text).name("Notice period"),
        );
        self.add_custom_field(CustomFieldSeed::new("shirt-size", CustomFieldKind::Text).name("Shirt size"));
        let candidate = self.add_candidate(
            CandidateSeed::new("ann@example.com")
                .name("Ann", "Sample")
                .field("phone", "+46701740605")
                .custom_field("oneflow-start-date", "2031-05-01")
                .custom_field("oneflow-salary", "42000")
                .custom_field("oneflow-contract-type", "Permanent")
                .custom_field("shirt-size", "M"),
        )?;
        let (job_application, stages) = self.add_job_application(&candidate)?;
        self.seeded = SeededIds { workspace, template_type, template, candidate, job_application, stages };
        Ok(())
    }

    pub(crate) fn add_template_type(&mut self, seed: TemplateTypeSeed) -> i64 {
        let id = self.counters.next(Counted::TemplateType);
        let fields = seed.fields.into_iter().map(|field| self.template_type_field(field)).collect();
        let kind = TemplateType { id, name: seed.name, fields, created: self.now, updated: self.now };
        self.oneflow.template_types.insert(id, kind);
        id
    }

    pub(crate) fn add_template(&mut self, seed: TemplateSeed) -> Result<i64, ActionError> {
        if seed.template_type.is_some_and(|id| !self.oneflow.template_types.contains_key(&id)) {
            return Err(ActionError::TemplateType);
        }
        let id = self.counters.next(Counted::Template);
        let template = Template {
            id,
            name: seed.name,
            template_type: seed.template_type,
            workspace: self.oneflow.workspaces.keys().next().copied().unwrap_or_default(),
            active: seed.active,
            created: self.now,
        };
        self.oneflow.templates.insert(id, template);
        Ok(id)
    }

    pub(crate) fn add_custom_field(&mut self, seed: CustomFieldSeed) -> String {
        let id = self.counters.next_text(Counted::CustomField);
        for value in seed.options {
            let option = self.counters.next_text(Counted::CustomFieldOption);
            self.teamtailor.options.insert(option, CustomFieldOption { field: id.clone(), value });
        }
        let CustomFieldSeed { name, api_name, kind, of_jobs, private, .. } = seed;
        let field =
            CustomField { name, api_name, kind, of_jobs, private, created: self.now, updated: self.now };
        self.teamtailor.custom_fields.insert(id.clone(), field);
        id
    }

    /// If one of the values is not acceptable, nothing of the candidate is kept.
    pub(crate) fn add_candidate(&mut self, seed: CandidateSeed) -> Result<String, ActionError> {
        if !seed.attributes.keys().all(|name| CARD_FIELDS.contains(&name.as_str())) {
            return Err(ActionError::Field);
        }
        let id = self.counters.next_text(Counted::Candidate);
        let blank = Candidate { attributes: BTreeMap::new(), created: self.now, updated: self.now };
        self.teamtailor.candidates.insert(id.clone(), blank);
        let attributes =
            seed.attributes.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        let filled = self.write_candidate(&id, &attributes).map_err(|_| ActionError::Value).and_then(|()| {
            let mut values = seed.custom_fields.iter();
            values.try_for_each(|(api_name, value)| self.edit_custom_field(&id, api_name, Some(value)))
        });
        match filled {
            Ok(()) => Ok(id),
            Err(error) => {
                self.teamtailor.candidates.remove(&id);
                self.teamtailor.values.retain(|_, value| value.candidate != id);
                Err(error)
            }
        }
    }

    /// A new job with three stages, and the candidate in the first of them.
    pub(crate) fn add_job_application(
        &mut self,
        candidate: &str,
    ) -> Result<(String, Vec<String>), ActionError> {
        if !self.teamtailor.candidates.contains_key(candidate) {
            return Err(ActionError::Candidate);
        }
        let now = self.now;
        let job = self.counters.next_text(Counted::Job);
        self.teamtailor.jobs.insert(job.clone(), Job { title: "Sample position".to_owned() });
        let stages: Vec<String> = ["Inbox", "Offer", "Hired"]
            .into_iter()
            .map(|name| {
                let stage = self.counters.next_text(Counted::Stage);
                let value = Stage { name: name.to_owned(), job: job.clone(), created: now };
                self.teamtailor.stages.insert(stage.clone(), value);
                stage
            })
            .collect();
        let id = self.counters.next_text(Counted::JobApplication);
        let application = JobApplication {
            candidate: candidate.to_owned(),
            job,
            place: Place { stage: stages[0].clone(), since: now },
            moved: None,
            attributes: BTreeMap::new(),
            created: now,
            updated: now,
        };
        self.teamtailor.applications.insert(id.clone(), application);
        Ok((id, stages))
    }

    /// Somebody creates a contract in Oneflow's own app, or Teamtailor's built-in integration does.
    pub(crate) fn add_contract(&mut self, seed: ContractSeed) -> Result<i64, ActionError> {
        let template = self.oneflow.templates.get(&seed.template).filter(|one| one.active);
        let template = template.ok_or(ActionError::Template)?;
        let kind = template.template_type.and_then(|id| self.oneflow.template_types.get(&id));
        let has = |custom_id: &str| {
            kind.is_some_and(|kind| {
                kind.fields.iter().any(|field| field.active && field.custom_id == custom_id)
            })
        };
        if !seed.values.keys().all(|custom_id| has(custom_id)) {
            return Err(ActionError::Template);
        }
        let creator = self.oneflow.users.keys().next().copied().unwrap_or_default();
        let (publish, new) = (seed.published, new_contract(seed, template.workspace));
        let id = self.make_contract(new, creator);
        if publish {
            self.publish(id)?;
        }
        Ok(id)
    }
}

fn new_contract(seed: ContractSeed, workspace_id: i64) -> NewContract {
    let individual = |Counterparty { name, email, signatory }| {
        NewParty::individual(NewParticipant { signatory, ..NewParticipant::signatory(name, email) })
    };
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
        tags: Vec::new(),
        value: Value::Null,
    }
}
