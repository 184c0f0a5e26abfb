//! The settings of a client: what they do, and what is refused when it is built.

use std::{sync::Arc, time::Duration};

use smartsync_transport::{
    ApiClient, ApiClientBuilder, ConfigError, ExposeSecret as _, ReqwestTransport, RetryPolicy,
    ScriptedTransport, Timeout, Url, credential, reqwest, sign_key, versioned_base_url,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::service::{GetBook, Library};

fn builder() -> ApiClientBuilder<Library> {
    ApiClient::builder().base_url("https://library.example/v1".parse().unwrap())
}

fn get() -> GetBook {
    GetBook("1".to_owned())
}

/// What is wrong with a client that cannot be built, which never shows what a setting holds.
fn refused(builder: ApiClientBuilder<Library>) -> String {
    assert!(!format!("{builder:?}").contains("canary"));
    let error = builder.build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    error.to_string()
}

#[test]
fn a_base_url_that_nothing_can_be_asked_of_is_refused() {
    for base_url in ["ftp://library.example", "file:///tmp/v1", "mailto:canary@example.com", "data:,canary"] {
        let base_url: Url = base_url.parse().unwrap();
        let said = "`base_url` is no http or https URL";
        assert_eq!(refused(builder().base_url(base_url.clone())), said);
        assert_eq!(versioned_base_url(base_url, "v1").unwrap_err().to_string(), said);
    }
    let with_user = "https://canary:canary@library.example".parse().unwrap();
    assert!(matches!(versioned_base_url(with_user, "v1"), Err(ConfigError::UserInBaseUrl)));
}

#[test]
fn a_credential_loses_its_line_end_and_nothing_else() {
    let of = |text: &str| credential("api_token", text.into());
    for text in ["abc", "abc\n", "abc\r\n", "abc\n\n"] {
        assert_eq!(of(text).unwrap().expose_secret(), "abc", "{text:?}");
    }
    for (text, why) in [
        ("", "is blank"),
        (" \n", "is blank"),
        (" canary", "contains white space"),
        ("canary ", "contains white space"),
        ("can\nary", "contains white space"),
        ("can\u{a0}ary", "contains white space"),
        ("can\0ary", "contains a control character"),
        ("canäry", "contains a character that is not ASCII"),
    ] {
        let error = of(text).unwrap_err();
        assert_eq!(error.to_string(), format!("`api_token` {why}"), "{text:?}");
        assert!(!format!("{error:?}").contains("can"), "{error:?}");
    }
}

#[test]
fn a_sign_key_is_a_text_of_its_owners_choice() {
    for (given, used) in [("a key, å", Some("a key, å")), ("key\r\n", Some("key")), ("", None), (" \n", None)]
    {
        let key = sign_key(given.into());
        assert_eq!(key.as_ref().map(|key| key.expose_secret()), used, "{given:?}");
    }
}

#[test]
fn a_setting_that_would_have_no_effect_is_refused() {
    let own = || builder().transport(ScriptedTransport::new());
    let second = Duration::from_secs(1);
    let proxy: Url = "http://canary:canary@proxy.example".parse().unwrap();
    let rows = [
        ("timeout", own().with_reqwest(|reqwest| reqwest.timeout(second))),
        ("connect_timeout", own().with_reqwest(|reqwest| reqwest.connect_timeout(second))),
        ("idle_timeout", own().with_reqwest(|reqwest| reqwest.idle_timeout(second))),
        ("max_body", own().with_reqwest(|reqwest| reqwest.max_body(1))),
        ("user_agent", own().with_reqwest(|reqwest| reqwest.user_agent("a/1"))),
        ("proxy", own().with_reqwest(|reqwest| reqwest.proxy(proxy.clone()))),
        ("root_certificate", own().with_reqwest(|reqwest| reqwest.root_certificate("canary"))),
        ("http_client", own().with_reqwest(|reqwest| reqwest.http_client(reqwest::Client::new()))),
    ];
    for (setting, builder) in rows {
        assert_eq!(refused(builder), format!("`{setting}` has no effect beside `transport`: set it there"));
    }
    let given = || builder().with_reqwest(|reqwest| reqwest.http_client(reqwest::Client::new()));
    let rows = [
        ("connect_timeout", given().with_reqwest(|reqwest| reqwest.connect_timeout(second))),
        ("proxy", given().with_reqwest(|reqwest| reqwest.proxy(proxy.clone()))),
        ("root_certificate", given().with_reqwest(|reqwest| reqwest.root_certificate("canary"))),
    ];
    for (setting, builder) in rows {
        assert_eq!(refused(builder), format!("`{setting}` has no effect beside `http_client`: set it there"));
    }
    let both = given().with_reqwest(|reqwest| reqwest.timeout(second).idle_timeout(second));
    both.user_agent("a/1").header("x-gateway", "key").build().unwrap();
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    let http = "`header` has a name that is set already, by another `header` or by the client itself";
    let twice = builder().header("x-gateway", "canary").header("X-Gateway", "canary");
    let named = builder().credential("x-token".parse().unwrap(), "canary".into()).header("x-token", "canary");
    let rows = [
        ("`header` has a name that HTTP does not allow", builder().header("x canary", "1")),
        ("`header` has a value that HTTP does not allow", builder().header("x-gateway", "canary\r\nx: 1")),
        (http, twice),
        (http, named),
        (http, builder().header("accept", "canary")),
        (http, builder().header("user-agent", "canary")),
        (http, builder().header("content-type", "canary")),
        (
            "`user_agent` contains a line break or another character that HTTP does not allow",
            builder().user_agent("canary\n"),
        ),
        (
            "`root_certificate` holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)",
            builder().with_reqwest(|reqwest| reqwest.root_certificate("canary")),
        ),
        (
            "`proxy` is no http or https URL",
            builder().with_reqwest(|reqwest| reqwest.proxy("socks5://canary".parse().unwrap())),
        ),
    ];
    for (said, builder) in rows {
        assert_eq!(refused(builder), said);
    }
}

#[tokio::test]
async fn one_request_may_have_a_header_and_a_timeout_of_its_own() {
    let script = Arc::new(ScriptedTransport::new().json(200, r#"{"id":1}"#).json(200, r#"{"id":1}"#));
    let client = builder()
        .credential("x-user".parse().unwrap(), "ours@example.com".into())
        .header("x-gateway", "canary")
        .user_agent("library/1")
        .transport(Arc::clone(&script))
        .build()
        .unwrap();
    let request =
        client.request(get()).timeout(Duration::from_secs(2)).header("x-user", "canary@example.com");
    assert!(!format!("{request:?}").contains("canary"), "{request:?}");
    request.header("x-trace", "7").send().await.unwrap();
    client.send(&get()).await.unwrap();
    let [one, other] = script.requests().try_into().unwrap();
    assert_eq!(one.headers()["x-user"], "canary@example.com");
    assert_eq!(one.headers()["x-trace"], "7");
    assert_eq!(one.extensions().get::<Timeout>(), Some(&Timeout(Duration::from_secs(2))));
    assert!(!format!("{:?}", one.headers()).contains("canary"), "{:?}", one.headers());
    assert_eq!(other.headers()["x-user"], "ours@example.com");
    assert_eq!(other.headers()["x-gateway"], "canary");
    assert_eq!(other.headers()["user-agent"], "library/1");
    assert!(other.extensions().get::<Timeout>().is_none() && !other.headers().contains_key("x-trace"));
    for (name, value) in [("x canary", "1"), ("x-trace", "canary\n")] {
        let error = client.request(get()).header(name, value).send().await.unwrap_err();
        assert!(error.was_never_sent() && error.is_terminal());
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn requests_go_through_the_proxy_and_files_do_not() {
    let (proxy, storage) = (MockServer::start().await, MockServer::start().await);
    Mock::given(matchers::header("user-agent", "library/1"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"id":1}"#))
        .expect(1)
        .mount(&proxy)
        .await;
    Mock::given(matchers::header("user-agent", "library/1"))
        .respond_with(ResponseTemplate::new(200).set_body_string("%PDF"))
        .expect(1)
        .mount(&storage)
        .await;
    let client = ApiClient::<Library>::builder()
        .base_url("http://library.invalid/v1".parse().unwrap())
        .user_agent("library/1")
        .with_reqwest(|reqwest| reqwest.proxy(proxy.uri().parse().unwrap()))
        .build()
        .unwrap();
    client.send(&get()).await.unwrap();
    client.download(&storage.uri().parse().unwrap(), &mut Vec::new(), 4).await.unwrap();
}

/// The client that reqwest makes by itself follows redirects, and there is no asking it beforehand.
#[tokio::test]
async fn a_given_client_that_follows_a_redirect_ends_in_an_error_at_once() {
    let (ours, other) = (MockServer::start().await, MockServer::start().await);
    Mock::given(matchers::any())
        .respond_with(ResponseTemplate::new(302).insert_header("location", format!("{}/f", other.uri())))
        .expect(2)
        .mount(&ours)
        .await;
    let answer = ResponseTemplate::new(200).set_body_string(r#"{"id":1}"#);
    Mock::given(matchers::any()).respond_with(answer).expect(1).mount(&other).await;
    let client = |given: reqwest::Client| {
        let builder = ApiClient::<Library>::builder().base_url(ours.uri().parse().unwrap());
        builder.with_reqwest(|reqwest| reqwest.http_client(given)).build().unwrap()
    };
    let error = client(reqwest::Client::new()).send(&get()).await.unwrap_err();
    assert!(error.is_terminal() && !error.was_never_sent(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "library.get_book: the HTTP client followed a redirect, with the credentials: build it with `redirect::Policy::none()`"
    );
    let still = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    assert_eq!(client(still).send(&get()).await.unwrap_err().status().unwrap().as_u16(), 302);
}

/// It may reach whatever it likes, and the address of a file is somebody else's.
#[tokio::test]
async fn a_given_client_fetches_no_file() {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&server).await;
    let client = builder().retry(RetryPolicy::none());
    let client = client.with_reqwest(|reqwest| reqwest.http_client(reqwest::Client::new())).build().unwrap();
    let address = format!("https://localhost:{}/f", server.address().port());
    let error = client.download(&address.parse().unwrap(), &mut Vec::new(), 4).await.unwrap_err();
    assert!(error.was_never_sent() && error.is_terminal(), "{error:?}");
}

#[test]
fn no_debug_shows_what_a_given_client_or_a_proxy_holds() {
    let headers = [("x-token".parse().unwrap(), "canary".parse().unwrap())].into_iter().collect();
    let given = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let proxy = "http://canary:canary@proxy.example".parse().unwrap();
    let settings = ReqwestTransport::builder().http_client(given.clone()).proxy(proxy).user_agent("canary");
    assert!(!format!("{settings:?}").contains("canary"), "{settings:?}");
    let base_url = "https://library.example".parse().unwrap();
    let transport = ReqwestTransport::builder().http_client(given).build(&base_url).unwrap();
    assert!(!format!("{transport:?}").contains("canary"), "{transport:?}");
}

/// They say where a message ends and whom it is for: two readers that disagree on that are how requests are smuggled.
#[tokio::test]
async fn a_request_has_no_framing_of_its_own() {
    let client = builder().transport(ScriptedTransport::new().json(200, r#"{"id":1}"#)).build().unwrap();
    for name in ["host", "Content-Length", "transfer-encoding", "connection"] {
        let error = client.request(get()).header(name, "1").prepare().unwrap_err();
        assert!(error.is_terminal() && error.to_string().contains("header"), "{error}");
    }
    client.request(get()).header("accept", "text/plain").header("user-agent", "a/1").send().await.unwrap();
}
