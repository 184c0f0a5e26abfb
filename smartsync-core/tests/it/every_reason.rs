//! Every reason has a fixture that produces it, through the engine.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use smartsync_core::{
    Engine, FieldOutcome, Ledger, LedgerEntry, Mapping, MemoryLedger, Reason, Report,
    engine::{DocumentHost, DocumentHostError, Resolved, SignedDocument},
    ledger::{Creation, DocumentRecord},
    plan::{Resolution, Take},
};
use smartsync_sandbox::SandboxSettings;
use smartsync_transport::{Method, Request, Response, Transport, TransportError, Url};

use crate::{
    accounts, change_limit, resolve,
    support::{
        creation::{made, planned, request},
        fenced::Fence,
        plain_clients::plain_clients,
        shaky_ledger::{Failure, Shaky},
        stage::{
            BY_ADDRESS, DEFINITIONS, Noon, OPTIONS, SENT, VALUE, candidate, candidate_page, contract,
            http_response, keys, redirect, summary, token, validation_error,
        },
        story::Story,
    },
};

/// One contract, one card, and what the services answer to everything else.
pub(crate) struct Scene {
    mapping: String,
    /// The text of the city on which both sides agreed before.
    agreed: Option<&'static str>,
    /// The text of the city of a write that was cut off before, when the card had none.
    cut_off: Option<&'static str>,
    contract: Option<String>,
    /// Another contract of the candidate, which the ledger knows.
    other: Option<String>,
    card: Option<String>,
    /// Candidates found by address.
    found: String,
    /// What has happened to the contract.
    events: String,
    file: (u16, &'static str),
    definitions: String,
    options: String,
    write: (u16, String),
    entry: LedgerEntry,
    creation: Option<Creation>,
    is_forgotten: bool,
    host: Option<Full>,
    /// The step of the ledger that fails.
    ledger_fails_at: Option<usize>,
    /// How many requests have come that change something.
    writes: usize,
}

/// A document host that has no room.
#[derive(Clone, Copy, Debug)]
struct Full;

#[async_trait]
impl DocumentHost for Full {
    async fn serve(&self, _: SignedDocument) -> Result<Url, DocumentHostError> {
        Err(DocumentHostError::new("no room"))
    }
}

const SETTINGS: &str = "[sync]\nconvention = false\ndocument = { attach = false }\n";
const WITH_DOCUMENT: &str = "[sync]\nconvention = false\n";
const ADDRESS: &str = "https://storage.example/f?signature=1";

fn city(rules: &str) -> String {
    format!("{SETTINGS}[[field]]\noneflow = \"city\"\nteamtailor = \"custom:oneflow-city\"\n{rules}\n")
}

/// A mapping of one field of this type at this place, which is written back as soon as it is edited.
fn one(target: &str, rules: &str) -> String {
    let allowed = if target == "email" { "allow_identity = true" } else { "" };
    format!(
        "{SETTINGS}[[field]]\noneflow = \"city\"\nteamtailor = \"{target}\"\nwhen = \"edited\"\n{rules}\n{allowed}\n"
    )
}

/// A sent contract whose city is Oslo, and an empty card.
fn scene() -> Scene {
    Scene {
        mapping: city(""),
        agreed: None,
        cut_off: None,
        contract: Some(paper("pending", "Oslo")),
        other: None,
        card: Some(card("{}", None)),
        found: r#"{ "data": [] }"#.to_owned(),
        events: SENT.to_owned(),
        file: (404, ""),
        definitions: DEFINITIONS.to_owned(),
        options: OPTIONS.to_owned(),
        write: (201, VALUE.to_owned()),
        entry: LedgerEntry::default(),
        creation: None,
        is_forgotten: false,
        host: None,
        ledger_fails_at: None,
        writes: 0,
    }
}

/// The same without a token, where addresses are looked for.
fn by_address() -> Scene {
    let mapping = city("").replace("[sync]\n", BY_ADDRESS);
    scene().custom_id("").mapping(mapping)
}

fn paper(state: &str, city: &str) -> String {
    contract(state, &token("4711", "hire-1"), &[("city", city)])
}

/// A card with these default fields and this city.
fn card(attributes: &str, city: Option<&str>) -> String {
    let value = city.map(|city| format!("\"{city}\""));
    let values: Vec<_> = value.iter().map(|value| ("903", "34", value.as_str())).collect();
    candidate(attributes, &values, &[])
}

impl Scene {
    fn mapping(self, mapping: impl Into<String>) -> Self {
        Self { mapping: mapping.into(), ..self }
    }

