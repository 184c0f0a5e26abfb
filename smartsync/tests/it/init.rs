//! `smartsync init`: from an empty folder to the first write-back, on a terminal and by options.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use fastrand::Rng;
use serde_json::Value;
use smartsync_sandbox::{
    CandidateSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, HttpSandbox, SandboxSettings,
    TemplateSeed, TemplateTypeSeed,
};
use tokio::task::{JoinSet, LocalSet};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Home, Terminal, ending_signals, signal, until};

/// What the prompts end with.
const PROMPTS: [&str; 6] = [
    "Marketplace > API tokens) (not shown): ",
    "contracts are read and created: ",
    "permission Read/Write) (not shown): ",
    "`env` variables? [files]: ",
    "Take these pairs? [Y/n]: ",
    "(empty: later): ",
];
const TOKEN: &str = PROMPTS[0];
const EMAIL: &str = PROMPTS[1];
const KEY: &str = PROMPTS[2];
const SECRETS: &str = PROMPTS[3];
const WEBHOOK: &str = PROMPTS[5];

/// A pair of accounts of its own: credentials, ids, and the names of what is kept in step.
struct Account {
    seed: u64,
    services: HttpSandbox,
    token: String,
    email: String,
    key: String,
    template: i64,
    candidate: String,
    /// The data field that a participant fills in, and the custom field that this should reach.
    field: (String, String),
    typed: &'static str,
    on_card: &'static str,
}

impl Account {
    async fn of(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let word =
            |random: &mut Rng, length| -> String { (0..length).map(|_| random.alphanumeric()).collect() };
        let (token, key) = (word(&mut random, 40), word(&mut random, 30));
        let email = format!("integration{seed}@example.com");
        let settings = SandboxSettings::new()
            .oneflow_token(&token)
            .user_email(&email)
            .teamtailor_key(&key)
            .account(1_000 + i64::try_from(seed).unwrap())
            .company(format!("Company{seed}"))
            .unseeded();
        let services = HttpSandbox::start(settings).await.unwrap();
        let sandbox = services.sandbox();
        // One name on both sides, spelled in the ways that are recognised.
        let (data_field, custom_field) = match seed % 5 {
            0 => (DataFieldSeed::new("oneflow-notice"), "oneflow-notice"),
            1 => (DataFieldSeed::new("notice-period"), "notice-period"),
            2 => (DataFieldSeed::new("Notice_Period"), "notice-period"),
            3 => (DataFieldSeed::new("df-17").name("Notice period"), "notice-period"),
            _ => (DataFieldSeed::new("Uppsägningstid"), "uppsagningstid"),
        };
        let (kind, typed, on_card) = match random.u8(..4) {
            0 => (CustomFieldKind::Text, "3 months", "3 months"),
            1 => (CustomFieldKind::Number, "42 000,50", "42000.5"),
            2 => (CustomFieldKind::Date, "2031-05-01", "2031-05-01"),
            _ => (CustomFieldKind::Select, "Three months", "Three months"),
        };
        let key_of_field = match seed % 5 {
            0 => "oneflow-notice",
            1 => "notice-period",
            2 => "Notice_Period",
            3 => "df-17",
            _ => "Uppsägningstid",
        };
        let usual = ["first-name", "last-name", "email", "phone"].map(DataFieldSeed::new);
        let others =
            (0..random.usize(..4)).map(|number| DataFieldSeed::new(format!("remark-{number}-{seed}")));
        let fields = usual.into_iter().chain(others).chain([data_field]);
        let kind_of_contract = fields.fold(TemplateTypeSeed::new("Employment"), TemplateTypeSeed::field);
        let template_type = sandbox.add_template_type(kind_of_contract);
        let template = sandbox.add_template(TemplateSeed::new("Employment", Some(template_type))).unwrap();
        let options: &[&str] =
            if kind == CustomFieldKind::Select { &["One month", "Three months"] } else { &[] };
        sandbox.add_custom_field(CustomFieldSeed::new(custom_field, kind).options(options.iter().copied()));
        for number in 0..random.usize(..4) {
            let name = format!("colour-{number}-{seed}");
            sandbox.add_custom_field(CustomFieldSeed::new(name, CustomFieldKind::Text));
        }
        let candidate = CandidateSeed::new(format!("candidate{seed}@example.com"));
        let candidate = candidate.name("A", "Candidate").field("phone", "+46701740605");
        let candidate = sandbox.add_candidate(candidate).unwrap();
        let field = (key_of_field.to_owned(), custom_field.to_owned());
        Self { seed, services, token, email, key, template, candidate, field, typed, on_card }
    }

