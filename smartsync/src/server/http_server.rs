//! The accept loop: limits on what a stranger can hold open, and an end that waits for what has begun.

use std::{convert::Infallible, future::Future, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, response::Response};
use hyper::{
    Request,
    body::{Body as _, Incoming},
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time,
};

use crate::server::{
    connections::{Admission, ConnectionSlot, Connections, MAX_CONNECTIONS},
    refusals::Refusals,
    shutdown_grace::SHUTDOWN_GRACE,
};

/// How long the head of a request may take.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait after the system refused a connection (no file handles left, for example).
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Serves `router` until `shutdown` resolves, then lets begun requests end. Each request has the [`ConnectInfo`] of its peer,
/// and the [`ConnectionSlot`] of its connection, to be told when the whole body has come, if it has one.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let (router, connections) = (TowerToHyperService::new(router), Connections::default());
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let failed = Refusals::new("a connection was not accepted");
    let refused = Refusals::new("a connection was refused");
    let ended = Refusals::new("a connection was ended to make room");
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    failed.note(None, &error);
                    time::sleep(ACCEPT_RETRY_DELAY).await;
                    continue;
                }
            },
        };
        let Some((slot, given_up, admission)) = connections.slot(peer) else {
            refused.note(Some(peer), &format_args!("{MAX_CONNECTIONS} requests are being answered"));
            refuse(&stream);
            continue;
        };
        if let Admission::Evicted(from) = admission {
            ended.note(Some(from), &"it had been waiting longest for a request");
        }
        let slot = Arc::new(slot);
        let (router, held) = (router.clone(), Arc::clone(&slot));
        let service = service_fn(move |request| answer(router.clone(), request, peer, Arc::clone(&held)));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                done = connection => if let Err(error) = done {
                    tracing::debug!(%peer, %error, "a connection ended early");
                },
                // Never sent: the other end is dropped when the slot is.
                _ = given_up => {}
            }
            drop(slot);
        });
    }
    drop(listener);
    if time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were interrupted at shutdown");
    }
}

async fn answer(
    router: TowerToHyperService<Router>,
    mut request: Request<Incoming>,
    peer: SocketAddr,
    slot: Arc<ConnectionSlot>,
) -> Result<Response, Infallible> {
    if request.body().is_end_stream() {
        slot.has_all();
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(Arc::clone(&slot));
    let response = router.call(request).await;
    slot.waits_again();
    response
}

/// Oneflow repeats what is not answered with 200.
fn refuse(stream: &TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    // If even this does not fit into the empty send buffer, closing says the same.
    stream.try_write(answer).ok();
}
