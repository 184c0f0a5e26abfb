//! The views of the page over a server and two services: what they show, what a person decides there, and that nobody's value is in any of them.

use std::time::Duration;

use smartsync::{
    ContractId, Inbox, Store,
    server::{self, Server},
    store::{
        Decided, Due, Journal as _, Look, LookedField, NextLook, Occasion, SqliteJournal, Tallied, Trigger,
    },
};
use smartsync_core::{jiff::Timestamp, plan::Take};
use smartsync_sandbox::{Fault, HttpSandbox, SandboxSettings};
use tokio::task::JoinHandle;

use crate::support::{Answered, Browser, Home, canary_contract, notice, notification, post, until};

/// What a person typed, and what says who somebody is.
const CANARIES: [&str; 7] = ["anary", "Canary", "+4670", "recruiter", "zweite", "Sample", "example.com"];

/// A server with a page, over a contract in which the notice period was filled in.
struct Stage {
    services: HttpSandbox,
    home: Home,
    candidate: String,
    contract: i64,
    url: String,
    browser: Browser,
    _server: JoinHandle<()>,
}

async fn stage() -> Stage {
    stage_with("").await
}

/// The same with something more in its configuration.
async fn stage_with(section: &str) -> Stage {
    let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
    let services = HttpSandbox::start(settings).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.append(&format!("\n[page]\nlisten = \"127.0.0.1:0\"\n{section}"));
    let home = home.with_contracts_of_others(&services);
    home.append(
        "\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\non_conflict = \"hold\"\n",
    );
    let (candidate, contract) = canary_contract(&services);
    let server = server::bind(&home.config()).await.unwrap();
    let (url, browser, server) = started(server);
    Stage { services, home, candidate, contract, url, browser, _server: server }
}

fn started(server: Server) -> (String, Browser, JoinHandle<()>) {
    let url = format!("http://{}/webhooks/oneflow", server.address());
    let browser = Browser::at(server.page_address().unwrap());
    (url, browser, tokio::spawn(server.run(std::future::pending())))
}

impl Stage {
    /// Has the contract be looked at, and waits for that.
    async fn look(&mut self, callback: &str) {
        let journal = SqliteJournal::new(Store::open(&self.home.database()).unwrap());
        let looks = async || journal.looks(self.contract.into(), 100).await.unwrap().len();
        let before = looks().await;
        assert_eq!(post(&self.url, notification(callback, self.contract.into())).await, 200);
        until("it is looked at", async || looks().await > before).await;
    }

    /// Both sides change, so the field is held.
    async fn conflict(&mut self) {
        self.look("first").await;
        assert_eq!(notice(&self.services, &self.candidate).as_deref(), Some("canary notice"));
        let sandbox = self.services.sandbox();
        sandbox.advance(Duration::from_secs(60));
        sandbox.fill_data_field(self.contract, "oneflow-notice", "zweite notice").unwrap();
        sandbox.edit_custom_field(&self.candidate, "oneflow-notice", Some("recruiter notice")).unwrap();
        self.look("second").await;
    }

    fn at(&self, path: &str) -> String {
        format!("/contracts/{}{path}", self.contract)
    }

    async fn decide(&mut self, take: &str) -> Answered {
        let path = self.at("/decide");
        let shown = self.browser.view(&path).await;
        let plan = shown.field("plan").expect("something can be decided").to_owned();
        self.browser.send(&path, &[("plan", &plan), ("take.custom:oneflow-notice", take)]).await
    }
}

impl Drop for Stage {
    /// Whatever a test has asked for, nobody's value was in an answer to it, unless it took these out.
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for text in self.browser.answers.lock().unwrap().iter() {
            for canary in CANARIES {
                assert!(!text.contains(canary), "`{canary}` is in {text}");
            }
        }
    }
}

