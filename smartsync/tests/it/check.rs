//! `smartsync check` says what each credential can do.

use oneflow_client::webhooks::{CreateWebhook, NewWebhook};
use smartsync::{
    Registration, check,
    setup::{Finding, Subject, Verdict},
};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

async fn services() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    (services, home)
}

fn of(findings: &[Finding], subject: Subject, verdict: Verdict) -> Vec<&str> {
    let wanted = findings.iter().filter(|finding| finding.subject == subject && finding.verdict == verdict);
    wanted.map(|finding| finding.text.as_str()).collect()
}

#[tokio::test]
async fn good_credentials_are_proven_and_what_cannot_be_proven_is_said() {
    let (services, home) = services().await;
    let findings = check(&home.config_file()).await.findings;
    let warnings = of(&findings, Subject::Oneflow, Verdict::Warning);
    let ours = "no registered webhook has an address ending in `/webhooks/oneflow`, the path this program listens on";
    assert_eq!(warnings, [ours]);

    Registration::new("https://other.example.com/hooks/crm".parse().unwrap())
        .register(&home.config())
        .await
        .unwrap();
    let findings = check(&home.config_file()).await.findings;
    assert_eq!(of(&findings, Subject::Oneflow, Verdict::Warning), [ours], "a webhook of another program");

    Registration::new("https://sync.example.com/webhooks/oneflow".parse().unwrap())
        .register(&home.config())
        .await
        .unwrap();
    services.sandbox().clear_request_log();
    let findings = check(&home.config_file()).await.findings;
    let key = "the digest key is in the database's folder";
    let is_of_key = |finding: &&Finding| finding.text.starts_with(key);
    assert_eq!(findings.iter().filter(is_of_key).count(), 1, "{findings:?}");
    let mut others = findings.iter().filter(|finding| !is_of_key(finding));
    assert!(others.all(|finding| finding.verdict == Verdict::Good), "{findings:?}");
    let teamtailor = of(&findings, Subject::Teamtailor, Verdict::Good);
    assert!(teamtailor[0].contains("Whether it may write was not tested"), "{teamtailor:?}");
    let writes =
        services.sandbox().request_log().into_iter().filter(|request| request.method != "GET").count();
    assert_eq!(writes, 0);
}

#[tokio::test]
async fn a_refused_token_and_a_refused_user_are_told_apart() {
    let (_services, home) = services().await;
    home.replace("recruiter@example.com", "nobody@example.com");
    let findings = check(&home.config_file()).await.findings;
    let bad = of(&findings, Subject::Oneflow, Verdict::Bad);
    assert!(bad[0].contains("the token is accepted, but `oneflow.user_email` is refused"), "{bad:?}");

    home.secret("oneflow", "a-token-that-nobody-has-0000000000000001");
    let findings = check(&home.config_file()).await.findings;
    let bad = of(&findings, Subject::Oneflow, Verdict::Bad);
    assert!(bad[0].contains("the token is refused"), "{bad:?}");
}

#[tokio::test]
async fn a_teamtailor_key_that_is_wrong_and_one_without_admin_are_told_apart() {
    let (services, home) = services().await;
    services.sandbox().take_away_key();
    let findings = check(&home.config_file()).await.findings;
    let bad = of(&findings, Subject::Teamtailor, Verdict::Bad);
    assert!(bad[0].contains("its scope is not Admin"), "{bad:?}");

    home.secret("teamtailor", "another-key");
    let findings = check(&home.config_file()).await.findings;
    let bad = of(&findings, Subject::Teamtailor, Verdict::Bad);
    assert!(bad[0].contains("the key is refused (401)"), "{bad:?}");
    assert!(!format!("{findings:?}").contains("another-key"));
}

#[tokio::test]
async fn a_webhook_of_the_built_in_sync_is_a_warning() {
    let (_services, home) = services().await;
    let url = "https://an1md697q3.execute-api.eu-west-1.amazonaws.com/production/results";
    let client = home.config().webhook_client().unwrap();
    client.send(&CreateWebhook::new(NewWebhook::new(url))).await.unwrap();
    let findings = check(&home.config_file()).await.findings;
    let warnings = of(&findings, Subject::Oneflow, Verdict::Warning);
    assert!(warnings[0].contains("two programs would write the same fields"), "{warnings:?}");

    let listed = home.run(&["webhook", "list"]).await;
    assert!(listed.out.contains("the built-in sync"), "{}", listed.out);
}

#[tokio::test]
async fn services_that_cannot_be_reached_are_named_and_the_command_ends_with_1() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let ended = home.run(&["check"]).await;
    assert_eq!(ended.code, 1);
    assert!(
        ended.out.contains("FAILED  Oneflow: ") && ended.out.contains("FAILED  Teamtailor: "),
        "{}",
        ended.out
    );
    let json = home.run(&["check", "--json"]).await;
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["findings"][0]["subject"], "configuration");
    assert_eq!(report["findings"][0]["verdict"], "good");
    // Each service is named once, however often it was asked.
    assert_eq!(report["errors"], 2);
}
