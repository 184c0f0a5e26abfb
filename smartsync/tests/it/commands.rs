//! The command line as people and programs see it: output, errors, exit codes.

use std::{process::Stdio, time::Duration};

use smartsync::{ContractId, Inbox, SqliteLedger, Store, store::Due};
use smartsync_core::{Ledger as _, Reason, ledger::Creation};
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings, TemplateSeed};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::support::{Ended, Home};

/// An installation over a sandbox, and a contract in which the notice period was filled in.
struct Rig {
    services: HttpSandbox,
    home: Home,
    contract: i64,
}

impl Rig {
    async fn start() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
            .with_contracts_of_others(&services);
        let sandbox = services.sandbox();
        let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
            .counterparty("Ann Sample", "ann@example.com")
            .value("oneflow-salary", "42000")
            .published();
        let contract = sandbox.add_contract(seed).unwrap();
        sandbox.advance(Duration::from_secs(600));
        sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        sandbox.clear_request_log();
        Self { services, home, contract }
    }

    async fn run(&self, arguments: &[&str]) -> Ended {
        self.home.run(arguments).await
    }

    fn writes(&self) -> usize {
        self.services.sandbox().request_log().iter().filter(|request| request.method != "GET").count()
    }
}

#[tokio::test]
async fn plan_prints_every_mapped_field_with_outcome_and_reason_and_writes_nothing() {
    let rig = Rig::start().await;
    let ended = rig.run(&["plan", &rig.contract.to_string()]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let (identity, nothing, not_due) = (
        Reason::IdentityOnlyPrefilled.sentence(),
        Reason::NothingToSay.sentence(),
        Reason::NotSignedYet.sentence(),
    );
    let expected = format!(
        "\
contract {}, candidate {} (found by a participant's e-mail address only)

 contract field         candidate field               outcome      why
 email                  email                         skipped      [1]
 first-name             first_name                    skipped      [1]
 last-name              last_name                     skipped      [1]
 oneflow-contract-type  custom:oneflow-contract-type  skipped      [2]
 oneflow-has-car        custom:oneflow-has-car        unchanged
 oneflow-notice         custom:oneflow-notice         would write
 oneflow-salary         custom:oneflow-salary         unchanged
 oneflow-start-date     custom:oneflow-start-date     skipped      [2]
 phone                  phone                         skipped      [1]
 (signed document)      (card)                        not due      [3]

 [1] {identity}
 [2] {nothing}
 [3] {not_due}
",
        rig.contract,
        rig.services.sandbox().seeded().candidate,
    );
    assert_eq!(ended.out, expected);
    assert!(expected.lines().take(14).all(|line| line.len() <= 80), "the table fits into 80 columns");
    assert_eq!(rig.writes(), 0);
}

#[tokio::test]
async fn a_contract_whose_state_has_nothing_for_a_card_is_not_said_to_lack_a_candidate() {
    let rig = Rig::start().await;
    let sandbox = rig.services.sandbox();
    let seed =
        |email| ContractSeed::new(sandbox.seeded().template, "Employment").counterparty("Ann Sample", email);
    let sent = |email| sandbox.add_contract(seed(email).published()).unwrap();
    let draft = sandbox.add_contract(seed("ann@example.com")).unwrap();
    let (declined, overdue) = (sent("ann@example.com"), sent("ann@example.com"));
    sandbox.decline(declined, None).unwrap();
    sandbox.expire(overdue).unwrap();
    let unknown = sent("nobody@example.com");
    let says = async |contract: i64, expected: &str| {
        let ended = rig.run(&["plan", &contract.to_string()]).await;
        let line = format!("contract {contract}, {expected}\n");
        assert!(ended.out.starts_with(&line), "{}", ended.out);
    };
    for contract in [draft, declined, overdue] {
        says(contract, "no candidate needed").await;
    }
    says(unknown, "no candidate").await;

    // With the state on the card, it is looked for.
    rig.home.append(
        "\n[[field]]\noneflow = \"contract:state\"\nteamtailor = \"custom:oneflow-notice\"\ndirection = \"to_teamtailor\"\n",
    );
    says(draft, "no candidate needed").await;
    let candidate = sandbox.seeded().candidate;
    let by_address = format!("candidate {candidate} (found by a participant's e-mail address only)");
    says(declined, &by_address).await;
    says(unknown, "no candidate").await;
}

#[tokio::test]
async fn plan_as_json_has_codes_and_sentences_and_no_values() {
    let rig = Rig::start().await;
    let ended = rig.run(&["plan", "--json", &rig.contract.to_string()]).await;
    let plan: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(plan["contract"], rig.contract);
    let fields = plan["fields"].as_array().unwrap();
    let notice = fields.iter().find(|field| field["oneflow"] == "oneflow-notice").unwrap();
    assert_eq!(
        (&notice["outcome"], &notice["teamtailor"]),
        (&"written".into(), &"custom:oneflow-notice".into())
    );
    let email = fields.iter().find(|field| field["oneflow"] == "email").unwrap();
    assert!(email["sentence"].as_str().unwrap().ends_with('.'), "{email}");
    assert_eq!(plan["document"]["outcome"], "not_due");
    assert!(!ended.out.contains("3 months") && !ended.out.contains("ann@example.com"), "{}", ended.out);
}

#[tokio::test]
async fn sync_writes_once_and_a_second_sync_finds_nothing_to_do() {
    let rig = Rig::start().await;
    let contract = rig.contract.to_string();
    let first = rig.run(&["sync", &contract]).await;
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    let candidate = rig.services.sandbox().seeded().candidate;
    assert_eq!(
        rig.services.sandbox().candidate_card(&candidate).unwrap().get("oneflow-notice"),
        Some("3 months")
    );
    let writes = rig.writes();
    let second = rig.run(&["sync", "--json", &contract]).await;
    assert_eq!(second.code, 0);
    assert_eq!(rig.writes(), writes);
    let reports: serde_json::Value = serde_json::from_str(&second.out).unwrap();
    assert_eq!(reports[0]["contract"], rig.contract);
}

#[tokio::test]
async fn sync_waits_for_a_server_that_looks_at_the_same_contract() {
    let rig = Rig::start().await;
    let store = Store::open(&rig.home.database()).unwrap();
    let _lock = store.lock_server().unwrap();
    let server = Inbox::new(store);
    server.accept("one", ContractId::from(rig.contract)).await.unwrap();
    let Due::Now(claim) = server.claim_due().await.unwrap() else { panic!("the contract is due") };
    let contract = rig.contract.to_string();
    let arguments = ["sync", &contract];
    let (ended, ()) = tokio::join!(rig.run(&arguments), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let asked = rig.services.sandbox().request_log();
        let of_accounts = ["get_account", "get_company"];
        assert!(
            asked.iter().all(|request| of_accounts.contains(&request.operation)),
            "nothing else is asked while the server looks"
        );
        server.done(claim).await.unwrap();
    });
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(server.waiting().await.unwrap().is_empty());
}

