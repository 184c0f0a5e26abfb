//! What says whose contract it is could not be read: nothing stands in for it, and the signed document is not lost over it.

use serde_json::{Value, json};
use smartsync_core::{DocumentOutcome, Next, Outcome, Plan, Reason, Report, Retry};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    BY_ADDRESS, DEFINITIONS, IDA, SENT, Stage, candidate, candidate_page, cold, contract, summary, token,
};

const BY_TOKEN: &str = "[sync]\nlink = [\"ledger\", \"participant_custom_id\"]";

/// A contract with our token that all have signed, with one change.
fn changed(change: impl Fn(&mut Value)) -> String {
    let mut paper = serde_json::from_str(&contract("signed", &token("4711", "hire-1"), &[("city", "Oslo")]));
    change(paper.as_mut().unwrap());
    paper.unwrap().to_string()
}

/// The plan for it. Should an address be looked for, another candidate has it.
async fn planned(mapping: &str, paper: String) -> (Stage, Plan) {
    let other = candidate_page(IDA, &[], &[]).replace("\"4711\"", "\"4712\"");
    let read = cold().json(200, other);
    let stage = Stage::new(mapping, ScriptedTransport::new().json(200, paper).json(200, SENT), read);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    (stage, plan)
}

/// The report on it, where there is nothing to write.
async fn look(mapping: &str, paper: String) -> Report {
    let (stage, plan) = planned(mapping, paper).await;
    assert_eq!(plan.steps(), [], "{:?}", plan.candidate());
    stage.engine.apply(plan).await
}

/// Whether nothing was done, for something that could not be read, and all of it is tried again.
fn is_tried_again(report: &Report) -> bool {
    let reason = Reason::AnswerUnreadable;
    report.candidate.is_none()
        && report.outcomes.iter().all(|field| field.outcome == Outcome::Held(reason))
        && report.document == DocumentOutcome::Later(reason)
        && report.next == Next::Retry(Retry::default())
}

fn remove(object: &mut Value, member: &str) {
    object.as_object_mut().unwrap().remove(member).unwrap();
}

#[tokio::test]
async fn a_contract_without_its_parties_or_a_party_without_its_participants_is_looked_at_again() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 16] = [
        ("no parties", |paper| remove(paper, "parties")),
        ("null", |paper| paper["parties"] = Value::Null),
        // There always is the own side.
        ("none", |paper| paper["parties"] = json!([])),
        ("no participant", |paper| remove(&mut paper["parties"][1], "participant")),
        ("participant null", |paper| paper["parties"][1]["participant"] = Value::Null),
        ("a company without participants", |paper| {
            remove(&mut paper["parties"][1], "participant");
            paper["parties"][1]["type"] = json!("company");
        }),
        ("a company of none", |paper| {
            remove(&mut paper["parties"][1], "participant");
            paper["parties"][1]["participants"] = json!([]);
        }),
        ("participants null", |paper| {
            remove(&mut paper["parties"][1], "participant");
            paper["parties"][1]["participants"] = Value::Null;
        }),
        ("a party twice", |paper| {
            let party = paper["parties"][1].clone();
            paper["parties"].as_array_mut().unwrap().push(party);
        }),
        ("a participant twice", |paper| {
            let mut party = paper["parties"][1].clone();
            party["id"] = json!(3);
            paper["parties"].as_array_mut().unwrap().push(party);
        }),
        // Whose side it is decides whose address may be the candidate's.
        ("no my_party", |paper| remove(&mut paper["parties"][1], "my_party")),
        ("my_party null", |paper| paper["parties"][0]["my_party"] = Value::Null),
        ("no my_party of ours", |paper| remove(&mut paper["parties"][0], "my_party")),
        // Whoever is shown the owner side of the contract is shown that of a participant.
        ("no owner side", |paper| remove(&mut paper["parties"][1]["participant"], "_private_ownerside")),
        ("owner side null", |paper| {
            paper["parties"][1]["participant"]["_private_ownerside"] = Value::Null;
        }),
        ("owner side empty", |paper| {
            paper["parties"][1]["participant"]["_private_ownerside"] = json!({});
        }),
    ];
    for (name, change) in table {
        for mapping in [BY_TOKEN, BY_ADDRESS] {
            let report = look(mapping, changed(change)).await;
            assert!(is_tried_again(&report), "{name}: {report:?}");
        }
    }
}

#[tokio::test]
async fn a_candidate_who_is_listed_twice_may_stand_in_the_place_of_another() {
    let mut page: Value = serde_json::from_str(&candidate_page(IDA, &[], &[])).unwrap();
    page["data"] = json!([page["data"][0], page["data"][0]]);
    let paper = changed(|paper| {
        paper["parties"][1]["participant"]["_private_ownerside"]["custom_id"] = json!("their-own-number");
    });
    let read = cold().json(200, page.to_string());
    let stage = Stage::new(BY_ADDRESS, ScriptedTransport::new().json(200, paper), read);
    let report = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
    assert!(is_tried_again(&report), "{report:?}");
}

