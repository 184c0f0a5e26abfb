//! Who is found by an e-mail address: one candidate with it, and one participant.

use smartsync_core::{DocumentOutcome, Next, Reason, Retry};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    linking::{is_held, stage, stage_of, with_signers},
    stage::{
        BY_ADDRESS, DEFINITIONS, IDA, MARKED, SENT, Stage, candidate, candidate_page, cold, contract,
        summary, token,
    },
};

#[tokio::test]
async fn the_one_candidate_with_the_one_address_is_found_in_one_request() {
    let stage = stage("", BY_ADDRESS, cold().json(200, candidate_page(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    let search = stage.teamtailor_requests().pop().unwrap();
    assert!(search.starts_with("GET /v1/candidates?"), "{search}");
    assert!(search.contains("filter%5Bemail%5D=ida%40example.com"), "{search}");
}

#[tokio::test]
async fn a_search_that_fails_with_the_values_finds_who_it_is_and_reads_the_card_alone() {
    let page = r#"{ "data": [ { "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } } ] }"#;
    let script =
        cold().json(500, "{}").json(200, page).json(200, candidate(IDA, &[("902", "32", "42000")], &[]));
    let stage = stage("", BY_ADDRESS, script);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    let requests = stage.teamtailor_requests();
    let [failed, bare, alone] = &requests[requests.len() - 3..] else { panic!("{requests:?}") };
    assert!(failed.contains("include=custom-field-values"), "{failed}");
    assert!(bare.contains("filter%5Bemail%5D=ida%40example.com") && !bare.contains("include"), "{bare}");
    assert!(alone.starts_with("GET /v1/candidates/4711?include=custom-field-values"), "{alone}");
    // The same page, whole: the same plan.
    let whole =
        self::stage("", BY_ADDRESS, cold().json(200, candidate_page(IDA, &[("902", "32", "42000")], &[])));
    assert_eq!(whole.engine.plan(9001.into()).await.unwrap().outcomes(), plan.outcomes());
}

#[tokio::test]
async fn no_candidate_or_several_hold_the_contract() {
    let nobody = r#"{ "data": [] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, nobody)), Reason::NoCandidate).await;
    let other = r#"{ "data": [ { "id": "4712", "type": "candidates", "attributes": { "email": "ida.m@example.com" } } ] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, other)), Reason::NoCandidate).await;
    let two = r#"{ "data": [
        { "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } },
        { "id": "4712", "type": "candidates", "attributes": { "email": "IDA@example.com" } } ] }"#;
    is_held(&stage("", BY_ADDRESS, cold().json(200, two)), Reason::SeveralCandidates).await;
    let by_ledger_only = "[sync]\nlink = [\"ledger\"]";
    is_held(&stage(&token("4711", "hire-1"), by_ledger_only, cold()), Reason::NoCandidate).await;
}

#[tokio::test]
async fn a_candidate_is_found_by_address_only_if_one_participant_has_that_of_one_candidate() {
    let page = |id: &str, email: &str| {
        format!(
            r#"{{ "data": [ {{ "id": "{id}", "type": "candidates", "attributes": {{ "email": "{email}" }} }} ] }}"#
        )
    };
    let nobody = r#"{ "data": [] }"#;
    let two = || with_signers(&[("", "ida@example.com"), ("", "Bo@Example.com")]);
    let both = cold().json(200, page("4711", "ida@example.com")).json(200, page("4712", "bo@example.com"));
    is_held(&stage_of(two(), BY_ADDRESS, both), Reason::SeveralCandidates).await;
    let no_one = cold().json(200, nobody).json(200, nobody);
    is_held(&stage_of(two(), BY_ADDRESS, no_one), Reason::NoCandidate).await;
    let unreadable = cold().json(200, r#"{ "data": [ "nonsense" ] }"#);
    is_held(&stage_of(two(), BY_ADDRESS, unreadable), Reason::AnswerUnreadable).await;
    let without_address = with_signers(&[("", ""), ("", " ")]);
    is_held(&stage_of(without_address, BY_ADDRESS, cold()), Reason::NoCandidate).await;
    let addresses: Vec<String> = (0..11).map(|number| format!("{number}@example.com")).collect();
    let crowd: Vec<(&str, &str)> = addresses.iter().map(|email| ("", email.as_str())).collect();
    is_held(&stage_of(with_signers(&crowd), BY_ADDRESS, cold()), Reason::SeveralCandidates).await;
    let ten = (0..10).fold(cold(), |script, _| script.json(200, nobody));
    is_held(&stage_of(with_signers(&crowd[..10]), BY_ADDRESS, ten), Reason::NoCandidate).await;

    let alone = r#"{ "data": { "id": "4712", "type": "candidates", "attributes": {} } }"#;
    let one = cold().json(200, nobody).json(200, page("4712", "bo@example.com")).json(200, alone);
    let stage = stage_of(two(), BY_ADDRESS, one);
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4712".into()));
}

#[tokio::test]
async fn what_cannot_be_read_while_looking_for_an_address_is_looked_at_again() {
    let stage = stage_of(
        with_signers(&[("", "ida@example.com")]),
        BY_ADDRESS,
        cold().json(200, r#"{ "data": [ 1 ] }"#),
    );
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!(summary(&report.outcomes)[0], "city held answer-unreadable");
    assert_eq!(report.next, Next::Retry(Retry::default()));
}

#[tokio::test]
async fn a_candidate_whose_address_cannot_be_read_may_be_the_one_or_a_second_one() {
    for lost in [r#""attributes": { "email": ["ida@example.com"] }"#, r#""attributes": [1]"#] {
        for order in [[lost, IDA_ALONE], [IDA_ALONE, lost]] {
            let item =
                |id: usize| format!(r#"{{ "id": "{}", "type": "candidates", {} }}"#, 4711 + id, order[id]);
            let page = format!(r#"{{ "data": [ {}, {} ] }}"#, item(0), item(1));
            let stage =
                stage_of(with_signers(&[("", "ida@example.com")]), BY_ADDRESS, cold().json(200, page));
            is_held(&stage, Reason::AnswerUnreadable).await;
        }
    }
}

const IDA_ALONE: &str = r#""attributes": { "email": "ida@example.com" }"#;

#[tokio::test]
async fn values_that_came_along_with_a_list_and_belong_to_nobody_have_the_card_read_as_a_whole() {
    let listed = candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
    let mut unlinked: serde_json::Value = serde_json::from_str(&listed).unwrap();
    unlinked["data"][0]["relationships"]["custom-field-values"]["data"] = serde_json::json!([]);
    let whole = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
    let teamtailor = cold().json(200, unlinked.to_string()).json(200, whole);
    let stage = stage_of(with_signers(&[("", "ida@example.com")]), BY_ADDRESS, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(summary(plan.outcomes())[0], "city unchanged");
}

#[tokio::test]
async fn a_card_of_which_the_list_shows_a_part_only_is_read_as_a_whole() {
    for shown in ["", r#""uploads": { "data": [] }"#, r#""custom-field-values": { "data": [] }"#] {
        let listed = format!(
            r#"{{ "data": [ {{ "id": "4711", "type": "candidates", "attributes": {{ "email": "ida@example.com" }},
                "relationships": {{ {shown} }} }} ] }}"#
        );
        let whole = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[MARKED]);
        let teamtailor = cold().json(200, listed).json(200, whole);
        let mapping = format!("{BY_ADDRESS}document = {{ by_email = true }}");
        let stage = stage_of(with_signers(&[("", "ida@example.com")]), &mapping, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(summary(plan.outcomes())[0], "city unchanged", "{shown}");
        assert_eq!(plan.document(), DocumentOutcome::AlreadyThere, "{shown}");
    }
}

#[tokio::test]
async fn an_address_alone_binds_no_contract_before_anything_was_agreed_or_written() {
    let waits = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]\nconvention = false\ndocument = { attach = false }\n\
        [[field]]\noneflow = \"city\"\nteamtailor = \"custom:34\"\nwhen = \"all_signed\"";
    let oneflow =
        ScriptedTransport::new().json(200, contract("pending", "", &[("city", "Oslo")])).json(200, SENT);
    let teamtailor = ScriptedTransport::new().json(200, DEFINITIONS).json(200, candidate_page(IDA, &[], &[]));
    let stage = Stage::new(waits, oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
    stage.engine.apply(plan).await;
    assert_eq!(stage.ledger.entry(9001.into()).unwrap_or_default().candidate, None);
}

#[tokio::test]
async fn an_address_binds_no_candidate_who_turns_out_to_be_gone_whatever_else_was_agreed() {
    // The city is on the card already, the salary is not.
    let paper = contract("pending", "", &[("city", "Oslo"), ("oneflow-salary", "45000")]);
    let card = candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[]);
    let gone = r#"{ "errors": [ { "title": "is invalid", "source": { "pointer": "/data/relationships/owner" } } ] }"#;
    let stage = stage_of(
        paper,
        &format!("{BY_ADDRESS}document = {{ attach = false }}"),
        cold().json(200, card).json(422, gone),
    );
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.steps().len(), 1);
    let report = stage.engine.apply(plan).await;
    let ends = summary(&report.outcomes);
    assert!(ends.contains(&"city unchanged".to_owned()), "{ends:?}");
    assert!(ends.contains(&"oneflow-salary held candidate-gone".to_owned()), "{ends:?}");
    let entry = stage.ledger.entry(9001.into()).unwrap_or_default();
    assert_eq!((entry.candidate, entry.bases.len()), (None, 0));
}

