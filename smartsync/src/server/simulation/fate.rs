//! What becomes of a process at the awaits of its store: others come in between, an operation fails before or after its effect, the process stands
//! still for a while and does not know, or it dies.

use std::{
    error, fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use fastrand::Rng;
use tokio::{
    sync::Notify,
    task,
    time::{self, Instant},
};

/// A process is as good as dead after at most so many awaits, if it is to die.
const LONGEST_LIFE: u32 = 400;

/// If it may stand still, it does so after at most so many awaits, and again.
const LONGEST_WAKE: u32 = 250;

/// One that fails may go on to fail so often.
const LONGEST_FAILURE: u32 = 30;

/// The fate of one process. Clones are one.
#[derive(Clone)]
pub(super) struct Fate(Arc<Drawn>);

struct Drawn {
    process: u32,
    dice: Mutex<Dice>,
    stands_still: Notify,
    is_dead: AtomicBool,
    death: Notify,
}

struct Dice {
    rng: Rng,
    /// After so many awaits it dies.
    left: Option<u32>,
    /// After so many more it stands still, and then until this time.
    awake: Option<u32>,
    still_until: Option<Instant>,
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
    /// Of the process with this number. `has_faults`: whether anything fails or dies.
    pub(super) fn new(process: u32, seed: u64, has_faults: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let left = (has_faults && rng.bool()).then(|| rng.u32(1..LONGEST_LIFE));
        let one_in = if has_faults { [None, Some(150), Some(30)][rng.usize(..3)] } else { None };
        let dice = Mutex::new(Dice { rng, left, awake: None, still_until: None, one_in, failing: 0 });
        let (stands_still, death) = (Notify::new(), Notify::new());
        Self(Arc::new(Drawn { process, dice, stands_still, is_dead: AtomicBool::new(false), death }))
    }

    /// The process stands still now and then, for longer than its claims hold.
    pub(super) fn may_stand_still(self) -> Self {
        self.dice().draw_wake();
        self
    }

    pub(super) fn process(&self) -> u32 {
        self.0.process
    }

    /// Resolves when the process begins to stand still.
    pub(super) async fn stands_still(&self) {
        self.0.stands_still.notified().await;
    }

    /// Waits as long as the process stands still.
    pub(super) async fn awake(&self) {
        while let Some(until) = self.still_until() {
            time::sleep_until(until).await;
        }
    }

    pub(super) fn still_until(&self) -> Option<Instant> {
        self.dice().still_until.filter(|until| *until > Instant::now())
    }

    /// A moment at which the process may begin to stand still.
    pub(super) fn may_stop_here(&self) {
        if self.dice().tires() {
            self.0.stands_still.notify_one();
        }
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
        self.may_stop_here();
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
        self.awake().await;
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
    fn draw_wake(&mut self) {
        self.awake = Some(self.rng.u32(1..LONGEST_WAKE));
    }

    /// Whether it stands still from now on.
    fn tires(&mut self) -> bool {
        let is_tired = self.awake == Some(0);
        self.awake = self.awake.and_then(|awake| awake.checked_sub(1));
        if is_tired {
            let longest = [20, 120, 900][self.rng.usize(..3)];
            self.still_until = Some(Instant::now() + Duration::from_secs(self.rng.u64(1..longest)));
            self.draw_wake();
        }
        is_tired
    }

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
