//! Documented answers of every operation, and the ways in which real ones differ.

use serde_json::{Number, Value, json};
use smartsync_transport::{Body, Response, Timestamp};
use teamtailor_client::{
    CandidateId, CompanyId, StageId,
    answers::GetAnswer,
    candidates::{
        CandidateInclude, CandidatePatch, GetCandidate, ListCandidateCustomFieldValues, ListCandidateUploads,
        ListCandidates, UpdateCandidate,
    },
    companies::GetCompany,
    custom_field_options::ListCustomFieldOptions,
    custom_field_values::{
        CreateCustomFieldValue, CustomFieldValuePatch, NewCustomFieldValue, UpdateCustomFieldValue,
    },
    custom_fields::{CustomFieldKind, CustomFieldType, ListCustomFields},
    job_applications::{GetJobApplication, JobApplicationMove, ListJobApplications, MoveJobApplication},
    jsonapi::{Linkage, ListDocument},
    transport::Endpoint,
    uploads::{CreateUpload, NewUpload},
};

use crate::support::fixtures::{
    CANDIDATE, CANDIDATES, COMPANY, CUSTOM_FIELD_OPTIONS, CUSTOM_FIELD_VALUE, CUSTOM_FIELD_VALUES,
    CUSTOM_FIELDS, JOB_APPLICATION, JOB_APPLICATIONS, UPLOAD, UPLOADS, changed, decode,
};

/// The items of a page, of which none may be malformed.
fn items<T>(page: ListDocument<T>) -> Vec<T> {
    page.data.into_iter().map(|item| item.into_result().unwrap()).collect()
}

#[test]
fn a_candidate_is_read_with_every_attribute() {
    let candidate = decode(&GetCandidate::new("4711"), CANDIDATE).data;
    assert_eq!(candidate.id, CandidateId::from("4711"));
    let attributes = &candidate.attributes;
    assert_eq!(attributes.email.as_deref(), Some("ida@example.com"));
    assert_eq!(attributes.first_name.as_deref(), Some("Ida"));
    assert_eq!(attributes.last_name.as_deref(), Some("Sample"));
    assert_eq!(attributes.phone.as_deref(), Some("+46 70 000 00 00"));
    assert_eq!(attributes.pitch.as_deref(), Some("I like turtles"));
    assert_eq!(attributes.linkedin_url.as_deref(), Some("https://social.example.com/in/ida"));
    assert_eq!(attributes.tags, ["turtles", "nights"]);
    assert_eq!((attributes.connected, attributes.referred), (Some(true), Some(true)));
    assert_eq!(attributes.updated_at, Some(Timestamp::from("2031-02-03T10:11:12.345+01:00")));
    let printed = format!("{attributes:?}");
    assert!(!printed.contains("None"), "the fixture lacks an attribute: {printed}");
}

#[test]
fn a_candidate_is_read_after_an_update() {
    let document = decode(&UpdateCandidate::new("4711", CandidatePatch::new()), CANDIDATE).unwrap();
    assert_eq!(document.data.attributes.first_name.as_deref(), Some("Ida"));
}

#[test]
fn a_change_that_is_answered_without_a_body_was_made() {
    let update = UpdateCandidate::new("4711", CandidatePatch::new().first_name("Ida"));
    assert_eq!(decode(&update, ""), None);
    assert_eq!(decode(&UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new("x")), ""), None);
    assert_eq!(decode(&MoveJobApplication::new("88001", JobApplicationMove::new("5150")), ""), None);
    let page = Response::new(Body::from("<html></html>"));
    assert!(update.decode(&page).is_err(), "a page of a gateway is no such answer");
}