    /// An address of its own: two that are tested at a time do not meet at one port.
    fn listen(&self) -> String {
        format!("127.{}.{}.{}:8080", 130 + std::process::id() % 100, self.seed / 200, 1 + self.seed % 200)
    }

    fn webhook(&self) -> String {
        format!("http://{}/webhooks/oneflow", self.listen())
    }

    fn options(&self) -> Vec<String> {
        let urls = ["--oneflow-url", self.services.oneflow_url().as_str(), "--teamtailor-url"];
        let more = [self.services.teamtailor_url().as_str(), "--listen", &self.listen()];
        urls.into_iter().chain(more).map(str::to_owned).collect()
    }

    /// Begins a command on a terminal, for these services.
    fn begin(&self, home: &Home, command: &[&str]) -> Terminal {
        let options = self.options();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        Terminal::begin(home.folder(), &[command, &options].concat())
    }

    /// Runs `init` where there is no terminal.
    async fn init(&self, home: &Home, more: &[&str]) -> crate::support::Ended {
        let options = self.options();
        let options: Vec<&str> = ["init"].into_iter().chain(options.iter().map(String::as_str)).collect();
        home.run(&[&options, more].concat()).await
    }

    fn answer(&self, prompt: &str) -> String {
        match prompt {
            TOKEN => self.token.clone(),
            EMAIL => self.email.clone(),
            KEY => self.key.clone(),
            WEBHOOK => self.webhook(),
            _ => String::new(),
        }
    }
}

/// The numbers of the questions that were asked.
fn questions(shown: &str) -> BTreeSet<u8> {
    let numbered = shown.lines().filter_map(|line| line.strip_prefix('[')?.split_once("] "));
    numbered.filter_map(|(number, _)| number.parse().ok()).collect()
}

/// Every file of a folder with what is in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