#[tokio::test]
async fn participants_who_share_the_address_of_the_candidate_hold_the_contract() {
    let page = |candidates: &str| format!(r#"{{ "data": [ {candidates} ] }}"#);
    let ida = r#"{ "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } }"#;
    let bo = r#"{ "id": "4712", "type": "candidates", "attributes": { "email": "bo@example.com" } }"#;
    let twin = ida.replace("4711", "4713");
    let shared = || with_signers(&[("", "ida@example.com"), ("", " Ida@Example.com ")]);

    let stage = stage_of(shared(), BY_ADDRESS, cold().json(200, page(ida)));
    is_held(&stage, Reason::AddressShared).await;
    assert_eq!(stage.teamtailor_requests().len(), 3, "it is looked for once");
    is_held(&stage_of(shared(), BY_ADDRESS, cold().json(200, page(""))), Reason::NoCandidate).await;
    let both = cold().json(200, page(&format!("{ida}, {twin}")));
    is_held(&stage_of(shared(), BY_ADDRESS, both), Reason::SeveralCandidates).await;
    let three = with_signers(&[("", "ida@example.com"), ("", "bo@example.com"), ("", "ida@example.com")]);
    let others = cold().json(200, page(ida)).json(200, page(bo));
    is_held(&stage_of(three, BY_ADDRESS, others), Reason::SeveralCandidates).await;

    // Of the addresses, only that of the candidate has to be one participant's.
    let crowd = with_signers(&[("", "ida@example.com"), ("", "bo@example.com"), ("", "bo@example.com")]);
    let found = cold().json(200, page(ida)).json(200, page("")).json(200, candidate(IDA, &[], &[]));
    let stage = stage_of(crowd, BY_ADDRESS, found);
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
    // A token names its own participant, whatever the addresses are.
    let with_token = with_signers(&[(&token("4711", "hire-1"), "ida@example.com"), ("", "ida@example.com")]);
    let stage = stage_of(with_token, BY_ADDRESS, cold().json(200, candidate(IDA, &[], &[])));
    assert_eq!(stage.engine.plan(9001.into()).await.unwrap().candidate(), Some(&"4711".into()));
}
