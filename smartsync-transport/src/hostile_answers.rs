//! For tests: answers of a service that quotes a person, and acts on a terminal, wherever it can.

use std::error::Error as _;

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::{
    body::Body,
    error::{CauseChain, Error},
    one_line::one_line,
    transport::Response,
};

/// A name, an address, an escape, a line of its own and a long text; telephone numbers, a number of a person and dates of birth in
/// the forms of a code and of a place; and a place of known names that does not end.
const QUOTES: [&str; 15] = [
    "Kanarienvogel",
    "kanarienvogel@example.com",
    "\\u001b[31mkanarienvogel\\u0007",
    "kanarienvogel\\r\\nERROR forged\\u2028\\u202e",
    "kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel kanarienvogel",
    "+46 70 4711 08 15 Kanarienvogel",
    "070.471.10.81",
    "070, 471, 10, 81",
    "name.70.name.47.name.11.name.08.name",
    "0704711081",
    "700131-4711",
    "7001314711",
    "700131",
    "1970.01.31",
    concat!(
        "/data/attributes/phone/data/attributes/phone/data/attributes/phone",
        "/data/attributes/phone/data/attributes/phone/data/attributes/phone"
    ),
];

/// What of them must not be told, in small letters.
const TELLTALES: [&str; 10] = [
    "kanarienvogel",
    "forged",
    "4711 08",
    "070.471",
    "070, 471",
    "name.70",
    "0704711081",
    "700131",
    "1970.01",
    "phone/data",
];

/// Bodies in every form of an error, and of something else. `§` stands for what is quoted.
const BODIES: [&str; 12] = [
    r#"{"error_code":"§","title":"§","detail":"§","type":"§","request_id":"§","parameter_problems":{"§":["§"]},"§":"§"}"#,
    r#"{"error_code":"§","title":"§","status":422,"parameter_problems":{"name":["§"],"§":[],"email":[],"parties.0.§":[]}}"#,
    r#"{"errors":[{"code":"§","title":"§","detail":"§","source":{"pointer":"/data/attributes/§"},"status":"§"}]}"#,
    r#"{"errors":[{"code":"§","title":"§","source":{"pointer":"§"}},{"code":"§","source":{"parameter":"§"}}]}"#,
    r#"{"errors":[{"code":"100","title":"§","source":{"parameter":"filter[§]"}},{"title":"Ann: §","id":"§"}]}"#,
    r#"{"errors":{"title":"§","detail":"§","source":{"pointer":"§"}}}"#,
    r#"{"errors":["§"]}"#,
    r#"{"§":"§","data":{"§":{"id":"§"},"id":{"§":"§"},"type":"§","attributes":{"§":[{"§":{}}]}},"included":[{"§":"§"}]}"#,
    r#"{"data":[{"§":"§","id":["§"]}],"_links":{"next":{"href":"§"}},"links":{"next":["§"]},"id":{"§":"§"}}"#,
    r#"{"§":{"§":"#,
    "<html><title>§</title><body>§</body></html>",
    "§",
];

/// Answers that quote a person in every place that an error of an operation may be made from: all forms of an error document, pages
/// of a gateway, JSON of another shape or cut off, and headers; with statuses of every kind, success among them.
#[must_use]
pub fn hostile_answers() -> Vec<Response> {
    let mut answers = Vec::new();
    for status in [200, 201, 202, 204, 302, 400, 401, 403, 404, 406, 409, 422, 429, 500, 502, 503] {
        // Each quote where a service answers and where it refuses; what else a status changes, the first ones show.
        let quotes = if matches!(status, 200 | 422) { &QUOTES[..] } else { &QUOTES[..3] };
        for (body, quote) in BODIES.iter().flat_map(|body| quotes.iter().map(move |quote| (body, quote))) {
            let mut answer = Response::new(Body::from(body.replace('§', quote)));
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
        let small = text.to_lowercase();
        let told = TELLTALES.iter().find(|telltale| small.contains(**telltale));
        assert_eq!(told, None, "{operation}: {text}");
        assert_eq!(one_line(text), *text, "{operation}");
    }
}