/// No secret is anywhere but in the file of its own.
fn assert_kept(folder: &Path, secrets: &[(&str, &str)], shown: &[&str]) {
    for (own, secret) in secrets {
        assert!(shown.iter().all(|text| !text.contains(secret)), "the secret of {own} is shown");
        for (name, bytes) in files(folder) {
            let holds = String::from_utf8_lossy(&bytes).contains(secret);
            assert_eq!(holds, name == *own, "the secret of {own} in {name}");
        }
        let mode = fs::metadata(folder.join(own)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{own}");
    }
}

#[tokio::test]
async fn from_an_empty_folder_to_the_first_write_back_takes_a_minute_at_most_for_each_of_20_accounts() {
    let all = async {
        let mut stories = JoinSet::new();
        let mut seeds = 1..=20;
        for seed in seeds.by_ref().take(3) {
            stories.spawn_local(first_write_back(seed));
        }
        while let Some(told) = stories.join_next().await {
            told.unwrap();
            if let Some(seed) = seeds.next() {
                stories.spawn_local(first_write_back(seed));
            }
        }
    };
    LocalSet::new().run_until(all).await;
}

async fn first_write_back(seed: u64) {
    let (account, home) = (Account::of(seed).await, Home::empty());
    let begun = Instant::now();
    let mut terminal = account.begin(&home, &["init"]);
    // One in three mistypes a credential or the address first.
    let mut slip = [None, None, Some([TOKEN, EMAIL, KEY][usize::try_from(seed / 3 % 3).unwrap()])]
        [usize::try_from(seed % 3).unwrap()];
    while let Some(prompt) = terminal.until_any(&PROMPTS).await {
        if slip == Some(prompt) {
            slip = None;
            let wrong = if prompt == EMAIL {
                "nobody@example.com"
            } else {
                "wrong-0123456789abcdefghijklmnopqrstuvwx"
            };
            terminal.type_line(wrong).await;
            terminal.until("REFUSED ").await;
            continue;
        }
        terminal.type_line(&account.answer(prompt)).await;
    }
    let ended = terminal.ended().await;
    let shown = ended.out.clone();
    assert_eq!(ended.code, 0, "{seed}: {shown}");
    assert!(questions(&shown).len() <= 6 && questions(&shown).contains(&1), "{seed}: {shown}");

    let checked = home.run(&["check"]).await;
    assert_eq!(checked.code, 0, "{seed}: {}", checked.out);

    let server = home.serve().await;
    assert_eq!(server.url, account.webhook(), "{seed}");
    let workspace = account.services.sandbox().seeded().workspace.to_string();
    let template = account.template.to_string();
    let create =
        ["create", "--candidate", &account.candidate, "--template", &template, "--workspace", &workspace];
    let created = home.run(&[&create[..], &["--publish", "--json"]].concat()).await;
    assert_eq!(created.code, 0, "{seed}: {}", created.err);
    let created: Value = serde_json::from_str(&created.out).unwrap();
    let contract = created["contract"].as_i64().unwrap();
    let sandbox = account.services.sandbox();
    sandbox.fill_data_field(contract, &account.field.0, account.typed).unwrap();
    let on_card =
        || sandbox.candidate_card(&account.candidate).unwrap().get(&account.field.1).map(str::to_owned);
    until("the card has it", async || on_card().as_deref() == Some(account.on_card)).await;
    assert!(begun.elapsed() <= Duration::from_secs(60), "{seed}: {:?}", begun.elapsed());

    drop(server);
    let sign_key = fs::read_to_string(home.folder().join("oneflow-sign-key")).unwrap();
    let secrets = [
        ("oneflow-token", account.token.as_str()),
        ("teamtailor-token", &account.key),
        ("oneflow-sign-key", sign_key.trim()),
    ];
    assert_kept(home.folder(), &secrets, &[&shown, &home.log(), &checked.out, &checked.err]);
}

#[tokio::test]
async fn options_answer_everything_and_a_second_run_changes_nothing() {
    let (account, home) = (Account::of(101).await, Home::empty());
    home.secret("given-token", &account.token);
    home.secret("given-key", &account.key);
    let answers = [
        "--oneflow-token",
        "file:given-token",
        "--teamtailor-token",
        "file:given-key",
        "--user-email",
        &account.email,
        "--no-webhook",
        "--yes",
    ];
    let first = account.init(&home, &answers).await;
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("wrote   smartsync.toml\n"), "{}", first.out);
    let before = files(home.folder());
    let names: BTreeSet<&str> = before.iter().map(|(name, _)| name.as_str()).collect();
    let expected = ["given-key", "given-token", "oneflow-sign-key", "smartsync.toml"];
    assert_eq!(names, expected.into(), "what is there is named where it is");

    let options = account.options();
    let init: Vec<&str> = ["init", "--json", "--no-webhook", "--yes"]
        .into_iter()
        .chain(options.iter().map(String::as_str))
        .collect();
    let again = home.run(&init).await;
    assert_eq!(again.code, 0, "{}", again.err);
    let told: Value = serde_json::from_str(&again.out).unwrap();
    let is = |key: &str| told[key].clone();
    assert_eq!((is("new"), is("changed"), is("questions")), (false.into(), false.into(), 0.into()), "{told}");
    assert_eq!(told["check"]["errors"], 0, "{told}");
    assert_eq!(files(home.folder()), before);
}

