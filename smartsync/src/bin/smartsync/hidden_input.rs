//! What is typed and not shown: the terminal does not echo while this is there.

#[cfg(unix)]
mod echo {
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Switches the echo off; its end switches it on again, whether an answer came or a signal.
    pub(crate) struct HiddenInput {
        before: Termios,
    }

    impl HiddenInput {
        /// From here on nothing that is typed on standard input is shown.
        pub(crate) fn begin() -> io::Result<Self> {
            let before = tcgetattr(io::stdin())?;
            let mut hidden = before.clone();
            hidden.local_modes.remove(LocalModes::ECHO);
            // The end of the line is seen, so that what follows begins on a new one.
            hidden.local_modes.insert(LocalModes::ECHONL);
            tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?;
            Ok(Self { before })
        }
    }

    impl Drop for HiddenInput {
        fn drop(&mut self) {
            tcsetattr(io::stdin(), OptionalActions::Now, &self.before).ok();
        }
    }

    /// The next line of standard input; empty at its end.
    pub(crate) fn read_hidden_line() -> io::Result<String> {
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;
        Ok(line)
    }
}

#[cfg(not(unix))]
mod echo {
    use std::io;

    /// Nothing: whoever reads the line switches the echo off.
    pub(crate) struct HiddenInput;

    impl HiddenInput {
        pub(crate) fn begin() -> io::Result<Self> {
            Ok(Self)
        }
    }

    /// The next line of the terminal, which does not show it.
    pub(crate) fn read_hidden_line() -> io::Result<String> {
        console::Term::stderr().read_secure_line().map(|line| line + "\n")
    }
}

pub(crate) use self::echo::{HiddenInput, read_hidden_line};