    /// The contract's state and city.
    fn paper(self, state: &str, city: &str) -> Self {
        Self { contract: Some(paper(state, city)), ..self }
    }

    /// The city of the card.
    fn card(self, city: &str) -> Self {
        Self { card: Some(card("{}", Some(city))), ..self }
    }

    /// The city that both sides had before.
    fn agreed(self, city: &'static str) -> Self {
        Self { agreed: Some(city), ..self }
    }

    /// A contract with another link.
    fn custom_id(self, custom_id: &str) -> Self {
        Self { contract: Some(contract("pending", custom_id, &[("city", "Oslo")])), ..self }
    }

    /// What Teamtailor answers to a write.
    fn write(self, status: u16, body: impl Into<String>) -> Self {
        Self { write: (status, body.into()), ..self }
    }

    /// A signed contract, and what Oneflow answers when it is asked for the file.
    fn file(self, status: u16, what: &'static str) -> Self {
        let signed = Self { contract: Some(contract("signed", &token("4711", "hire-1"), &[])), ..self };
        Self { file: (status, what), ..signed.mapping(WITH_DOCUMENT) }
    }

    /// What both the contract and a write that was cut off before were to put on the card.
    fn cut_off(self, city: &'static str) -> Self {
        Self { cut_off: Some(city), ..self }
    }

    /// A contract whose digests the host has erased.
    fn retired(mut self) -> Self {
        self.entry.is_retired = true;
        self.bound_to("4711")
    }

    /// What the ledger knows of the document.
    fn document(mut self, record: DocumentRecord) -> Self {
        self.entry.document = Some(record);
        self.bound_to("4711")
    }

    fn bound_to(mut self, candidate: &str) -> Self {
        self.entry.candidate = Some(candidate.into());
        self
    }

    /// Every reason in the report on the contract.
    async fn reasons(self) -> BTreeSet<Reason> {
        let (engine, _) = self.set_up().await;
        reasons(&look(&engine).await)
    }

    /// What a person achieves who decides on the field that ended for this reason, else on the first one; and how many requests went out that
    /// change something.
    pub(crate) async fn decided(self, reason: Reason, take: Take) -> (String, usize) {
        let (engine, desk) = self.set_up().await;
        let before = desk.writes();
        let plan = engine.plan(9001.into()).await.unwrap();
        let place = plan.outcomes().iter().position(|field| field.reason() == Some(reason)).unwrap_or(0);
        let Some(field) = plan.outcomes().get(place).map(|field| field.data_field.clone()) else {
            return ("nothing is shown".to_owned(), desk.writes() - before);
        };
        let decided = engine.resolve(9001.into(), &[Resolution::new(&field, take)], Some(plan.hash())).await;
        let Ok(decided) = decided else { return ("no look".to_owned(), desk.writes() - before) };
        let said = match decided {
            Resolved::Applied { report, .. } => {
                summary(&report.outcomes)[place].replacen(&field, "ends as", 1)
            }
            Resolved::Stale(_) => "stale".to_owned(),
            Resolved::Refused(plan) => format!("refused: {}", plan.unresolved()[0].why.code()),
        };
        (said, desk.writes() - before)
    }

    async fn set_up(self) -> (Engine, Desk) {
        let ledger = Arc::new(MemoryLedger::new());
        ledger.put(9001.into(), self.entry.clone());
        let mut entry = LedgerEntry::default();
        entry.candidate = Some("4711".into());
        if self.other.is_some() {
            ledger.put(9002.into(), entry.clone());
        }
        if let Some(creation) = &self.creation {
            ledger.save_creation(&"hire-1".parse().unwrap(), creation).await.unwrap();
        }
        if self.is_forgotten {
            ledger.forget(&"4711".into()).await.unwrap();
        }
        let ledger = Arc::new(Shaky::new(ledger, self.ledger_fails_at.map(|step| (step, Failure::Before))));
        let (mapping, host, agreed): (Mapping, _, _) =
            (toml::from_str(&self.mapping).unwrap(), self.host, self.agreed);
        let cut_off = self.cut_off;
        let (desk, fence) = (Desk(Arc::new(Mutex::new(self))), Fence::around(&mapping));
        let fenced = || fence.fenced(desk.clone());
        let (oneflow, teamtailor) = plain_clients(fenced(), fenced());
        let mut builder =
            Engine::builder(oneflow, teamtailor, mapping, ledger, keys()).clock(Noon).max_document_bytes(3);
        if let Some(host) = host {
            fence.open_for_document_host();
            builder = builder.document_host(host);
        }
        let engine = builder.build().unwrap();
        if let Some(city) = agreed {
            let now = desk.put(Some(paper("signed", city)), Some(card("{}", Some(city))));
            look(&engine).await;
            desk.put(now.0, now.1);
        }
        if let Some(city) = cut_off {
            let now = desk.put(Some(paper("pending", city)), Some(card("{}", None)));
            let answer = desk.answer_writes((503, String::new()));
            look(&engine).await;
            desk.answer_writes(answer);
            desk.put(now.0, now.1);
        }
        (engine, desk)
    }
}

async fn look(engine: &Engine) -> Report {
    let plan = engine.plan(9001.into()).await.unwrap();
    engine.apply(plan).await
}

fn reasons(report: &Report) -> BTreeSet<Reason> {
    let fields = report.outcomes.iter().flat_map(|field| [field.outcome.reason(), field.note]);
    fields.chain([report.document.reason()]).flatten().collect()
}

/// Both services of a scene.
#[derive(Clone)]
struct Desk(Arc<Mutex<Scene>>);

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    fn writes(&self) -> usize {
        self.0.lock().unwrap().writes
    }