#[test]
fn ids_may_be_numbers() {
    let numbers = changed(CANDIDATE, |document| {
        fn number(value: &mut Value) {
            match value {
                Value::Object(members) => {
                    for (name, value) in members {
                        match value.as_str().and_then(|text| text.parse::<u64>().ok()) {
                            Some(id) if name == "id" => *value = json!(id),
                            _ => number(value),
                        }
                    }
                }
                Value::Array(items) => items.iter_mut().for_each(number),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        number(document);
    });
    assert!(numbers.contains(r#""id":4711"#) && numbers.contains(r#""id":901"#));
    let get = GetCandidate::new("4711");
    let (texts, numbers) = (decode(&get, CANDIDATE), decode(&get, &numbers));
    assert_eq!(numbers.data, texts.data);
    assert!(numbers.custom_field_values().eq(texts.custom_field_values()));
    assert_eq!(numbers.custom_field_values().count(), 4);
}

#[test]
fn null_and_absent_attributes_read_alike_but_for_those_that_are_always_sent() {
    let null = changed(CANDIDATE, |document| {
        for attribute in document["data"]["attributes"].as_object_mut().unwrap().values_mut() {
            *attribute = Value::Null;
        }
    });
    let absent = changed(CANDIDATE, |document| document["data"]["attributes"] = json!({}));
    let nothing = changed(CANDIDATE, |document| {
        document["data"].as_object_mut().unwrap().remove("attributes");
    });
    let operation = GetCandidate::new("4711");
    let null = decode(&operation, &null).data.attributes;
    assert_eq!((&null.email, &null.tags, null.sourced), (&None, &Vec::new(), None));
    assert!(null.unreadable.is_empty());
    let absent = decode(&operation, &absent).data.attributes;
    assert!(absent.unreadable.iter().eq(EXPECTED));
    assert_eq!(format!("{null:?}"), format!("{absent:?}").replace(&format!("{:?}", absent.unreadable), "{}"));
    let nothing = decode(&operation, &nothing).data;
    assert!(nothing.unreadable.contains("attributes"));
    assert_eq!(null, nothing.attributes);
}

#[test]
fn each_attribute_alone_may_be_null_in_every_resource() {
    fn check<E: Endpoint<Service = teamtailor_client::Teamtailor>>(endpoint: &E, body: &str) {
        let document: Value = serde_json::from_str(body).unwrap();
        let names: Vec<String> =
            document["data"]["attributes"].as_object().unwrap().keys().cloned().collect();
        assert!(!names.is_empty());
        for name in names {
            decode(endpoint, &changed(body, |document| document["data"]["attributes"][&name] = Value::Null));
        }
    }
    check(&GetCandidate::new("4711"), CANDIDATE);
    check(&GetCompany::new(), COMPANY);
    check(&GetJobApplication::new("88001"), JOB_APPLICATION);
    check(&CreateUpload::new(NewUpload::new("", "", "")), UPLOAD);
    check(&CreateCustomFieldValue::new(NewCustomFieldValue::new("", "", "")), CUSTOM_FIELD_VALUE);
}

#[test]
fn an_attribute_of_another_shape_is_noted_and_costs_nothing_else() {
    let document: Value = serde_json::from_str(CANDIDATE).unwrap();
    let whole = decode(&GetCandidate::new("4711"), CANDIDATE).data;
    for name in document["data"]["attributes"].as_object().unwrap().keys() {
        let body = changed(CANDIDATE, |document| {
            let attribute = &mut document["data"]["attributes"][name];
            *attribute = if attribute.is_boolean() { json!("yes") } else { json!({ "of": "another shape" }) };
        });
        let without = changed(CANDIDATE, |document| {
            document["data"]["attributes"].as_object_mut().unwrap().remove(name);
        });
        let read = |body: &str| decode(&GetCandidate::new("4711"), body).data;
        let (changed, without) = (read(&body), read(&without));
        if without == whole {
            continue; // unknown to the model
        }
        assert_eq!(changed.attributes.unreadable.iter().collect::<Vec<_>>(), [name.as_str()]);
        let noted = format!("unreadable: {{{name:?}}}");
        // One that is always sent is noted when it is absent as well.
        let is_expected = EXPECTED.contains(&name.as_str());
        let printed = format!("{changed:?}");
        let printed = if is_expected { printed } else { printed.replace(&noted, "unreadable: {}") };
        assert_eq!(printed, format!("{without:?}"));
    }
}

/// What Teamtailor says of every candidate, if only that it is empty.
const EXPECTED: [&str; 6] = ["email", "first-name", "last-name", "linkedin-url", "phone", "pitch"];

#[test]
fn a_part_of_another_shape_is_not_an_absent_one() {
    let body = changed(CANDIDATE, |document| document["data"]["attributes"] = json!(["ida@example.com"]));
    let candidate = decode(&GetCandidate::new("4711"), &body).data;
    assert!(candidate.unreadable.contains("attributes") && candidate.attributes.email.is_none());
    let body = changed(CANDIDATE, |document| document["data"]["attributes"]["tags"] = json!(["a", null]));
    let candidate = decode(&GetCandidate::new("4711"), &body).data;
    assert!(candidate.attributes.unreadable.contains("tags"));
    assert_eq!(candidate.attributes.tags, ["a"]);
}

#[test]
fn a_candidate_of_a_page_with_a_malformed_member_is_read_without_it_and_one_without_id_is_an_error() {
    let page = decode(&ListCandidates::new().include([CandidateInclude::Uploads]), CANDIDATES);
    let ids: Vec<Option<&str>> =
        page.data.iter().map(|item| item.as_result().ok().map(|candidate| candidate.id.as_str())).collect();
    assert_eq!(ids, [Some("4711"), Some("4712"), Some("4713")]);
    assert!(page.data[1].as_result().unwrap().attributes.unreadable.contains("email"));
    assert_eq!((page.meta.record_count, page.meta.page_count), (Some(3), Some(1)));
    assert_eq!(page.links.next, None);
    for id in [json!(null), json!(""), json!(["4712"])] {
        let body = changed(CANDIDATES, |document| document["data"][1]["id"] = id.clone());
        let page = decode(&ListCandidates::new(), &body);
        let are_fine: Vec<bool> = page.data.iter().map(|item| item.as_result().is_ok()).collect();
        assert_eq!(are_fine, [true, false, true], "{id}");
        assert_eq!(page.data[1].as_result().unwrap_err().to_string(), "unexpected shape at `.`");
    }
}

#[test]
fn an_answer_about_another_id_or_type_is_an_error() {
    let error = |id: &str, body: &str| {
        let get = GetCandidate::new(id);
        get.decode(&Response::new(Body::from(body.to_owned()))).unwrap_err()
    };
    let other_id = error("4712", CANDIDATE);
    assert_eq!(other_id.to_string(), "the answer is about a different id from the one requested");
    let jobs = changed(CANDIDATE, |document| document["data"]["type"] = json!("jobs"));
    let other_type = error("4711", &jobs);
    assert_eq!(
        other_type.to_string(),
        "the answer is about a different type from the one requested, at `data.type`"
    );
    assert!(other_id.is_about_another() && other_type.is_about_another());
    let update = UpdateCustomFieldValue::new("902", CustomFieldValuePatch::new("x"));
    let written = update.decode(&Response::new(Body::from(CUSTOM_FIELD_VALUE.to_owned())));
    assert!(written.unwrap_err().is_about_another());
    let empty = changed(CANDIDATE, |document| document["data"]["id"] = json!(""));
    assert_eq!(error("4711", &empty).to_string(), "unexpected shape at `data.id`");
}

#[test]
fn a_document_is_an_object() {
    for body in [r#"[{"id":"4711"}]"#, r#"{"data":["4711"]}"#, r#"{"data":[["4711"]]}"#] {
        let answer = Response::new(Body::from(body.to_owned()));
        assert!(GetCandidate::new("4711").decode(&answer).is_err(), "{body}");
    }
    assert!(serde_json::from_str::<ListDocument<Value>>("[[]]").is_err());
}

#[test]
fn a_list_whose_next_link_cannot_be_read_is_an_error_and_does_not_end() {
    for links in [json!({ "next": 7 }), json!(["x"]), json!({ "next": { "href": 1 } })] {
        let body = changed(CANDIDATES, |document| document["links"] = links.clone());
        assert!(ListCandidates::new().decode(&Response::new(Body::from(body))).is_err(), "{links}");
    }
    let body = changed(CANDIDATES, |document| {
        document["links"] = json!({ "first": 7, "next": null });
        document["meta"] = json!({ "record-count": "3" });
    });
    let page = decode(&ListCandidates::new(), &body);
    assert!(page.links.unreadable.contains("first") && page.meta.unreadable.contains("record-count"));
}

#[test]
fn both_types_of_custom_fields_stand_in_one_list() {
    let fields = items(decode(&ListCustomFields::new(), CUSTOM_FIELDS));
    assert_eq!(fields[0].kind, CustomFieldKind::CustomFields);
    assert_eq!(fields[0].attributes.field_type, Some(CustomFieldType::Number));
    assert_eq!(fields[0].attributes.api_name.as_deref(), Some("notice-period"));
    assert_eq!(fields[0].attributes.owner_type.as_deref(), Some("Candidate"));
    let printed = format!("{:?}", fields[0].attributes);
    assert!(!printed.contains("None"), "the fixture lacks an attribute: {printed}");
    assert_eq!(fields[1].kind, CustomFieldKind::CustomFieldSelects);
    assert_eq!(fields[1].attributes.field_type, Some(CustomFieldType::Select));
    assert_eq!(fields[1].relationships.custom_field_options.identifiers()[0].id, "7001");
}

#[test]
fn an_unknown_kind_and_type_of_field_keep_their_text() {
    let fields = items(decode(&ListCustomFields::new(), CUSTOM_FIELDS));
    assert!(matches!(fields[2].kind, CustomFieldKind::Unknown(_)));
    assert_eq!(fields[2].kind.as_str(), "custom-field-drawings");
    let field_type = fields[2].attributes.field_type.as_ref().unwrap();
    assert!(matches!(field_type, CustomFieldType::Unknown(_)));
    assert_eq!(field_type.as_str(), "CustomField::Drawing");
    assert_eq!(fields[2].attributes.is_private, None);
}

#[test]
fn every_documented_field_type_has_a_name() {
    let rows = [
        ("CustomField::Text", CustomFieldType::Text),
        ("CustomField::Email", CustomFieldType::Email),
        ("CustomField::Url", CustomFieldType::Url),
        ("CustomField::Phone", CustomFieldType::Phone),
        ("CustomField::Date", CustomFieldType::Date),
        ("CustomField::Checkbox", CustomFieldType::Checkbox),
        ("CustomField::Number", CustomFieldType::Number),
        ("CustomField::Select", CustomFieldType::Select),
        ("CustomField::MultiSelect", CustomFieldType::MultiSelect),
    ];
    for (text, expected) in rows {
        assert_eq!(CustomFieldType::from(text), expected);
    }
}

#[test]
fn options_say_which_field_they_belong_to_only_if_the_answer_does() {
    let options = items(decode(&ListCustomFieldOptions::new(), CUSTOM_FIELD_OPTIONS));
    assert_eq!(options[0].attributes.value.as_deref(), Some("Permanent"));
    assert_eq!(options[0].relationships.custom_field.identifier().unwrap().id, "32");
    assert_eq!(options[1].id.as_str(), "7002");
    assert!(!options[1].relationships.custom_field.is_loaded());
}

#[test]
fn a_value_keeps_the_shape_it_came_in() {
    let create = CreateCustomFieldValue::new(NewCustomFieldValue::new("2031-09-01", "31", "4711"));
    let rows = [
        json!("2031-09-01T00:00:00.000+02:00"),
        json!("Permanent"),
        json!(["Permanent"]),
        json!(["Nights", "Weekends"]),
        json!("true"),
        json!(true),
        json!(12),
        json!(12.5),
        json!("12,5"),
    ];
    for value in rows {
        let body =
            changed(CUSTOM_FIELD_VALUE, |document| document["data"]["attributes"]["value"] = value.clone());
        assert_eq!(decode(&create, &body).data.attributes.value, Some(value));
    }
    let body = changed(CUSTOM_FIELD_VALUE, |document| document["data"]["attributes"]["value"] = Value::Null);
    assert_eq!(decode(&create, &body).data.attributes.value, None);
}

#[test]
fn a_value_is_read_after_an_update() {
    let update = UpdateCustomFieldValue::new("901", CustomFieldValuePatch::new("2031-09-01"));
    let value = decode(&update, CUSTOM_FIELD_VALUE).unwrap().data;
    assert_eq!(value.id.as_str(), "901");
    assert_eq!(value.attributes.field_type, Some(CustomFieldType::Date));
    assert_eq!(value.relationships.owner.identifier().unwrap().id, "4711");
}

#[test]
fn the_values_of_a_candidate_are_read_as_a_list() {
    let values = items(decode(&ListCandidateCustomFieldValues::new("4711"), CUSTOM_FIELD_VALUES));
    let values: Vec<Option<Value>> = values.into_iter().map(|value| value.attributes.value).collect();
    assert_eq!(values, [Some(json!(12.5)), Some(json!(true)), None]);
}

#[test]
fn an_upload_is_read_after_it_was_made() {
    let upload =
        decode(&CreateUpload::new(NewUpload::new("https://files.example.com/a", "a", "4711")), UPLOAD).data;
    assert_eq!(upload.id.as_str(), "77");
    assert_eq!(upload.attributes.file_name.as_deref(), Some("Agreement (42).pdf"));
    assert_eq!(upload.attributes.internal, Some(false));
    assert_eq!(upload.relationships.job.data, Linkage::Empty);
    assert_eq!(upload.relationships.answer.data, Linkage::NotLoaded);
}

#[test]
fn the_uploads_of_a_candidate_are_read_as_a_list() {
    let uploads = items(decode(&ListCandidateUploads::new("4711"), UPLOADS));
    let names: Vec<Option<String>> = uploads.into_iter().map(|upload| upload.attributes.file_name).collect();
    assert_eq!(names, [Some("Agreement (42).pdf".to_owned()), Some("Photo.png".to_owned())]);
}

#[test]
fn a_company_has_an_id_that_is_no_number() {
    let company = decode(&GetCompany::new(), COMPANY).data;
    assert_eq!(company.id, CompanyId::from("FkZsampleToken"));
    assert_eq!(company.attributes.name.as_deref(), Some("Example Turtles"));
    assert_eq!(company.attributes.locale.as_deref(), Some("sv"));
    assert_eq!(company.relationships.manager.identifier().unwrap().kind, "users");
}

#[test]
fn a_job_application_names_its_stage() {
    for document in [
        decode(&GetJobApplication::new("88001"), JOB_APPLICATION),
        decode(
            &MoveJobApplication::new("88001", JobApplicationMove::new(StageId::from("5150"))),
            JOB_APPLICATION,
        )
        .unwrap(),
    ] {
        let application = document.data;
        assert_eq!(application.relationships.stage.identifier().unwrap().id, "5150");
        assert_eq!(application.relationships.reject_reason.data, Linkage::Empty);
        assert!(!application.relationships.job.is_loaded());
        assert_eq!(application.attributes.row_order, Some(3));
        assert_eq!(application.attributes.candidate_match, Some(json!({ "score": 7 })));
    }
}

#[test]
fn job_applications_are_read_as_a_list() {
    let applications = items(decode(&ListJobApplications::new(), JOB_APPLICATIONS));
    assert_eq!(applications[0].attributes.rejected_at, None);
    assert_eq!(applications[1].attributes.row_order, None);
}

#[test]
fn an_answer_stands_in_the_member_that_its_question_asks_for() {
    let read = |attributes: Value| {
        let body = json!({ "data": { "id": "1337", "type": "answers", "attributes": attributes } });
        decode(&GetAnswer::new("1337"), &body.to_string()).data.attributes
    };
    let number = read(json!({ "question-type": "number", "number": 12.5, "answer": 12.5, "text": null }));
    assert_eq!((number.number, number.answer), (Number::from_f64(12.5), Some(json!(12.5))));
    assert_eq!((number.question_type.as_deref(), number.text), (Some("number"), None));
    let whole = read(json!({ "question-type": "number", "number": 12 }));
    assert_eq!(whole.number, Some(12.into()));
    let date = read(json!({ "question-type": "date", "date": "2031-04-05", "answer": "2031-04-05" }));
    assert_eq!((date.date.as_deref(), date.answer), (Some("2031-04-05"), Some(json!("2031-04-05"))));
    let choice = read(json!({ "question-type": "choice", "choices": [3, 4], "answer": ["Some", "Many"] }));
    assert_eq!((&*choice.choices, choice.answer), (&[3, 4][..], Some(json!(["Some", "Many"]))));
    let range = read(json!({ "question-type": "range", "range": 7, "answer": 7 }));
    assert_eq!((range.range, range.answer), (Some(7.into()), Some(json!(7))));
    let boolean = read(json!({ "question-type": "boolean", "boolean": false, "answer": false }));
    assert_eq!((boolean.boolean, boolean.answer), (Some(false), Some(json!(false))));
    // A number as a text costs that member, and says so.
    let odd = read(json!({ "question-type": "number", "number": "12,5", "answer": "12,5" }));
    assert!(odd.number.is_none() && odd.unreadable.contains("number"));
    assert_eq!(odd.answer, Some(json!("12,5")));
}