#[tokio::test]
async fn every_view_tells_what_is_there() {
    let mut stage = stage().await;
    stage.conflict().await;
    let (contract, candidate) = (stage.contract.to_string(), stage.candidate.clone());
    let now = stage.browser.view("/").await.read();
    for said in [
        "Server running",
        "Fields that are held 1",
        "Last look",
        "Credential for Oneflow accepted",
        "requests left in its period",
        "wrote something: 1",
        "left something: 1",
    ] {
        assert!(now.contains(said), "{said}: {now}");
    }
    assert!(
        stage.browser.view("/?period=30d").await.read().contains("by the day") || now.contains("24 hours")
    );
    let contracts = stage.browser.view("/contracts?outcome=held&state=pending&age=within-1h").await.read();
    for said in
        [contract.as_str(), candidate.as_str(), "1 match.", "1 held", "conflict-held", "out for signature"]
    {
        assert!(contracts.contains(said), "{said}: {contracts}");
    }
    let none = stage.browser.view("/contracts?outcome=failed").await.read();
    assert!(none.contains("No contract matches."), "{none}");
    let found = stage.browser.get(&format!("/contracts?contract={contract}")).await;
    assert_eq!(found.location(), stage.at(""));
    let one = stage.browser.view(&stage.at("")).await.read();
    for said in [
        "The field was changed on both sides; someone has to decide which value is right.",
        "If both changed: held",
        "a notification",
        "Both sides once agreed on a value. The contract holds another one. The card holds another one.",
        "Decide what is held",
    ] {
        assert!(one.contains(said), "{said}: {one}");
    }
    let held = stage.browser.view("/held").await.read();
    for said in [
        "1 held.",
        "The participant changed a prefilled value.",
        "oneflow-notice → custom:oneflow-notice",
        "someone has to decide",
    ] {
        assert!(held.contains(said), "{said}: {held}");
    }
    // Of notifications, the server writes down now and then how many there were.
    let state = smartsync::store::SqliteState::open(&stage.home.database()).unwrap();
    let overview = smartsync::store::State::overview(&state, &smartsync::store::Tenant::default());
    let counted = [(Tallied::NotificationAccepted, 2), (Tallied::RefusedSignature, 1)];
    overview.tally(Timestamp::now(), &counted).await.unwrap();
    let intake = stage.browser.view("/intake").await.read();
    for said in [
        "accepted 2 2",
        "refused: not signed with our key 1 1",
        "From the change of a contract to the look at it",
    ] {
        assert!(intake.contains(said), "{said}: {intake}");
    }
    let mapping = stage.browser.view("/mapping").await.read();
    for said in [
        "1 pair",
        "as soon as edited",
        "Fingerprint",
        "custom:oneflow-notice",
        "is refused before it is sent",
    ] {
        assert!(mapping.contains(said), "{said}: {mapping}");
    }
    let checked = stage.browser.send("/mapping/check", &[]).await.read();
    for said in ["The mapping matches both services.", "oneflow-salary custom:oneflow-salary (by convention)"]
    {
        assert!(checked.contains(said), "{said}: {checked}");
    }
    assert!(stage.browser.view("/parked").await.read().contains("No contract is parked."));
    assert_eq!(stage.browser.get("/contracts/987654/nothing").await.status, 404);
    assert!(stage.browser.view("/contracts/987654").await.read().contains("has not been looked at"));
    assert_eq!(stage.browser.get("/contracts/x").await.status, 404);
}

