//! Answers that are recorded once and played back: what is in the file, what is not, and what a test notices.

mod redacted;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use smartsync_transport::{
    Body, Method, Request, Response, ScriptedTransport, Transport, TransportError,
    test_util::{RecordedAnswers, Recording, Redaction},
};
use tempfile::TempDir;

use crate::support::service::{Book, CreateBook, GetBook, ListBooks, client_with};

/// A file that nobody has recorded yet.
pub(crate) fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answers/books.json");
    (folder, path)
}

/// A library with one book, and a search that finds another.
fn library() -> Arc<ScriptedTransport> {
    Arc::new(
        ScriptedTransport::new()
            .on(Method::GET, "/v1/books/7")
            .json(200, r#"{"id": 7, "title": "Emma"}"#)
            .on(Method::GET, "/v1/books")
            .json(200, r#"{"books": [{"id": 7}, {"id": 8}]}"#),
    )
}

fn recorded(path: &Path, recording: Recording, service: &Arc<ScriptedTransport>) -> Arc<RecordedAnswers> {
    Arc::new(RecordedAnswers::builder(path).recording(recording, Arc::clone(service)).open().unwrap())
}

/// The code under test.
async fn shelf(answers: &Arc<RecordedAnswers>) -> Result<Vec<i64>, smartsync_transport::Error> {
    let client = client_with(Arc::clone(answers));
    let Book { id } = client.send(&GetBook("7".to_owned())).await?;
    let mut ids = vec![id];
    let mut books = client.pages(ListBooks).items();
    while let Some(book) = books.next().await {
        ids.push(book?.id);
    }
    Ok(ids)
}

#[tokio::test]
async fn what_was_recorded_once_is_played_back_without_the_service() {
    let (_folder, path) = place();
    assert_eq!(shelf(&recorded(&path, Recording::Missing, &library())).await.unwrap(), [7, 7, 8]);

    let answers = Arc::new(RecordedAnswers::open(&path).unwrap());
    assert_eq!(shelf(&answers).await.unwrap(), [7, 7, 8]);
    answers.assert_all_used();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        r#"{
  "version": 1,
  "placeholders": {
    "text": 1
  },
  "exchanges": [
    {
      "request": {
        "method": "GET",
        "path": "/v1/books/7"
      },
      "answer": {
        "status": 200,
        "body": {
          "id": 7,
          "title": "text 1"
        }
      }
    },
    {
      "request": {
        "method": "GET",
        "path": "/v1/books",
        "query": [
          "page[size]=2"
        ]
      },
      "answer": {
        "status": 200,
        "body": {
          "books": [
            {
              "id": 7
            },
            {
              "id": 8
            }
          ]
        }
      }
    }
  ]
}
"#
    );
}

#[tokio::test]
async fn the_service_is_never_asked_for_what_is_missing_or_always() {
    let (_folder, path) = place();
    client_with(recorded(&path, Recording::Missing, &library()))
        .send(&GetBook("7".to_owned()))
        .await
        .unwrap();

    // Of two exchanges one is in the file.
    for (recording, asked) in [(Recording::Off, 0), (Recording::Missing, 1), (Recording::All, 2)] {
        let service = library();
        let result = shelf(&recorded(&path, recording, &service)).await;
        assert_eq!(service.requests().len(), asked, "{recording:?}");
        assert_eq!(result.is_err(), recording == Recording::Off);
    }
    let service = library();
    shelf(&recorded(&path, Recording::Missing, &service)).await.unwrap();
    assert_eq!(service.requests().len(), 0, "all is there now");
}

