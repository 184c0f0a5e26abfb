//! What a person sees of an error who does nothing about it: the last line of a program.

use std::{error::Error as StdError, io::Read as _, io::Write as _, net::TcpListener, thread};

use smartsync_transport::{ApiClient, Error, PageError, RetryPolicy, ScriptedTransport, TransportError};

use crate::support::service::{CreateBook, GetBook, Library, ListBooks, client_with};

/// What a program prints whose `main` ends with this error.
fn printed_by_main(error: Error) -> String {
    let error: Box<dyn StdError> = error.into();
    format!("Error: {error:?}")
}

/// What anyhow makes of it, with all causes that it knows of.
fn printed_by_anyhow(error: Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

async fn errors_of(base_url: &str) -> (Error, Error) {
    let client = ApiClient::<Library>::builder().base_url(base_url.parse().unwrap());
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let get = GetBook("1".to_owned());
    (client.send(&get).await.unwrap_err(), client.send(&get).await.unwrap_err())
}

#[tokio::test]
async fn a_service_that_speaks_no_tls_is_told_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}/v1", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        }
    });
    let (first, second) = errors_of(&base_url).await;
    server.join().unwrap();
    let said =
        "library.get_book: no answer: could not connect: received corrupt message of type InvalidContentType";
    assert_eq!(first.to_string(), said);
    assert!(first.was_never_sent() && first.is_common());
    let printed = printed_by_main(first);
    assert!(printed.contains("client error (Connect): received corrupt message of type"), "{printed}");
    assert_eq!(printed_by_anyhow(second), said);
}

#[tokio::test]
async fn a_refused_port_is_told_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let (first, second) = errors_of(&base_url).await;
    let said = "library.get_book: no answer: could not connect: Connection refused";
    assert!(first.to_string().starts_with(said), "{first}");
    let printed = printed_by_main(first);
    assert!(
        printed
            .contains("error sending request: client error (Connect): tcp connect error: Connection refused"),
        "{printed}"
    );
    assert!(!printed.contains("127.0.0.1"), "{printed}");
    let whole = second.to_string();
    assert_eq!(printed_by_anyhow(second), whole, "nothing is said twice");
}

/// Each kind says on one line what happened and why, and says nothing twice.
#[tokio::test]
async fn each_error_says_why() {
    let get = GetBook("1".to_owned());
    let answers = [
        (TransportError::timeout("30 s"), "no answer in time: 30 s"),
        (TransportError::connect("refused"), "no answer: could not connect: refused"),
        (TransportError::other("cut off"), "no answer: the connection was interrupted: cut off"),
        (TransportError::refused("a fence"), "the request was blocked before it was sent: a fence"),
        (TransportError::too_large(7), "the answer is larger than the 7 bytes allowed"),
    ];
    for (answer, said) in answers {
        let client = client_with(ScriptedTransport::new().answer(Err(answer)));
        let error = client.send(&get).await.unwrap_err();
        assert_eq!(error.to_string(), format!("library.get_book: {said}"));
        assert!(error.source().is_none());
        assert!(error.cause().unwrap().is::<TransportError>());
    }
    let error = client_with(ScriptedTransport::new().json(200, "{}")).send(&get).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "library.get_book: the answer (200 OK) could not be read: unexpected shape at `.`"
    );
    let error = client_with(ScriptedTransport::new()).send(&GetBook("..".to_owned())).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "library.get_book: the request could not be built: a path argument is empty, `.` or `..`: use the id of an existing \
         resource"
    );
}

/// A host may forget to take the address off its own stack's error.
#[tokio::test]
async fn an_address_in_a_cause_is_left_out() {
    let leaky = "error sending request for url (https://api.example/c?filter[email]=canary@example.com)";
    for answer in [TransportError::connect(leaky), TransportError::other("no user canary@example.com")] {
        let client = client_with(ScriptedTransport::new().answer(Err(answer)));
        let error = client.send(&CreateBook { title: String::new() }).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        assert!(error.to_string().ends_with("(text omitted)"), "{error}");
    }
}

async fn all_books(client: &ApiClient<Library>) -> Result<usize, Error> {
    let first = client.send(&GetBook("1".to_owned())).await?;
    Ok(client.pages(ListBooks).items().collect().await?.len() + usize::try_from(first.id).unwrap_or(0))
}

#[tokio::test]
async fn a_lists_error_is_asked_and_passed_on_like_any_other() {
    let script = || ScriptedTransport::new().json(200, r#"{"id":1}"#);
    let error = all_books(&client_with(script().json(401, ""))).await.unwrap_err();
    assert!(error.is_unauthorized() && error.operation() == "list_books");

    let error =
        all_books(&client_with(script().json(200, r#"{"books":[{"id":"canary"}]}"#))).await.unwrap_err();
    assert_eq!(error.to_string(), "item 0 of the page could not be read: unexpected shape at `.`");
    assert!(error.is_decode() && error.is_terminal() && !error.is_common() && !error.was_never_sent());
    assert!(matches!(error.cause().unwrap().downcast_ref(), Some(PageError::Item { position: 0, .. })));
    assert!(!format!("{error:?}").contains("canary"));

    let mut pages = client_with(ScriptedTransport::new().json(429, "")).pages(ListBooks);
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.is_rate_limited() && !error.is_terminal() && !error.is_decode());
    assert_eq!(error.status().unwrap().as_u16(), 429);
}

#[test]
fn a_reply_has_the_headers_of_its_answer_and_prints_none() {
    let client = client_with(ScriptedTransport::new());
    let mut answer = http::Response::new(r#"{"id":7}"#.into());
    answer.headers_mut().insert("x-request-id", "canary".parse().unwrap());
    let reply = client.finish(&GetBook("7".to_owned()), answer).unwrap();
    assert_eq!(reply.headers["x-request-id"], "canary");
    assert!(!format!("{reply:?}").contains("canary"));
}