#[tokio::test]
async fn names_and_values_are_shown_to_who_asks_and_nowhere_else() {
    let mut stage = stage().await;
    stage.conflict().await;
    let path = stage.at("");
    stage.browser.view(&path).await;
    let shown = stage.browser.post(&format!("{path}/show"), &[]).await;
    assert_eq!(shown.status, 200);
    let read = shown.read();
    for said in ["Canary contract", "Canary Canary", "zweite notice", "recruiter notice", "+46701740605"] {
        assert!(read.contains(said), "{said}: {read}");
    }
    let deciding = stage.browser.post(&format!("{path}/decide/show"), &[]).await.read();
    for said in ["In the contract zweite notice", "On the card recruiter notice"] {
        assert!(deciding.contains(said), "{said}: {deciding}");
    }
    // Only these two had them.
    stage
        .browser
        .answers
        .lock()
        .unwrap()
        .retain(|text| *text != shown.text && !text.contains("recruiter notice"));
    stage.browser.view(&path).await;
    for entry in std::fs::read_dir(stage.home.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("state.db") {
            let bytes = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            for canary in ["anary", "recruiter notice", "zweite notice"] {
                assert!(!bytes.contains(canary), "`{canary}` is in {}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn names_and_values_of_the_fields_that_follow_are_shown_as_well() {
    let mut stage = stage().await;
    stage.look("first").await;
    let journal = SqliteJournal::new(Store::open(&stage.home.database()).unwrap());
    let occasion = Occasion::new(stage.contract.into(), Trigger::ByHand, Timestamp::now());
    let mut look = Look::without_end(occasion, NextLook::None);
    (look.error, look.candidate) = (None, Some(stage.candidate.clone().into()));
    let unchanged = |name: &str| LookedField::new(name, &format!("custom:{name}"), "unchanged", None);
    look.fields = (0..59).map(|number| unchanged(&format!("field-{number:02}"))).collect();
    look.fields.push(unchanged("oneflow-notice"));
    journal.record(&look).await.unwrap();

    let path = stage.at("");
    let first = stage.browser.view(&path).await;
    assert!(
        first.text.contains(&format!("<a href=\"{path}?fields=40\">20 more fields</a>")),
        "{}",
        first.text
    );
    let further = stage.browser.view(&format!("{path}?fields=40")).await;
    let show = format!("{path}/show?fields=40");
    assert!(further.text.contains(&format!("action=\"{show}\"")), "{}", further.text);
    let shown = stage.browser.post(&show, &[]).await;
    let read = shown.read();
    assert!(
        read.contains("oneflow-notice custom:oneflow-notice unchanged canary notice canary notice"),
        "{read}"
    );
    assert!(!read.contains("field-39") && read.contains("field-40"), "{read}");
    assert!(shown.text.contains(&format!("href=\"{path}?fields=40\">Hide names")), "{}", shown.text);
    // Whoever sees values of the first ones comes to the next ones, and back, with values.
    let shown = stage.browser.post(&format!("{path}/show"), &[]).await;
    assert!(shown.text.contains(&format!("action=\"{show}\"")), "{}", shown.text);
    assert!(shown.read().contains("field-39") && !shown.read().contains("field-40"), "{}", shown.read());
    stage.browser.answers.lock().unwrap().retain(|text| !text.contains("just now"));
}

#[tokio::test]
async fn what_was_shown_is_decided_and_nothing_else_is_written() {
    let mut stage = stage().await;
    stage.conflict().await;
    // Not now: nothing happens.
    stage.decide("later").await;
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("recruiter notice"));

    // Between the view and the decision the contract changes: what was shown is not what there is.
    let path = stage.at("/decide");
    let shown = stage.browser.view(&path).await;
    let plan = shown.field("plan").unwrap().to_owned();
    let sandbox = stage.services.sandbox();
    sandbox.advance(Duration::from_secs(60));
    sandbox.fill_data_field(stage.contract, "oneflow-notice", "another zweite").unwrap();
    let stale =
        stage.browser.send(&path, &[("plan", &plan), ("take.custom:oneflow-notice", "contract")]).await;
    assert!(stale.read().contains("have changed since you were shown them"), "{}", stale.read());
    assert_ne!(stale.field("plan"), Some(plan.as_str()));
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("recruiter notice"));

    let done = stage.decide("contract").await.read();
    assert!(done.contains("Your decision was carried out."), "{done}");
    assert!(done.contains("decided, custom:oneflow-notice: the contract's value, by the page"), "{done}");
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("another zweite"));
    let nothing = stage.browser.view(&path).await.read();
    assert!(nothing.contains("Nothing of this contract is held"), "{nothing}");
    until("it is not held any more", async || {
        stage.browser.view("/held").await.read().contains("No field is held.")
    })
    .await;
}

#[tokio::test]
async fn of_two_fields_of_which_one_cannot_be_written_each_is_told_by_itself() {
    let salary = "[[field]]\noneflow = \"oneflow-salary\"\nteamtailor = \"custom:oneflow-salary\"\non_conflict = \"hold\"\n";
    let mut stage = stage_with(salary).await;
    stage.services.sandbox().fill_data_field(stage.contract, "oneflow-salary", "50000").unwrap();
    stage.look("both are agreed on").await;
    let sandbox = stage.services.sandbox();
    sandbox.advance(Duration::from_secs(60));
    for (field, contract, card) in
        [("oneflow-notice", "zweite notice", "recruiter notice"), ("oneflow-salary", "51000", "52000")]
    {
        sandbox.fill_data_field(stage.contract, field, contract).unwrap();
        sandbox.edit_custom_field(&stage.candidate, field, Some(card)).unwrap();
    }
    stage.look("both are held").await;
    let refuses = Fault::status(422, "{}").operation("update_custom_field_value").times(1);
    stage.services.sandbox().add_fault(refuses).unwrap();
    let path = stage.at("/decide");
    let plan = stage.browser.view(&path).await.field("plan").unwrap().to_owned();
    let take = ["take.custom:oneflow-notice", "take.custom:oneflow-salary"].map(|field| (field, "contract"));
    let done = stage.browser.send(&path, &[&[("plan", plan.as_str())], &take[..]].concat()).await.read();
    assert!(done.contains("Not all of what you decided was carried out"), "{done}");
    let card = stage.services.sandbox().candidate_card(&stage.candidate).unwrap();
    let written = [("oneflow-notice", "zweite notice"), ("oneflow-salary", "51000")].map(|(field, value)| {
        let is_written = card.get(field) == Some(value);
        let end = if is_written { "carried out." } else { "it failed." };
        let said = format!("custom:{field}: the contract's value, by the page: {end}");
        assert!(done.contains(&said), "{said}: {done}");
        is_written
    });
    assert_eq!(written.iter().filter(|is_written| **is_written).count(), 1, "one of them was refused");
}

#[tokio::test]
async fn what_the_limit_holds_back_can_be_decided_however_many_decisions_came_since() {
    let mut stage = stage_with("[limits]\nchanges = 0\n").await;
    stage.look("first").await;
    let sandbox = stage.services.sandbox();
    sandbox.advance(Duration::from_secs(60));
    sandbox.fill_data_field(stage.contract, "oneflow-notice", "zweite notice").unwrap();
    stage.look("second").await;
    let journal = SqliteJournal::new(Store::open(&stage.home.database()).unwrap());
    for number in 0..250 {
        let decided = Decided::new("custom:oneflow-salary", Take::Card, &number.to_string());
        let row = Look::of_decision(decided, stage.contract.into(), Timestamp::now(), None);
        journal.record(&row).await.unwrap();
    }
    let path = stage.at("");
    let shown = stage.browser.view(&path).await;
    assert!(shown.text.contains(&format!("href=\"{path}/decide\"")), "{}", shown.text);
    let shown = stage.browser.view(&stage.at("/decide")).await.read();
    assert!(shown.contains("oneflow-notice") && shown.contains("limit"), "{shown}");
    stage.decide("contract").await;
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("zweite notice"));
}