#[tokio::test]
async fn what_is_not_recorded_is_an_error_that_says_what_is() {
    let (_folder, path) = place();
    shelf(&recorded(&path, Recording::All, &library())).await.unwrap();
    let answers = Arc::new(RecordedAnswers::open(&path).unwrap());
    let client = client_with(Arc::clone(&answers));
    client.send(&GetBook("7".to_owned())).await.unwrap();
    let error = client.send(&GetBook("7".to_owned())).await.unwrap_err();
    assert!(error.is_terminal() && error.was_never_sent());
    assert_eq!(
        error.to_string(),
        "library.get_book: the request was blocked before it was sent: GET /v1/books/7 is not recorded in books.json (record it with \
         `Recording::Missing`); left there: GET /v1/books?page[size]"
    );
    let create = CreateBook { title: "canary".to_owned() };
    let error = client.send(&create).await.unwrap_err();
    assert!(error.to_string().contains("POST /v1/books is not recorded in books.json"), "{error}");
    assert!(!format!("{error} {error:?} {answers:?}").contains("canary"));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answers.assert_all_used()));
    assert_eq!(
        panic.unwrap_err().downcast_ref::<String>().unwrap(),
        "the recording was not followed\n  \
         answers that were not asked for: GET /v1/books?page[size]\n  \
         requests without an answer: GET /v1/books/7, POST /v1/books"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_at_once_that_quotes_nothing_of_it() {
    let (_folder, path) = place();
    let error = RecordedAnswers::open(&path).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    let text = error.to_string();
    assert!(text.contains("books.json") && text.ends_with("(record it with `Recording::Missing`)"), "{text}");

    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for (content, said) in [
        (r#"{"version": "canary"}"#, "line 1, column 20: not a file of recorded answers"),
        ("canary", "line 1, column 1: not a file of recorded answers"),
        (
            r#"{"version": 2, "placeholders": {}, "exchanges": []}"#,
            "version 2, where this crate reads 1: record it anew",
        ),
    ] {
        fs::write(&path, content).unwrap();
        let service = Arc::new(ScriptedTransport::new());
        for builder in [
            RecordedAnswers::builder(&path),
            RecordedAnswers::builder(&path).recording(Recording::Missing, service),
        ] {
            let text = builder.open().unwrap_err().to_string();
            assert!(text.ends_with(said), "{text}");
            assert!(!text.contains("canary"), "{text}");
        }
    }
}

/// Answers the first request last.
#[derive(Debug)]
struct Turned(Arc<ScriptedTransport>);

#[async_trait]
impl Transport for Turned {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let turns = 5 - self.0.requests().len();
        let answer = self.0.execute(request).await;
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        answer
    }
}

#[tokio::test]
async fn the_same_answers_make_the_same_file_in_whatever_order_they_come() {
    let service = || {
        Arc::new(
            ScriptedTransport::new()
                .on(Method::GET, "/v1/books/1")
                .json(200, r#"{"id": 1, "title": "Emma", "price": 120.5}"#)
                .on(Method::GET, "/v1/books/2")
                .json(200, r#"{"price": 99, "title": "Persuasion", "id": 2}"#),
        )
    };
    let mut files = Vec::new();
    for turned in [false, true, true] {
        let (_folder, path) = place();
        let answers = RecordedAnswers::builder(&path);
        let answers = match turned {
            true => answers.recording(Recording::All, Turned(service())),
            false => answers.recording(Recording::All, service()),
        };
        let client = client_with(answers.open().unwrap());
        let (one, two) = (GetBook("1".to_owned()), GetBook("2".to_owned()));
        let (one, two) = tokio::join!(client.send(&one), client.send(&two));
        assert_eq!((one.unwrap().id, two.unwrap().id), (1, 2));
        files.push(fs::read(&path).unwrap());
    }
    assert!(files[0] == files[1] && files[1] == files[2]);
}

#[tokio::test]
async fn an_exchange_is_on_disk_when_its_answer_is_returned_and_the_file_is_whole() {
    let (_folder, path) = place();
    let client = client_with(recorded(&path, Recording::All, &library()));
    client.send(&GetBook("7".to_owned())).await.unwrap();
    // The test may end here, with a panic.
    client_with(RecordedAnswers::open(&path).unwrap()).send(&GetBook("7".to_owned())).await.unwrap();
    let names: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["books.json"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error_of_the_request() {
    let (folder, path) = place();
    fs::write(folder.path().join("answers"), "a file where the folder has to be").unwrap();
    let client = client_with(recorded(&path, Recording::All, &library()));
    let error = client.send(&GetBook("7".to_owned())).await.unwrap_err();
    assert!(error.is_sink() && error.is_terminal());
}

#[tokio::test]
async fn what_was_no_answer_is_not_recorded() {
    let (_folder, path) = place();
    let service = ScriptedTransport::new()
        .answer(Err(TransportError::timeout("no answer")))
        .json(404, "")
        .json(200, r#"{"id": 7}"#);
    let client = client_with(recorded(&path, Recording::All, &Arc::new(service)));
    let get = GetBook("7".to_owned());
    client.send(&get).await.unwrap_err();
    assert!(!path.exists());
    assert!(client.send_opt(&get).await.unwrap().is_none());
    client.send(&get).await.unwrap();

    let client = client_with(RecordedAnswers::open(&path).unwrap());
    assert!(client.send_opt(&get).await.unwrap().is_none(), "each answer in its turn");
    client.send(&get).await.unwrap();
}

#[tokio::test]
async fn a_file_is_played_back_as_another_of_its_length_without_its_address() {
    let (_folder, path) = place();
    let pdf = "%PDF-1.7 canary";
    let service = ScriptedTransport::new()
        .on(Method::GET, "/v1/books/7")
        .json(200, r#"{"id": 7, "file": "https://storage.example/canary.pdf?signature=canary"}"#)
        .on(Method::GET, "/canary.pdf?signature=canary")
        .answer(Ok(Response::new(Body::from(pdf))));
    let service = Arc::new(service);
    let answers = RecordedAnswers::builder(&path).recording(Recording::All, Arc::clone(&service));
    let client = client_with(answers.open().unwrap());
    client.send(&GetBook("7".to_owned())).await.unwrap();
    let address = "https://storage.example/canary.pdf?signature=canary".parse().unwrap();
    let mut file = Vec::new();
    client.download(&address, &mut file, 1_000).await.unwrap();
    assert_eq!(file, pdf.as_bytes());

    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("canary") && !text.contains("storage"), "{text}");
    assert!(text.contains(r#""file": "https://elsewhere.example/url-1""#), "{text}");
    assert!(text.contains(r#""path": "/url-1""#) && text.contains(r#""bytes": 15"#), "{text}");

    let client = client_with(RecordedAnswers::open(&path).unwrap());
    let (mut file, address) = (Vec::new(), "https://elsewhere.example/url-1".parse().unwrap());
    assert_eq!(client.download(&address, &mut file, 1_000).await.unwrap(), 15);
    assert_eq!(file, vec![b'-'; 15]);
    let client = client_with(RecordedAnswers::open(&path).unwrap());
    let error = client.download(&address, &mut Vec::new(), 14).await.unwrap_err();
    assert!(error.is_too_large());
}

#[tokio::test]
async fn a_length_that_nobody_recorded_fills_no_memory() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = r#"{"version": 1, "placeholders": {}, "exchanges": [
        {"request": {"method": "GET", "path": "/url-1"}, "answer": {"status": 200, "bytes": 18446744073709551615}}]}"#;
    fs::write(&path, file).unwrap();
    let client = client_with(RecordedAnswers::open(&path).unwrap());
    let address = "https://elsewhere.example/url-1".parse().unwrap();
    assert_eq!(client.download(&address, &mut Vec::new(), u64::MAX).await.unwrap(), 16 * 1024 * 1024);
}

#[tokio::test]
async fn a_walk_over_recorded_pages_follows_their_links() {
    let page = |id: i64, next: &str| {
        let next = format!("https://library.example/v1/books?q=canary&page%5Bafter%5D={next}");
        format!(r#"{{"books": [{{"id": {id}}}], "next": "{next}"}}"#)
    };
    let service = ScriptedTransport::new()
        .json(200, page(1, "canary-one"))
        .json(200, page(2, "canary-two"))
        .json(200, r#"{"books": [{"id": 3}], "next": null}"#);
    let (_folder, path) = place();
    let walk = async |answers: Arc<RecordedAnswers>| {
        let books = client_with(answers).pages(ListBooks).items().collect().await.unwrap();
        books.iter().map(|book| book.id).collect::<Vec<_>>()
    };
    assert_eq!(walk(recorded(&path, Recording::All, &Arc::new(service))).await, [1, 2, 3]);
    assert_eq!(walk(Arc::new(RecordedAnswers::open(&path).unwrap())).await, [1, 2, 3]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn a_text_that_is_asked_for_stands_for_any_unless_it_is_kept() {
    let (_folder, path) = place();
    let search = |by: &str| GetBook(format!("by {by}"));
    let service = ScriptedTransport::new().json(200, r#"{"id": 1}"#).json(200, r#"{"id": 2}"#);
    let client = client_with(recorded(&path, Recording::All, &Arc::new(service)));
    client.send(&search("Jane")).await.unwrap();
    client.send(&search("Ann")).await.unwrap();
    let client = client_with(RecordedAnswers::open(&path).unwrap());
    assert_eq!(client.send(&search("whomever")).await.unwrap().id, 1);
    assert_eq!(client.send(&search("Jane")).await.unwrap().id, 2, "in the order of the recording");
    client.send(&search("Jane")).await.unwrap_err();
}

/// `Redaction` is an argument of the file, so it can be what both modes share.
#[test]
fn a_builder_prints_no_rule_and_no_path() {
    let builder = RecordedAnswers::builder("canary.json")
        .redaction(Redaction::new().keep("/v1/canary", "canary").keep_header("canary"));
    assert!(!format!("{builder:?} {:?}", Redaction::new().keep("canary", "canary")).contains("canary"));
}
