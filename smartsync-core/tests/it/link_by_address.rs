//! What an e-mail address proves: that a contract was sent to it, where nothing has become of its participant since.

use serde_json::{Value, json};
use smartsync_core::{Ledger, Mapping, Next, Outcome, Plan, Reason, Retry, mapping::LinkMethod};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    linking::{bound_by, is_held},
    stage::{BY_ADDRESS, Hand, IDA, SENT, Stage, candidate, candidate_page, cold, contract, summary},
};

const EVENTS: &str = "GET /v1/contracts/9001/events";

/// A contract that others have made, with one change. It was made at 03:04:05 and sent at 03:05:00.
fn paper(state: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut paper = serde_json::from_str(&contract(state, "", &[("city", "Oslo")])).unwrap();
    change(&mut paper);
    paper.to_string()
}

/// These events behind that of the sending.
fn since(events: &[Value]) -> String {
    let mut all: Value = serde_json::from_str(SENT).unwrap();
    all["data"].as_array_mut().unwrap().extend(events.iter().cloned());
    all["count"] = json!(events.len() + 1);
    all.to_string()
}

/// An event about the participant, an hour after the sending.
fn event(kind: &str, subject: Value, changes: Value) -> Value {
    json!({
        "id": 55002, "type": kind, "created_time": "2031-01-02T04:05:00+0000", "actor": null,
        "data": { "subject": subject, "changes": changes },
    })
}

fn changed(attributes: &[&str]) -> Value {
    let change = |attribute: &&str| json!({ "attribute": attribute, "from": "a", "to": "b" });
    attributes.iter().map(change).collect()
}

