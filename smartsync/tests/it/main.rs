//! Tests of the host: configuration, inbox, server, command line, the whole story.

#[cfg(feature = "demo")]
mod check;
#[cfg(feature = "demo")]
mod commands;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod home;
mod inbox;
#[cfg(feature = "demo")]
mod kill;
#[cfg(feature = "demo")]
mod privacy;
mod receiver;
mod worker;
