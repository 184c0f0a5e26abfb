//! Candidates, applications, custom fields, files.

use serde_json::Value;
use teamtailor_client::{
    FilePart,
    candidates::{
        AddCandidateLocations, CandidatePatch, CreateCandidate, DeleteCandidate, GetCandidate,
        ListCandidateActivities, ListCandidateAnswers, ListCandidateCustomFieldValues,
        ListCandidateJobApplications, ListCandidatePartnerResults, ListCandidateQuestions,
        ListCandidateUploads, ListCandidates, NewCandidate, SetCandidateDepartment, UpdateCandidate,
    },
    custom_field_options::{
        CreateCustomFieldOption, CustomFieldOptionPatch, GetCustomFieldOption, ListCustomFieldOptions,
        NewCustomFieldOption, UpdateCustomFieldOption,
    },
    custom_field_selects::{
        CreateCustomFieldSelect, CustomFieldSelectPatch, GetCustomFieldSelect, ListCustomFieldSelects,
        NewCustomFieldSelect, UpdateCustomFieldSelect,
    },
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValuePatch, GetCustomFieldValue, ListCustomFieldValues,
        NewCustomFieldValue, UpdateCustomFieldValue,
    },
    custom_fields::{
        CreateCustomField, CustomFieldKind, CustomFieldPatch, CustomFieldType, GetCustomField,
        ListCustomFields, NewCustomField, UpdateCustomField,
    },
    files::{CreateFile, NewFile},
    job_applications::{
        CreateJobApplication, GetJobApplication, GetJobApplicationJob, GetJobApplicationStage,
        JobApplicationMove, JobApplicationPatch, ListJobApplications, MoveJobApplication, NewJobApplication,
        UpdateJobApplication,
    },
    stages::ListStageJobApplications,
    uploads::{CreateUpload, GetUpload, ListUploads, NewUpload},
};

use super::table::{ACTIVITY, ANSWER, JOB, PARTNER_RESULT, QUESTION, STAGE, Table, document};
use crate::support::fixtures::{
    CANDIDATE, CUSTOM_FIELD_OPTIONS, CUSTOM_FIELD_VALUE, CUSTOM_FIELDS, JOB_APPLICATION, UPLOAD,
};

/// The resource in the document `text`, or the one at `position` of its list.
fn resource(text: &str, position: usize) -> String {
    let document: Value = serde_json::from_str(text).unwrap();
    document["data"].get(position).unwrap_or(&document["data"]).to_string()
}

pub(super) fn rows(table: &mut Table) {
    let candidate = resource(CANDIDATE, 0);
    let name = Some("Ida");
    assert_eq!(table.first(&ListCandidates::new(), &candidate).attributes.first_name.as_deref(), name);
    assert_eq!(table.one(&GetCandidate::new("1"), &candidate).data.attributes.first_name.as_deref(), name);
    let created = table.one(&CreateCandidate::new(NewCandidate::new()), &candidate);
    assert_eq!(created.data.attributes.first_name.as_deref(), name);
    let updated = table.one(&UpdateCandidate::new("1", CandidatePatch::new()), &candidate);
    assert_eq!(updated.as_ref().unwrap().data.attributes.first_name.as_deref(), name);
    let candidate = updated.unwrap().data;
    let attributes = &candidate.attributes;
    assert_eq!((attributes.city.as_deref(), attributes.country.as_deref()), (Some("Visby"), Some("Sweden")));
    assert_eq!(attributes.restricted_at.as_ref().unwrap().as_str(), "2031-02-01T08:00:00.000+01:00");
    assert_eq!(attributes.resume_updated_at.as_ref().unwrap().as_str(), "2031-01-15T08:00:00.000+01:00");
    assert_eq!(candidate.relationships.form_answers.identifiers()[0].id, "51");
    assert_eq!(candidate.relationships.onboardings.identifiers()[0].id, "61");
    table.nothing(&DeleteCandidate::new("1"));
    table.nothing(&SetCandidateDepartment::new("1", "5"));
    table.nothing(&AddCandidateLocations::new("1", ["9"]));

    assert_eq!(
        table.first(&ListCandidateActivities::new("1"), ACTIVITY).attributes.code.as_deref(),
        Some("created")
    );
    assert_eq!(table.first(&ListCandidateAnswers::new("1"), ANSWER).attributes.choices, [3, 4]);
    let result = table.first(&ListCandidatePartnerResults::new("1"), PARTNER_RESULT);
    assert_eq!(result.attributes.summary.as_deref(), Some("Passed"));
    let question = table.first(&ListCandidateQuestions::new("1"), QUESTION);
    assert_eq!(question.attributes.unit.as_deref(), Some("turtles"));

    applications(table);
    fields(table);
    files(table);
}

