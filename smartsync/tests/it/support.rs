//! What the tests share.

mod browser;
mod contracts;
#[cfg(unix)]
mod cut_host;
#[cfg(unix)]
mod disk;
#[cfg(unix)]
mod drive;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod filled;
mod gate;
mod home;
mod kept;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_server;
mod process;
mod requests;
mod services;
#[cfg(target_os = "linux")]
mod terminal;
mod under_load;
mod until;
mod witness;

pub(crate) use self::{
    browser::{Answered, Browser},
    contracts::{canary_contract, notice, sent_contract},
    gate::Gate,
    home::{Home, ONEFLOW_TOKEN, SIGN_KEY, TEAMTAILOR_KEY, sign_key_of},
    kept::Kept,
    process::{Ended, Serving, ending_signals, signal},
    requests::{Sender, get, get_text, notification, post, post_lenient, signed},
    services::{looks, mock_accounts, mock_services, pass, slow_to_write},
    under_load::{Story, pause, tell},
    until::until,
    witness::Witness,
};
#[cfg(unix)]
pub(crate) use self::{
    cut_host::{Answer, Ask, Ending, Host, Said},
    disk::Files,
    drive::{Power, Syncs, discard_drives, replace_file_system},
};
#[cfg(unix)]
#[cfg(feature = "postgres")]
pub(crate) use self::{
    filled::{fill, filled},
    postgres_server::{Database, PostgresServer},
};
#[cfg(target_os = "linux")]
pub(crate) use self::{process::listens, terminal::Terminal};
