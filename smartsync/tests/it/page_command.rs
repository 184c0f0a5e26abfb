//! `smartsync page`: what it says, and how it ends.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::Child,
    time::timeout,
};

use crate::support::{Browser, Home, signal, until};

async fn home() -> (HttpSandbox, Home) {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    home.append("\n[page]\nlisten = \"127.0.0.1:0\"\n");
    (services, home)
}

async fn first_line(page: &mut Child) -> String {
    BufReader::new(page.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap()
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_with_0_at_a_signal() {
    let (_services, home) = home().await;
    for name in ["-TERM", "-INT"] {
        let mut page = home.command(&["page"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let line = first_line(&mut page).await;
        let address = line.strip_prefix("page on http://").unwrap().strip_suffix('/').unwrap();
        let answer = Browser::at(address.parse().unwrap()).view("/").await;
        assert!(answer.read().contains("nothing is looked at until one is started"), "{}", answer.read());
        signal(&page, name).await;
        let status = timeout(Duration::from_secs(5), page.wait()).await.expect("it ends").unwrap();
        assert_eq!(status.code(), Some(0));
    }
}

#[tokio::test]
async fn it_says_as_json_where_it_listens_and_what_stands_in_the_way() {
    let (_services, home) = home().await;
    let mut page =
        home.command(&["page", "--json"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(page.stdout.take().unwrap()).lines();
    let mut printed = String::new();
    while !printed.ends_with('}') {
        printed.push_str(&lines.next_line().await.unwrap().unwrap());
    }
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let address = printed["address"].as_str().unwrap();
    Browser::at(address.parse().unwrap()).view("/").await;
    home.replace("[page]\nlisten = \"127.0.0.1:0\"", &format!("[page]\nlisten = \"{address}\""));
    let ended = home.run(&["page", "--json"]).await;
    assert_eq!(ended.code, 1, "{}", ended.err);
    let error: Value = serde_json::from_str(&ended.out).unwrap();
    assert!(
        error["error"].as_str().unwrap().starts_with(&format!("`page.listen`: cannot listen on {address}"))
    );
    assert_eq!(error["next"], "choose a free address in `[page] listen`");
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let (_services, home) = home().await;
        let mut page = home.command(&["page"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let line = first_line(&mut page).await;
        let address = line.strip_prefix("page on http://").unwrap().trim_end_matches('/').to_owned();
        // A form that never comes to its end holds the end of the process up.
        let mut slow = TcpStream::connect(&address).await.unwrap();
        let head = format!("POST /parked/retry HTTP/1.1\r\nhost: {address}\r\ncontent-length: 10\r\n\r\na");
        slow.write_all(head.as_bytes()).await.unwrap();
        Browser::at(address.parse().unwrap()).view("/").await;
        signal(&page, "-INT").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(page.try_wait().unwrap().is_none(), "it waits for what has begun");
        signal(&page, name).await;
        let status = timeout(Duration::from_secs(2), page.wait()).await.expect("it ends").unwrap();
        assert_eq!(status.code(), Some(code));
    }
}

#[tokio::test]
async fn a_signal_has_it_read_its_configuration_again_and_a_bad_file_changes_nothing() {
    let (_services, home) = home().await;
    let log = std::fs::File::create(home.folder().join("page.log")).unwrap();
    let mut page = home.command(&["page"]).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let line = first_line(&mut page).await;
    let address = line.strip_prefix("page on http://").unwrap().trim_end_matches('/').to_owned();
    let mut browser = Browser::at(address.parse().unwrap());
    let told =
        |what: &str| std::fs::read_to_string(home.folder().join("page.log")).unwrap().matches(what).count();
    let pair = "custom:of-tomorrow";
    assert!(!browser.view("/mapping").await.read().contains(pair));

    home.append(&format!(
        "\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"{pair}\"\non_conflict = \"sometimes\"\n"
    ));
    signal(&page, "-HUP").await;
    until("it is refused", async || told("the configuration was refused") == 1).await;
    assert!(!browser.view("/mapping").await.read().contains(pair));

    home.replace("on_conflict = \"sometimes\"", "on_conflict = \"hold\"");
    signal(&page, "-HUP").await;
    until("it is taken on", async || browser.view("/mapping").await.read().contains(pair)).await;

    home.replace("[page]\nlisten = \"127.0.0.1:0\"", "[page]\nlisten = \"127.0.0.1:1\"");
    signal(&page, "-HUP").await;
    until("it says what waits for a start", async || told("take effect at the next start") == 1).await;
    signal(&page, "-TERM").await;
    assert_eq!(timeout(Duration::from_secs(5), page.wait()).await.expect("it ends").unwrap().code(), Some(0));
}
