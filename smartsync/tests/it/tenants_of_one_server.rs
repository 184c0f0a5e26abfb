//! Several tenants in one server: nothing crosses from one to the other, whatever their ids, accounts and credentials have in common.

use std::time::Duration;

use smartsync::{
    Config, ContractId, ServeError, Server,
    server::{self, Reload},
};
use smartsync_core::Reason;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep},
};

use crate::support::{Home, Kept, get, get_text, notice, post, sent_contract, sign_key_of, signed, until};

const NAMES: [&str; 2] = ["acme-se", "acme-no"];

/// Two tenants whose services are made alike: accounts, contracts and candidates have the same ids.
struct Two {
    services: [HttpSandbox; 2],
    home: Home,
    candidate: String,
    contract: i64,
}

impl Two {
    async fn alike(kept: &Kept) -> Self {
        let start = || {
            let settings = SandboxSettings::new().teamtailor_limit(100_000).oneflow_limit(100_000);
            HttpSandbox::start(settings)
        };
        let services = [start().await.unwrap(), start().await.unwrap()];
        let home = Home::of_tenants(&[(NAMES[0], &services[0]), (NAMES[1], &services[1])]);
        kept.keep(&home);
        let [first, second] = [0, 1].map(|tenant| sent_contract(&services[tenant], 1));
        assert_eq!(first, second, "the ids are the same");
        services.iter().for_each(|services| services.sandbox().advance(Duration::from_secs(600)));
        Self { services, home, candidate: first.0, contract: first.1 }
    }

    fn fill(&self, tenant: usize, value: &str) {
        let sandbox = self.services[tenant].sandbox();
        sandbox.advance(Duration::from_secs(60));
        sandbox.fill_data_field(self.contract, "oneflow-notice", value).unwrap();
    }

    fn notice(&self, tenant: usize) -> Option<String> {
        notice(&self.services[tenant], &self.candidate)
    }

    fn writes(&self, tenant: usize) -> usize {
        let log = self.services[tenant].sandbox().request_log();
        log.iter().filter(|request| request.method != "GET").count()
    }

    fn config(&self, tenant: usize) -> Config {
        self.home.tenants().iter().nth(tenant).unwrap().clone()
    }

    async fn serve(&self) -> Running {
        Running::of(server::bind(self.home.tenants()).await.unwrap())
    }

    /// A notification for the contract, by the key of a tenant.
    fn notification(&self, callback: &str, tenant: usize) -> String {
        signed(callback, ContractId::new(self.contract), &sign_key_of(NAMES[tenant]))
    }

    /// What `smartsync` prints for a tenant.
    async fn run(&self, tenant: usize, arguments: &[&str]) -> String {
        let ended = self.home.run(&[arguments, &["--tenant", NAMES[tenant]]].concat()).await;
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        ended.out
    }
}

/// A server that runs.
struct Running {
    origin: String,
    metrics: Option<String>,
    reload: Reload,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn of(server: Server) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self {
            origin: format!("http://{}", server.address()),
            metrics: server.metrics_address().map(|address| format!("http://{address}/metrics")),
            reload: server.reload(),
            stop,
            task: tokio::spawn(server.run(async { stopped.await.unwrap_or_default() })),
        }
    }

    /// Where the notifications of a tenant go.
    fn url(&self, tenant: usize) -> String {
        format!("{}/webhooks/oneflow/{}", self.origin, NAMES[tenant])
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

#[tokio::test]
async fn equal_ids_in_two_tenants_are_two_contracts_and_two_candidates() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.fill(0, "3 months");
        two.fill(1, "1 month");
        let server = two.serve().await;
        // The same callback id, too: neither is a repeated notification of the other.
        for tenant in [0, 1] {
            assert_eq!(post(&server.url(tenant), two.notification("one", tenant)).await, 200);
        }
        until("both are written", async || two.notice(0).is_some() && two.notice(1).is_some()).await;
        assert_eq!([two.notice(0).as_deref(), two.notice(1).as_deref()], [Some("3 months"), Some("1 month")]);
        let contract = two.contract.to_string();
        for tenant in [0, 1] {
            let looks: serde_json::Value =
                serde_json::from_str(&two.run(tenant, &["history", &contract, "--json"]).await).unwrap();
            assert_eq!(looks.as_array().unwrap().len(), 1, "each has a journal of its own: {looks}");
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_notification_counts_only_at_the_path_of_the_tenant_whose_key_signed_it() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.fill(0, "3 months");
        two.fill(1, "1 month");
        let server = two.serve().await;
        for (path, key) in [(0, 1), (1, 0)] {
            assert_eq!(post(&server.url(path), two.notification("crossed", key)).await, 401);
        }
        // The path of a configuration without tenants, and that of a tenant that there is not.
        for path in ["/webhooks/oneflow", "/webhooks/oneflow/acme-dk"] {
            assert_eq!(post(&format!("{}{path}", server.origin), two.notification("nowhere", 0)).await, 404);
        }
        assert_eq!(get(&format!("{}/readyz", server.origin)).await, 200);
        // Whatever had been noted of these would be looked at before.
        assert_eq!(post(&server.url(1), two.notification("right", 1)).await, 200);
        until("the right one is written", async || two.notice(1).is_some()).await;
        assert_eq!((two.notice(0), two.writes(0)), (None, 0));
        server.stop().await;
    }
}

