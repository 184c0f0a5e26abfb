//! How the services behave where the public documentation leaves it open, and whether the clients try again.

use smartsync_sandbox::ReadBack;

/// One of 32 combinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Variant(u8);

impl Variant {
    pub(crate) const COUNT: u8 = 32;

    pub(crate) const fn new(number: u8) -> Self {
        Self(number % Self::COUNT)
    }

    /// Whether what fails is tried again at once.
    pub(crate) fn retries(self) -> bool {
        self.0 & 1 != 0
    }

    /// Whether so much time passes between plan and application that both sides are read again.
    pub(crate) fn is_slow(self) -> bool {
        self.0 & 2 != 0
    }

    pub(crate) fn custom_id_on_top(self) -> bool {
        self.0 & 4 != 0
    }

    pub(crate) fn read_back(self) -> ReadBack {
        let (is_loose, is_long) = (self.0 & 8 != 0, self.0 & 16 != 0);
        ReadBack::new().number_as_text(is_loose).select_as_list(is_loose).date_with_time(is_long)
    }
}
