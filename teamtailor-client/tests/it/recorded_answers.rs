//! Answers of Teamtailor's shapes, recorded by default: nobody is in the file, and what is played back decodes.

use std::{fs, sync::Arc};

use serde_json::{Value, json};
use teamtailor_client::{
    candidates::{CandidateInclude, CandidatePatch, GetCandidate, ListCandidates},
    custom_fields::ListCustomFields,
    test_util::{RecordedAnswers, Recording, Redaction, ScriptedTransport},
    transport::Method,
};

use crate::support::fixtures::{CANDIDATE, CUSTOM_FIELDS, client};

#[tokio::test]
async fn a_candidate_is_played_back_with_ids_types_and_times_and_without_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("candidate.json");
    let script = ScriptedTransport::new().on(Method::GET, "/v1/candidates/4711").json(200, CANDIDATE);
    let get = GetCandidate::new("4711").include([CandidateInclude::CustomFieldValuesCustomField]);
    let answers = RecordedAnswers::builder(&path).recording(Recording::All, script).open().unwrap();
    let original = client(answers).send(&get).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for of_a_person in [
        "\"Ida\"",
        "Sample",
        "ida@",
        "/in/ida",
        "70 000",
        "I like",
        "Ten years",
        "leatherback",
        "images.example",
        "files.example",
        "signature",
        "uid-1",
        "fb-1",
        "Visby",
        "Sweden",
        "Agreement",
        "Permanent",
        "Nights",
        "2031-09-01",
        "Tom",
        "key-1",
    ] {
        assert!(!text.contains(of_a_person), "{of_a_person}: {text}");
    }

    let played = client(RecordedAnswers::open(&path).unwrap()).send(&get).await.unwrap();
    assert_eq!(played.data.id, original.data.id);
    let (played_one, original_one) = (&played.data.attributes, &original.data.attributes);
    assert_eq!(played_one.unreadable, original_one.unreadable, "no member has lost its shape");
    assert_eq!(played_one.created_at, original_one.created_at);
    assert_eq!((played_one.sourced, played_one.connected), (Some(false), Some(true)));
    assert!(played_one.email.as_deref().unwrap().ends_with("@example.com"));
    let values = |text: &str| -> Vec<Value> {
        let included = serde_json::from_str::<Value>(text).unwrap()["included"].take();
        let mut included = included.as_array().unwrap().clone();
        included.iter_mut().for_each(|one| *one = json!([one["id"], one["type"], one["relationships"]]));
        included
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let body = file["exchanges"][0]["answer"]["body"].to_string();
    assert_eq!(values(&body), values(CANDIDATE), "what belongs to what is as it was");
}

#[tokio::test]
async fn a_walk_over_links_is_played_back_and_the_search_stays_out_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("walk.json");
    let page = |id: &str, next: Value| {
        json!({ "data": [{ "id": id, "type": "candidates", "attributes": {} }], "links": { "next": next } })
            .to_string()
    };
    let next =
        "https://api.teamtailor.com/v1/candidates?filter%5Bemail%5D=ida%40example.org&page%5Bafter%5D=aWRh";
    let script = ScriptedTransport::new()
        .on(Method::GET, "/v1/candidates?page[after]=aWRh")
        .json(200, page("2", Value::Null))
        .on(Method::GET, "/v1/candidates?filter[email]=ida@example.org")
        .json(200, page("1", json!(next)));
    let recording = RecordedAnswers::builder(&path).recording(Recording::All, script).open().unwrap();
    let walk = async |answers: Arc<RecordedAnswers>| {
        let list = ListCandidates::new().email("ida@example.org");
        let found = client(answers).candidates().list(list).items().collect().await.unwrap();
        found.iter().map(|candidate| candidate.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(walk(Arc::new(recording)).await, ["1", "2"]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("ida@") && !text.contains("ida%40") && !text.contains("aWRh"), "{text}");
    let answers = Arc::new(RecordedAnswers::open(&path).unwrap());
    assert_eq!(walk(Arc::clone(&answers)).await, ["1", "2"]);
    answers.assert_all_used();
}

#[tokio::test]
async fn a_text_that_the_test_needs_is_kept_by_its_path_and_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fields.json");
    let open = |service: Option<ScriptedTransport>| {
        let redaction = Redaction::new().keep("/v1/custom-fields", "data.attributes.api-name");
        let builder = RecordedAnswers::builder(&path).redaction(redaction);
        match service {
            Some(service) => builder.recording(Recording::All, service).open().unwrap(),
            None => builder.open().unwrap(),
        }
    };
    let names = async |answers: RecordedAnswers| {
        let page = client(answers).send(&ListCustomFields::new()).await.unwrap();
        let fields = page.data.into_iter().filter_map(|field| field.into_result().ok());
        fields.map(|field| field.attributes.api_name).collect::<Vec<_>>()
    };
    let script = ScriptedTransport::new().on(Method::GET, "/v1/custom-fields").json(200, CUSTOM_FIELDS);
    let recorded = names(open(Some(script))).await;
    assert_eq!(recorded[0].as_deref(), Some("notice-period"));
    assert_eq!(names(open(None)).await, recorded);
}

/// What is sent is in the file as what comes back is.
#[tokio::test]
async fn what_is_written_is_recorded_without_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("update.json");
    let script = ScriptedTransport::new().on(Method::PATCH, "/v1/candidates/4711").json(200, CANDIDATE);
    let answers = RecordedAnswers::builder(&path).recording(Recording::All, script).open().unwrap();
    let patch = CandidatePatch::new().first_name("Ida").email("ida@example.com");
    client(answers).candidates().update("4711", patch).await.unwrap();
    let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(
        file["exchanges"][0]["request"]["body"]["data"],
        json!({ "id": "4711", "type": "candidates", "attributes": { "email": "person-1@example.com", "first-name": "text 1" } })
    );
    let attributes = &file["exchanges"][0]["answer"]["body"]["data"]["attributes"];
    assert_eq!(
        (&attributes["email"], &attributes["first-name"]),
        (&json!("person-1@example.com"), &json!("text 1"))
    );
}
