//! What becomes of a process at the awaits of its store: others come in between, an operation fails before or after its effect, or the process dies.

use std::{
    error, fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use fastrand::Rng;
use tokio::{sync::Notify, task, time};

/// A process is as good as dead after at most so many awaits, if it is to die.
const LONGEST_LIFE: u32 = 400;

/// One that fails may go on to fail so often.
const LONGEST_FAILURE: u32 = 30;

/// The fate of one process. Clones are one.
#[derive(Clone)]
pub(super) struct Fate(Arc<Drawn>);

struct Drawn {
    dice: Mutex<Dice>,
    is_dead: AtomicBool,
    death: Notify,
}

struct Dice {
    rng: Rng,
    /// After so many awaits it dies.
    left: Option<u32>,
    /// One operation in so many fails.
    one_in: Option<u32>,
    /// So many more in a row do.
    failing: u32,
}

/// When an operation fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fails {
    Not,
    BeforeItsEffect,
    AfterItsEffect,
}

impl Fate {
    /// `has_faults`: whether anything fails or dies.
    pub(super) fn new(seed: u64, has_faults: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let left = (has_faults && rng.bool()).then(|| rng.u32(1..LONGEST_LIFE));
        let one_in = if has_faults { [None, Some(150), Some(30)][rng.usize(..3)] } else { None };
        let dice = Mutex::new(Dice { rng, left, one_in, failing: 0 });
        Self(Arc::new(Drawn { dice, is_dead: AtomicBool::new(false), death: Notify::new() }))
    }

    pub(super) fn is_dead(&self) -> bool {
        self.0.is_dead.load(Relaxed)
    }

    /// Resolves when the process is to be dropped.
    pub(super) async fn death(&self) {
        while !self.is_dead() {
            self.0.death.notified().await;
        }
    }

    /// An await of the process: what else can go on may go first, some time may pass, and it may be the last.
    pub(super) async fn pass(&self) {
        let (roll, wait) = {
            let mut dice = self.dice();
            if dice.left == Some(0) {
                self.0.is_dead.store(true, Relaxed);
                self.0.death.notify_waiters();
            }
            dice.left = dice.left.and_then(|left| left.checked_sub(1));
            (dice.rng.u8(..8), Duration::from_millis(dice.rng.u64(1..60)))
        };
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
        match roll {
            0..4 => {}
            4..6 => task::yield_now().await,
            _ => time::sleep(wait).await,
        }
    }

    /// An operation of the store. `failed` is told of one that fails, and whether it had its effect.
    pub(super) async fn during<T, E>(
        &self,
        effect: impl Future<Output = Result<T, E>>,
        failed: impl FnOnce(Box<dyn error::Error + Send + Sync>) -> E,
    ) -> Result<T, E> {
        self.pass().await;
        let fails = self.dice().fails();
        if fails == Fails::BeforeItsEffect {
            return Err(failed("an operation that was to fail".into()));
        }
        let done = effect.await?;
        self.pass().await;
        match fails {
            Fails::AfterItsEffect => Err(failed("an operation whose answer was to be lost".into())),
            Fails::Not | Fails::BeforeItsEffect => Ok(done),
        }
    }

    /// The next operation fails in one of three cases, where this process has operations that fail at all: by itself it would seldom be just that one.
    pub(super) fn tempt(&self) {
        let mut dice = self.dice();
        if dice.one_in.is_some() && dice.rng.u8(..3) == 0 {
            dice.failing = dice.failing.max(1);
        }
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.0.dice.lock().unwrap()
    }
}

impl Dice {
    fn fails(&mut self) -> Fails {
        if self.failing > 0 {
            self.failing -= 1;
            return Fails::BeforeItsEffect;
        }
        let Some(one_in) = self.one_in else { return Fails::Not };
        match (self.rng.u32(..one_in), self.rng.u8(..8)) {
            (0, 0) => {
                self.failing = self.rng.u32(..LONGEST_FAILURE);
                Fails::BeforeItsEffect
            }
            (0, 1..5) => Fails::BeforeItsEffect,
            (0, _) => Fails::AfterItsEffect,
            _ => Fails::Not,
        }
    }
}

impl fmt::Debug for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fate")
    }
}