#[tokio::test]
async fn a_card_that_is_kept_stays_as_it_is() {
    let mut stage = stage().await;
    stage.conflict().await;
    stage.decide("card").await;
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("recruiter notice"));
    stage.look("after it").await;
    assert_eq!(notice(&stage.services, &stage.candidate).as_deref(), Some("recruiter notice"));
    assert!(stage.browser.view("/held").await.read().contains("No field is held."));
}

#[tokio::test]
async fn a_contract_and_all_that_match_are_looked_at_again() {
    let mut stage = stage().await;
    stage.look("first").await;
    let path = stage.at("");
    stage.browser.view(&path).await;
    let asked = stage.browser.send(&format!("{path}/again"), &[]).await.read();
    assert!(asked.contains("will be looked at again"), "{asked}");
    until("a person had it looked at", async || stage.browser.view(&path).await.read().contains("a person"))
        .await;

    stage.browser.view("/contracts?outcome=written").await;
    let counted = stage.browser.post("/contracts/again", &[("state", "pending")]).await;
    assert!(counted.read().contains("1 contract is looked at again"), "{}", counted.read());
    let fields = ["asked_at", "last_look"].map(|name| (name, counted.field(name).unwrap()));
    let fields = [&[("state", "pending")], &fields[..]].concat();
    let begun = stage.browser.post("/contracts/again", &fields).await;
    let progress = begun.location().to_owned();
    until("all of them were looked at", async || {
        stage.browser.view(&progress).await.read().contains("1 contract was looked at, of 1. All of them")
    })
    .await;
    stage.browser.view("/contracts").await;
    let counted = stage.browser.post("/contracts/again", &[]).await;
    let fields = ["asked_at", "last_look"].map(|name| (name, counted.field(name).unwrap()));
    let begun = stage.browser.post("/contracts/again", &fields).await;
    let stopped = stage.browser.send(&format!("{}/stop", begun.location()), &[]).await.read();
    assert!(stopped.contains("Stopped:") || stopped.contains("All of them"), "{stopped}");
    assert_eq!(stage.browser.get("/again/77").await.status, 404);
}

