//! How a command ends.

use std::process::ExitCode;

use crate::signals::Signal;

/// How a command that did its work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0.
    Success,
    /// 1: what was asked for was found faulty, or some of it could not be done.
    Failure,
    /// 2: some fields were held or failed.
    Incomplete,
    /// 129, 130 or 143: a signal ended it before it was through.
    Stopped(Signal),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Failure => 1,
            Exit::Incomplete => 2,
            Exit::Stopped(signal) => signal.exit_code(),
        })
    }
}
