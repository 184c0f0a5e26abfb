//! A question before something that cannot be taken back.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Asks on the terminal, and fails unless the answer is yes. Without a terminal there is nobody to ask: it fails with `without`,
/// which names the option that stands for a yes.
pub(crate) fn ask(question: &str, without: &'static str) -> Result<(), Failure> {
    let (mut input, mut shown) = (io::stdin().lock(), io::stderr());
    if !(input.is_terminal() && shown.is_terminal()) {
        return Err(Failure::new(format!("{question} Nobody can be asked here"), without));
    }
    write!(shown, "{question} [y/N] ")?;
    shown.flush()?;
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("nothing was done", "answer `y` to go on")),
    }
}