#[tokio::test]
async fn who_is_forgotten_in_one_tenant_is_known_in_the_other() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        let contract = two.contract.to_string();
        for tenant in [0, 1] {
            two.fill(tenant, "3 months");
            two.run(tenant, &["sync", &contract]).await;
        }
        let forgotten = two.run(0, &["forget", "--candidate", &two.candidate]).await;
        assert!(
            forgotten.starts_with(&format!("candidate {} of tenant acme-se is forgotten", two.candidate)),
            "{forgotten}"
        );
        for tenant in [0, 1] {
            two.fill(tenant, "4 months");
            two.run(tenant, &["sync", &contract]).await;
        }
        assert_eq!(
            [two.notice(0).as_deref(), two.notice(1).as_deref()],
            [Some("3 months"), Some("4 months")]
        );
        // What is known in the other is still there to forget.
        let known: serde_json::Value =
            serde_json::from_str(&two.run(1, &["forget", "--candidate", &two.candidate, "--json"]).await)
                .unwrap();
        assert_eq!(
            (&known["known"], &known["new"], &known["tenant"]),
            (&true.into(), &true.into(), &"acme-no".into())
        );
    }
}

#[tokio::test]
async fn what_one_tenant_has_overwritten_takes_no_room_from_the_other() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.home.replace(
            "[[tenant]]\nname = \"acme-se\"",
            "[[tenant]]\nname = \"acme-se\"\nlimits = { changes = 0 }",
        );
        two.home.replace(
            "[[tenant]]\nname = \"acme-no\"",
            "[[tenant]]\nname = \"acme-no\"\nlimits = { changes = 1 }",
        );
        let contract = two.contract.to_string();
        for tenant in [0, 1] {
            two.fill(tenant, "3 months");
            two.run(tenant, &["sync", &contract]).await;
            two.fill(tenant, "4 months");
        }
        let held = two.home.run(&["sync", &contract, "--tenant", NAMES[0]]).await;
        assert_eq!(held.code, 2, "{}", held.out);
        two.run(1, &["sync", &contract]).await;
        assert_eq!(
            [two.notice(0).as_deref(), two.notice(1).as_deref()],
            [Some("3 months"), Some("4 months")]
        );
    }
}

/// Both tenants over the same two accounts, with the same credentials: the hardest case, which `check` warns about.
async fn same_accounts(kept: &Kept) -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::of_tenants(&[(NAMES[0], &services), (NAMES[1], &services)]);
    kept.keep(&home);
    (services, home)
}

#[tokio::test]
async fn a_plan_of_one_tenant_is_refused_by_the_engine_of_another_over_the_same_accounts() {
    for kept in Kept::in_each().await {
        let (services, home) = same_accounts(&kept).await;
        let (candidate, contract) = sent_contract(&services, 1);
        services.sandbox().advance(Duration::from_secs(600));
        services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        let mut engines = Vec::new();
        for config in home.tenants().iter() {
            engines.push(config.open().await.unwrap().1);
        }
        let plan = engines[0].plan(contract.into()).await.unwrap();
        services.sandbox().clear_request_log();
        let refused = engines[1].apply(plan).await;
        assert!(
            refused.outcomes.iter().any(|field| field.reason() == Some(Reason::PlanOfAnotherEngine)),
            "{refused:?}"
        );
        assert_eq!((services.sandbox().request_log().len(), notice(&services, &candidate)), (0, None));
        let plan = engines[0].plan(contract.into()).await.unwrap();
        engines[0].apply(plan).await;
        assert_eq!(notice(&services, &candidate).as_deref(), Some("3 months"), "its own engine takes it");
    }
}

