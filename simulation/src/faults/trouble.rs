//! What goes wrong in a look or a creation, and when.

use fastrand::Rng;
use smartsync_sandbox::WireFault;

/// What goes wrong with a request or a step of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never arrives, and no answer comes.
    LostBefore,
    /// It takes effect, and no answer comes.
    LostAfter,
    /// It cannot even be sent.
    NoConnection,
    /// The service has had enough; it says for how many seconds.
    Throttled(u64),
    /// The service is down.
    Unavailable,
    /// It takes effect, and a gateway answers 502.
    UnavailableAfter,
    /// It takes effect, and the answer breaks off.
    Truncated,
    /// It takes effect, and the answer is no JSON.
    Garbage,
    /// No answer comes in time. It takes effect later.
    Late,
    /// The process dies before it goes out.
    CrashBefore,
    /// The process dies when it has taken effect.
    CrashAfter,
}

/// What a trouble waits for, counted from 0 in each task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    Request(usize),
    Write(usize),
    Ledger(usize),
    LedgerWrite(usize),
    Sleep(usize),
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Fault(Fault),
    /// The same, and from here on no request gets an answer.
    Outage(Fault),
    /// People do so much before it goes out.
    PeopleBefore(usize),
    /// People do so much before the answer comes.
    PeopleAfter(usize),
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) at: Trigger,
    pub(super) event: Event,
}

impl Fault {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LostBefore => "lost before",
            Self::LostAfter => "lost after",
            Self::NoConnection => "no connection",
            Self::Throttled(_) => "429",
            Self::Unavailable => "503 before",
            Self::UnavailableAfter => "502 after",
            Self::Truncated => "truncated",
            Self::Garbage => "garbage",
            Self::Late => "late",
            Self::CrashBefore => "crash before",
            Self::CrashAfter => "crash after",
        }
    }

    /// As an exchange meets it. What arrives late was lost, as far as anybody can see.
    pub(super) fn on_the_wire(self) -> WireFault {
        match self {
            Self::LostBefore => WireFault::LostRequest,
            Self::LostAfter | Self::Late => WireFault::LostAnswer,
            Self::NoConnection => WireFault::NoConnection,
            Self::Throttled(seconds) => WireFault::Throttled(u32::try_from(seconds).unwrap_or(u32::MAX)),
            Self::Unavailable => WireFault::Status(503),
            Self::UnavailableAfter => WireFault::StatusAfter(502),
            Self::Truncated => WireFault::Truncated,
            Self::Garbage => WireFault::Garbage,
            Self::CrashBefore => WireFault::CrashBefore,
            Self::CrashAfter => WireFault::CrashAfter,
        }
    }

    /// Whether who sends a write cannot know what becomes of it.
    pub(super) fn leaves_unknown(self) -> bool {
        !matches!(self, Self::NoConnection | Self::Throttled(_))
    }

    fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..20) {
            0 => Self::LostBefore,
            1..4 => Self::LostAfter,
            4 => Self::NoConnection,
            5..9 => Self::Throttled(if rng.bool() { rng.u64(1..=60) } else { rng.u64(40..=60) }),
            9 => Self::Unavailable,
            10 | 11 => Self::UnavailableAfter,
            12 | 13 => Self::Truncated,
            14 => Self::Garbage,
            15 | 16 => Self::Late,
            17 => Self::CrashBefore,
            _ => Self::CrashAfter,
        }
    }

    /// A step of the ledger fails or is the last thing that happens.
    fn draw_for_ledger(rng: &mut Rng) -> Self {
        match rng.u8(..5) {
            0 | 1 => Self::LostBefore,
            2 => Self::LostAfter,
            3 => Self::CrashBefore,
            _ => Self::CrashAfter,
        }
    }
}

impl Trouble {
    /// What goes wrong in one task. Most of it is aimed at writes: that is where the interesting states begin.
    pub(super) fn draw(rng: &mut Rng) -> Vec<Self> {
        let mut troubles = Vec::new();
        if rng.u8(..5) == 0 {
            return troubles;
        }
        if rng.u8(..10) < 6 {
            let fault = Fault::draw(rng);
            let event = if rng.u8(..3) == 0 { Event::Outage(fault) } else { Event::Fault(fault) };
            let at = match rng.u8(..10) {
                0..8 => Trigger::Write(rng.usize(..2)),
                8 => Trigger::Write(rng.usize(..5)),
                _ => Trigger::Request(rng.usize(..8)),
            };
            troubles.push(Self { at, event });
            if matches!(fault, Fault::Throttled(_)) && rng.bool() {
                let event = Event::PeopleAfter(rng.usize(1..=2));
                troubles.push(Self { at: Trigger::Sleep(0), event });
            }
        }
        // A throttled service throttles more than one request.
        if rng.u8(..4) == 0 {
            let event = Event::Fault(Fault::Throttled(rng.u64(10..=60)));
            troubles.push(Self { at: Trigger::Write(rng.usize(..3)), event });
        }
        if rng.u8(..10) == 0 {
            let event = Event::Fault(Fault::draw(rng));
            troubles.push(Self { at: Trigger::Request(rng.usize(..10)), event });
        }
        if rng.u8(..6) == 0 {
            let event = Event::Fault(Fault::draw_for_ledger(rng));
            let at = if rng.bool() {
                Trigger::LedgerWrite(rng.usize(..4))
            } else {
                Trigger::Ledger(rng.usize(..10))
            };
            troubles.push(Self { at, event });
        }
        if rng.u8(..10) < 4 {
            let count = rng.usize(1..=2);
            let event = if rng.bool() { Event::PeopleBefore(count) } else { Event::PeopleAfter(count) };
            let at = match rng.u8(..10) {
                0..4 => Trigger::Write(rng.usize(..3)),
                4..8 => Trigger::Sleep(rng.usize(..2)),
                _ => Trigger::Request(rng.usize(..8)),
            };
            troubles.push(Self { at, event });
        }
        troubles
    }
}