#[tokio::test]
async fn sync_ends_with_2_when_something_is_held_or_failed() {
    let rig = Rig::start().await;
    rig.services.sandbox().fill_data_field(rig.contract, "oneflow-salary", "a lot").unwrap();
    let ended = rig.run(&["sync", &rig.contract.to_string()]).await;
    assert_eq!(ended.code, 2, "{}{}", ended.out, ended.err);
    assert!(ended.out.contains("failed"), "{}", ended.out);
    assert!(!ended.out.contains("a lot"), "{}", ended.out);
    let candidate = rig.services.sandbox().seeded().candidate;
    let card = rig.services.sandbox().candidate_card(&candidate).unwrap();
    assert_eq!(card.get("oneflow-notice"), Some("3 months"), "the other fields go on");
}

#[tokio::test]
async fn a_contract_that_is_not_there_is_an_error_and_does_not_end_the_others() {
    let rig = Rig::start().await;
    let gone = "error: contract 77: The contract was deleted, or SmartSync has no access to it.\n next: check the id";
    let planned = rig.run(&["plan", "77"]).await;
    assert_eq!((planned.code, planned.out.as_str()), (1, ""));
    assert!(planned.err.starts_with(gone), "{}", planned.err);

    let synced = rig.run(&["sync", "77", &rig.contract.to_string()]).await;
    assert_eq!(synced.code, 1);
    assert!(synced.err.starts_with(gone), "{}", synced.err);
    assert!(
        synced
            .out
            .ends_with("\n1 synced, 0 with nothing to do, 0 with held or failed fields, 1 not looked at\n")
    );
    let candidate = rig.services.sandbox().seeded().candidate;
    assert_eq!(
        rig.services.sandbox().candidate_card(&candidate).unwrap().get("oneflow-notice"),
        Some("3 months")
    );
}