    /// Changes what a write is answered, and gives back the answer before.
    fn answer_writes(&self, answer: (u16, String)) -> (u16, String) {
        std::mem::replace(&mut self.0.lock().unwrap().write, answer)
    }

    /// Changes contract and card, and gives back what there was.
    fn put(&self, contract: Option<String>, card: Option<String>) -> (Option<String>, Option<String>) {
        let mut scene = self.0.lock().unwrap();
        (std::mem::replace(&mut scene.contract, contract), std::mem::replace(&mut scene.card, card))
    }
}

#[async_trait]
impl Transport for Desk {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut scene = self.0.lock().unwrap();
        scene.writes += usize::from(request.method() != Method::GET);
        let found = |body: &Option<String>| match body {
            Some(body) => http_response(200, &[], body),
            None => http_response(404, &[], "{}"),
        };
        let path = request.uri().path();
        Ok(match path {
            _ if request.method() != Method::GET => {
                // An update is answered with the value that it names, a creation with a new one.
                let body = match path.strip_prefix("/v1/custom-field-values/") {
                    Some(id) => scene.write.1.replace("\"905\"", &format!("\"{id}\"")),
                    None => scene.write.1.clone(),
                };
                http_response(scene.write.0, &[], &body)
            }
            "/v1/contracts/9001" => found(&scene.contract),
            "/v1/contracts/9001/events" => http_response(200, &[], &scene.events),
            "/v1/contracts/9002" => found(&scene.other),
            "/v1/contracts/9001/files/1" => match scene.file {
                (302, address) => redirect(address),
                (status, body) => http_response(status, &[], body),
            },
            "/v1/custom-fields" => http_response(200, &[], &scene.definitions),
            "/v1/custom-field-options" => http_response(200, &[], &scene.options),
            "/v1/candidates" => http_response(200, &[], &scene.found),
            "/v1/candidates/4711" => found(&scene.card),
            _ => panic!("unexpected {path}"),
        })
    }
}