#[tokio::test]
async fn of_a_file_that_is_there_only_what_it_lacks_is_asked_and_a_copy_is_kept() {
    let (account, home) = (Account::of(102).await, Home::empty());
    home.secret("oneflow-token", &account.token);
    let mine = format!(
        "# mine\n[oneflow]\nbase_url = \"{}\"\ntoken = {{ file = \"oneflow-token\" }}\n\n[teamtailor]\nbase_url = \"{}\"\n\n[server]\nsweep = \"off\"\n",
        account.services.oneflow_url(),
        account.services.teamtailor_url()
    );
    home.write(&mine);
    let mut terminal = account.begin(&home, &["init", "--no-webhook"]);
    terminal.until(EMAIL).await;
    terminal.type_line(&account.email).await;
    terminal.until(KEY).await;
    terminal.type_line(&account.key).await;
    terminal.until(SECRETS).await;
    terminal.type_line("files").await;
    terminal.until("Make these changes? [Y/n]: ").await;
    assert!(
        terminal.shown.contains(&format!("\n+user_email = \"{}\"\n", account.email)),
        "{}",
        terminal.shown
    );
    terminal.type_line("").await;
    assert_eq!(terminal.ended().await.code, 0, "{}", terminal.shown);
    assert_eq!(questions(&terminal.shown), [1, 2, 3, 4].into());
    let copies: Vec<_> =
        files(home.folder()).into_iter().filter(|(name, _)| name.contains("before")).collect();
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert_eq!(String::from_utf8_lossy(&copies[0].1), mine);
    let now = fs::read_to_string(home.file()).unwrap();
    for line in mine.lines() {
        assert!(now.lines().any(|kept| kept == line), "{line} is gone:\n{now}");
    }
    assert_eq!(home.run(&["check"]).await.code, 0);

    // Whoever says no keeps what is there.
    let without = now.replace(&format!("user_email = \"{}\"\n", account.email), "");
    home.write(&without);
    let mut terminal = account.begin(&home, &["init", "--no-webhook"]);
    terminal.until(EMAIL).await;
    terminal.type_line(&account.email).await;
    terminal.until("Make these changes? [Y/n]: ").await;
    terminal.type_line("n").await;
    assert_eq!(terminal.ended().await.code, 1);
    assert_eq!(fs::read_to_string(home.file()).unwrap(), without);
}

