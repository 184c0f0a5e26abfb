//! Who may see the page, and who may send it a form.

use std::{fs, net::SocketAddr};

use smartsync::{ConfigError, ServeError, server};
use tokio::task::JoinHandle;

use crate::support::{Browser, Home};

const TOKEN: &str = "a token of the page, of many letters";

const VIEWS: [&str; 9] = [
    "/",
    "/contracts",
    "/contracts/9001",
    "/held",
    "/parked",
    "/intake",
    "/mapping",
    "/again/1",
    "/nothing-here",
];

const FORMS: [&str; 8] = [
    "/contracts/again",
    "/contracts/9001/show",
    "/contracts/9001/again",
    "/contracts/9001/decide",
    "/contracts/9001/decide/show",
    "/parked/retry",
    "/parked/drop",
    "/mapping/check",
];

async fn page(home: &Home) -> (SocketAddr, JoinHandle<()>) {
    let page = server::bind_page(&home.config()).await.unwrap();
    (page.address(), tokio::spawn(page.run(std::future::pending())))
}

/// Nobody answers for the services: nothing here may ask them.
fn home(section: &str) -> Home {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    home.append(section);
    home
}

fn with_token() -> Home {
    let home = home("\n[page]\nlisten = \"127.0.0.1:0\"\ntoken = { file = \"page-token\" }\n");
    home.secret("page-token", TOKEN);
    home
}