/// A fixture for each reason that a sync can have. A new reason gets a row here.
pub(crate) fn of_a_sync() -> Vec<(Reason, Scene)> {
    use Reason as R;
    let forged = "teamtailor:4711:hire-1:00000000000000000000000000000000";
    let page = candidate_page(r#"{ "email": "ida@example.com" }"#, &[], &[]);
    let ida = r#"{ "data": [
        { "id": "4711", "type": "candidates", "attributes": { "email": "ida@example.com" } },
        { "id": "4712", "type": "candidates", "attributes": { "email": "ida@example.com" } } ] }"#;
    let email_and_phone = format!(
        "{}[[field]]\noneflow = \"phone\"\nteamtailor = \"phone\"\nwhen = \"edited\"\n",
        one("email", "").replace("\"city\"", "\"email\"")
    );
    let two_contacts = || {
        let fields = [("email", "new@example.com"), ("phone", "+46 70 123 45 67")];
        let contract = Some(contract("pending", &token("4711", "hire-1"), &fields));
        Scene { contract, ..scene() }.mapping(email_and_phone.clone())
    };
    let two_cities = format!("{}[[field]]\noneflow = \"town\"\nteamtailor = \"custom:34\"\n", city(""));
    let two_fields = format!("{}[[field]]\noneflow = \"pay\"\nteamtailor = \"custom:32\"\n", city(""));
    let two_values = || {
        let fields = [("city", "Oslo"), ("pay", "7")];
        let contract = Some(contract("pending", &token("4711", "hire-1"), &fields));
        Scene { contract, ..scene() }.mapping(two_fields.clone())
    };
    let twin = OPTIONS.replace("Permanent", "Fixed term");
    let no_uploads = r#"{ "data": { "id": "4711", "type": "candidates", "attributes": {},
        "relationships": { "custom-field-values": { "data": [] } } } }"#;
    let taken = |place: &str| validation_error(place, "has already been taken");
    vec![
        (R::NotInContract, scene().mapping(city("").replace("\"city\"", "\"town\""))),
        (R::NothingToSay, scene().paper("pending", "").card("Oslo")),
        (R::CandidateIsNewer, scene().agreed("Oslo").card("Bergen")),
        (R::EmptyKept, scene().agreed("Oslo").paper("pending", "").card("Oslo")),
        (R::OutOfScope, scene().mapping(city("workspaces = [13]"))),
        (
            R::OtherContractFirst,
            Scene { other: Some(paper("signed", "").replace("9001", "9002")), ..scene() },
        ),
        (R::OtherContractUnreadable, Scene { other: Some("[]".to_owned()), ..scene() }),
        (
            R::IdentityOnlyPrefilled,
            Scene {
                contract: Some(contract("pending", &token("4711", "hire-1"), &[("phone", "+46701740605")])),
                ..scene().mapping("sync.document.attach = false".to_owned())
            },
        ),
        (R::OnlyPrefilled, scene().mapping(city("direction = \"to_oneflow\""))),
        (R::WaitsForCandidateSignature, scene().mapping(city("when = \"candidate_signed\""))),
        (R::WaitsForAllSignatures, scene().mapping(city("when = \"all_signed\""))),
        (R::ContractIsDraft, scene().paper("draft", "Oslo")),
        (R::ContractDeclined, scene().paper("declined", "Oslo")),
        (R::ContractOverdue, scene().paper("overdue", "Oslo")),
        (R::ContractGone, Scene { contract: None, ..scene() }),
        (R::ContractRetired, scene().retired()),
        (R::ContractStateUnknown, scene().paper("frozen", "Oslo")),
        (R::ConflictContractWon, scene().agreed("Paris").card("Bergen")),
        (
            R::ConflictCandidateWon,
            scene().mapping(city("on_conflict = \"candidate_wins\"")).agreed("Paris").card("Bergen"),
        ),
        (R::ConflictHeld, scene().mapping(city("on_conflict = \"hold\"")).agreed("Paris").card("Bergen")),
        (R::FirstSightContractWon, scene().card("Bergen")),
        (R::FirstSightCandidateWon, scene().mapping(city("on_conflict = \"candidate_wins\"")).card("Bergen")),
        (R::FirstSightHeld, scene().mapping(city("on_conflict = \"hold\"")).card("Bergen")),
        (
            R::EditNotProven,
            // Filled in a month after the contract was made, and before it was sent.
            Scene {
                contract: Some(
                    paper("pending", "Oslo").replace("2031-01-02T03:05:00", "2031-03-01T03:05:00"),
                ),
                ..scene().card("Bergen")
            },
        ),
        (
            R::Cleared,
            scene()
                .mapping(city("when = \"all_signed\"\non_empty = \"clear\""))
                .agreed("Oslo")
                .paper("signed", "")
                .card("Oslo")
                .write(200, VALUE.replace("\"Oslo\"", "null")),
        ),
        // The write arrived late, or a person typed the same.
        (R::CutOffContractWon, scene().cut_off("Bergen").card("Bergen")),
        (R::CutOffHeld, scene().mapping(city("on_conflict = \"hold\"")).cut_off("Bergen").card("Bergen")),
        (R::ChangedMeanwhile, scene().write(422, taken("/data/relationships/custom-field"))),
        (R::NoCandidate, scene().custom_id("")),
        (R::SeveralCandidates, Scene { found: ida.to_owned(), ..by_address() }),
        (
            R::AddressShared,
            Scene {
                found: candidate_page(r#"{ "email": "ida@example.com" }"#, &[], &[]),
                contract: Some(
                    contract("pending", "", &[])
                        .replace("rae@acme.example", "ida@example.com")
                        .replace("\"my_party\": true", "\"my_party\": false"),
                ),
                ..by_address()
            },
        ),
        (
            R::LinkUnconfirmed,
            Scene { found: page, events: r#"{ "count": 0, "data": [] }"#.to_owned(), ..by_address() },
        ),
        (
            R::DocumentByAddress,
            Scene { contract: Some(contract("signed", "", &[])), ..scene() }
                .bound_to("4711")
                .mapping(WITH_DOCUMENT),
        ),
        (R::LinkForged, scene().custom_id(forged)),
        (
            R::LinkOfAnotherContract,
            Scene {
                creation: Some(Creation::Created { candidate: "4711".into(), contract: 5.into() }),
                ..scene()
            },
        ),
        (R::LinkDisagrees, scene().bound_to("4700")),
        (R::CandidateGone, Scene { card: None, ..scene() }),
        (R::CandidateForgotten, Scene { is_forgotten: true, ..scene() }),
        (R::UnknownCustomField, scene().mapping(one("custom:nowhere", ""))),
        (R::UnsupportedFieldType, scene().mapping(one("custom:38", ""))),
        (R::TypeMismatch, scene().mapping(one("custom:31", "type = \"checkbox\""))),
        (R::TwoSources, scene().mapping(two_cities)),
        (R::ContractValueUnreadable, scene().mapping(one("custom:31", ""))),
        (R::AmbiguousNumber, scene().mapping(one("custom:32", "")).paper("pending", "1.234")),
        (
            R::OtherCurrency,
            scene().mapping(one("custom:32", "locale = { currency = \"SEK\" }")).paper("pending", "10 EUR"),
        ),
        (R::AmbiguousDate, scene().mapping(one("custom:31", "")).paper("pending", "03/04/2031")),
        (R::ImplausibleDate, scene().mapping(one("custom:31", "")).paper("pending", "0031-05-01")),
        (R::Markup, scene().mapping(one("pitch", "")).paper("pending", "<b>hired</b>")),
        (R::Formula, scene().mapping(one("pitch", "")).paper("pending", "=1+1")),
        (R::TurnedText, scene().mapping(one("pitch", "")).paper("pending", "a\u{202e}b")),
        (R::LookAlike, scene().mapping(one("pitch", "")).paper("pending", "p\u{430}ypal")),
        (
            R::NotOnLinkedin,
            scene().mapping(one("linkedin_url", "")).paper("pending", "https://example.com/in"),
        ),
        (R::HiddenCharacters, scene().mapping(one("email", "")).paper("pending", "ida\u{200b}@example.com")),
        (R::UnknownOption, scene().mapping(one("custom:35", ""))),
        (
            R::AmbiguousOption,
            Scene { options: twin, ..scene().mapping(one("custom:35", "")).paper("pending", "Fixed term") },
        ),
        (
            R::AmbiguousChoices,
            Scene {
                definitions: DEFINITIONS.replace("CustomField::Select", "CustomField::MultiSelect"),
                options: OPTIONS.replace("Permanent", "Hourly").replace("Fixed term", "Hourly, hourly"),
                ..scene().mapping(one("custom:35", "")).paper("pending", "Hourly, hourly")
            },
        ),
        (R::TooLong, scene().mapping(one("pitch", "")).paper("pending", &"x".repeat(141))),
        (R::Lossy, scene().mapping(one("custom:32", "")).paper("pending", "0.12345678901234567890123456789")),
        (
            R::CandidateValueUnreadable,
            Scene {
                card: Some(candidate("{}", &[("901", "31", "\"soon\"")], &[])),
                ..scene().mapping(one("custom:31", "")).paper("pending", "2031-05-01")
            },
        ),
        (R::EmailTaken, two_contacts().write(422, taken("/data/attributes/email"))),
        (R::Refused, scene().write(422, "{}")),
        (R::RefusedTogether, two_contacts().write(422, "{}")),
        (
            R::OptionRefused,
            scene().mapping(one("custom:35", "")).paper("pending", "Permanent").write(422, "{}"),
        ),
        (
            R::ClearRefused,
            scene()
                .mapping(city("when = \"all_signed\"\non_empty = \"clear\""))
                .agreed("Oslo")
                .paper("signed", "")
                .card("Oslo")
                .write(422, "{}"),
        ),
        (R::NotAsWritten, scene().write(201, VALUE.replace("Oslo", "Bergen"))),
        (R::NotAuthorized, scene().write(403, "")),
        (R::Unavailable, scene().write(503, "")),
        // The plan asks four times; the fifth is the last look for a tombstone before anything is written.
        (R::LedgerFailed, Scene { ledger_fails_at: Some(5), ..scene() }),
        (R::AnswerUnreadable, scene().write(200, "[]")),
        (R::NotAttempted, two_values().write(401, "")),
        (R::NotSignedYet, scene().mapping(WITH_DOCUMENT)),
        (R::DocumentNotWanted, scene()),
        (R::FileNotReady, scene().file(404, "{}")),
        (R::FileWithoutAddress, scene().file(200, "%PDF")),
        (R::FileTooLarge, Scene { host: Some(Full), ..scene().file(200, "%PDF") }),
        (R::DocumentHostFailed, Scene { host: Some(Full), ..scene().file(200, "%PD") }),
        (R::AddressNotPublic, scene().file(302, "https://10.0.0.1/f")),
        (R::DocumentRefused, scene().file(302, ADDRESS).write(422, "{}")),
        (
            R::DocumentNotShown,
            scene().file(302, ADDRESS).document(DocumentRecord::Uploaded { upload: "77".into() }),
        ),
        (R::UploadUnknown, scene().file(302, ADDRESS).document(DocumentRecord::Intended)),
        (R::UploadsUnknown, Scene { card: Some(no_uploads.to_owned()), ..scene().file(302, ADDRESS) }),
    ]
}

/// The reasons of fields that are not written into a new contract: of a second try, after the card was edited.
async fn of_a_creation() -> BTreeSet<Reason> {
    let mut story = Story::begin(SandboxSettings::new()).await;
    let mapping = "[[field]]\noneflow = \"phone\"\nteamtailor = \"phone\"\ndirection = \"to_teamtailor\"";
    story.map(toml::from_str(mapping).unwrap());
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("50000")).unwrap();
    let plan = story.engine.plan_contract(&story.request("hire-1")).await.unwrap();
    of_all(&story.engine.create(plan).await.unwrap().outcomes)
}

