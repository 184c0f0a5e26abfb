//! A token in a data field, where whoever has the contract's link can type.

use std::time::Duration;

use smartsync_core::{
    DocumentOutcome, Ledger, Mapping, Outcome, Reason, ledger::Creation, mapping::LinkMethod,
};
use smartsync_sandbox::{DataFieldSeed, SandboxSettings, TemplateSeed, TemplateTypeSeed};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    linking::{bound_by, is_held, stage_of},
    stage::{IDA, Stage, candidate, cold, contract, token},
    story::Story,
};

#[tokio::test]
async fn a_token_in_a_data_field_names_the_candidate_where_that_is_configured() {
    let mapping = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"candidate-link\"";
    let fields = [("candidate-link", &*token("4711", "hire-1")), ("city", "Oslo")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", "", &fields));
    let stage = Stage::new(mapping, oneflow, cold().json(200, candidate(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.candidate(), Some(&"4711".into()));
}

const BY_FIELD: &str =
    "[sync]\nlink = [\"data_field\", \"participant_custom_id\"]\nlink_data_field = \"candidate-link\"";

#[tokio::test]
async fn a_token_in_a_data_field_that_a_participant_changed_causes_no_write() {
    let (ida, bo) = (token("4711", "hire-1"), token("4712", "hire-2"));
    let stage = |text: &str, custom_id: &str| {
        let body = contract("signed", custom_id, &[("candidate-link", text), ("city", "Oslo")]);
        stage_of(body, BY_FIELD, cold())
    };
    is_held(&stage(&ida.replace("4711", "4712"), ""), Reason::LinkForged).await;
    is_held(&stage(&ida.replace("4711", "4712"), &ida), Reason::LinkForged).await;
    is_held(&stage(&bo, &ida), Reason::SeveralCandidates).await;
    is_held(&stage("", ""), Reason::NoCandidate).await;
    let pasted = stage(&bo, "");
    let other = Creation::Created { candidate: "4712".into(), contract: 9002.into() };
    pasted.ledger.save_creation(&"hire-2".parse().unwrap(), &other).await.unwrap();
    is_held(&pasted, Reason::LinkOfAnotherContract).await;
}

#[tokio::test]
async fn a_token_in_a_data_field_raises_no_binding_by_an_address() {
    for means in [r#""ledger", "data_field", "email""#, r#""data_field", "email""#] {
        let mapping = format!(
            "[sync]\nlink = [{means}]\nlink_data_field = \"candidate-link\"\ntemplate_types = [4711]"
        );
        let elsewhere = Creation::Created { candidate: "4711".into(), contract: 5.into() };
        for creation in [None, Some(elsewhere)] {
            // The token of contract 5, which is the same candidate's.
            let body =
                contract("signed", "", &[("candidate-link", &token("4711", "hire-1")), ("city", "Oslo")]);
            let card = candidate(IDA, &[("904", "34", r#""Oslo""#)], &[]);
            let stage = stage_of(body, &mapping, cold().json(200, card));
            stage.ledger.put(9001.into(), bound_by(Some(LinkMethod::Email)));
            if let Some(creation) = &creation {
                stage.ledger.save_creation(&"hire-1".parse().unwrap(), creation).await.unwrap();
            }
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.linked_by(), Some(LinkMethod::Email), "{means} {creation:?}");
            let report = stage.engine.apply(plan).await;
            assert_eq!(report.document, DocumentOutcome::NotDue(Reason::DocumentByAddress), "{means}");
            assert_eq!(stage.writes(), [""; 0], "{means}");
            let noted = stage.ledger.entry(9001.into()).unwrap().linked_by;
            assert_eq!(noted, Some(LinkMethod::Email), "{means} {creation:?}");
        }
    }
}

#[tokio::test]
async fn what_is_typed_into_the_link_field_shakes_nothing_that_the_ledger_or_the_owner_side_proves() {
    let by_all = "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"data_field\"]\n\
        link_data_field = \"candidate-link\"";
    let by_tokens = BY_FIELD;
    let ida = token("4711", "hire-1");
    let forged = ida.replace("4711", "4712");
    let of = bound_by;
    for text in [&*forged, "teamtailor:", &token("4712", "hire-2")] {
        for (mapping, custom_id, entry) in [
            (by_all, "", of(Some(LinkMethod::Ledger))),
            (by_all, "", of(Some(LinkMethod::DataField))),
            (by_all, &*ida, of(Some(LinkMethod::Ledger))),
            (by_all, &ida, of(None)),
            (by_all, &ida, of(Some(LinkMethod::Email))),
            (by_tokens, &ida, of(Some(LinkMethod::Ledger))),
            (by_tokens, &ida, of(None)),
        ] {
            let name = format!("{text} {mapping} {custom_id} {entry:?}");
            let body = contract("signed", custom_id, &[("candidate-link", text), ("city", "Oslo")]);
            let stage = stage_of(body, mapping, cold().json(200, candidate(IDA, &[], &[])));
            stage.ledger.put(9001.into(), entry);
            let plan = stage.engine.plan(9001.into()).await.unwrap();
            assert_eq!(plan.candidate(), Some(&"4711".into()), "{name}");
            assert_ne!(plan.linked_by(), Some(LinkMethod::Email), "{name}");
            assert_eq!(plan.document(), DocumentOutcome::Attached, "{name}");
        }
        // Where nothing is proven, or nothing else would link the contract, a person has to see it.
        for (mapping, entry) in
            [(by_all, of(Some(LinkMethod::Email))), (by_tokens, of(Some(LinkMethod::Ledger)))]
        {
            let body = contract("signed", "", &[("candidate-link", text), ("city", "Oslo")]);
            let stage = stage_of(body, mapping, cold());
            stage.ledger.put(9001.into(), entry);
            let of_bo = text == token("4712", "hire-2");
            is_held(&stage, if of_bo { Reason::LinkDisagrees } else { Reason::LinkForged }).await;
        }
    }
}

#[tokio::test]
async fn the_data_field_alone_leads_back_to_the_candidate_when_the_ledger_is_lost() {
    let mapping = || {
        let text = "[sync]\nlink = [\"data_field\"]\nlink_data_field = \"candidate-link\"";
        toml::from_str::<Mapping>(text).unwrap()
    };
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(mapping());
    let kind = TemplateTypeSeed::new("With a link")
        .field(DataFieldSeed::new("candidate-link"))
        .field(DataFieldSeed::new("oneflow-notice"));
    let kind = story.sandbox.add_template_type(kind);
    let template = story.sandbox.add_template(TemplateSeed::new("With a link", Some(kind))).unwrap();
    let mut request = story.request("hire-2");
    request.template = template.into();
    let plan = story.engine.plan_contract(&request).await.unwrap();
    story.contract = story.engine.create(plan).await.unwrap().contract.get();
    story.sandbox.publish(story.contract).unwrap();
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let genuine = story.sandbox.contract_card(story.contract).unwrap().data_fields["candidate-link"].clone();

    story.lose_ledger(mapping());
    let forged = genuine.replace("hire-2", "hire-1");
    story.sandbox.fill_data_field(story.contract, "candidate-link", &forged).unwrap();
    let report = story.sync().await;
    assert!(report.outcomes.iter().all(|field| field.outcome == Outcome::Held(Reason::LinkForged)));
    assert_eq!(story.requests(), (0, 3), "the contract, the definitions and their options");

    story.sandbox.fill_data_field(story.contract, "candidate-link", &genuine).unwrap();
    let report = story.sync().await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.linked_by, Some(LinkMethod::DataField));
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
    let bound = story.ledger.entry(story.contract.into()).unwrap().candidate;
    assert_eq!(bound, Some(story.sandbox.seeded().candidate.into()));
}