fn applications(table: &mut Table) {
    let application = resource(JOB_APPLICATION, 0);
    let stage = |application: teamtailor_client::job_applications::JobApplication| {
        assert_eq!(application.relationships.stage.identifier().unwrap().id, "5150");
    };
    stage(table.first(&ListJobApplications::new(), &application));
    stage(table.first(&ListCandidateJobApplications::new("1"), &application));
    stage(table.first(&ListStageJobApplications::new("5150"), &application));
    let in_stage = table.decode(&GetJobApplicationStage::new("88001"), &document(STAGE)).data;
    assert_eq!(in_stage.id.as_str(), "5150");
    let for_job = table.decode(&GetJobApplicationJob::new("88001"), &document(JOB)).data;
    assert_eq!(for_job.attributes.title.as_deref(), Some("Turtle keeper"));
    stage(table.one(&GetJobApplication::new("1"), &application).data);
    stage(table.one(&CreateJobApplication::new(NewJobApplication::new("1", "2")), &application).data);
    let update = UpdateJobApplication::new("1", JobApplicationPatch::new());
    stage(table.one(&update, &application).unwrap().data);
    assert_eq!(table.nothing(&update), None);
    stage(table.one(&MoveJobApplication::new("1", JobApplicationMove::new("2")), &application).unwrap().data);
}

fn fields(table: &mut Table) {
    let (field, select) = (resource(CUSTOM_FIELDS, 0), resource(CUSTOM_FIELDS, 1));
    let is_number = |field: teamtailor_client::custom_fields::CustomField| {
        assert_eq!(field.attributes.field_type, Some(CustomFieldType::Number));
        assert_eq!(field.kind, CustomFieldKind::CustomFields);
    };
    is_number(table.first(&ListCustomFields::new(), &field));
    is_number(table.one(&GetCustomField::new("1"), &field).data);
    is_number(
        table.one(&CreateCustomField::new(NewCustomField::new("", CustomFieldType::Number)), &field).data,
    );
    let update = UpdateCustomField::new("1", CustomFieldPatch::new());
    is_number(table.one(&update, &field).unwrap().data);
    let is_select = |field: teamtailor_client::custom_fields::CustomField| {
        assert_eq!(field.attributes.field_type, Some(CustomFieldType::Select));
        assert_eq!(field.kind, CustomFieldKind::CustomFieldSelects);
    };
    is_select(table.first(&ListCustomFieldSelects::new(), &select));
    is_select(table.one(&GetCustomFieldSelect::new("1"), &select).data);
    let create = CreateCustomFieldSelect::new(NewCustomFieldSelect::new("", CustomFieldType::Select));
    is_select(table.one(&create, &select).data);
    let update = UpdateCustomFieldSelect::new("1", CustomFieldSelectPatch::new());
    is_select(table.one(&update, &select).unwrap().data);

    let option = resource(CUSTOM_FIELD_OPTIONS, 0);
    let is_permanent = |option: teamtailor_client::custom_field_options::CustomFieldOption| {
        assert_eq!(option.attributes.value.as_deref(), Some("Permanent"));
    };
    is_permanent(table.first(&ListCustomFieldOptions::new(), &option));
    is_permanent(table.one(&GetCustomFieldOption::new("1"), &option).data);
    is_permanent(table.one(&CreateCustomFieldOption::new(NewCustomFieldOption::new("", "1")), &option).data);
    let update = UpdateCustomFieldOption::new("1", CustomFieldOptionPatch::new(""));
    is_permanent(table.one(&update, &option).unwrap().data);

    let value = resource(CUSTOM_FIELD_VALUE, 0);
    let is_date = |value: teamtailor_client::custom_field_values::CustomFieldValue| {
        assert_eq!(value.attributes.field_type, Some(CustomFieldType::Date));
    };
    is_date(table.first(&ListCustomFieldValues::new(), &value));
    is_date(table.first(&ListCandidateCustomFieldValues::new("1"), &value));
    is_date(table.one(&GetCustomFieldValue::new("1"), &value).data);
    is_date(table.one(&CreateCustomFieldValue::new(NewCustomFieldValue::new("", "1", "2")), &value).data);
    let update = UpdateCustomFieldValue::new("1", CustomFieldValuePatch::new(""));
    is_date(table.one(&update, &value).unwrap().data);
}

fn files(table: &mut Table) {
    let upload = resource(UPLOAD, 0);
    let name = Some("Agreement (42).pdf");
    assert_eq!(table.first(&ListUploads::new(), &upload).attributes.file_name.as_deref(), name);
    assert_eq!(table.first(&ListCandidateUploads::new("1"), &upload).attributes.file_name.as_deref(), name);
    assert_eq!(table.one(&GetUpload::new("1"), &upload).data.attributes.file_name.as_deref(), name);
    let create = CreateUpload::new(NewUpload::new("", "", "1"));
    assert_eq!(table.one(&create, &upload).data.attributes.file_name.as_deref(), name);
    let file = FilePart::new("a", "text/plain", Vec::new());
    let file = table.decode(&CreateFile::new(NewFile::new(file)), r#"{"uri":"transient:/1","size":7}"#);
    assert_eq!(file.uri.as_deref(), Some("transient:/1"));
}
