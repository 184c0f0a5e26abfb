//! Several tasks at the same time, in an order that a seed decides.
//!
//! A [`Schedule`] runs futures on one thread and on the sandbox's own time. At each turn one of the tasks that can go on is chosen by
//! the seed; when all of them wait, time jumps to the next moment that one of them waits for. Nothing is left to the machine, so a seed
//! always tells the same story, to the byte.
//!
//! ```
//! use std::time::Duration;
//!
//! use smartsync_sandbox::{
//!     Sandbox, SandboxSettings,
//!     schedule::{End, Schedule, take_turns},
//! };
//! use smartsync_transport::{Sleep, Wait};
//!
//! let story = |seed| {
//!     let sandbox = Sandbox::new(SandboxSettings::new());
//!     let schedule = Schedule::new(seed, &sandbox);
//!     for name in ["worker 1", "worker 2"] {
//!         // For the clients, and for whatever else waits: it moves no time by itself.
//!         let sleep = schedule.sleep();
//!         schedule.spawn(name, async move {
//!             take_turns().await;
//!             let minute = Duration::from_secs(60);
//!             sleep.sleep(Wait { at_least: minute, at_most: minute }).await;
//!         });
//!     }
//!     let begun = sandbox.now();
//!     assert_eq!(schedule.run(1_000), End::Done);
//!     assert_eq!(sandbox.now().duration_since(begun).as_secs(), 60, "both waited at the same time");
//!     schedule.story()
//! };
//! assert_eq!(story(7), story(7));
//! assert!((0..8).any(|seed| story(seed) != story(7)));
//! ```
//!
//! It offers no runtime: a task cannot use tokio's time, nor spawn with tokio. It gets time from [`Sandbox::now`](crate::Sandbox::now)
//! and [`Schedule::sleep`], and a clock of the engine is three lines around the former.

mod scheduled_sleep;
mod task;
mod turn;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fmt::{self, Write as _},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Wake, Waker},
};

use fastrand::Rng;
use jiff::Timestamp;

use self::scheduled_sleep::Timers;
pub use self::{
    scheduled_sleep::ScheduledSleep,
    task::{Task, TaskId},
    turn::{crash, take_turns},
};
use crate::sandbox::Sandbox;

/// Runs tasks on one thread, on the sandbox's time, in an order that a seed decides. See the [module](self).
pub struct Schedule {
    sandbox: Sandbox,
    inner: RefCell<Inner>,
    ready: Arc<Ready>,
    timers: Arc<Mutex<Timers>>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth end")]
pub enum End {
    /// Every task has ended, or was dropped.
    Done,
    /// The tasks that are left wait for something that is not time and that nobody does.
    Stalled,
    /// As many turns were taken as were allowed.
    OutOfTurns,
}

struct Inner {
    rng: Rng,
    tasks: Vec<Slot>,
    /// Which task had a turn, and when.
    story: Vec<(TaskId, Timestamp)>,
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

struct Slot {
    name: String,
    /// None once it has ended or was dropped, and while it is being polled.
    work: Option<Work>,
    is_over: bool,
    turns: usize,
    /// It is dropped when it waits for this time.
    crash_at: Option<usize>,
    waker: Waker,
}

/// Tasks that can go on. Wakers reach it from anywhere.
#[derive(Default)]
struct Ready(Mutex<BTreeSet<TaskId>>);

impl Ready {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<TaskId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Alarm {
    task: TaskId,
    ready: Arc<Ready>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.ready.lock().insert(self.task);
    }
}

impl Schedule {
    /// Without tasks, on the time of this sandbox.
    #[must_use]
    pub fn new(seed: u64, sandbox: &Sandbox) -> Self {
        let mut rng = Rng::with_seed(seed);
        let timers = Timers::new(rng.fork());
        Self {
            sandbox: sandbox.clone(),
            inner: RefCell::new(Inner { rng, tasks: Vec::new(), story: Vec::new() }),
            ready: Arc::default(),
            timers: Arc::new(Mutex::new(timers)),
        }
    }

    /// A sleep for the tasks of this schedule. Others have their turn meanwhile, and the sandbox's time jumps to its end only when all
    /// wait. How long it takes within a [`Wait`](smartsync_transport::Wait) is drawn by the seed.
    #[must_use]
    pub fn sleep(&self) -> ScheduledSleep {
        ScheduledSleep::new(self.sandbox.clone(), Arc::clone(&self.timers))
    }

    /// One more task, which can go on at once. A task may do this, too. The name is for the [`story`](Schedule::story).
    pub fn spawn<T: 'static>(
        &self,
        name: impl Into<String>,
        work: impl Future<Output = T> + 'static,
    ) -> Task<T> {
        let result = std::rc::Rc::new(RefCell::new(None));
        let kept = std::rc::Rc::clone(&result);
        let work = Box::pin(async move {
            let done = work.await;
            *kept.borrow_mut() = Some(done);
        });
        let tasks = &mut self.inner.borrow_mut().tasks;
        let id = TaskId(tasks.len());
        let waker = Waker::from(Arc::new(Alarm { task: id, ready: Arc::clone(&self.ready) }));
        let name = name.into();
        tasks.push(Slot { name, work: Some(work), is_over: false, turns: 0, crash_at: None, waker });
        self.ready.lock().insert(id);
        Task::new(id, result)
    }