async fn planned(mapping: &str, oneflow: ScriptedTransport) -> (Stage, Plan) {
    let read = cold();
    let stage = Stage::new(mapping, oneflow, read.json(200, candidate_page(IDA, &[], &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    (stage, plan)
}

fn events_read(stage: &Stage) -> usize {
    stage.oneflow_requests().iter().filter(|line| line.starts_with(EVENTS)).count()
}

/// Whether the candidate is found by these events. If not, the contract is held and nothing is written or bound.
async fn is_linked(oneflow: ScriptedTransport) -> (bool, usize) {
    let mapping = format!("{BY_ADDRESS}document = {{ attach = false }}");
    let (stage, plan) = planned(&mapping, oneflow).await;
    let read = events_read(&stage);
    if plan.candidate().is_some() {
        assert_eq!((plan.candidate(), plan.linked_by()), (Some(&"4711".into()), Some(LinkMethod::Email)));
        return (true, read);
    }
    let report = stage.engine.apply(plan).await;
    let held = Outcome::Held(Reason::LinkUnconfirmed);
    assert!(report.outcomes.iter().all(|field| field.outcome == held), "{:?}", report.outcomes);
    assert!(!report.outcomes.is_empty() && !report.is_without_candidate());
    assert_eq!(report.next, Next::Retry(Retry::default()), "Oneflow may say it later; in the end, a person");
    assert_eq!(stage.writes(), [""; 0]);
    assert_eq!(stage.ledger.entry(9001.into()), None, "nothing is bound");
    (false, read)
}

async fn with(paper: String, events: &str) -> (bool, usize) {
    is_linked(ScriptedTransport::new().json(200, paper).json(200, events)).await
}

#[tokio::test]
async fn a_signatory_to_whom_the_contract_was_sent_and_who_is_as_they_were_links_it() {
    assert_eq!(with(paper("pending", |_| {}), SENT).await, (true, 1));
    // Another second, another way to write it.
    for created in ["2031-01-02T03:05:00+0000", "2031-01-02T03:05:00.900+00:00", "2031-01-02T04:05:00+0100"] {
        let paper = paper("pending", |paper| {
            let private = &mut paper["parties"][1]["participant"]["_private_ownerside"];
            private["created_time"] = json!(created);
        });
        assert_eq!(with(paper, SENT).await, (true, 1), "{created}");
    }
}

/// The contract with these members in the participant.
fn of_participant(private: Value, shown: Value) -> String {
    paper("pending", |paper| {
        let who = &mut paper["parties"][1]["participant"];
        for (name, value) in private.as_object().unwrap() {
            who["_private_ownerside"][name] = value.clone();
        }
        for (name, value) in shown.as_object().unwrap() {
            who[name] = value.clone();
        }
    })
}

#[tokio::test]
async fn a_change_of_the_participant_that_nothing_explains_holds_the_contract() {
    let this = || json!({ "id": 21, "name": "Ida" });
    let later = "2031-01-02T04:05:00+0000";
    let visit = || event("participant:first_visit", this(), json!([]));
    let sign = || event("participant:sign", this(), json!([]));
    let edit = || event("data_field:update", json!({ "id": 70000 }), changed(&["value"]));
    let of_bo = || event("participant:sign", json!({ "id": 22 }), json!([]));
    let at = |event: Value, time: &str| {
        let mut event = event;
        event["created_time"] = json!(time);
        event
    };
    let (none, updated) = (json!({}), |time: &str| json!({ "updated_time": time }));
    let visited = |time: &str, updated: &str| json!({ "updated_time": updated, "last_visited_time": time });
    let signed = json!({ "sign_state": "signed", "sign_state_updated_time": later });
    for (private, shown, events, expected) in [
        // Sent, and delivered at once.
        (updated("2031-01-02T03:05:05+0000"), none.clone(), vec![], true),
        (updated("2031-01-02T03:05:05+0000"), none.clone(), vec![edit()], true),
        // Changed, and nothing says how.
        (updated("2031-01-02T03:05:06+0000"), none.clone(), vec![], false),
        (updated(later), none.clone(), vec![edit()], false),
        (updated("2031-02-30T04:05:00+0000"), none.clone(), vec![], false),
        // It looked at the contract, or signed.
        (visited(later, later), none.clone(), vec![visit()], true),
        (visited(later, "2031-01-02T04:05:05+0000"), none.clone(), vec![visit()], true),
        (updated(later), signed.clone(), vec![sign()], true),
        (updated(later), none.clone(), vec![sign()], true),
        // It looked at it, and was changed by something else.
        (visited(later, "2031-01-02T04:05:06+0000"), none.clone(), vec![visit()], false),
        (updated("2031-01-02T05:05:00+0000"), signed.clone(), vec![sign()], false),
        (updated(later), none.clone(), vec![at(sign(), "2031-01-02T04:05:06+0000")], false),
        // It did, and no event shows anything of it.
        (visited(later, later), none.clone(), vec![], false),
        (visited(later, later), none.clone(), vec![edit()], false),
        (visited(later, later), none.clone(), vec![of_bo()], false),
        (updated(later), signed.clone(), vec![], false),
        (none.clone(), signed, vec![], false),
        // Oneflow does not say when it was changed: then the events have to speak of it.
        (json!({ "updated_time": null }), none.clone(), vec![], false),
        (json!({ "updated_time": 7 }), none.clone(), vec![edit()], false),
        (json!({ "updated_time": null }), none.clone(), vec![visit()], true),
        (
            json!({ "updated_time": null }),
            none.clone(),
            vec![at(event("participant:publish", this(), json!([])), "2031-01-02T03:05:00+0000")],
            true,
        ),
    ] {
        let found = with(of_participant(private.clone(), shown.clone()), &since(&events)).await.0;
        assert_eq!(found, expected, "{private} {shown} {events:?}");
    }
}

#[tokio::test]
async fn events_that_keep_silent_on_another_participant_to_whom_something_happened_hold_the_contract() {
    let with_bo = |updated: &str| {
        paper("pending", |paper| {
            let mut party = paper["parties"][1].clone();
            let bo = &mut party["participant"];
            (bo["id"], bo["email"]) = (json!(22), json!(""));
            bo["_private_ownerside"]["updated_time"] = json!(updated);
            party["id"] = json!(3);
            paper["parties"].as_array_mut().unwrap().push(party);
        })
    };
    let visit = event("participant:first_visit", json!({ "id": 22 }), json!([]));
    assert!(with(with_bo("2031-01-02T03:04:05+0000"), SENT).await.0, "nothing has happened");
    assert!(!with(with_bo("2031-01-02T04:05:00+0000"), SENT).await.0);
    assert!(with(with_bo("2031-01-02T04:05:00+0000"), &since(&[visit])).await.0);
}

#[tokio::test]
async fn what_an_earlier_version_has_bound_is_asked_what_an_address_proves_once() {
    let by_email = "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]\ndocument = { attach = false }";
    let by_both = format!("{BY_ADDRESS}document = {{ attach = false }}");
    let delegated = since(&[event("participant:delegate", Value::Null, json!([]))]);
    for (mapping, events, is_linked) in [
        (by_email, SENT, true),
        (&*by_both, SENT, true),
        (by_email, &*delegated, false),
        (&by_both, &delegated, false),
    ] {
        let read = cold();
        let card = || candidate(IDA, &[], &[]);
        let page = || candidate_page(IDA, &[], &[]);
        let is_by_id = mapping != by_email;
        let first = if is_by_id { read.json(200, page()).json(200, card()) } else { read.json(200, page()) };
        let teamtailor = first.json(201, "{}").json(200, if is_by_id { card() } else { page() });
        let oneflow = ScriptedTransport::new().json(200, paper("pending", |_| {})).json(200, events);
        let stage = Stage::new(mapping, oneflow.json(200, paper("pending", |_| {})), teamtailor);
        stage.ledger.put(9001.into(), bound_by(None));
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!((plan.candidate().is_some(), events_read(&stage)), (is_linked, 1), "{mapping}");
        let report = stage.engine.apply(plan).await;
        let noted = stage.ledger.entry(9001.into()).unwrap();
        assert_eq!(noted.candidate, Some("4711".into()));
        if is_linked {
            assert_eq!(noted.linked_by, Some(LinkMethod::Email), "{mapping}");
        } else {
            let held = Outcome::Held(Reason::LinkUnconfirmed);
            assert!(report.outcomes.iter().all(|field| field.outcome == held), "{:?}", report.outcomes);
            assert_eq!(noted.linked_by, None, "{mapping}");
        }
    }
}

#[tokio::test]
async fn what_the_contract_itself_does_not_show_of_the_participant_holds_it_without_another_request() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 12] = [
        ("no signatory said", |who| drop(who.as_object_mut().unwrap().remove("signatory"))),
        ("signatory null", |who| who["signatory"] = Value::Null),
        ("signatory unreadable", |who| who["signatory"] = json!("yes")),
        ("added a second later", |who| {
            who["_private_ownerside"]["created_time"] = json!("2031-01-02T03:05:01+0000");
        }),
        ("added a month later", |who| {
            who["_private_ownerside"]["created_time"] = json!("2031-02-02T03:05:01+0000");
        }),
        ("no time", |who| {
            who["_private_ownerside"] = json!({ "custom_id": null, "visits": 1 });
        }),
        ("time null", |who| {
            who["_private_ownerside"] = json!({ "custom_id": null, "visits": 1, "created_time": null });
        }),
        ("time unreadable", |who| who["_private_ownerside"]["created_time"] = json!(7)),
        ("time of no calendar", |who| {
            who["_private_ownerside"]["created_time"] = json!("2031-02-30T00:00:00Z");
        }),
        ("sent at no time", |who| who["published"] = Value::Null),
        ("sent at an unreadable time", |who| who["published"] = json!(7)),
        ("sent before", |who| who["published"] = json!("2031-01-02T03:04:04+0000")),
    ];
    for (name, change) in table {
        let paper = paper("pending", |paper| {
            let mut who = paper["parties"][1]["participant"].clone();
            change(&mut who);
            if let Some(published) = who.as_object_mut().unwrap().remove("published") {
                paper["published_time"] = published;
            }
            paper["parties"][1]["participant"] = who;
        });
        assert_eq!(with(paper, SENT).await, (false, 0), "{name}");
    }
}

#[tokio::test]
async fn events_that_may_have_put_another_in_the_participants_place_hold_the_contract() {
    let (this, other) = (|| json!({ "id": 21, "name": "Ida" }), || json!({ "id": 22, "name": "Bo" }));
    let nobody = Value::Null;
    let name = || changed(&["name", "title"]);
    let table = [
        // What happens to every contract.
        (event("participant:first_visit", this(), json!([])), true),
        (event("participant:sign", this(), json!([])), true),
        (event("participant:delivery_failure", this(), json!([])), true),
        (event("participant:create", other(), json!([])), true),
        (event("participant:delete", other(), json!([])), true),
        (event("contract:content_update", json!({ "id": 9001 }), json!([])), true),
        (event("data_field:update", json!({ "id": 70000 }), changed(&["value"])), true),
        (event("comment:create", nobody.clone(), json!([])), true),
        (event("contract:frozen", json!({ "id": 9001 }), json!([])), true),
        // Handed over: whom it is about, nobody knows.
        (event("participant:delegate", this(), json!([])), false),
        (event("participant:delegate", other(), json!([])), false),
        (event("participant:delegate", nobody.clone(), json!([])), false),
        // Changed.
        (event("participant:update", this(), changed(&["email"])), false),
        (event("participant:update", this(), changed(&["name", "email"])), false),
        (event("participant:update", this(), changed(&["e-mail address"])), false),
        (event("participant:update", this(), json!([])), false),
        (event("participant:update", this(), json!([{ "from": "a", "to": "b" }])), false),
        (event("participant:update", this(), json!({ "name": "Bo" })), false),
        (event("participant:update", nobody.clone(), changed(&["email"])), false),
        (event("participant:update", json!({ "id": "21" }), changed(&["email"])), false),
        (event("participant:update", this(), name()), true),
        (event("participant:update", nobody.clone(), name()), true),
        // Two may have shared the address, and the candidate is who has given it up.
        (event("participant:update", other(), changed(&["email"])), false),
        (event("participant:update", other(), name()), true),
        (event("party:update", json!({ "id": 2 }), changed(&["email"])), false),
        (event("party:update", json!({ "id": 2 }), json!([])), false),
        (event("party:update", json!({ "id": 2 }), changed(&["name", "identification_number"])), true),
        // It says that it was there before, and this says that it was not.
        (event("participant:create", this(), json!([])), false),
        // What is not known may be anything.
        (event("participant:replace", this(), json!([])), false),
        (event("participant:replace", nobody.clone(), json!([])), false),
        (event("participant:replace", other(), json!([])), true),
        (event("frozen", nobody.clone(), json!([])), false),
        (json!({ "id": 55002, "created_time": "2031-01-02T04:05:00+0000" }), false),
        (json!({ "id": 55002, "type": 7, "created_time": "2031-01-02T04:05:00+0000" }), false),
        (
            json!({ "id": 55002, "type": "participant:update", "created_time": "2031-01-02T04:05:00+0000" }),
            false,
        ),
    ];
    for (event, expected) in table {
        let is_linked = with(paper("pending", |_| {}), &since(std::slice::from_ref(&event))).await;
        assert_eq!(is_linked, (expected, 1), "{event}");
    }
}

#[tokio::test]
async fn what_happened_before_the_sending_is_the_owners_doing_and_what_has_no_time_is_not() {
    let delegated = |time: Value| {
        let mut event = event("participant:delegate", json!({ "id": 21 }), json!([]));
        event["created_time"] = time;
        since(&[event])
    };
    for (time, expected) in [
        (json!("2031-01-02T03:04:59+0000"), true),
        (json!("2031-01-02T03:05:00+0000"), false),
        (Value::Null, false),
        (json!(7), false),
        (json!("yesterday"), false),
    ] {
        let found = with(paper("pending", |_| {}), &delegated(time.clone())).await;
        assert_eq!(found, (expected, 1), "{time}");
    }
}

#[tokio::test]
async fn events_that_are_not_all_hold_the_contract() {
    let sent = || serde_json::from_str::<Value>(SENT).unwrap();
    let visit = json!([{ "id": 55002, "type": "participant:first_visit", "created_time": "2031-01-02T04:05:00+0000" }]);
    let mut twice = sent();
    (twice["data"], twice["count"]) = (json!([twice["data"][0], twice["data"][0]]), json!(2));
    let mut of_two = sent();
    of_two["count"] = json!(0);
    let mut count = sent();
    count["count"] = json!("one");
    let mut item = sent();
    (item["data"], item["count"]) = (json!([item["data"][0], "nonsense"]), json!(2));
    for (name, body) in [
        ("none", json!({ "count": 0, "data": [] })),
        ("no sending", json!({ "count": 1, "data": visit })),
        ("one twice", twice),
        ("fewer said than shown", of_two),
        ("count unreadable", count),
        ("an item unreadable", item),
        ("no list", json!({})),
        ("another form", json!([])),
    ] {
        assert_eq!(with(paper("pending", |_| {}), &body.to_string()).await, (false, 1), "{name}");
    }
    for status in [400, 403, 404, 410] {
        let script = ScriptedTransport::new().json(200, paper("pending", |_| {})).json(status, "{}");
        assert_eq!(is_linked(script).await, (false, 1), "{status}");
    }
}

#[tokio::test]
async fn so_many_pages_of_events_are_read_and_no_more() {
    let page = |number: u32, count: u32| {
        let one = |id: u32| json!({ "id": id, "type": "contract:publish", "created_time": "2031-01-02T03:05:00+0000" });
        let events: Vec<Value> = (0..100).map(|position| one(number * 100 + position)).collect();
        json!({ "count": count, "data": events }).to_string()
    };
    for (pages, expected) in [(4, (true, 4)), (6, (false, 5))] {
        let first = ScriptedTransport::new().json(200, paper("pending", |_| {}));
        let script = (0..pages).fold(first, |script, number| script.json(200, page(number, pages * 100)));
        assert_eq!(is_linked(script).await, expected, "{pages}");
    }
}

#[tokio::test]
async fn a_busy_service_is_asked_again_and_no_word_on_the_contract() {
    for status in [401, 429, 500, 503] {
        let script = ScriptedTransport::new().json(200, paper("pending", |_| {})).json(status, "{}");
        let read = cold();
        let stage = Stage::new(BY_ADDRESS, script, read.json(200, candidate_page(IDA, &[], &[])));
        assert!(stage.engine.plan(9001.into()).await.is_err(), "{status}");
    }
}

#[tokio::test]
async fn events_are_read_only_of_a_contract_that_an_address_would_link() {
    let ida =
        |id: &str| json!({ "id": id, "type": "candidates", "attributes": { "email": "ida@example.com" } });
    let nobody = json!({ "data": [] });
    let two = json!({ "data": [ida("4711"), ida("4712")] });
    for (found, reason) in [(nobody, Reason::NoCandidate), (two, Reason::SeveralCandidates)] {
        let read = cold();
        let oneflow = ScriptedTransport::new().json(200, paper("pending", |_| {}));
        let stage = Stage::new(BY_ADDRESS, oneflow, read.json(200, found.to_string()));
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(plan.outcomes()[0].outcome, Outcome::Held(reason));
    }
    // A forgotten one is not asked after, and nobody looks for an observer's address.
    let oneflow = ScriptedTransport::new().json(200, paper("pending", |_| {}));
    let read = cold();
    let stage = Stage::new(BY_ADDRESS, oneflow, read.json(200, candidate_page(IDA, &[], &[])));
    stage.ledger.forget(&"4711".into()).await.unwrap();
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.outcomes()[0].outcome, Outcome::Skipped(Reason::CandidateForgotten));
    let observer = paper("pending", |paper| paper["parties"][1]["participant"]["signatory"] = json!(false));
    let read = cold();
    let stage = Stage::new(BY_ADDRESS, ScriptedTransport::new().json(200, observer), read);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.outcomes()[0].outcome, Outcome::Held(Reason::NoCandidate));
    // One that is bound already is not asked after either, by whichever means it is found.
    for mapping in [BY_ADDRESS, "[sync]\nlink = [\"email\"]\ntemplate_types = [4711]"] {
        let page = candidate_page(IDA, &[], &[]);
        let card = if mapping == BY_ADDRESS { candidate(IDA, &[], &[]) } else { page };
        let read = cold().json(200, card);
        let oneflow = ScriptedTransport::new().json(200, paper("pending", |_| {}));
        let stage = Stage::new(mapping, oneflow, read);
        stage.ledger.put(9001.into(), bound_by(Some(LinkMethod::Email)));
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!((plan.candidate(), plan.linked_by()), (Some(&"4711".into()), Some(LinkMethod::Email)));
    }
}