/// The reasons of a creation after which Oneflow left one of the fields empty.
async fn of_a_field_of_an_integration() -> BTreeSet<Reason> {
    let answer = made("draft").replace(r#""value": "1234.5""#, r#""value": """#);
    let (stage, plan) = planned(request(), |script| script.json(200, answer)).await;
    of_all(&stage.engine.create(plan).await.unwrap().outcomes)
}

fn of_all(outcomes: &[FieldOutcome]) -> BTreeSet<Reason> {
    outcomes.iter().filter_map(|field| field.outcome.reason()).collect()
}

#[tokio::test]
async fn every_reason_is_produced_by_its_fixture() {
    let mut produced = BTreeSet::new();
    for (reason, scene) in of_a_sync() {
        let found = scene.reasons().await;
        assert!(found.contains(&reason), "{} gives {found:?}", reason.code());
        assert!(produced.insert(reason), "{} has two fixtures", reason.code());
    }
    for reason in [Reason::OnlyWrittenBack, Reason::CandidateEmpty, Reason::ContractHoldsAnother] {
        assert!(of_a_creation().await.contains(&reason), "{}", reason.code());
        produced.insert(reason);
    }
    assert!(of_a_field_of_an_integration().await.contains(&Reason::NotAcceptedByOneflow));
    produced.insert(Reason::NotAcceptedByOneflow);
    assert!(change_limit::limit_reached().await.contains(&Reason::LimitReached));
    assert_eq!(accounts::other_account().await, Reason::OtherAccount);
    assert_eq!(accounts::plan_of_another().await, Reason::PlanOfAnotherEngine);
    assert_eq!(resolve::decided().await, [Reason::DecidedContract, Reason::DecidedCard]);
    produced.extend([
        Reason::DecidedContract,
        Reason::DecidedCard,
        Reason::LimitReached,
        Reason::OtherAccount,
        Reason::PlanOfAnotherEngine,
    ]);
    let all: BTreeSet<Reason> = Reason::ALL.iter().copied().collect();
    let missing: Vec<&str> = all.difference(&produced).map(|reason| reason.code()).collect();
    assert!(missing.is_empty(), "give each a fixture above: {missing:?}");
}

#[tokio::test]
async fn a_scene_without_a_twist_writes_its_field_and_has_no_reason_but_for_the_document() {
    assert_eq!(scene().reasons().await, BTreeSet::from([Reason::DocumentNotWanted]));
    let page = candidate_page(r#"{ "email": "ida@example.com" }"#, &[], &[]);
    let by_email = Scene { found: page, ..by_address() };
    assert_eq!(by_email.reasons().await, BTreeSet::from([Reason::DocumentNotWanted]));
}