#[tokio::test]
async fn a_signal_or_ctrl_c_at_any_question_leaves_nothing_behind_and_the_terminal_as_it_was() {
    for (name, code) in ending_signals() {
        let (account, home) = (Account::of(103).await, Home::empty());
        let mut init = account.begin(&home, &["init", "--no-webhook"]);
        init.until(TOKEN).await;
        assert!(!init.echoes(), "what is typed is not shown");
        signal(&init.process, name).await;
        let ended = init.ended().await;
        assert_eq!(ended.code, code, "{name}: {}", ended.out);
        assert!(init.echoes(), "{name}");
        assert_eq!(files(home.folder()), [], "{name}");
    }
    let (account, home) = (Account::of(104).await, Home::empty());
    let mut init = account.begin(&home, &["init", "--no-webhook"]);
    for prompt in [TOKEN, EMAIL, KEY] {
        init.until(prompt).await;
        init.type_line(&account.answer(prompt)).await;
    }
    init.until(SECRETS).await;
    init.type_bytes(b"\x03").await;
    let ended = init.ended().await;
    assert_eq!(ended.code, 130, "{}", ended.out);
    assert_eq!(files(home.folder()), []);
    for secret in [&account.token, &account.key] {
        assert!(!init.shown.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn without_a_terminal_the_option_that_answers_is_named_and_nothing_is_written() {
    let (account, home) = (Account::of(105).await, Home::empty());
    let init = account.init(&home, &[]).await;
    assert_eq!((init.code, init.out.as_str()), (1, ""));
    assert_eq!(
        init.err,
        "error: Oneflow API token (in Oneflow: Marketplace > API tokens): there is no terminal to ask on\n next: run it on a terminal, \
         or answer with `--oneflow-token env:NAME|file:PATH`\n"
    );
    // A secret in the place of the name of its place is not repeated.
    let slipped = account.init(&home, &["--oneflow-token", &account.token]).await;
    assert_eq!(slipped.code, 1);
    assert!(slipped.err.contains("a secret itself is never typed here"), "{}", slipped.err);
    assert!(!slipped.err.contains(&account.token));
    // One that an option names and that is refused is not replaced.
    home.secret("given-token", "another-0123456789abcdefghijklmnopqrstuv");
    let refused = account.init(&home, &["--oneflow-token", "file:given-token", "--yes"]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("the token is refused (401)"), "{}", refused.err);
    assert_eq!(files(home.folder()).len(), 1);
}

#[tokio::test]
async fn secrets_that_a_person_sets_as_variables_are_named_and_not_kept() {
    let (account, home) = (Account::of(106).await, Home::empty());
    let mut terminal = account.begin(&home, &["init", "--secrets", "env"]);
    while let Some(prompt) = terminal.until_any(&PROMPTS).await {
        terminal.type_line(&account.answer(prompt)).await;
    }
    assert_eq!(terminal.ended().await.code, 0, "{}", terminal.shown);
    let text = fs::read_to_string(home.file()).unwrap();
    assert!(text.contains("token = { env = \"ONEFLOW_API_TOKEN\" }"), "{text}");
    assert!(text.contains("token = { env = \"TEAMTAILOR_API_KEY\" }"), "{text}");
    assert!(text.contains("sign_keys = [{ env = \"ONEFLOW_SIGN_KEY\" }]"), "{text}");
    let shown: Vec<_> =
        terminal.shown.lines().filter_map(|line| line.trim_end().strip_prefix("ONEFLOW_SIGN_KEY=")).collect();
    let [sign_key] = shown[..] else { panic!("it is shown once: {}", terminal.shown) };
    assert!(sign_key.len() >= 64, "{}", sign_key.len());
    let next = "set ONEFLOW_API_TOKEN, TEAMTAILOR_API_KEY, ONEFLOW_SIGN_KEY for every command";
    assert!(terminal.shown.contains(next), "{}", terminal.shown);
    assert_eq!(files(home.folder()).len(), 1, "the configuration alone");
    for (name, bytes) in files(home.folder()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&account.token) && !text.contains(&account.key), "{name}");
        assert!(!text.contains(sign_key), "{name}");
    }
    let check = home
        .command(&["check"])
        .env("ONEFLOW_API_TOKEN", &account.token)
        .env("TEAMTAILOR_API_KEY", &account.key)
        .env("ONEFLOW_SIGN_KEY", sign_key)
        .output()
        .await;
    assert!(check.unwrap().status.success());
}

#[tokio::test]
async fn a_new_sign_key_that_no_file_keeps_is_not_made_where_no_terminal_shows_it() {
    let (account, home) = (Account::of(110).await, Home::empty());
    let options = account.options();
    let run = |sign_key: Option<&str>| {
        let mut command = home.command(&["init", "--secrets", "env", "--yes", "--json", "--no-webhook"]);
        command.args(&options).args(["--user-email", account.email.as_str()]);
        command.env("ONEFLOW_API_TOKEN", &account.token).env("TEAMTAILOR_API_KEY", &account.key);
        command.envs(sign_key.map(|key| ("ONEFLOW_SIGN_KEY", key)));
        async move { command.output().await.unwrap() }
    };
    let refused = run(None).await;
    let err = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{err}");
    assert!(err.contains("there is no terminal to show it on; nothing was written"), "{err}");
    assert!(err.contains("next: set ONEFLOW_SIGN_KEY to a secret of your own"), "{err}");
    assert_eq!(files(home.folder()), []);

    let own = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let done = run(Some(own)).await;
    let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
    assert_eq!(done.status.code(), Some(0), "{out}{err}");
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["secret_files"], &told["variables"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert!(!out.contains(own) && !err.contains(own));
    let text = fs::read_to_string(home.file()).unwrap();
    assert!(text.contains("sign_keys = [{ env = \"ONEFLOW_SIGN_KEY\" }]") && !text.contains(own), "{text}");
}

#[tokio::test]
async fn an_address_through_which_nothing_comes_is_not_registered() {
    let (account, home) = (Account::of(107).await, Home::empty());
    home.secret("oneflow-token", &account.token);
    home.secret("teamtailor-token", &account.key);
    let elsewhere = account.webhook().replace("/webhooks/oneflow", "/elsewhere");
    let answers = ["--user-email", &account.email, "--webhook", &elsewhere, "--yes", "--json"];
    let init = account.init(&home, &answers).await;
    assert_eq!(init.code, 1, "{}", init.err);
    let told: Value = serde_json::from_str(&init.out).unwrap();
    assert_eq!((&told["new"], &told["webhook"]["registered"]), (&true.into(), &false.into()), "{told}");
    let stages = told["webhook"]["test"]["stages"].as_array().unwrap();
    assert_eq!(stages.last().unwrap()["stage"], "path", "{told}");
    let list = home.run(&["webhook", "list", "--json"]).await;
    assert_eq!(list.out, "[]\n");
}

#[tokio::test]
async fn what_a_service_does_not_answer_to_is_no_refusal_and_nothing_is_replaced() {
    let (account, home) = (Account::of(108).await, Home::empty());
    home.secret("oneflow-token", &account.token);
    home.secret("teamtailor-token", &account.key);
    let first = account.init(&home, &["--user-email", &account.email, "--no-webhook", "--yes"]).await;
    assert_eq!(first.code, 0, "{}", first.err);
    let (before, text) = (files(home.folder()), fs::read_to_string(home.file()).unwrap());
    for status in [500, 404] {
        let broken = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(status)).mount(&broken).await;
        for url in [account.services.oneflow_url(), account.services.teamtailor_url()] {
            let of_broken = format!("{}{}", broken.uri(), url.path().trim_end_matches('/'));
            home.write(&text.replace(url.as_str(), &of_broken));
            let again = home.run(&["init", "--no-webhook", "--yes"]).await;
            assert_eq!(again.code, 1, "{status}: {}", again.out);
            assert!(again.err.contains("could not be tried, and stays as it is"), "{status}: {}", again.err);
            home.write(&text);
            assert_eq!(files(home.folder()), before, "{status}");
        }
    }
}

#[tokio::test]
async fn a_failure_behind_the_writing_says_what_is_on_the_disk() {
    let (account, home) = (Account::of(109).await, Home::empty());
    home.secret("oneflow-token", &account.token);
    home.secret("teamtailor-token", &account.key);
    // Of another machine, so that nobody can listen there.
    let options = [
        "init",
        "--oneflow-url",
        account.services.oneflow_url().as_str(),
        "--teamtailor-url",
        account.services.teamtailor_url().as_str(),
        "--listen",
        "192.0.2.1:8080",
        "--user-email",
        &account.email,
        "--webhook",
        "http://127.0.0.1:9/webhooks/oneflow",
        "--yes",
    ];
    let init = home.run(&options).await;
    assert_eq!(init.code, 1, "{}", init.out);
    assert!(init.out.contains("wrote   smartsync.toml\n"), "{}{}", init.out, init.err);
    assert!(init.out.contains("oneflow-sign-key, a secret\n"), "{}", init.out);
    assert!(init.out.contains(" next: "), "{}", init.out);
    assert!(init.err.contains("192.0.2.1:8080"), "{}", init.err);
}
