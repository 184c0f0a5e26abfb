//! `smartsync probe --write` and `probe clean`, as programs.

use std::{fs, path::PathBuf};

use serde_json::Value;
use smartsync::config::{FactService::Teamtailor, read_facts};
use smartsync_sandbox::{CandidateSeed, Fault, HttpSandbox, Origin, SandboxSettings};

use crate::support::Home;

const COMPANY: &str = "Example Company";
const MARK: &str = "00112233445566778899aabbccddeeff";

struct World {
    services: HttpSandbox,
    home: Home,
}

impl World {
    /// With a limit under which a run need not be slow.
    async fn start() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new().teamtailor_limit(10_000)).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        Self { services, home }
    }

    /// One that a run has made which was killed then.
    fn left_behind(&self) -> String {
        let email = format!("smartsync-probe-{MARK}@example.com");
        let id = self.services.sandbox().add_candidate(CandidateSeed::new(email)).unwrap();
        let log = format!(
            "{{\"entry\":\"begun\",\"mark\":\"{MARK}\"}}\n{{\"entry\":\"intended\",\"kind\":\"candidate\"}}\n\
             {{\"entry\":\"made\",\"kind\":\"candidate\",\"id\":\"{id}\"}}\n"
        );
        fs::write(self.log(), log).unwrap();
        id
    }

    fn log(&self) -> PathBuf {
        self.home.folder().join("smartsync-probe.jsonl")
    }
}

#[tokio::test]
async fn what_was_written_is_gone_and_what_it_showed_is_saved() {
    let world = World::start().await;
    let sandbox = world.services.sandbox();
    let before = (sandbox.candidates(), sandbox.contracts());
    let ended = world.home.run(&["probe", "--write", "--company", COMPANY]).await;
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("`smartsync probe clean` undoes it"), "{}", ended.err);
    assert_eq!((sandbox.candidates(), sandbox.contracts()), before);
    assert!(!world.log().exists());
    let file = read_facts(&world.home.folder().join("smartsync-facts.json")).unwrap().unwrap();
    let posted = file.answers.iter().find(|found| found.fact == "value-posted-twice").unwrap();
    assert_eq!((posted.service, posted.answer.as_str()), (Teamtailor, "refused"));
    assert!(file.answers.len() > 30, "{}", file.answers.len());
    for text in [ended.out, fs::read_to_string(world.home.folder().join("smartsync-facts.json")).unwrap()] {
        for canary in ["example.com", "2031-03-04", "SmartSync probe", "4711", COMPANY] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }
}

#[tokio::test]
async fn explain_shows_what_would_be_written_with_its_bodies() {
    let world = World::start().await;
    let ended = world.home.run(&["probe", "--write", "--explain"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("oneflow DELETE /contracts/<contract>"), "{}", ended.out);
    assert!(ended.out.contains(r#""name":"SmartSync probe <mark>""#), "{}", ended.out);
    let ended = world.home.run(&["probe", "--write", "--explain", "--json"]).await;
    let planned: Value = serde_json::from_str(&ended.out).unwrap();
    let deletes = planned.as_array().unwrap().iter().filter(|one| one["method"] == "DELETE");
    assert_eq!(deletes.count(), 3);
    assert!(world.services.sandbox().request_log().is_empty());
}

#[tokio::test]
async fn what_a_run_that_was_killed_has_left_is_deleted_by_clean() {
    let world = World::start().await;
    let id = world.left_behind();
    // Nothing new is made beside it.
    let ended = world.home.run(&["probe", "--write", "--company", COMPANY]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("smartsync probe clean"), "{}", ended.err);
    let ended = world.home.run(&["probe", "clean"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (0, "nothing is left of a run\n"), "{}", ended.err);
    assert!(!world.services.sandbox().candidates().contains(&id) && !world.log().exists());
    let ended = world.home.run(&["probe", "clean"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (0, "nothing is left of a run\n"));
}

#[tokio::test]
async fn clean_as_json_names_what_is_left() {
    let world = World::start().await;
    let id = world.left_behind();
    let fault = Fault::status(500, "").of(Origin::Teamtailor).operation("delete_candidate");
    world.services.sandbox().add_fault(fault).unwrap();
    let ended = world.home.run(&["probe", "clean", "--json"]).await;
    let left: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((ended.code, &left["left"][0]["id"]), (1, &id.as_str().into()), "{}", ended.err);
    assert_eq!(left["left"][0]["kind"], "candidate");
    let ended = world.home.run(&["probe", "clean"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.out.starts_with(&format!("left: candidate in Teamtailor, {id}\n")), "{}", ended.out);
    assert!(world.log().exists(), "it can be tried again");
}