/// Looks that ended in so many parked contracts, each with a reason.
async fn park(home: &Home, contracts: impl Iterator<Item = i64>) {
    let store = Store::open(&home.database()).unwrap();
    let (inbox, journal) = (Inbox::new(store.clone()), SqliteJournal::new(store));
    for contract in contracts {
        inbox.accept(&format!("callback {contract}"), ContractId::from(contract)).await.unwrap();
        let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("it is due") };
        inbox.park(claim, "teamtailor.get_candidate: no answer".to_owned()).await.unwrap();
        let occasion =
            Occasion::new(contract.into(), Trigger::Notification, "2031-03-01T09:00:00Z".parse().unwrap());
        let mut look = Look::without_end(occasion, NextLook::Parked);
        if contract % 2 == 0 {
            let reason = Some("email-taken");
            (look.error, look.fields) = (None, vec![LookedField::new("email", "email", "failed", reason)]);
            look.drifts = Some(true);
        }
        journal.record(&look).await.unwrap();
    }
}

async fn page_alone(home: &Home) -> Browser {
    let page = server::bind_page(&home.config()).await.unwrap();
    let browser = Browser::at(page.address());
    tokio::spawn(page.run(std::future::pending()));
    browser
}

#[tokio::test]
async fn parked_contracts_are_replayed_or_dropped_one_or_all_that_match_after_a_count() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.append("\n[page]\nlisten = \"127.0.0.1:0\"\n");
    park(&home, 9001..9061).await;
    let mut browser = page_alone(&home).await;
    let first = browser.view("/parked").await;
    let read = first.read();
    for said in [
        "60 parked contracts",
        "teamtailor.get_candidate: no answer",
        "Another candidate already has this e-mail address.",
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!(read.contains("9025") && !read.contains("9026"), "{read}");
    let second = browser.view("/parked?after=9025").await.read();
    assert!(
        second.contains("9026") && !second.contains("9025") && second.contains("Back to the first"),
        "{second}"
    );
    let matching = browser.view("/parked?reason=email-taken").await.read();
    assert!(matching.contains("30 parked contracts"), "{matching}");

    let one = browser.send("/parked/retry", &[("contract", "9001")]).await.read();
    assert!(
        one.contains("1 contract waits to be looked at again") && one.contains("59 parked contracts"),
        "{one}"
    );
    let unknown = browser.post("/parked/retry", &[("contract", "x")]).await;
    assert_eq!(unknown.status, 404, "it is not taken for all of them");
    let long = "x".repeat(10_000);
    for reason in ["lost", &long] {
        let unknown = browser.post("/parked/drop", &[("reason", reason)]).await;
        assert_eq!(unknown.status, 400);
        assert!(unknown.read().contains("There is no such reason") && !unknown.read().contains(&long));
    }
    let asked = browser.post("/parked/drop", &[("contract", "9002")]).await;
    assert!(asked.read().contains("1 contract is left alone"), "{}", asked.read());
    let dropped = browser.send("/parked/drop", &confirmed(&asked, &[("contract", "9002")])).await.read();
    assert!(
        dropped.contains("1 contract is no longer parked.") && dropped.contains("58 parked"),
        "{dropped}"
    );

    let of_reason = [("reason", "email-taken")];
    let asked = browser.post("/parked/retry", &of_reason).await;
    assert!(asked.read().contains("29 contracts are looked at again"), "{}", asked.read());
    assert_eq!(asked.field("reason"), Some("email-taken"));
    // One of them goes and another comes: as many as were shown, and not the same.
    browser.send("/parked/retry", &[("contract", "9004")]).await;
    comes(&home, 9100).await;
    let anew = browser.post("/parked/retry", &confirmed(&asked, &of_reason)).await;
    assert!(anew.read().contains("29 contracts are looked at again"), "{}", anew.read());
    assert_ne!(anew.field("which"), asked.field("which"));
    // Another comes, and none goes: it was not shown, and nothing is done to it.
    comes(&home, 9102).await;
    let done = browser.send("/parked/retry", &confirmed(&anew, &of_reason)).await.read();
    assert!(done.contains("29 contracts wait") && done.contains("30 parked contracts"), "{done}");
    let left = browser.view("/parked?reason=email-taken").await.read();
    assert!(left.contains("1 parked contract ") && left.contains("9102"), "{left}");
    let asked = browser.post("/parked/drop", &[]).await;
    let done = browser.send("/parked/drop", &confirmed(&asked, &[])).await.read();
    assert!(
        done.contains("30 contracts are no longer parked.") && done.contains("No contract is parked."),
        "{done}"
    );
}

