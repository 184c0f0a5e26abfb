//! Candidates are deleted and merged; what the API answers about them from then on.

use http::Method;
use serde_json::json;
use smartsync_sandbox::{ActionError, CandidateSeed, Merged, Sandbox, SandboxSettings};

use crate::support::{sandbox, teamtailor};

/// Eva, who lacks a telephone number and has two custom values and a file; the sample candidate has another contract type.
fn with_eva(form: Merged) -> Sandbox {
    let sandbox = Sandbox::new(SandboxSettings::new().merged(form));
    let eva = CandidateSeed::new("eva@example.com")
        .name("Eva", "Other")
        .field("pitch", "Hello")
        .custom_field("oneflow-contract-type", "Hourly")
        .custom_field("oneflow-notice", "3 months");
    assert_eq!(sandbox.add_candidate(eva).unwrap(), "4712");
    sandbox.put_file("4712", "cv.pdf", false, "a file").unwrap();
    sandbox.add_job_application("4712").unwrap();
    sandbox
}

fn status(sandbox: &Sandbox, method: Method, target: &str) -> u16 {
    let body =
        json!({ "data": { "id": "4712", "type": "candidates", "attributes": { "phone": "+46701740607" } } });
    let body = (method == Method::PATCH).then_some(body);
    teamtailor(sandbox, method, target, body).status
}

#[test]
fn a_deleted_candidate_is_a_404_everywhere_and_in_no_list() {
    let sandbox = with_eva(Merged::default());
    let value = teamtailor(&sandbox, Method::GET, "/candidates/4712/custom-field-values", None).json;
    let value = value["data"][0]["id"].as_str().unwrap().to_owned();
    sandbox.delete_candidate("4712").unwrap();
    for target in [
        "/candidates/4712",
        "/candidates/4712/uploads",
        "/candidates/4712/custom-field-values",
        "/candidates/4712/job-applications",
        &format!("/custom-field-values/{value}"),
    ] {
        assert_eq!(status(&sandbox, Method::GET, target), 404, "{target}");
    }
    assert_eq!(status(&sandbox, Method::PATCH, "/candidates/4712"), 404);
    let found = teamtailor(&sandbox, Method::GET, "/candidates?filter%5Bemail%5D=eva%40example.com", None);
    assert_eq!(found.json["data"], json!([]));
    let owner = json!({ "data": { "type": "candidates", "id": "4712" } });
    let upload = json!({ "data": { "type": "uploads",
        "attributes": { "url": "https://files.example.com/x", "file-name": "x.pdf" },
        "relationships": { "candidate": owner } } });
    let refused = teamtailor(&sandbox, Method::POST, "/uploads", Some(upload));
    assert_eq!((refused.status, refused.complaint().as_str()), (422, "must exist"));
    assert_eq!((sandbox.candidate_card("4712"), sandbox.candidate_files("4712")), (None, vec![]));
    assert_eq!(sandbox.delete_candidate("4712"), Err(ActionError::Candidate));
    // The address belongs to nobody any more.
    assert_eq!(sandbox.add_candidate(CandidateSeed::new("eva@example.com")).unwrap(), "4713");
}

#[test]
fn who_stays_keeps_what_the_card_has_and_gets_the_rest() {
    for form in [Merged::Missing, Merged::Redirects, Merged::Stays] {
        let sandbox = with_eva(form);
        sandbox.merge_candidate("4712", "4711").unwrap();
        let card = sandbox.candidate_card("4711").unwrap();
        let seen = ["first-name", "email", "pitch", "oneflow-contract-type", "oneflow-notice"];
        let seen = seen.map(|name| card.get(name).unwrap());
        assert_eq!(seen, ["Ann", "ann@example.com", "Hello", "Permanent", "3 months"], "{form:?}");
        assert_eq!(card.uploads, ["cv.pdf"], "{form:?}");
        let applications = teamtailor(&sandbox, Method::GET, "/candidates/4711/job-applications", None);
        assert_eq!(applications.json["meta"]["record-count"], 2, "{form:?}");
    }
}

#[test]
fn the_other_id_is_gone_leads_on_or_stays_as_the_settings_say() {
    for (form, expected) in [(Merged::Missing, 404), (Merged::Redirects, 301), (Merged::Stays, 200)] {
        let sandbox = with_eva(form);
        sandbox.merge_candidate("4712", "4711").unwrap();
        for (method, target) in [
            (Method::GET, "/candidates/4712"),
            (Method::GET, "/candidates/4712/uploads"),
            (Method::PATCH, "/candidates/4712"),
        ] {
            assert_eq!(status(&sandbox, method, target), expected, "{form:?} {target}");
        }
        assert_eq!(sandbox.candidates().len(), if form == Merged::Stays { 2 } else { 1 });
    }
    let sandbox = with_eva(Merged::Redirects);
    sandbox.merge_candidate("4712", "4711").unwrap();
    let got = teamtailor(&sandbox, Method::GET, "/candidates/4712/uploads?include=candidate", None);
    assert_eq!(got.header("location"), "https://api.teamtailor.com/v1/candidates/4711/uploads");
    assert_eq!(
        sandbox.candidate_card("4711").unwrap().get("phone"),
        Some("+46701740605"),
        "nothing was written"
    );
}

#[test]
fn nobody_is_merged_into_nobody_or_oneself() {
    let sandbox = sandbox();
    for (who, into) in [("4711", "4711"), ("4711", "1"), ("1", "4711")] {
        assert_eq!(sandbox.merge_candidate(who, into), Err(ActionError::Candidate), "{who} {into}");
    }
    assert_eq!(sandbox.candidates(), ["4711"]);
}