#[test]
fn an_address_without_a_scope_is_no_way_to_find_a_candidate() {
    let check = |text: &str| toml::from_str::<Mapping>(text).unwrap().check();
    assert!(check("[sync]\nlink = [\"ledger\", \"email\"]").is_err());
    assert!(check(BY_ADDRESS).is_ok());
    assert!(check("[sync]\nlink = [\"email\"]\nworkspaces = [12]").is_ok());
}

#[tokio::test]
async fn what_an_earlier_version_has_bound_is_not_confirmed_by_the_address_of_another_candidate() {
    let mapping = format!("{BY_ADDRESS}document = {{ attach = false }}");
    let another = candidate_page(IDA, &[], &[]).replace("4711", "4712");
    let teamtailor = cold().json(200, another).json(200, candidate(IDA, &[], &[]));
    let oneflow = ScriptedTransport::new().json(200, paper("pending", |_| {})).json(200, SENT);
    let stage = Stage::new(&mapping, oneflow, teamtailor);
    stage.ledger.put(9001.into(), bound_by(None));
    is_held(&stage, Reason::LinkUnconfirmed).await;
}

#[tokio::test]
async fn an_address_binds_no_contract_that_has_changed_since_the_plan_was_made() {
    let of_salary = |salary: &str| {
        let fields = [("city", "Oslo"), ("oneflow-salary", salary)];
        contract("pending", "", &fields)
    };
    let oneflow = ScriptedTransport::new().json(200, of_salary("45000")).json(200, SENT);
    // Both sides agree on the city; the salary is to be written.
    let card = candidate_page(IDA, &[("904", "34", r#""Oslo""#)], &[]);
    let (mapping, clock) = (format!("{BY_ADDRESS}document = {{ attach = false }}"), Hand::default());
    let stage =
        Stage::build(&mapping, oneflow.json(200, of_salary("46000")), cold().json(200, card), |builder| {
            builder.clock(clock.clone())
        });
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!((plan.candidate(), plan.updates().len()), (Some(&"4711".into()), 1));
    clock.advance(40);
    let report = stage.engine.apply(plan).await;
    let held = "oneflow-salary held changed-meanwhile".to_owned();
    assert!(summary(&report.outcomes).contains(&held), "{:?}", report.outcomes);
    assert_eq!(stage.ledger.entry(9001.into()), None, "nothing is bound or agreed on");
}
