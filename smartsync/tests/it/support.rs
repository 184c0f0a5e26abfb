//! What the tests share.

mod contracts;
mod home;
mod process;
mod requests;
mod services;
mod until;

pub(crate) use self::{
    contracts::{notice, sent_contract},
    home::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY},
    process::{Ended, Serving, signal},
    requests::{get, get_text, notification, post, post_lenient},
    services::{looks, mock_accounts, mock_services, pass, slow_to_write},
    until::until,
};