#[tokio::test]
async fn what_our_own_side_lacks_costs_nothing() {
    let paper = changed(|paper| {
        paper["parties"][0]["participants"] = json!([]);
        paper["parties"][1]["participant"]["_private_ownerside"] = json!({ "custom_id": null, "created_time": "2031-01-02T03:04:05+0000", "updated_time": "2031-01-02T03:04:05+0000" });
    });
    let (_, plan) = planned(BY_ADDRESS, paper).await;
    assert_eq!(plan.candidate(), Some(&"4712".into()), "a participant to whom nobody has given an id");
}

#[tokio::test]
async fn a_contract_that_nothing_links_needs_nobody() {
    let paper = changed(|paper| {
        paper["parties"][1]["participant"]["_private_ownerside"]["custom_id"] = json!("their-own-number");
    });
    let report = look(BY_TOKEN, paper).await;
    assert!(report.outcomes.iter().all(|field| field.outcome == Outcome::Held(Reason::NoCandidate)));
    assert_eq!(report.document, DocumentOutcome::Failed(Reason::NoCandidate));
    assert_eq!(report.next, Next::Done);
}

#[tokio::test]
async fn a_caller_who_is_not_on_the_owner_side_is_shown_nothing_of_it() {
    let paper = changed(|paper| {
        remove(paper, "_private_ownerside");
        remove(&mut paper["parties"][0]["participants"][0], "_private_ownerside");
        remove(&mut paper["parties"][1]["participant"], "_private_ownerside");
        paper["data_fields"][0]["custom_id"] = json!("city");
        remove(&mut paper["data_fields"][0], "_private_ownerside");
    });
    let by_address = "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\nworkspaces = [12]";
    for (mapping, reason) in [(BY_TOKEN, Reason::NoCandidate), (by_address, Reason::LinkUnconfirmed)] {
        let (_, plan) = planned(mapping, paper.clone()).await;
        assert_eq!(
            plan.outcomes()[0].outcome,
            Outcome::Held(reason),
            "it is not that something is unreadable"
        );
    }
}

#[tokio::test]
async fn where_anything_shows_the_owner_side_all_of_it_is_expected() {
    // Without its template type, a contract would be out of scope, and its document not due.
    let mapping = format!("{BY_TOKEN}\ntemplate_types = [4711]");
    for private in [None, Some(Value::Null), Some(json!({}))] {
        let paper = changed(|paper| match &private {
            None => remove(paper, "_private_ownerside"),
            Some(other) => paper["_private_ownerside"] = other.clone(),
        });
        let report = look(&mapping, paper).await;
        let member = report.outcomes[0].member;
        assert!(is_tried_again(&report), "{private:?}: {report:?}");
        assert_eq!(member, Some("template_type_id"), "{private:?}");
    }
}

#[tokio::test]
async fn a_sign_state_that_is_not_known_is_looked_at_again() {
    let mapping = "[sync]\nconvention = false\ndocument = { attach = false }\n\
        [[field]]\noneflow = \"city\"\nteamtailor = \"custom:34\"\nwhen = \"candidate_signed\"";
    let read = || {
        let read = ScriptedTransport::new().json(200, DEFINITIONS);
        read.json(200, candidate(IDA, &[], &[]))
    };
    let look = async |sign_state: Option<Value>, is_signatory: Value| {
        let text = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
        let mut paper: Value = serde_json::from_str(&text).unwrap();
        let participant = &mut paper["parties"][1]["participant"];
        participant["signatory"] = is_signatory;
        match sign_state {
            Some(state) => participant["sign_state"] = state,
            None => remove(participant, "sign_state"),
        }
        let stage = Stage::new(mapping, ScriptedTransport::new().json(200, paper.to_string()), read());
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let line = summary(plan.outcomes()).remove(0);
        (line, stage.engine.apply(plan).await.next)
    };
    for state in [None, Some(Value::Null), Some(json!("considering")), Some(json!(""))] {
        let (line, next) = look(state.clone(), json!(true)).await;
        assert_eq!(line, "city held answer-unreadable", "{state:?}");
        assert_eq!(next, Next::Retry(Retry::default()), "{state:?}");
    }
    for (state, is_signatory) in [(json!("undecided"), true), (json!("declined"), true), (Value::Null, false)]
    {
        let (line, next) = look(Some(state.clone()), json!(is_signatory)).await;
        assert_eq!(line, "city skipped waits-for-candidate-signature", "{state}");
        assert_eq!(next, Next::Done, "{state}");
    }
}
