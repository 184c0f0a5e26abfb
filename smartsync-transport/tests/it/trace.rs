use std::{
    io,
    sync::{Arc, Mutex},
};

use smartsync_transport::{ApiClient, Body, ScriptedTransport, TokioSleep};
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::support::service::{CreateBook, GetBook, Library};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_trace_names_operation_attempt_and_status_and_shows_no_value() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    // While there is a single subscriber, a place in the code that another thread reaches first is switched off for all of
    // them. With a second one, each place asks both.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);
    let answer = |status| {
        let mut response = http::Response::new(Body::from(r#"{"code":"canary","detail":"canary"}"#));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Ok(response)
    };
    let client = ApiClient::<Library>::builder()
        .base_url("https://library.example/v1".parse().unwrap())
        .credential(http::header::AUTHORIZATION, "canary".into())
        .transport(ScriptedTransport::new().answer(answer(503)).json(200, r#"{"id":1}"#).answer(answer(422)))
        .sleep(TokioSleep)
        .build()
        .unwrap();
    client.send(&GetBook("canary".to_owned())).await.unwrap();
    client.send(&CreateBook { title: "canary".to_owned() }).await.unwrap_err();

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for expected in [
        r#"service="library" operation="get_book""#,
        "attempt=1 status=503",
        "attempt=2 status=200",
        r#"operation="create_book""#,
        "status=422",
    ] {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(!text.contains("canary"), "{text}");
}
