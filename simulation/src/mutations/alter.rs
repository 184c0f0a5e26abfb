//! Changes one thing in one answer.

use serde_json::{Value, json};
use smartsync_transport::{
    Body, Method, Response, StatusCode,
    http::{HeaderMap, HeaderValue},
};

use super::{
    alter_json::alter_json,
    alteration::{Alteration, Kind},
    likeness::{self, Likeness},
    wire::Exchange,
};

/// Statuses that an answer may get.
const STATUSES: [u16; 17] =
    [200, 201, 202, 204, 301, 302, 307, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503];

const HTML: &str =
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>";

/// Whether the service may be made to answer this write as if it had done it: there has to be something to read in its
/// place.
pub(crate) fn may_be_swallowed(exchange: &Exchange) -> bool {
    let path = exchange.path();
    exchange.method == Method::PATCH || exchange.is_write() && path.ends_with("/publish")
}

/// The answer with one change, and what it is.
pub(crate) fn alter(
    exchange: &Exchange,
    response: Response,
    rng: &mut fastrand::Rng,
) -> (Response, Alteration) {
    let json: Option<Value> = serde_json::from_slice(response.body().as_bytes()).ok();
    match (rng.u8(..100), json) {
        (0..10, _) => alter_status(exchange, response, rng),
        (10..15, _) => alter_headers(exchange, response, rng),
        (15..25, Some(json)) => alter_body(exchange, response, &json, rng),
        (25.., Some(json)) => {
            let (body, alteration) = alter_json(exchange, json, rng);
            (with_body(response, body), alteration)
        }
        (15.., None) => {
            let body = [HTML, "null", "[]", "{}"][rng.usize(..4)].to_owned();
            let alteration = Alteration::new(exchange, Kind::Body, "body".to_owned(), body.clone());
            (with_body(response, body), alteration)
        }
    }
}

fn with_body(mut response: Response, body: String) -> Response {
    *response.body_mut() = Body::from(body);
    response
}

fn alter_status(
    exchange: &Exchange,
    mut response: Response,
    rng: &mut fastrand::Rng,
) -> (Response, Alteration) {
    let before = response.status();
    let others: Vec<u16> = STATUSES.into_iter().filter(|status| *status != before.as_u16()).collect();
    let number = others[rng.usize(..others.len())];
    let status = StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.status_mut() = status;
    let mut change = number.to_string();
    if status == StatusCode::TOO_MANY_REQUESTS && rng.bool() {
        let wait = ["0", "1", "55", "99999999999999999999", "-5", "soon"][rng.usize(..6)];
        response.headers_mut().insert("retry-after", HeaderValue::from_static(wait));
        change.push_str(" retry-after ");
        change.push_str(wait);
    }
    // Most services say something else than before when they refuse.
    if !status.is_success() && rng.bool() {
        response = with_body(response, ["", HTML, r#"{"errors": []}"#][rng.usize(..3)].to_owned());
    }
    let mut alteration = Alteration::new(exchange, Kind::Status, "status".to_owned(), change)
        .of_likeness(likeness::of_status(exchange, status));
    alteration.status = Some(before);
    (response, alteration)
}

/// Headers that mean something to a client, with what they may wrongly say.
const HEADERS: [(&str, &[&str]); 7] = [
    ("content-type", &["text/html; charset=utf-8", "application/octet-stream", ""]),
    ("retry-after", &["0", "99999999999999999999", "-1", "Wed, 21 Oct 1015 07:28:00 GMT"]),
    ("x-rate-limit-limit", &["0", "-1", "99999999999999999999", "none"]),
    ("x-rate-limit-remaining", &["0", "-1", "99999999999999999999", "none"]),
    ("x-rate-limit-reset", &["0", "-1", "99999999999999999999", "none"]),
    ("x-ratelimit-remaining", &["0", "-1", "99999999999999999999", "none"]),
    ("location", &["", "::", "/files/1", "ftp://files.example.com/1", "https://files.example.com/1.pdf"]),
];

fn alter_headers(
    exchange: &Exchange,
    mut response: Response,
    rng: &mut fastrand::Rng,
) -> (Response, Alteration) {
    let is_redirect = response.headers().contains_key("location");
    let (name, texts) = if is_redirect && rng.bool() { HEADERS[6] } else { HEADERS[rng.usize(..7)] };
    let headers: &mut HeaderMap = response.headers_mut();
    let text = texts[rng.usize(..texts.len())];
    let is_gone = headers.contains_key(name) && rng.u8(..3) == 0;
    if is_gone {
        headers.remove(name);
    } else {
        headers.insert(name, HeaderValue::from_static(text));
    }
    // Another address is followed: nobody can tell which is right.
    let is_address = name == "location" && is_redirect && !is_gone && text.starts_with("https:");
    let change = if is_gone { "missing".to_owned() } else { text.to_owned() };
    let likeness = if is_address { Likeness::Plausible } else { Likeness::Wrong };
    let alteration = Alteration::new(exchange, Kind::Header, name.to_owned(), change).of_likeness(likeness);
    (response, alteration)
}

fn alter_body(
    exchange: &Exchange,
    response: Response,
    json: &Value,
    rng: &mut fastrand::Rng,
) -> (Response, Alteration) {
    if rng.u8(..3) == 0 {
        let text = String::from_utf8_lossy(response.body().as_bytes()).into_owned();
        let ends: Vec<usize> = text.char_indices().map(|(position, _)| position).collect();
        let end = if ends.is_empty() { 0 } else { ends[rng.usize(..ends.len())] };
        let change = format!("{end} of {} bytes", text.len());
        let alteration = Alteration::new(exchange, Kind::Cut, "body".to_owned(), change);
        return (with_body(response, text[..end].to_owned()), alteration);
    }
    let (name, body) = match rng.u8(..6) {
        0 => ("nothing", String::new()),
        1 => ("HTML", HTML.to_owned()),
        2 => ("null", "null".to_owned()),
        3 => ("[]", "[]".to_owned()),
        4 => ("{}", "{}".to_owned()),
        _ => ("the body in a list", json!([json]).to_string()),
    };
    let alteration = Alteration::new(exchange, Kind::Body, "body".to_owned(), name.to_owned());
    (with_body(response, body), alteration)
}
