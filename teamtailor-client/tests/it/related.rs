//! Relationships followed to what came along, without touching an id.

use serde_json::{Number, json};
use teamtailor_client::{
    answers::Answer,
    candidates::{CandidateInclude, GetCandidate, ListCandidates},
    custom_field_options::CustomFieldOption,
    job_applications::{GetJobApplication, JobApplication},
    jobs::Job,
    jsonapi::ResourceIdentifier,
    picked_questions::PickedQuestion,
    questions::Question,
    reject_reasons::RejectReason,
    stages::Stage,
    uploads::Upload,
};

use crate::support::fixtures::{CANDIDATE, CANDIDATES, JOB_APPLICATION, changed, decode};

#[test]
fn to_many_relationships_come_in_their_order() {
    let document = decode(&GetCandidate::new("4711"), CANDIDATE);
    let applications: Vec<JobApplication> =
        document.related(&document.data.relationships.job_applications).map(Result::unwrap).collect();
    assert_eq!(applications[0].id.as_str(), "88001");
    assert_eq!(applications.len(), 1);
}

#[test]
fn a_to_many_relationship_that_is_not_loaded_is_an_error_and_not_an_empty_list() {
    let document = decode(&GetCandidate::new("4711"), CANDIDATE);
    let relationships = &document.data.relationships;
    let results: Vec<bool> =
        document.related::<Upload>(&relationships.activities).map(|one| one.is_ok()).collect();
    assert_eq!(results, [false]);
    assert_eq!(document.related::<Upload>(&relationships.locations).count(), 0);
}

#[test]
fn a_to_one_relationship_tells_its_three_cases_apart() {
    let body = changed(JOB_APPLICATION, |document| {
        document["included"] =
            json!([{ "id": "5150", "type": "stages", "attributes": { "name": "Interview" } }]);
    });
    let document = decode(&GetJobApplication::new("88001"), &body);
    let relationships = &document.data.relationships;
    let stage: Stage = document.related_one(&relationships.stage).unwrap().unwrap();
    assert_eq!(stage.attributes.name.as_deref(), Some("Interview"));
    assert_eq!(document.related_one::<Stage>(&relationships.reject_reason), Ok(None));
    let not_loaded = document.related_one::<Job>(&relationships.job).unwrap_err();
    assert_eq!(not_loaded.to_string(), "the answer has no related resource");
    let alone = decode(&GetJobApplication::new("88001"), JOB_APPLICATION);
    assert!(alone.related_one::<Stage>(&alone.data.relationships.stage).is_err(), "it did not come along");
}

#[test]
fn the_candidates_of_a_page_share_what_came_along() {
    let page = decode(&ListCandidates::new(), CANDIDATES);
    let candidate = page.data[0].as_result().unwrap();
    assert_eq!(page.related::<Upload>(&candidate.relationships.uploads).count(), 0);
    assert!(page.related_one::<Job>(&candidate.relationships.department).is_err());
}

#[test]
fn a_resource_of_an_unknown_type_is_found_as_json() {
    let included = decode(&GetCandidate::new("4711"), CANDIDATE).included;
    let text = included.text(&ResourceIdentifier::new("turtles", "1")).unwrap();
    assert!(text.contains("Tom"));
    assert_eq!(included.text(&ResourceIdentifier::new("turtles", "2")), None);
}

#[test]
fn options_come_with_the_values_of_selects_where_they_were_included() {
    let body = changed(CANDIDATE, |document| {
        let included = document["included"].as_array_mut().unwrap();
        for item in included.iter_mut().filter(|item| item["id"] == "33") {
            item["relationships"] = json!({ "custom-field-options": { "data": [
                { "type": "custom-field-options", "id": "7001" }, { "type": "custom-field-options", "id": "7002" } ] } });
        }
        for (id, label) in [("7001", "Nights"), ("7002", "Weekends")] {
            included
                .push(json!({ "id": id, "type": "custom-field-options", "attributes": { "value": label } }));
        }
    });
    let document = decode(&GetCandidate::new("4711"), &body);
    let fields: Vec<_> = document.filled_custom_fields().map(Result::unwrap).collect();
    let names: Vec<_> =
        fields.iter().map(|field| field.definition.attributes.api_name.as_deref().unwrap()).collect();
    assert_eq!(names, ["driver", "start-date", "contract-type", "shifts"]);
    let options: Vec<usize> = fields.iter().map(|field| field.options.len()).collect();
    assert_eq!(options, [0, 0, 0, 2]);
    let shifts = &fields[3];
    let chosen = shifts.choices().chosen(shifts.value.attributes.value.as_ref().unwrap()).unwrap();
    assert_eq!(chosen, ["7001", "7002"]);
    assert!(document.included.get::<CustomFieldOption>("7001").is_some());
}

#[test]
fn answers_come_with_their_question_the_job_s_pick_of_it_and_why_an_application_was_rejected() {
    let one = |kind: &str, id: &str| json!({ "data": { "type": kind, "id": id } });
    let body = changed(CANDIDATE, |document| {
        let relationships = &mut document["data"]["relationships"];
        relationships["answers"] =
            json!({ "data": [{ "type": "answers", "id": "1337" }, { "type": "answers", "id": "1338" }] });
        document["included"] = json!([
            {
                "id": "1337", "type": "answers", "attributes": { "question-type": "number", "number": 12.5 },
                "relationships": { "question": one("questions", "6039"), "picked-question": one("picked-questions", "4") },
            },
            { "id": "1338", "type": "answers", "attributes": { "date": "2031-04-05" }, "relationships": { "question": { "links": {} } } },
            {
                "id": "6039", "type": "questions",
                "attributes": { "title": "How many turtles?", "alternatives": [{ "id": 3, "title": "Some" }] },
            },
            { "id": "4", "type": "picked-questions", "attributes": { "mandatory": true } },
            { "id": "88001", "type": "job-applications", "attributes": {}, "relationships": { "reject-reason": one("reject-reasons", "7") } },
            { "id": "7", "type": "reject-reasons", "attributes": { "reason": "Not a fit" } },
        ]);
    });
    let get = GetCandidate::new("4711").include([
        CandidateInclude::AnswersQuestion,
        CandidateInclude::AnswersPickedQuestion,
        CandidateInclude::JobApplicationsRejectReason,
    ]);
    let document = decode(&get, &body);
    let relationships = &document.data.relationships;
    let answers: Vec<Answer> = document.related(&relationships.answers).map(Result::unwrap).collect();
    let [counted, dated] = answers.as_slice() else { panic!("two answers") };
    assert_eq!(counted.attributes.number, Number::from_f64(12.5));
    let question: Question = document.related_one(&counted.relationships.question).unwrap().unwrap();
    assert_eq!(question.attributes.title.as_deref(), Some("How many turtles?"));
    assert_eq!(question.attributes.alternatives[0].title.as_deref(), Some("Some"));
    let picked: PickedQuestion =
        document.related_one(&counted.relationships.picked_question).unwrap().unwrap();
    assert_eq!((picked.id.as_str(), picked.attributes.mandatory), ("4", Some(true)));
    assert_eq!(dated.attributes.date.as_deref(), Some("2031-04-05"));
    assert!(
        document.related_one::<Question>(&dated.relationships.question).is_err(),
        "it is not said to which"
    );
    let applications: Vec<JobApplication> =
        document.related(&relationships.job_applications).map(Result::unwrap).collect();
    let reason: RejectReason =
        document.related_one(&applications[0].relationships.reject_reason).unwrap().unwrap();
    assert_eq!(reason.attributes.reason.as_deref(), Some("Not a fit"));
}
