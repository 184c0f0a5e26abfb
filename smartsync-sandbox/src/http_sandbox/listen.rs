//! Takes connections and answers requests.

use std::{error, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use smartsync_transport::{Body, Url, is_loopback};
use tokio::{net::TcpListener, task::JoinSet};

use super::ticking::Ticking;
use crate::{
    control::{ControlAnswer, control},
    origins::Origin,
    wire::Carried,
};

const MAX_BODY: usize = 1024 * 1024;

/// Serves one host, and all its connections, until it is aborted.
pub(super) async fn serve(listener: TcpListener, origin: Origin, ticking: Arc<Ticking>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        // A connection that ended before it could be accepted is no loss. Without a free file descriptor none can be, for a while.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let ticking = Arc::clone(&ticking);
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, origin, &ticking));
            // A peer that hangs up ends its own connection and nothing else.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    request: http::Request<Incoming>,
    origin: Origin,
    ticking: &Ticking,
) -> Result<http::Response<Full<Bytes>>, HungUp> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(with_status(StatusCode::PAYLOAD_TOO_LARGE, Bytes::new()));
    };
    let body = body.to_bytes();
    let sandbox = ticking.now();
    let path = parts.uri.path();
    if origin == Origin::Oneflow && (path == "/sandbox" || path.starts_with("/sandbox/")) {
        let done = if is_from_this_machine(&parts.headers) {
            control(sandbox, parts.method.as_str(), path, &body)
        } else {
            ControlAnswer::error(
                403,
                "a control route is asked for under a loopback address, and by no page of a web browser",
            )
        };
        let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = with_status(status, Bytes::from(format!("{:#}\n", done.body)));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Ok(response);
    }
    let request = http::Request::from_parts(parts, Body::from(body));
    let Carried { answer, latency } = sandbox.world().carry(origin, request);
    tokio::time::sleep(latency).await;
    answer.map(|response| response.map(|body| Full::new(body.into_bytes()))).ok_or(HungUp)
}

/// The connection is closed without an answer.
#[derive(Debug)]
struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closes the connection")
    }
}

impl error::Error for HungUp {}

/// Whether no web page has a hand in a request: a browser says which page a request that changes something comes from, and a name
/// that somebody has pointed to this machine stays in `Host`.
fn is_from_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let url = host.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    url.is_some_and(|url| is_loopback(&url)) && !headers.contains_key(header::ORIGIN)
}

fn with_status(status: StatusCode, body: Bytes) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}