    /// Takes turns until every task is over, nobody can go on, or so many turns were taken.
    pub fn run(&self, turns: usize) -> End {
        for _ in 0..turns {
            if self.turn().is_none() {
                return if self.is_done() { End::Done } else { End::Stalled };
            }
        }
        if self.is_done() { End::Done } else { End::OutOfTurns }
    }

    /// One task goes on until it waits again or ends: which one, or `None` if none can. Between two turns a test can do what people
    /// do, and look at both services.
    pub fn turn(&self) -> Option<TaskId> {
        let task = self.next()?;
        let (mut work, waker) = {
            let inner = &mut *self.inner.borrow_mut();
            inner.story.push((task, self.sandbox.now()));
            let slot = &mut inner.tasks[task.0];
            slot.turns += 1;
            (slot.work.take()?, slot.waker.clone())
        };
        turn::begin();
        let is_over = work.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        let has_crashed = turn::has_crashed();
        let work = {
            let slot = &mut self.inner.borrow_mut().tasks[task.0];
            slot.is_over |= is_over || has_crashed || slot.crash_at == Some(slot.turns);
            if slot.is_over {
                Some(work)
            } else {
                slot.work = Some(work);
                None
            }
        };
        // While nothing is borrowed: it may wake others, or spawn.
        drop(work);
        Some(task)
    }

    /// A task that can go on, chosen by the seed. Lets time pass if all wait for that.
    fn next(&self) -> Option<TaskId> {
        loop {
            self.wake_due();
            if let Some(task) = self.choose() {
                return Some(task);
            }
            let next = self.timers().next()?;
            let wait = next.duration_since(self.sandbox.now());
            self.sandbox.advance(wait.try_into().unwrap_or_default());
        }
    }

    fn choose(&self) -> Option<TaskId> {
        let Inner { rng, tasks, .. } = &mut *self.inner.borrow_mut();
        let mut ready = self.ready.lock();
        // Without those that are over, and the one that may be asking.
        let open: Vec<TaskId> = ready.iter().copied().filter(|task| tasks[task.0].work.is_some()).collect();
        if open.is_empty() {
            return None;
        }
        let task = open[rng.usize(..open.len())];
        ready.remove(&task);
        Some(task)
    }

    fn wake_due(&self) {
        let due = self.timers().take_due(self.sandbox.now());
        due.into_iter().for_each(Waker::wake);
    }

    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.timers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops a task where it waits, as a crash does, and whatever it holds with it. Nothing for one that is over.
    ///
    /// A task that drops itself ends with this turn.
    pub fn crash(&self, task: TaskId) {
        let work = {
            let slot = &mut self.inner.borrow_mut().tasks[task.0];
            slot.is_over = true;
            slot.work.take()
        };
        drop(work);
    }

    /// Drops a task when it waits for the n-th time, so that a test can have it die at each await in turn. A task that had
    /// [`turns`](Schedule::turns) turns and ended waited once less.
    ///
    /// # Panics
    ///
    /// For the zeroth time, and for one that has passed: it would never be dropped.
    pub fn crash_at(&self, task: TaskId, wait: usize) {
        let slot = &mut self.inner.borrow_mut().tasks[task.0];
        assert!(
            wait > slot.turns,
            "the task has waited {} times; it cannot be dropped at {wait}",
            slot.turns
        );
        slot.crash_at = Some(wait);
    }

    /// How many turns a task has had.
    #[must_use]
    pub fn turns(&self, task: TaskId) -> usize {
        self.inner.borrow().tasks[task.0].turns
    }

    /// Whether a task has ended or was dropped.
    #[must_use]
    pub fn is_over(&self, task: TaskId) -> bool {
        self.inner.borrow().tasks[task.0].is_over
    }

    /// Tasks that are not over, oldest first: after [`End::Stalled`], those that wait in vain.
    #[must_use]
    pub fn unfinished(&self) -> Vec<TaskId> {
        let inner = self.inner.borrow();
        let open = inner.tasks.iter().enumerate().filter(|(_, slot)| !slot.is_over);
        open.map(|(number, _)| TaskId(number)).collect()
    }

    fn is_done(&self) -> bool {
        self.inner.borrow().tasks.iter().all(|slot| slot.is_over)
    }

    /// Which task had a turn, and when: a line for each turn. Two runs that did the same have the same story.
    #[must_use]
    pub fn story(&self) -> String {
        let inner = self.inner.borrow();
        let mut story = String::new();
        for (task, at) in &inner.story {
            // Writing to text cannot fail.
            let _ = writeln!(story, "{at} {}", inner.tasks[task.0].name);
        }
        story
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner.borrow();
        f.debug_struct("Schedule")
            .field("tasks", &inner.tasks.len())
            .field("turns", &inner.story.len())
            .finish_non_exhaustive()
    }
}
