//! Why a look failed as a whole, where that is no reason of the core: it did not end.

/// Why a look did not end. The code stands in a [`Look`](super::Look) where that of a [`Reason`](smartsync_core::Reason) does for the looks that did.
///
/// ```
/// use smartsync::store::LookFailure;
///
/// assert_eq!(LookFailure::TookTooLong.code(), "took-too-long");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookFailure {
    /// It took longer than one may take.
    TookTooLong,
    /// It was broken off: by a bug in this program, or by a signal.
    Interrupted,
}

impl LookFailure {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::TookTooLong, Self::Interrupted];

    /// The stable code: `took-too-long`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TookTooLong => "took-too-long",
            Self::Interrupted => "interrupted",
        }
    }

    /// What it says.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TookTooLong => {
                "The look did not end in the time that one may take, waits for rate limits not counted."
            }
            Self::Interrupted => "The look was broken off, by a signal or by a defect of this program.",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::TookTooLong => {
                "It is tried again. If it stays so, run `smartsync sync CONTRACT -v`: it shows which request takes so long."
            }
            Self::Interrupted => {
                "It is tried again. If no signal was sent, report the line in the log that names the place in the program."
            }
        }
    }
}
