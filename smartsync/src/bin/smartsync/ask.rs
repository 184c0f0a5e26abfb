//! A question before something that cannot be taken back.

use std::{
    io::{self, BufRead, IsTerminal as _, Write},
    thread,
};

use smartsync::words::commands::ask as words;
use tokio::sync::oneshot;

use crate::{
    failure::Failure,
    signals::{Signal, Stop},
};

/// Asks on the terminal, and fails unless the answer is yes. Without a terminal there is nobody to ask: it fails with `without`,
/// which names the option that stands for a yes.
pub(crate) fn ask(question: &str, without: &'static str) -> Result<(), Failure> {
    let (mut input, mut shown) = (io::stdin().lock(), io::stderr());
    if !(input.is_terminal() && shown.is_terminal()) {
        return Err(Failure::new(words::no_terminal(question), without));
    }
    answered(question, &mut input, &mut shown)
}

/// The same where signals are listened to: the one that comes while the answer is awaited.
pub(crate) async fn ask_until(
    stop: &mut Stop,
    question: String,
    without: &'static str,
) -> Result<Option<Signal>, Failure> {
    let (answer, mut answered) = oneshot::channel();
    // A thread of its own: whatever is read on a terminal cannot be broken off, and the end of the process must not wait for it.
    thread::Builder::new().spawn(move || answer.send(ask(&question, without)).ok())?;
    tokio::select! {
        signal = stop.asked() => Ok(Some(signal)),
        answer = &mut answered => {
            answer.unwrap_or_else(|_| Err(Failure::new(words::NO_ANSWER, without))).map(|()| None)
        }
    }
}

fn answered(question: &str, input: &mut dyn BufRead, shown: &mut dyn Write) -> Result<(), Failure> {
    write!(shown, "{}", words::prompt(question))?;
    shown.flush()?;
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    if words::YES.contains(&answer.trim().to_lowercase().as_str()) {
        Ok(())
    } else {
        Err(Failure::new(words::NOTHING_DONE, words::TO_GO_ON))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        for (typed, goes_on) in
            [("y\n", true), ("YES\r\n", true), ("\n", false), ("", false), ("n\n", false), ("yet\n", false)]
        {
            let mut shown = Vec::new();
            let answer = answered("Remove it?", &mut typed.as_bytes(), &mut shown);
            assert_eq!(answer.is_ok(), goes_on, "{typed:?}");
            assert_eq!(shown, b"Remove it? [y/N] ");
        }
    }
}
