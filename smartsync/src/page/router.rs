//! The addresses of the page.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    middleware::{from_fn_with_state, map_response},
    response::IntoResponse as _,
    routing::{get, post},
};

use super::{
    answer::see,
    contract, contracts, decide,
    desk::{Desk, Looked, Seat, base_of},
    guard::{LOG_IN, STYLE, guard},
    headers::with_headers,
    held, intake, log_in, look_again, mapping, now,
    page_error::PageError,
    parked,
};

/// The page of all tenants of a desk.
pub(crate) fn router(desk: Desk) -> Router {
    let desk = Arc::new(desk);
    let mut all = Router::new()
        .route(STYLE, get(style))
        .route(LOG_IN, get(log_in::form).post(log_in::log_in))
        .route("/log-out", post(log_in::log_out))
        .with_state(Arc::clone(&desk));
    for (position, Looked { account, .. }) in desk.accounts.iter().enumerate() {
        let views = views().with_state(Seat { desk: Arc::clone(&desk), position });
        all = match &account.name {
            Some(name) => all.nest(&base_of(name), views),
            None => all.merge(views),
        };
    }
    if let Some(first) = desk.accounts.first().and_then(|looked| looked.account.name.as_ref()) {
        let first = base_of(first);
        all = all.route("/", get(move || async move { see(&first) }));
    }
    // What comes last is asked first.
    all.fallback(|| async { PageError::NotFound })
        .method_not_allowed_fallback(|| async { PageError::NotFound })
        .layer(from_fn_with_state(desk, guard))
        .layer(map_response(with_headers))
}

/// The views of one tenant.
fn views() -> Router<Seat> {
    Router::new()
        .route("/", get(now::view))
        .route("/contracts", get(contracts::view))
        .route("/contracts/again", post(look_again::all))
        .route("/contracts/{contract}", get(contract::view))
        .route("/contracts/{contract}/show", post(contract::show))
        .route("/contracts/{contract}/again", post(look_again::one))
        .route("/contracts/{contract}/decide", get(decide::view).post(decide::decide))
        .route("/contracts/{contract}/decide/show", post(decide::show))
        .route("/again/{job}", get(look_again::progress))
        .route("/again/{job}/stop", post(look_again::stop))
        .route("/held", get(held::view))
        .route("/parked", get(parked::view))
        .route("/parked/retry", post(parked::retry))
        .route("/parked/drop", post(parked::drop))
        .route("/intake", get(intake::view))
        .route("/mapping", get(mapping::view))
        .route("/mapping/check", post(mapping::check))
}

async fn style() -> axum::response::Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/page/style.css"))
        .into_response()
}
