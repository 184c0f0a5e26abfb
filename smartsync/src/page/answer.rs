//! What is answered.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::page_error::PageError;

/// A view, or why there is none.
pub(super) type Answer = Result<Response, PageError>;

/// A view.
pub(super) fn html(template: &impl Template) -> Answer {
    html_with(StatusCode::OK, template)
}

pub(super) fn html_with(status: StatusCode, template: &impl Template) -> Answer {
    let text = template.render().map_err(|_| PageError::Bug)?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Has the browser ask for another address: after a form, so that loading again sends nothing a second time.
pub(super) fn see(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