/// Another one was parked with that reason, later than those before.
async fn comes(home: &Home, contract: i64) {
    let store = Store::open(&home.database()).unwrap();
    let occasion = Occasion::new(contract.into(), Trigger::Retry(1), "2031-03-01T09:00:00Z".parse().unwrap());
    let mut look = Look::without_end(occasion, NextLook::Parked);
    (look.error, look.fields) =
        (None, vec![LookedField::new("email", "email", "failed", Some("email-taken"))]);
    SqliteJournal::new(store).record(&look).await.unwrap();
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let sql = "INSERT INTO parked SELECT tenant, kind, ?1, (SELECT max(parked_at) FROM parked) + 1000, attempts, reason, is_known
        FROM parked WHERE id = 9006";
    assert_eq!(database.execute(sql, [contract]).unwrap(), 1);
}

/// A form again, with what was shown before it is confirmed.
fn confirmed<'a>(asked: &'a Answered, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = ["which", "until"].map(|name| (name, asked.field(name).expect("what was shown")));
    [fields, &shown].concat()
}

#[tokio::test]
async fn each_tenant_has_its_own_views() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::of_tenants(&[("acme-se", &services), ("acme-no", &services)]);
    home.replace("[server]\n", "[page]\nlisten = \"127.0.0.1:0\"\n[server]\n");
    let page = server::bind_page(home.tenants()).await.unwrap();
    let mut browser = Browser::at(page.address());
    tokio::spawn(page.run(std::future::pending()));
    assert_eq!(browser.get("/").await.location(), "/t/acme-se");
    let journal = |tenant: &str| {
        let state = smartsync::store::SqliteState::open(&home.database()).unwrap();
        smartsync::store::State::journal(&state, &tenant.parse().unwrap())
    };
    let occasion = Occasion::new(9001.into(), Trigger::Notification, "2031-03-01T09:00:00Z".parse().unwrap());
    journal("acme-no").record(&Look::without_end(occasion, NextLook::None)).await.unwrap();
    for view in ["", "/contracts", "/held", "/parked", "/intake", "/mapping"] {
        let shown = browser.view(&format!("/t/acme-no{view}")).await.text;
        assert!(shown.contains(&format!("href=\"/t/acme-se{view}\"")), "{shown}");
        assert!(shown.contains(&format!("href=\"/t/acme-no{view}\" aria-current=\"true\"")), "{shown}");
    }
    assert!(browser.view("/t/acme-no/contracts").await.read().contains("9001"));
    assert!(!browser.view("/t/acme-se/contracts").await.read().contains("9001"));
    // The filter has the tenant as well, and keeps what else it says.
    let other = browser.get("/t/acme-no/contracts?outcome=held&tenant=acme-se").await;
    assert_eq!(other.location(), "/t/acme-se/contracts?outcome=held");
    assert_eq!(browser.get("/t/acme-no/contracts?tenant=acme-no").await.status, 200);
    assert_eq!(browser.get("/t/acme-no/contracts?tenant=acme-dk").await.status, 200);
    assert_eq!(browser.get("/t/acme-dk").await.status, 404);
    assert_eq!(browser.get("/contracts").await.status, 404);
}

