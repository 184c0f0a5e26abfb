//! One seed: which world, which answer, which change.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    alteration::{self, Alteration},
    course::Course,
    judge::Judge,
    office::{Office, Unprepared},
    scenario::{SCENARIOS, Scenario},
    variant::Variant,
    violation::Violation,
    wire::Wire,
};

/// A world and its undisturbed course.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) office: Office,
    pub(crate) reference: Course,
}

impl Prepared {
    pub(crate) fn new(scenario: &Scenario, variant: Variant) -> Result<Self, Unprepared> {
        let office = scenario.prepare(variant)?;
        let reference = Course::run(&office.fork()?, variant, Wire::default())?;
        Ok(Self { office, reference })
    }
}

/// The worlds that were prepared so far. Each serves many seeds.
#[derive(Debug, Default)]
pub(crate) struct Worlds(Mutex<BTreeMap<(usize, Variant), Arc<Prepared>>>);

impl Worlds {
    fn get(&self, scenario: usize, variant: Variant) -> Result<Arc<Prepared>, Unprepared> {
        let known = |worlds: &BTreeMap<_, Arc<Prepared>>| worlds.get(&(scenario, variant)).cloned();
        if let Some(known) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(known);
        }
        let prepared = Arc::new(Prepared::new(&SCENARIOS[scenario], variant)?);
        let mut worlds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(worlds.entry((scenario, variant)).or_insert(prepared)))
    }
}

/// The number of an answer to the act: every operation has the same chance, however often it is used, and the reads of a
/// contract and of a candidate, by which most is decided, have three times that.
fn draw(reference: &Course, rng: &mut fastrand::Rng) -> usize {
    let mut operations: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, exchange) in reference.exchanges.iter().take(reference.requests_of_act()).enumerate() {
        operations.entry(alteration::operation(exchange)).or_default().push(number);
    }
    let is_heavy =
        |operation: &str| operation.starts_with("GET /v1/candidates") || operation == "GET /v1/contracts/{}";
    let mut all: Vec<&Vec<usize>> = Vec::new();
    for (operation, numbers) in &operations {
        all.extend(std::iter::repeat_n(numbers, if is_heavy(operation) { 3 } else { 1 }));
    }
    if all.is_empty() {
        return 0;
    }
    let numbers = all[rng.usize(..all.len())];
    numbers[rng.usize(..numbers.len())]
}

/// What became of one seed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) seed: u64,
    pub(crate) scenario: &'static str,
    pub(crate) variant: Variant,
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) course: Course,
    pub(crate) alteration: Option<Alteration>,
    pub(crate) violations: Vec<Violation>,
}

impl Run {
    /// The same seed, the same run.
    pub(crate) fn new(seed: u64, worlds: &Worlds, variants: u8) -> Result<Self, Unprepared> {
        let mut rng = fastrand::Rng::with_seed(seed);
        let scenario = rng.usize(..SCENARIOS.len());
        let variant = Variant::new(rng.u8(..variants.clamp(1, Variant::COUNT)));
        let prepared = worlds.get(scenario, variant)?;
        let at = draw(&prepared.reference, &mut rng);
        let office = prepared.office.fork()?;
        let course = Course::run(&office, variant, Wire::changing(at, rng))?;
        let alteration = course.alteration.clone();
        let candidate = office.candidate();
        let judge = Judge { reference: &prepared.reference, course: &course, candidate: &candidate };
        let violations = judge.violations();
        let scenario = SCENARIOS[scenario].name;
        Ok(Self { seed, scenario, variant, prepared, course, alteration, violations })
    }

    /// Whether what happened is the engine's fault.
    pub(crate) fn counts(&self) -> bool {
        let is_panic = |violation: &Violation| violation.rule == super::violation::Rule::Panic;
        let likeness = self.alteration.as_ref().map(|alteration| alteration.likeness);
        self.violations.iter().any(is_panic) || likeness.is_none_or(super::likeness::Likeness::counts)
    }
}