#[tokio::test]
async fn without_a_token_this_machine_may_see_it_by_its_own_names_only() {
    let home = home("\n[page]\nlisten = \"127.0.0.1:0\"\n");
    let (address, _page) = page(&home).await;
    let mut browser = Browser::at(address);
    browser.view("/").await;
    let port = address.port();
    for host in [format!("localhost:{port}"), format!("[::1]:{port}"), "127.0.0.1".to_owned()] {
        browser.host = host;
        browser.view("/").await;
    }
    // A name of another site that leads to this machine.
    for host in ["rebound.example.com", "127.0.0.1.example.com", "example.com:8081", ""] {
        browser.host = host.to_owned();
        for path in VIEWS.iter().chain(&["/style.css", "/log-in"]) {
            assert_eq!(browser.get(path).await.status, 421, "{host} {path}");
        }
        assert_eq!(browser.post("/parked/retry", &[]).await.status, 421, "{host}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_shown_through_a_proxy_that_says_so_and_with_one_it_is() {
    let open = home("\n[page]\nlisten = \"127.0.0.1:0\"\n");
    let (address, _page) = page(&open).await;
    let mut browser = Browser::at(address);
    browser.view("/mapping").await;
    // A proxy on this machine calls the page by the name that it asks it under, whoever has asked the proxy.
    for said in
        ["Forwarded: for=192.0.2.7", "X-Forwarded-For: 192.0.2.7", "Via: 1.1 proxy", "X-Real-IP: 192.0.2.7"]
    {
        browser.says = format!("{said}\r\n");
        for path in VIEWS.iter().chain(&["/style.css", "/log-in"]) {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 403, "{said} {path}");
            assert!(answer.read().contains("set `token` in `[page]`"), "{}", answer.read());
        }
        assert_eq!(browser.post("/parked/retry", &[]).await.status, 403, "{said}");
    }
    let closed = with_token();
    let (address, _page) = page(&closed).await;
    let mut browser = Browser::at(address);
    browser.says = "X-Forwarded-For: 192.0.2.7\r\n".to_owned();
    browser.send("/log-in", &[("token", TOKEN)]).await;
    browser.view("/").await;
}

#[tokio::test]
async fn a_form_that_another_site_sends_is_refused() {
    for home in [home("\n[page]\nlisten = \"127.0.0.1:0\"\n"), with_token()] {
        let (address, _page) = page(&home).await;
        let mut browser = Browser::at(address);
        browser.send("/log-in", &[("token", TOKEN)]).await;
        browser.view("/mapping").await;
        let own = browser.form_token.clone();
        let (other_address, _other) = page(&with_token()).await;
        let mut other = Browser::at(other_address);
        other.send("/log-in", &[("token", TOKEN)]).await;
        other.view("/mapping").await;
        for path in FORMS {
            for said in ["", "0", &other.form_token, &own[1..]] {
                let answer = browser.post_as(path, &[("form_token", said), ("contract", "9001")]).await;
                assert_eq!(answer.status, 403, "{path}");
                assert!(answer.read().contains("nothing was done"), "{}", answer.read());
            }
            assert_eq!(browser.post_as(path, &[]).await.status, 403, "{path}");
        }
        assert_eq!(browser.post_as("/parked/retry", &[("form_token", &own)]).await.status, 200);
        // A decision names each field of a contract.
        for (size, status) in [(100_000, 200), (3_000_000, 413)] {
            let large = "a".repeat(size);
            let form = [("form_token", own.as_str()), ("field", &large)];
            assert_eq!(browser.post_as("/parked/retry", &form).await.status, status, "{size}");
        }
    }
}

#[tokio::test]
async fn with_a_token_nothing_is_shown_or_done_for_whoever_has_not_logged_in() {
    let home = with_token();
    let (address, _page) = page(&home).await;
    let mut browser = Browser::at(address);
    for path in VIEWS {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.text.as_str()), (303, ""), "{path}");
        assert!(answer.location().starts_with("/log-in?to=%2F"), "{}", answer.location());
    }
    for path in FORMS {
        let answer = browser.post(path, &[]).await;
        assert_eq!((answer.status, answer.location()), (303, "/log-in"), "{path}");
    }
    let shown = browser.view("/log-in?to=%2Fparked").await;
    assert_eq!(shown.field("to"), Some("/parked"));

    let refused = browser
        .post("/log-in", &[("token", "a token of the page, of many letterz"), ("to", "/parked")])
        .await;
    assert_eq!((refused.status, browser.cookie.as_deref()), (403, None));
    assert!(refused.read().contains("That is not the token."), "{}", refused.read());
    assert_eq!(browser.get("/").await.status, 303);

    let answer = browser.post_as("/log-in", &[("token", TOKEN), ("to", "//example.com")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    let cookie = answer.headers["set-cookie"].clone();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    browser.view("/").await;
    let logged_in = browser.cookie.clone();

    // Behind a proxy the browser calls it by another name: it keeps another thing, for https only.
    let mut outside = Browser::at(address);
    outside.host = "sync.example.com".to_owned();
    let answer = outside.post_as("/log-in", &[("token", TOKEN)]).await;
    let cookie = answer.headers["set-cookie"].clone();
    assert!(cookie.starts_with("__Host-") && cookie.ends_with("; SameSite=Strict; Secure"), "{cookie}");
    outside.view("/").await;

    let answer = browser.send("/log-out", &[]).await;
    assert!(answer.read().contains("Log in"), "{}", answer.read());
    browser.cookie = logged_in;
    assert_eq!(browser.get("/").await.status, 303, "what the browser kept is worth nothing any more");
    for text in outside.answers.lock().unwrap().iter().chain(browser.answers.lock().unwrap().iter()) {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[tokio::test]
async fn a_token_that_is_missing_or_could_be_guessed_is_told_before_anything_is_opened() {
    let home = with_token();
    home.secret("page-token", "short");
    for error in [
        server::bind_page(&home.config()).await.unwrap_err(),
        server::bind(&home.config()).await.unwrap_err(),
    ] {
        assert!(matches!(error, ServeError::Config(ConfigError::PageToken)), "{error:?}");
    }
    fs::remove_file(home.folder().join("page-token")).unwrap();
    let error = server::bind_page(&home.config()).await.unwrap_err();
    let ServeError::Config(ConfigError::Secret { key, .. }) = error else { panic!("{error:?}") };
    assert_eq!(key, "page.token");
    assert!(!home.database().exists());
    let text = fs::read_to_string(home.file()).unwrap().replace("token = { file = \"page-token\" }\n", "");
    let elsewhere = text.replace("[page]\nlisten = \"127.0.0.1:0\"", "[page]\nlisten = \"0.0.0.0:0\"");
    let error = smartsync::Config::from_toml(&elsewhere).unwrap_err().to_string();
    assert!(error.contains("page") && error.contains("without `token`"), "{error}");
}

#[tokio::test]
async fn a_token_that_was_replaced_logs_nobody_in_any_more_and_ends_what_it_has_begun() {
    let home = with_token();
    let page = server::bind_page(&home.config()).await.unwrap();
    let (address, reload) = (page.address(), page.reload());
    let page = tokio::spawn(page.run(std::future::pending()));
    replaced(&home, address, async || reload.apply(&home.config()).await).await;
    page.abort();

    let home = with_token();
    let server = server::bind(&home.config()).await.unwrap();
    let (address, reload) = (server.page_address().unwrap(), server.reload());
    let server = tokio::spawn(server.run(std::future::pending()));
    replaced(&home, address, async || reload.apply(&home.config()).await).await;
    server.abort();
}

async fn replaced(
    home: &Home,
    address: SocketAddr,
    read_again: impl AsyncFn() -> Result<Vec<String>, ServeError>,
) {
    const OTHER: &str = "another token of the page, of many letters";
    let mut browser = Browser::at(address);
    browser.send("/log-in", &[("token", TOKEN)]).await;
    assert_eq!(read_again().await.unwrap(), [""; 0]);
    browser.view("/mapping").await;
    home.secret("page-token", "short");
    let error = read_again().await.unwrap_err();
    assert!(matches!(error, ServeError::Config(ConfigError::PageToken)), "{error:?}");
    browser.view("/mapping").await;

    // The same file says another one.
    home.secret("page-token", OTHER);
    assert_eq!(read_again().await.unwrap(), [""; 0]);
    assert_eq!(browser.get("/mapping").await.status, 303, "whoever was logged in is not any more");
    assert_eq!(browser.post("/log-in", &[("token", TOKEN)]).await.status, 403);
    browser.send("/log-in", &[("token", OTHER)]).await;
    browser.view("/mapping").await;

    // Without any, the page would be open where it listens.
    home.replace("token = { file = \"page-token\" }\n", "");
    home.replace("[page]\nlisten = \"127.0.0.1:0\"", "[page]\nlisten = \"127.0.0.1:1\"");
    assert_eq!(read_again().await.unwrap(), ["page.listen", "page.token"]);
    browser.view("/mapping").await;
    assert_eq!(Browser::at(address).get("/mapping").await.status, 303);
}
