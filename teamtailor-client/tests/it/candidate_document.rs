//! A candidate joined with what came along.

use serde_json::{Value, json};
use teamtailor_client::{
    candidates::{Candidate, GetCandidate, ListCandidates},
    custom_fields::CustomFieldKind,
    jsonapi::Document,
};

use crate::support::fixtures::{CANDIDATE, CANDIDATES, changed, decode};

fn read(body: &str) -> Document<Candidate> {
    decode(&GetCandidate::new("4711"), body)
}

/// The field's api-name and the value, or the error's text.
fn pairs(document: &Document<Candidate>) -> Vec<Result<(String, Value), String>> {
    let mut pairs = Vec::new();
    for pair in document.custom_field_values() {
        pairs.push(match pair {
            Ok((value, field)) => {
                Ok((field.attributes.api_name.clone().unwrap(), value.attributes.value.unwrap()))
            }
            Err(error) => Err(error.to_string()),
        });
    }
    pairs
}

fn ok(name: &str, value: Value) -> Result<(String, Value), String> {
    Ok((name.to_owned(), value))
}

#[test]
fn values_come_with_their_definitions_in_the_order_of_the_answer() {
    assert_eq!(
        pairs(&read(CANDIDATE)),
        [
            ok("driver", json!("true")),
            ok("start-date", json!("2031-09-01")),
            ok("contract-type", json!("Permanent")),
            ok("shifts", json!(["Nights", "Weekends"])),
        ]
    );
}

#[test]
fn a_select_is_found_whichever_type_the_value_names() {
    // In the fixture, value 903 names its field as `custom-fields`, and it came along as `custom-field-selects`.
    let document = read(CANDIDATE);
    let kinds: Vec<CustomFieldKind> =
        document.custom_field_values().map(|pair| pair.unwrap().1.kind.clone()).collect();
    assert_eq!(kinds[3], CustomFieldKind::CustomFieldSelects);
}

#[test]
fn values_that_were_not_loaded_are_an_error_and_not_an_empty_list() {
    let body = changed(CANDIDATE, |document| {
        document["data"]["relationships"]["custom-field-values"] = json!({ "links": {} });
    });
    assert_eq!(pairs(&read(&body)), [Err("the answer has no custom field values".to_owned())]);
}

#[test]
fn no_values_are_an_empty_list() {
    let body = changed(CANDIDATE, |document| {
        document["data"]["relationships"]["custom-field-values"] = json!({ "data": [] });
    });
    assert_eq!(pairs(&read(&body)), []);
}

#[test]
fn one_missing_or_malformed_part_does_not_lose_the_other_values() {
    let without_definition = changed(CANDIDATE, |document| {
        document["included"].as_array_mut().unwrap().retain(|item| item["id"] != "31");
    });
    let pairs_without = pairs(&read(&without_definition));
    assert_eq!(pairs_without[1], Err("the answer has no definition of a custom field value".to_owned()));
    assert_eq!(pairs_without.iter().filter(|pair| pair.is_ok()).count(), 3);

    let without_value = changed(CANDIDATE, |document| {
        document["included"].as_array_mut().unwrap().retain(|item| item["id"] != "901");
    });
    let pairs_without = pairs(&read(&without_value));
    assert_eq!(pairs_without[1], Err("the answer has no custom field values".to_owned()));
    assert_eq!(pairs_without.iter().filter(|pair| pair.is_ok()).count(), 3);

    let malformed = changed(CANDIDATE, |document| {
        for item in document["included"].as_array_mut().unwrap() {
            if item["id"] == "31" {
                item["id"] = json!(["31"]);
            }
        }
    });
    let pairs_malformed = pairs(&read(&malformed));
    let error = "the answer's definition of a custom field value could not be read";
    assert_eq!(pairs_malformed[1], Err(error.to_owned()));
    assert_eq!(pairs_malformed.iter().filter(|pair| pair.is_ok()).count(), 3);
}

#[test]
fn uploads_come_in_the_order_of_the_answer() {
    let document = read(CANDIDATE);
    let names: Vec<Option<String>> =
        document.uploads().map(|upload| upload.unwrap().attributes.file_name).collect();
    assert_eq!(names, [Some("Agreement (42).pdf".to_owned())]);
}

#[test]
fn uploads_that_were_not_loaded_are_an_error_and_not_an_empty_list() {
    let body = changed(CANDIDATE, |document| {
        document["data"]["relationships"].as_object_mut().unwrap().remove("uploads");
    });
    let uploads: Vec<bool> = read(&body).uploads().map(|upload| upload.is_ok()).collect();
    assert_eq!(uploads, [false]);
}

#[test]
fn each_candidate_of_a_page_has_its_own_values() {
    let page = decode(&ListCandidates::new(), CANDIDATES);
    let read = |position: usize| -> Vec<bool> {
        let candidate = page.data[position].as_result().unwrap();
        page.included.custom_field_values(candidate).map(|pair| pair.is_ok()).collect()
    };
    assert_eq!((read(0), read(2)), (vec![true], vec![]));
    assert_eq!(page.included.uploads(page.data[0].as_result().unwrap()).count(), 0);
}

#[test]
fn a_definition_and_its_options_are_shared_by_all_values_of_the_field() {
    let body = changed(CANDIDATE, |document| {
        let included = document["included"].as_array_mut().unwrap();
        let mut second = included.iter().find(|item| item["id"] == "901").unwrap().clone();
        second["id"] = json!("999");
        included.push(second);
        let values = &mut document["data"]["relationships"]["custom-field-values"]["data"];
        values.as_array_mut().unwrap().push(json!({ "type": "custom-field-values", "id": "999" }));
    });
    let document = read(&body);
    let filled: Vec<_> = document.filled_custom_fields().map(Result::unwrap).collect();
    let of = |id: &str| filled.iter().find(|field| field.value.id.as_str() == id).unwrap();
    assert!(std::sync::Arc::ptr_eq(&of("901").definition, &of("999").definition));
    assert!(std::sync::Arc::ptr_eq(&of("901").options, &of("999").options));
}

#[test]
fn a_value_whose_definition_is_null_or_illegible_is_an_error_that_says_which() {
    for (linkage, expected) in [
        (json!(null), "the answer has no definition of a custom field value"),
        (
            json!({ "type": "custom-fields", "id": "" }),
            "the answer's definition of a custom field value could not be read",
        ),
    ] {
        let body = changed(CANDIDATE, |document| {
            for item in document["included"].as_array_mut().unwrap() {
                if item["id"] == "901" {
                    item["relationships"]["custom-field"]["data"] = linkage.clone();
                }
            }
        });
        let pairs = pairs(&read(&body));
        assert_eq!(pairs[1], Err(expected.to_owned()));
        assert_eq!(pairs.iter().filter(|pair| pair.is_ok()).count(), 3);
    }
}
