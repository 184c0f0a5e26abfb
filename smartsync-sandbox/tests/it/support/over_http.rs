//! Requests over real HTTP.

use http::Method;
use serde_json::Value;
use smartsync_transport::{Body, Request, ReqwestTransport, Response, Transport, TransportError, Url};

pub(crate) async fn try_send(
    url: &Url,
    method: Method,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Result<Response, TransportError> {
    let mut builder = http::Request::builder().method(method).uri(url.as_str());
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    let request: Request =
        builder.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
    ReqwestTransport::for_base_url(url).unwrap().execute(request).await
}

pub(crate) async fn send(
    url: &Url,
    method: Method,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Response {
    try_send(url, method, headers, body).await.unwrap()
}

pub(crate) fn below(base: &Url, path: &str) -> Url {
    format!("{}{path}", base.as_str().trim_end_matches('/')).parse().unwrap()
}

pub(crate) fn json_of(response: &Response) -> Value {
    serde_json::from_slice(response.body().as_bytes()).unwrap()
}
