//! Whether a stream is shown with colours.

use std::io::IsTerminal;

/// A terminal, unless the person there wants none: <https://no-color.org>.
pub(crate) fn is_wanted(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