#[tokio::test]
async fn create_makes_one_contract_per_request_name() {
    let rig = Rig::start().await;
    let seeded = rig.services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let arguments = [
        "create",
        "--candidate",
        &seeded.candidate,
        "--template",
        &template,
        "--workspace",
        &workspace,
        "--publish",
        "--request",
        "hire-1",
        "--json",
    ];
    let before = rig.services.sandbox().contracts().len();
    let first = rig.run(&arguments).await;
    assert_eq!(first.code, 0, "{}", first.err);
    let second = rig.run(&arguments).await;
    assert_eq!(second.code, 0, "{}", second.err);
    let read = |ended: &Ended| serde_json::from_str::<serde_json::Value>(&ended.out).unwrap();
    assert_eq!(read(&first)["contract"], read(&second)["contract"]);
    assert_eq!((&read(&first)["adopted"], &read(&second)["adopted"]), (&false.into(), &true.into()));
    assert_eq!(rig.services.sandbox().contracts().len(), before + 1);
    let made = rig.services.sandbox().contract_card(read(&first)["contract"].as_i64().unwrap()).unwrap();
    assert_eq!((made.state, made.data_fields["oneflow-salary"].as_str()), ("pending", "42000"));
}

#[tokio::test]
async fn create_prints_the_contract_and_what_became_of_every_field() {
    let rig = Rig::start().await;
    let seeded = rig.services.sandbox().seeded();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
    let ended = rig.run(&[&what[..], &["--workspace", &workspace, "--request", "hire-1"]].concat()).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = format!(
        "\
contract {} created, a draft (request hire-1)

 contract field         candidate field               outcome  why
 email                  email                         written
 first-name             first_name                    written
 last-name              last_name                     written
 oneflow-contract-type  custom:oneflow-contract-type  written
 oneflow-has-car        custom:oneflow-has-car        skipped  [1]
 oneflow-notice         custom:oneflow-notice         skipped  [1]
 oneflow-salary         custom:oneflow-salary         written
 oneflow-start-date     custom:oneflow-start-date     written
 phone                  phone                         written

 [1] {}
",
        rig.contract + 1,
        Reason::CandidateEmpty.sentence(),
    );
    assert_eq!(ended.out, expected);
}

#[tokio::test]
async fn create_says_of_an_adopted_contract_what_it_holds() {
    let rig = Rig::start().await;
    let (sandbox, seeded) = (rig.services.sandbox(), rig.services.sandbox().seeded());
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
    let arguments = [&what[..], &["--workspace", &workspace, "--request", "hire-1"]].concat();
    assert_eq!(rig.run(&arguments).await.code, 0);
    sandbox.edit_custom_field(&seeded.candidate, "oneflow-salary", Some("50000")).unwrap();
    let ended = rig.run(&arguments).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = format!(
        "\
contract {} was created by an earlier attempt, a draft (request hire-1)

 contract field         candidate field               outcome  why
 email                  email                         written
 first-name             first_name                    written
 last-name              last_name                     written
 oneflow-contract-type  custom:oneflow-contract-type  written
 oneflow-has-car        custom:oneflow-has-car        skipped  [1]
 oneflow-notice         custom:oneflow-notice         skipped  [1]
 oneflow-salary         custom:oneflow-salary         skipped  [2]
 oneflow-start-date     custom:oneflow-start-date     written
 phone                  phone                         written

 [1] The candidate has no value for this field.
 [2] The contract was created by an earlier attempt and does not hold the value on the candidate's card.
",
        rig.contract + 1,
    );
    assert_eq!(ended.out, expected);
}