#[tokio::test]
async fn what_a_service_calls_its_fields_is_text_and_no_mark() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.append("\n[page]\nlisten = \"127.0.0.1:0\"\n");
    let journal = SqliteJournal::new(Store::open(&home.database()).unwrap());
    let occasion = Occasion::new(9001.into(), Trigger::Notification, "2031-03-01T09:00:00Z".parse().unwrap());
    let mut look = Look::without_end(occasion, NextLook::None);
    let mark = "<b onclick=\"a\">'\"&amp;";
    look.error = None;
    (look.candidate, look.drifts) = (Some(mark.into()), Some(true));
    look.fields = vec![LookedField::new(mark, mark, "held", Some(mark)); 100];
    journal.record(&look).await.unwrap();
    let mut browser = page_alone(&home).await;
    for path in
        ["/contracts/9001", "/contracts/9001?fields=40", "/contracts/9001?fields=80", "/contracts", "/held"]
    {
        let text = browser.view(path).await.text;
        assert!(!text.contains("<b "), "{text}");
        assert!(text.contains("onclick=") || path == "/held", "{text}");
    }
    let mark = "%3Cb%3E%22";
    for path in ["/contracts?reason=", "/contracts?state=", "/parked?reason=", "/contracts?after="] {
        let text = browser.view(&format!("{path}{mark}")).await.text;
        assert!(!text.contains("<b>"), "{text}");
    }
}

#[tokio::test]
async fn a_reason_leads_to_its_page_of_the_documentation_if_the_configuration_says_where_that_is() {
    let mut stage = stage_with("\n[docs]\nurl = \"https://docs.test/smartsync/\"\n").await;
    stage.conflict().await;
    let held = "<a href=\"https://docs.test/smartsync/reasons/conflict-held.html\">";
    for path in ["/held".to_owned(), stage.at(""), stage.at("/decide")] {
        let shown = stage.browser.view(&path).await.text;
        assert!(shown.contains(held), "{path}: {shown}");
    }
    stage.browser.view("/mapping").await;
    let mapping = stage.browser.send("/mapping/check", &[]).await.text;
    assert!(
        mapping.contains("<a href=\"https://docs.test/smartsync/diagnostics/SM0024.html\">SM0024</a>"),
        "{mapping}"
    );
}

#[tokio::test]
async fn without_it_nothing_leads_out_of_the_page() {
    let mut stage = stage().await;
    stage.conflict().await;
    for path in ["/held".to_owned(), "/mapping".to_owned(), stage.at(""), stage.at("/decide")] {
        let mut shown = stage.browser.view(&path).await.text;
        if path == "/mapping" {
            shown += &stage.browser.send("/mapping/check", &[]).await.text;
        }
        assert!(!shown.contains("href=\"http") && !shown.contains(".html"), "{path}: {shown}");
    }
}