#[tokio::test]
async fn a_link_that_one_tenant_signed_is_a_forgery_to_another_over_the_same_accounts() {
    for kept in Kept::in_each().await {
        let (services, home) = same_accounts(&kept).await;
        let seeded = services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let create =
            ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
        let made = home.run(&[&create[..], &["--publish", "--json", "--tenant", NAMES[0]]].concat()).await;
        let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
        let contract = made["contract"].as_i64().unwrap();
        services.sandbox().advance(Duration::from_secs(600));
        services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        let crossed = home.run(&["sync", &contract.to_string(), "--json", "--tenant", NAMES[1]]).await;
        assert!(crossed.out.contains("\"link-forged\""), "{}{}", crossed.out, crossed.err);
        assert_eq!(notice(&services, &seeded.candidate), None);
        let own = home.run(&["sync", &contract.to_string(), "--tenant", NAMES[0]]).await;
        assert_eq!(own.code, 0, "{}{}", own.out, own.err);
        assert_eq!(notice(&services, &seeded.candidate).as_deref(), Some("3 months"));
    }
}

#[tokio::test]
async fn one_tenant_goes_on_with_what_a_configuration_without_tenants_has_stored() {
    for kept in Kept::in_each().await {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let nameless = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        kept.keep(&nameless);
        let seeded = services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let create =
            ["create", "--candidate", &seeded.candidate, "--template", &template, "--workspace", &workspace];
        let made = nameless.run(&[&create[..], &["--publish", "--json"]].concat()).await;
        let contract = serde_json::from_str::<serde_json::Value>(&made.out).unwrap()["contract"].to_string();
        services.sandbox().advance(Duration::from_secs(600));
        services.sandbox().fill_data_field(contract.parse().unwrap(), "oneflow-notice", "3 months").unwrap();

        // The same folder, database and key, with tenants.
        let other = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let text = nameless.tenant("acme-se", &services).replacen(
            "\n\n",
            "\nunnamed = true\npath = \"/webhooks/oneflow\"\n\n",
            1,
        );
        let shared = format!(
            "[store]\nurl = \"sqlite://{}/state.db\"\n[server]\nsweep = \"off\"\nlisten = \"127.0.0.1:0\"\n",
            nameless.folder().display()
        );
        nameless.write(&(shared + &text + &nameless.tenant("acme-no", &other)));
        kept.keep(&nameless);
        let history = nameless.run(&["history", &contract, "--tenant", "acme-se"]).await;
        assert!(
            history.out.contains("created"),
            "what was noted before is there: {}{}",
            history.out,
            history.err
        );
        let none = nameless.run(&["history", &contract, "--tenant", "acme-no"]).await;
        assert!(none.out.starts_with("no look at contract"), "{}", none.out);

        let server = Running::of(server::bind(nameless.tenants()).await.unwrap());
        let body = signed("one", contract.parse().unwrap(), &sign_key_of("acme-se"));
        assert_eq!(post(&format!("{}/webhooks/oneflow", server.origin), body).await, 200);
        until("the link that was signed before still counts", async || {
            notice(&services, &seeded.candidate).as_deref() == Some("3 months")
        })
        .await;
        server.stop().await;
    }
}

/// Each has its own services, one of which fails each look at once.
#[tokio::test]
async fn a_backlog_of_ten_thousand_of_one_tenant_delays_a_notification_of_another_by_less_than_five_seconds()
{
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.fill(1, "1 month");
        let (state, _) = two.config(0).open().await.unwrap();
        let backlog = (1_000_000..1_010_000).map(|contract| {
            smartsync::store::Item::of(
                two.config(0).tenant().clone(),
                smartsync::store::Subject::Contract(ContractId::new(contract)),
            )
        });
        state.work().enqueue(backlog.collect(), smartsync::store::Trigger::ByHand).await.unwrap();
        let server = two.serve().await;
        // Once the backlog is being worked on.
        until("looks at the backlog have begun", async || {
            let log = two.services[0].sandbox().request_log();
            log.iter().filter(|request| request.path.contains("/contracts/10")).count() >= 20
        })
        .await;
        let begun = Instant::now();
        assert_eq!(post(&server.url(1), two.notification("one", 1)).await, 200);
        while two.notice(1).is_none() {
            assert!(begun.elapsed() < Duration::from_secs(5), "the notification still waits");
            sleep(Duration::from_millis(5)).await;
        }
        eprintln!("a notification beside a backlog of 10,000: {} ms", begun.elapsed().as_millis());
        server.stop().await;
    }
}

