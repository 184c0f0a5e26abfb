//! Who gets through to the views: the name that the browser calls us by, who it is, and whose a form is.

use std::{sync::Arc, time::Duration};

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::time::timeout;

use super::{
    answer::see,
    desk::Desk,
    fields::{Fields, address},
    host::is_of_this_machine,
    page_error::PageError,
    through_proxy::came_through_proxy,
    visit::{Form, Kept},
};

/// Largest form that is read of somebody whom nobody knows yet.
const MOST_BYTES: usize = 16 * 1024;

/// The same of somebody who is logged in: a decision has a field for each field of the contract, and names can be long.
const MOST_BYTES_LOGGED_IN: usize = 2 * 1024 * 1024;

/// How long a form may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the browser keeps is known by this name; off loopback by the other, which browsers bind to https and to this very host.
const COOKIE: &str = "smartsync-page";
const SECURE_COOKIE: &str = "__Host-smartsync-page";

/// Where somebody logs in.
pub(super) const LOG_IN: &str = "/log-in";

/// Shown to whoever asks: there is nothing of anybody in it.
pub(super) const STYLE: &str = "/style.css";

/// Lets a request through to the views, or answers it here.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    match admitted(&desk, request).await {
        Ok(Ok(request)) => next.run(request).await,
        Ok(Err(answer)) => answer,
        Err(error) => error.into_response(),
    }
}

async fn admitted(desk: &Desk, request: Request) -> Result<Result<Request, Response>, PageError> {
    let (mut parts, body) = request.into_parts();
    // A proxy that calls us by a name of this machine would open the page to whoever reaches the proxy.
    if !desk.access.asks_for_token() && came_through_proxy(&parts.headers) {
        return Err(PageError::ThroughProxy);
    }
    // Where a token is asked for, a page of another site does not have it, whatever its name leads to.
    if !desk.access.asks_for_token() && !is_of_this_machine(&parts.headers) {
        return Err(PageError::WrongHost);
    }
    // A view may ask the services: a page of another site must not have it do so again and again, though it sees nothing of the answer.
    if is_of_another_site(&parts.headers) {
        return Err(PageError::WrongHost);
    }
    let kept = kept(&parts.headers);
    let path = parts.uri.path();
    let is_open = [LOG_IN, STYLE].contains(&path);
    if !is_open && !desk.access.is_logged_in(kept.as_deref()) {
        // What somebody wanted to see is shown after that; what somebody wanted to do is not done.
        let wanted = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
        return Ok(Err(see(&address(LOG_IN, &[("to", wanted.map(|wanted| wanted.as_str()))]))));
    }
    let form = if parts.method == Method::POST {
        let most = if is_open { MOST_BYTES } else { MOST_BYTES_LOGGED_IN };
        let form = timeout(BODY_TIMEOUT, to_bytes(body, most)).await;
        let form = Fields::parse(&form.ok().and_then(Result::ok).ok_or(PageError::TooLarge)?);
        let said = form.get("form_token").unwrap_or_default();
        if path != LOG_IN && !desk.access.is_form_token(kept.as_deref(), said) {
            return Err(PageError::WrongForm);
        }
        form
    } else {
        Fields::default()
    };
    parts.extensions.insert(Kept(kept));
    parts.extensions.insert(Form(form));
    Ok(Ok(Request::from_parts(parts, axum::body::Body::empty())))
}

/// Whether a page of another site has the browser ask, and nobody has followed a link to here. Browsers say so themselves.
fn is_of_another_site(headers: &HeaderMap) -> bool {
    let says = |name: &str, words: &[&str]| {
        headers.get(name).is_some_and(|said| words.iter().any(|word| said == word))
    };
    says("sec-fetch-site", &["cross-site", "same-site"]) && !says("sec-fetch-mode", &["navigate"])
}

/// What the browser keeps, if anything.
fn kept(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut cookies =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let name = if is_secure(headers) { SECURE_COOKIE } else { COOKIE };
    cookies.find(|(found, _)| *found == name).map(|(_, kept)| kept.to_owned())
}

/// Has the browser keep this; `None`: forget what it keeps.
pub(super) fn cookie(headers: &HeaderMap, kept: Option<&str>) -> String {
    let (name, secure) = if is_secure(headers) { (SECURE_COOKIE, "; Secure") } else { (COOKIE, "") };
    let end = if kept.is_some() { "" } else { "; Max-Age=0" };
    format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}{end}", kept.unwrap_or_default())
}

/// Whether the browser keeps it for https only. On this machine there is mostly none, and nobody in between either.
fn is_secure(headers: &HeaderMap) -> bool {
    !is_of_this_machine(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str, cookies: &'static str) -> HeaderMap {
        let pairs = [(header::HOST, host), (header::COOKIE, cookies)];
        pairs.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect()
    }

    #[test]
    fn what_a_page_of_another_site_loads_is_refused_and_a_link_to_here_is_not() {
        for (site, mode, refused) in [
            ("cross-site", "no-cors", true),
            ("same-site", "cors", true),
            ("cross-site", "navigate", false),
            ("same-origin", "no-cors", false),
            ("none", "navigate", false),
        ] {
            let mut headers = headers("127.0.0.1:8081", "a=b");
            assert!(!is_of_another_site(&headers), "a browser that says nothing");
            headers.insert("sec-fetch-site", site.parse().unwrap());
            headers.insert("sec-fetch-mode", mode.parse().unwrap());
            assert_eq!(is_of_another_site(&headers), refused, "{site}, {mode}");
        }
    }

    #[test]
    fn off_this_machine_a_browser_keeps_it_for_https_and_for_this_host_only() {
        let (near, far) = (headers("127.0.0.1:8081", "a=b"), headers("sync.example.com", "a=b"));
        assert_eq!(cookie(&near, Some("x")), "smartsync-page=x; Path=/; HttpOnly; SameSite=Strict");
        assert_eq!(
            cookie(&far, Some("x")),
            "__Host-smartsync-page=x; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            cookie(&far, None),
            "__Host-smartsync-page=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0"
        );
        // What plain http could have left behind does not count over https.
        let both = "smartsync-page=plain; __Host-smartsync-page=secure";
        assert_eq!(kept(&headers("localhost", both)).as_deref(), Some("plain"));
        assert_eq!(kept(&headers("sync.example.com", both)).as_deref(), Some("secure"));
        assert_eq!(kept(&far), None);
    }
}
