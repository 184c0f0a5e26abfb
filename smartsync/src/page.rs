//! The page: what a person sees of the host in a browser, and decides there. Rendered here, without a script; every text comes from [`words`](crate::words).
//!
//! Nothing that it answers holds a value of a candidate, unless somebody has pressed "show": that is read from the services then, and neither stored nor
//! logged.

mod access;
mod answer;
mod chart;
mod codes;
mod contract;
mod contracts;
mod decide;
mod deciding_rule;
mod desk;
mod fields;
mod filter;
mod guard;
mod headers;
mod held;
mod host;
mod intake;
mod layout;
mod linked;
mod live;
mod log_in;
mod look_again;
mod mapping;
mod moment;
mod now;
mod page_error;
mod parked;
mod router;
mod shown_values;
mod through_proxy;
mod visit;

pub(crate) use self::{
    access::Access,
    desk::{Account, Desk},
    live::Live,
    router::router,
};
