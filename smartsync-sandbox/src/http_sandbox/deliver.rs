//! Delivers webhook notifications.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::{HeaderValue, Method, header};
use smartsync_transport::{Body, Request, ReqwestTransport, Transport, Url};
use tokio::task::JoinSet;

use super::ticking::Ticking;
use crate::state::outbox::Notification;

/// How often due notifications are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Posts what is due until it is aborted. A slow receiver delays nobody else.
pub(super) async fn run(ticking: Arc<Ticking>) {
    let mut under_way = BTreeSet::new();
    let mut posts: JoinSet<(String, u16)> = JoinSet::new();
    loop {
        while let Some(done) = posts.try_join_next() {
            if let Ok((callback_id, status)) = done {
                under_way.remove(&callback_id);
                ticking.now().acknowledge(&callback_id, status);
            }
        }
        for notification in ticking.now().due_notifications() {
            if under_way.insert(notification.callback_id().to_owned()) {
                posts.spawn(async move {
                    let status = post(&notification).await.unwrap_or(0);
                    (notification.callback_id().to_owned(), status)
                });
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The status of the answer, if there was one.
async fn post(notification: &Notification) -> Option<u16> {
    let url = Url::parse(notification.callback_url()).ok()?;
    let transport = ReqwestTransport::for_base_url(&url).ok()?;
    let mut request = Request::new(Body::from(notification.body()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.as_str().parse().ok()?;
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let response = transport.execute(request).await.ok()?;
    Some(response.status().as_u16())
}