#[tokio::test]
async fn create_says_that_the_name_of_a_deleted_contract_cannot_be_used_again() {
    let rig = Rig::start().await;
    let (sandbox, seeded) = (rig.services.sandbox(), rig.services.sandbox().seeded());
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
    let arguments = [&what[..], &["--workspace", &workspace, "--request", "hire-1"]].concat();
    assert_eq!(rig.run(&arguments).await.code, 0);
    let contract = rig.contract + 1;
    sandbox.delete_contract(contract).unwrap();
    let ended = rig.run(&arguments).await;
    let expected = format!(
        "\
error: contract {contract}, created by an earlier attempt, was deleted, or the Oneflow user has no access to it
 next: if it was deleted, choose another `--request`, as this one cannot be reused; otherwise check what the user in `oneflow.user_email` has access to
"
    );
    assert_eq!((ended.code, ended.out.as_str(), ended.err), (1, "", expected));
    assert_eq!(sandbox.contracts(), [rig.contract]);
}

#[tokio::test]
async fn create_says_what_to_do_where_an_earlier_try_may_have_made_the_contract() {
    let rig = Rig::start().await;
    let seeded = rig.services.sandbox().seeded();
    let ledger = SqliteLedger::new(Store::open(&rig.home.database()).unwrap());
    let intent =
        Creation::Intended { candidate: seeded.candidate.as_str().into(), template: seeded.template.into() };
    ledger.save_creation(&"hire-1".parse().unwrap(), &intent).await.unwrap();
    let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
    let what = ["create", "--candidate", &seeded.candidate, "--template", &template];
    let ended = rig.run(&[&what[..], &["--workspace", &workspace, "--request", "hire-1"]].concat()).await;
    let expected = "\
error: an earlier attempt may have created the contract, but it is not among the contracts searched (1,000 at most): look for it in Oneflow before creating another
 next: search Oneflow for the candidate's contract; if it exists, use it, and send it if it is a draft; otherwise choose another `--request`
";
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (1, "", expected));
    assert_eq!(rig.writes(), 0);
}

/// What stands in the way of a creation in which nearly everything is wrong.
const PROBLEMS: [(&str, &str); 5] = [
    ("candidate-lacks", "the candidate has no last_name: fill it in on the candidate's card"),
    ("candidate-lacks", "the candidate has no phone: fill it in on the candidate's card"),
    ("template-inactive", "the template is not active: activate it in Oneflow"),
    (
        "no-data-field",
        "the mapping uses the data field `bonus`, which is not active on the template type: add it there, or limit the entry to other template types with `template_types`",
    ),
    ("no-workspace", "the workspace does not exist, or the Oneflow user is not a member of it: check the id"),
];

#[tokio::test]
async fn create_names_everything_that_stands_in_the_way_with_its_remedy_and_makes_nothing() {
    let rig = Rig::start().await;
    let (sandbox, seeded) = (rig.services.sandbox(), rig.services.sandbox().seeded());
    for attribute in ["phone", "last-name"] {
        sandbox.edit_candidate(&seeded.candidate, attribute, None).unwrap();
    }
    let template = TemplateSeed::new("Old", Some(seeded.template_type)).inactive();
    let template = sandbox.add_template(template).unwrap().to_string();
    let mapping = "[[field]]\noneflow = \"bonus\"\nteamtailor = \"custom:oneflow-salary\"\n\n[store]";
    rig.home.replace("[store]", mapping);
    let arguments =
        ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", "77"];

    let ended = rig.run(&arguments).await;
    let all: Vec<&str> = PROBLEMS.iter().map(|(_, sentence)| *sentence).collect();
    let expected = format!(
        "error: the contract cannot be created: {}\n next: fix the listed problems, then try again\n",
        all.join("; ")
    );
    assert_eq!((ended.code, ended.out.as_str(), ended.err), (1, "", expected.clone()));

    let ended = rig.run(&[&arguments[..], &["--json"]].concat()).await;
    assert_eq!((ended.code, ended.err), (1, expected));
    let problems: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let problem = |(code, sentence): (&str, &str)| serde_json::json!({ "code": code, "sentence": sentence });
    assert_eq!(problems["problems"], serde_json::json!(PROBLEMS.map(problem)));
    assert_eq!(problems["next"], "fix the listed problems, then try again");
    assert_eq!(rig.writes(), 0);
}

