//! What the tests share.

mod home;

pub(crate) use self::home::{
    Ended, Home, ONEFLOW_TOKEN, SIGN_KEY, Serving, TEAMTAILOR_KEY, get, looks, mock_accounts, mock_services,
    notification, post, post_lenient, until,
};
