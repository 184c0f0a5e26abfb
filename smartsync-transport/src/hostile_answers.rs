//! For tests: answers of a service that quotes a person, and acts on a terminal, wherever it can.

use std::error::Error as _;

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::{Body, CauseChain, Error, Response, one_line};

/// A name, an address, a telephone number, an escape, a line of its own and a long text.
const QUOTES: [&str; 6] = [
    "Kanarienvogel",
    "kanarienvogel@example.com",
    "+46 70 4711 08 15 Kanarienvogel",
    "\\u001b[31mkanarienvogel\\u0007",
    "kanarienvogel\\r\\nERROR forged\\u2028\\u202e",
    "kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel",
];

/// Bodies in every form of an error, and of something else. `_` stands for what is quoted.
const BODIES: [&str; 10] = [
    r#"{"error_code":"_","title":"_","detail":"_","type":"_","request_id":"_","parameter_problems":{"_":["_"]},"_":"_"}"#,
    r#"{"errors":[{"code":"_","title":"_","detail":"_","source":{"pointer":"/data/attributes/_"},"status":"_"}]}"#,
    r#"{"errors":[{"code":"100","title":"_","source":{"parameter":"filter[_]"}},{"title":"Ann: _","id":"_"}]}"#,
    r#"{"errors":{"title":"_","detail":"_","source":{"pointer":"_"}}}"#,
    r#"{"errors":["_"]}"#,
    r#"{"_":"_","data":{"_":{"id":"_"},"id":{"_":"_"},"type":"_","attributes":{"_":[{"_":{}}]}},"included":[{"_":"_"}]}"#,
    r#"{"data":[{"_":"_","id":["_"]}],"_links":{"next":{"href":"_"}},"links":{"next":["_"]},"id":{"_":"_"}}"#,
    r#"{"_":{"_":"#,
    "<html><title>_</title><body>_</body></html>",
    "_",
];

/// Answers that quote a person in every place that an error of an operation may be made from: all forms of an error document, pages
/// of a gateway, JSON of another shape or cut off, and headers; with statuses of every kind, success among them.
#[must_use]
pub fn hostile_answers() -> Vec<Response> {
    let mut answers = Vec::new();
    for status in [200, 201, 202, 204, 302, 400, 401, 403, 404, 406, 409, 422, 429, 500, 502, 503] {
        for (body, quote) in BODIES.iter().flat_map(|body| QUOTES.map(|quote| (body, quote))) {
            let mut answer = Response::new(Body::from(body.replace('_', quote)));
            *answer.status_mut() = StatusCode::from_u16(status).expect("an HTTP status is 100 to 999");
            *answer.headers_mut() = headers();
            answers.push(answer);
        }
    }
    answers
}

fn headers() -> HeaderMap {
    let names = [
        "content-type",
        "x-request-id",
        "retry-after",
        "location",
        "x-rate-limit-reset",
        "server",
        "www-authenticate",
    ];
    let mut headers = HeaderMap::new();
    for name in names {
        headers.insert(name, HeaderValue::from_static("kanarienvogel@example.com"));
    }
    headers
}

/// Holds all that an error prints to saying nothing of whom [`hostile_answers`] quote: its `Display`, its `Debug` in both forms, its
/// chain of causes.
///
/// # Panics
///
/// If it says something.
pub fn assert_says_nothing(error: &Error) {
    let mut texts = vec![error.to_string(), format!("{error:?}"), CauseChain(error).to_string()];
    texts.extend(error.problems().iter().flat_map(|problem| [problem.to_string(), format!("{problem:?}")]));
    let mut cause = error.source();
    while let Some(found) = cause {
        texts.extend([found.to_string(), format!("{found:?}")]);
        cause = found.source();
    }
    let pretty = format!("{error:#?}").replace('\n', " ");
    for text in texts.iter().chain([&pretty]) {
        let operation = error.operation();
        assert!(!text.to_lowercase().contains("kanarienvogel"), "{operation}: {text}");
        assert!(!text.contains("4711 08") && !text.contains("forged"), "{operation}: {text}");
        assert_eq!(one_line(text), *text, "{operation}");
    }
}