#[tokio::test]
async fn metrics_have_the_tenant_as_a_label_and_each_name_one_type() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.home.replace("listen = ", "metrics = \"127.0.0.1:0\"\nlisten = ");
        two.fill(0, "3 months");
        let server = two.serve().await;
        let metrics = server.metrics.clone().unwrap();
        assert_eq!(post(&server.url(0), two.notification("one", 0)).await, 200);
        assert_eq!(post(&server.url(1), two.notification("crossed", 0)).await, 401);
        let mut text = String::new();
        until("the look is counted", async || {
            text = get_text(&metrics).await.1;
            text.contains(
                "smartsync_looks_total{tenant=\"acme-se\",trigger=\"notification\",result=\"done\"} 1",
            )
        })
        .await;
        for line in [
            "smartsync_notifications_total{tenant=\"acme-se\",result=\"accepted\"} 1",
            "smartsync_notifications_total{tenant=\"acme-no\",result=\"accepted\"} 0",
            "smartsync_notifications_refused_total{tenant=\"acme-se\",cause=\"signature\"} 0",
            "smartsync_notifications_refused_total{tenant=\"acme-no\",cause=\"signature\"} 1",
            "smartsync_look_duration_seconds_count{tenant=\"acme-no\"} 0",
            "smartsync_put_back_total{tenant=\"acme-se\"} 0",
            "smartsync_contracts_parked{tenant=\"acme-no\"} 0",
            "smartsync_database_readable 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
        }
        let types: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE ")).collect();
        let mut once = types.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(types.len(), once.len(), "{types:?}");
        let of_all = ["smartsync_build_info{", "smartsync_database_readable "];
        let unlabelled: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("tenant=\""))
            .filter(|line| !of_all.iter().any(|name| line.starts_with(name)))
            .collect();
        assert_eq!(unlabelled, [""; 0]);
        server.stop().await;
    }
}

#[tokio::test]
async fn each_tenant_takes_on_its_own_configuration_and_a_new_or_a_missing_one_takes_a_start() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        let server = two.serve().await;
        // Only the second one writes the notice period back no more.
        two.home.append("\n[[tenant.field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\ndirection = \"to_oneflow\"\n");
        assert_eq!(server.reload.apply(two.home.tenants()).await.unwrap(), [""; 0]);
        for tenant in [0, 1] {
            two.fill(tenant, "3 months");
            assert_eq!(post(&server.url(tenant), two.notification("one", tenant)).await, 200);
        }
        until("the first is written", async || two.notice(0).is_some()).await;
        let contract = two.contract.to_string();
        until("the second was looked at", async || {
            two.run(1, &["history", &contract, "--json"]).await.contains("\"oneflow-notice\"")
        })
        .await;
        assert_eq!(two.notice(1), None);

        two.home.replace("name = \"acme-no\"", "name = \"acme-dk\"");
        two.home.replace("name = \"acme-se\"", "name = \"acme-se\"\npath = \"/elsewhere\"");
        let later = server.reload.apply(two.home.tenants()).await.unwrap();
        assert_eq!(
            later,
            ["the path of tenant acme-se", "the new tenant acme-dk", "the tenant acme-no, which is gone"]
        );

        // A mistake in one is told with its name, and changes nothing of another.
        two.home.secret("sign-key-acme-no", "");
        let error = server.reload.apply(two.home.tenants()).await.unwrap_err();
        let ServeError::OfTenant { name, .. } = &error else { panic!("{error:?}") };
        assert_eq!(name.as_str(), "acme-dk");
        server.stop().await;
    }
}

#[tokio::test]
async fn what_waits_of_a_tenant_that_is_gone_waits_until_it_is_back() {
    for kept in Kept::in_each().await {
        let two = Two::alike(&kept).await;
        two.fill(1, "1 month");
        let (state, _) = two.config(1).open().await.unwrap();
        state
            .intake()
            .accept(
                "one",
                smartsync::store::Item::of(
                    two.config(1).tenant().clone(),
                    smartsync::store::Subject::Contract(two.contract.into()),
                ),
            )
            .await
            .unwrap();
        let with_both = std::fs::read_to_string(two.home.file()).unwrap();
        two.home.write(with_both.split("\n[[tenant]]\nname = \"acme-no\"").next().unwrap());
        let server = Running::of(server::bind(two.home.tenants()).await.unwrap());
        sleep(Duration::from_secs(1)).await;
        assert_eq!((two.notice(1), two.writes(0)), (None, 0), "nobody else looks at it");
        server.stop().await;
        two.home.write(&with_both);
        let server = two.serve().await;
        until("it is looked at", async || two.notice(1).as_deref() == Some("1 month")).await;
        server.stop().await;
    }
}
