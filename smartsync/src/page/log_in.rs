//! Where somebody logs in, and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::Response,
};

use super::{
    access::Tried,
    answer::{Answer, html, html_with, see},
    desk::Desk,
    fields::Fields,
    guard::{LOG_IN, cookie},
    page_error::PageError,
    visit::{Form, Kept},
};
use crate::words::{WORDS, Words};

#[derive(Template)]
#[template(path = "page/log_in.html")]
struct LogInView<'a> {
    w: &'static Words,
    to: &'a str,
    failure: Option<&'static str>,
}

/// The form; nothing to fill in where no token is asked for.
pub(super) async fn form(State(desk): State<Arc<Desk>>, uri: Uri) -> Answer {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let to = own(query.get("to"));
    if desk.access.asks_for_token() { html(&LogInView { w: WORDS, to, failure: None }) } else { Ok(see(to)) }
}

pub(super) async fn log_in(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Extension(Form(form)): Extension<Form>,
) -> Answer {
    let to = own(form.get("to"));
    let refused = |status, failure| html_with(status, &LogInView { w: WORDS, to, failure: Some(failure) });
    match desk.access.log_in(form.get("token").unwrap_or_default()).await.map_err(|_| PageError::Bug)? {
        Tried::LoggedIn(kept) => Ok(keeping(see(to), &headers, Some(&kept))),
        Tried::Wrong(count) => {
            // Whoever guesses fills no disk.
            if count.is_power_of_two() {
                tracing::warn!(count, "somebody tried to log in to the page with a wrong token");
            }
            refused(StatusCode::FORBIDDEN, WORDS.log_in.wrong)
        }
        Tried::TooMany => refused(StatusCode::TOO_MANY_REQUESTS, WORDS.log_in.too_many),
    }
}

pub(super) async fn log_out(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Extension(Kept(kept)): Extension<Kept>,
) -> Response {
    desk.access.log_out(kept.as_deref());
    keeping(see(LOG_IN), &headers, None)
}

fn keeping(mut answer: Response, headers: &HeaderMap, kept: Option<&str>) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(&cookie(headers, kept)) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

/// An address of our own, and never one of another site, which an address that somebody was sent could name.
fn own(to: Option<&str>) -> &str {
    to.filter(|to| to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\t', '\n', '\r']))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for to in
            ["https://example.com", "//example.com", "/\\example.com", "/\t/example.com", "example.com", ""]
        {
            assert_eq!(own(Some(to)), "/", "{to}");
        }
        assert_eq!((own(Some("/contracts?reason=a")), own(None)), ("/contracts?reason=a", "/"));
    }
}