#[tokio::test]
async fn webhooks_are_registered_listed_and_removed_and_never_doubled() {
    let rig = Rig::start().await;
    let url = "https://sync.example.com/webhooks/oneflow";
    let registered = rig.run(&["webhook", "register", url, "--json"]).await;
    assert_eq!(registered.code, 0, "{}", registered.err);
    let id = serde_json::from_str::<serde_json::Value>(&registered.out).unwrap()["id"].to_string();

    let listed = rig.run(&["webhook", "list"]).await;
    let expected = format!(" webhook  template type  note  address\n {id:7}  all                  {url}\n");
    assert_eq!((listed.code, listed.out), (0, expected));

    let again = rig.run(&["webhook", "register", url]).await;
    assert_eq!((again.code, again.err.as_str()), (0, ""));
    let expected = format!(
        "webhook {id} already exists: it sends notifications to {url}\n \
         next: Oneflow still signs with the key that the webhook was registered with: if `oneflow.sign_keys` has \
         changed since, run `smartsync webhook remove {id}` and register it again\n"
    );
    assert_eq!(again.out, expected);
    let filtered = ["webhook", "register", url, "--event", "contract:sign", "--workspace", "12"];
    let other = rig.run(&filtered).await;
    assert_eq!(other.code, 1);
    let expected = format!("error: webhook {id} already sends to this address, with different filters");
    assert!(other.err.starts_with(&expected), "{}", other.err);

    let slip = rig.run(&["webhook", "register", url, "--event", "contract:sgin"]).await;
    assert!(slip.err.contains("this event type is unknown"), "{}", slip.err);

    assert_eq!(rig.run(&["webhook", "remove", &id, "--yes"]).await.code, 0);
    assert_eq!(rig.run(&["webhook", "list", "--json"]).await.out, "[]\n");
    assert_eq!(rig.run(&["webhook", "remove", &id, "--yes"]).await.code, 1);
    assert_eq!(rig.run(&["webhook", "remove", &id]).await.code, 1);

    for is_new in [true, false] {
        let ended = rig.run(&[&filtered[..], &["--json"]].concat()).await;
        let registered: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(registered["new"], is_new, "{}", ended.err);
        assert_eq!(registered["next"].is_null(), is_new, "{}", ended.out);
    }
    let listed = rig.run(&["webhook", "list", "--json"]).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let only: Vec<&str> =
        listed[0]["only"].as_array().unwrap().iter().filter_map(|rule| rule.as_str()).collect();
    assert!(only.concat().contains("contract:sign") && only.concat().contains("12"), "{only:?}");
}

#[tokio::test]
async fn a_webhook_over_plain_http_is_refused_without_a_request() {
    let home = Home::new("https://oneflow.invalid/v1", "https://teamtailor.invalid");
    let ended = home.run(&["webhook", "register", "http://sync.example.com/webhooks/oneflow"]).await;
    assert_eq!(ended.code, 1);
    assert_eq!(
        ended.err,
        "error: the address does not use https\n next: use the https address of the proxy in front of this program\n"
    );
}

