//! One request of a browser that may see the page.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{desk::Looked, desk::Seat, fields::Fields, layout::Layout, layout::View};

/// What the browser keeps, if anything: put here by the guard.
#[derive(Clone, Default)]
pub(super) struct Kept(pub(super) Option<String>);

/// What the form says: put here by the guard, which has checked whose it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(pub(super) Fields);

/// One request of a browser that may see the page.
pub(super) struct Visit {
    pub(super) seat: Seat,
    pub(super) query: Fields,
    pub(super) form: Fields,
    kept: Option<String>,
}

impl FromRequestParts<Seat> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, seat: &Seat) -> Result<Self, Infallible> {
        let Kept(kept) = parts.extensions.get::<Kept>().cloned().unwrap_or_default();
        let Form(form) = parts.extensions.get::<Form>().cloned().unwrap_or_default();
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self { seat: seat.clone(), query, form, kept })
    }
}

impl Visit {
    /// What is around a view.
    pub(super) fn layout(&self, here: View) -> Layout {
        let Self { seat, kept, .. } = self;
        Layout {
            here,
            base: seat.to(""),
            views: View::ALL.map(|view| (view, seat.to(view.path()))).into(),
            accounts: seat
                .desk
                .accounts
                .iter()
                .enumerate()
                .filter_map(|(position, Looked { account, .. })| {
                    let name = account.name.as_ref()?.to_string();
                    let address = Seat { position, ..seat.clone() }.to(here.path());
                    Some((name, address, position == seat.position))
                })
                .collect(),
            form_token: seat.desk.access.form_token(kept.as_deref()),
            contracts: seat.to(View::Contracts.path()),
            can_log_out: seat.desk.access.asks_for_token(),
        }
    }
}
