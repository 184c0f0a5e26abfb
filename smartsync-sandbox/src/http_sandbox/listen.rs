//! Takes connections and answers requests.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use smartsync_transport::Body;
use tokio::{net::TcpListener, task::JoinSet};

use super::ticking::Ticking;
use crate::{control::control, origins::Origin};

const MAX_BODY: usize = 1024 * 1024;

/// Serves one host, and all its connections, until it is aborted.
pub(super) async fn serve(listener: TcpListener, origin: Origin, ticking: Arc<Ticking>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        // A connection that ended before it could be accepted is no loss.
        let Ok((stream, _)) = listener.accept().await else {
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
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(with_status(StatusCode::PAYLOAD_TOO_LARGE, Bytes::new()));
    };
    let body = body.to_bytes();
    let sandbox = ticking.now();
    let path = parts.uri.path();
    if origin == Origin::Oneflow && (path == "/sandbox" || path.starts_with("/sandbox/")) {
        let done = control(sandbox, parts.method.as_str(), path, &body);
        let status = StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = with_status(status, Bytes::from(format!("{:#}\n", done.body)));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Ok(response);
    }
    let request = http::Request::from_parts(parts, Body::from(body));
    Ok(sandbox.handle(origin, request).map(|body| Full::new(body.into_bytes())))
}

fn with_status(status: StatusCode, body: Bytes) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}