#[tokio::test]
async fn webhook_commands_say_what_they_did_and_end_with_1_where_nobody_answers() {
    let rig = Rig::start().await;
    let url = "https://sync.example.com/webhooks/oneflow";
    for more in [&[][..], &["--json"]] {
        let registered = rig.run(&["webhook", "register", url]).await;
        let id = registered.out.split(' ').nth(1).unwrap();
        let expected = format!("webhook {id} sends notifications to {url}\n");
        assert_eq!((registered.code, registered.err.as_str(), registered.out.as_str()), (0, "", &*expected));
        let removed = rig.run(&[&["webhook", "remove", id, "--yes"], more].concat()).await;
        assert_eq!((removed.code, removed.err.as_str()), (0, ""));
        if more.is_empty() {
            assert_eq!(removed.out, format!("webhook {id} was removed\n"));
        } else {
            let said: serde_json::Value = serde_json::from_str(&removed.out).unwrap();
            assert_eq!(said, serde_json::json!({ "removed": id.parse::<i64>().unwrap() }));
        }
    }
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    for what in [&["list"][..], &["register", url], &["remove", "5", "--yes"]] {
        let ended = home.run(&[&["webhook"], what].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{what:?}");
        assert!(ended.err.starts_with("error: oneflow."), "{}", ended.err);
    }
}

#[tokio::test]
async fn an_error_is_one_line_with_its_causes_and_one_on_what_to_do() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.replace("[store]", "[stores]");
    let bad_key = home.run(&["plan", "9001"]).await;
    assert_eq!(bad_key.code, 1);
    let lines: Vec<&str> = bad_key.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", bad_key.err);
    assert!(lines[0].starts_with("error: ") && lines[0].contains("unknown field `stores`"), "{}", lines[0]);
    assert_eq!(lines[1], " next: correct the file; README.md shows every key");
    assert!(bad_key.out.is_empty());

    home.replace("[stores]", "[store]");
    std::fs::remove_file(home.folder().join("oneflow")).unwrap();
    let no_secret = home.run(&["plan", "9001"]).await;
    assert_eq!(no_secret.code, 1);
    assert!(no_secret.err.starts_with("error: `oneflow.token`: the file "), "{}", no_secret.err);
}

#[tokio::test]
async fn what_cannot_be_understood_ends_with_1_and_help_with_0() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    assert_eq!(home.run(&["plan", "nine thousand"]).await.code, 1);
    assert_eq!(home.run(&["sync"]).await.code, 1);
    let help = home.run(&["--help"]).await;
    assert_eq!(help.code, 0);
    let listed = help.out.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed: Vec<&str> = listed.map_while(|line| line.split_whitespace().next()).collect();
    let commands = [
        "init",
        "check",
        "schema",
        "permissions",
        "plan",
        "sync",
        "create",
        "link",
        "resolve",
        "forget",
        "adopt",
        "serve",
        "page",
        "status",
        "contracts",
        "held",
        "intake",
        "tail",
        "history",
        "probe",
        "facts",
        "explain",
        "parked",
        "store",
        "webhook",
        "key",
        "completions",
        "man",
        "help",
    ];
    let demo: &[&str] = if cfg!(feature = "demo") { &["demo", "drill"] } else { &[] };
    assert_eq!(listed, [demo, &commands].concat(), "{}", help.out);
}

#[tokio::test]
async fn serve_stops_on_a_signal_and_ends_with_0() {
    let rig = Rig::start().await;
    let mut server = rig.home.serve().await;
    let pid = server.process.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let status = tokio::time::timeout(Duration::from_secs(5), server.process.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn serve_says_as_json_where_it_listens() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let mut serve = home.command(&["serve", "--json"]);
    let mut server = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    while !printed.ends_with('}') {
        printed.push_str(&lines.next_line().await.unwrap().unwrap());
    }
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let address: std::net::SocketAddr = printed["address"].as_str().unwrap().parse().unwrap();
    assert!(address.ip().is_loopback() && address.port() > 0);
    assert_eq!(
        (&printed["path"], &printed["metrics"], &printed["page"]),
        (&"/webhooks/oneflow".into(), &serde_json::Value::Null, &serde_json::Value::Null)
    );
    server.start_kill().unwrap();
}
