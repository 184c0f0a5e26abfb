//! One seed: which world, which answer, which change.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    alteration::Alteration,
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
        let at = rng.usize(..prepared.reference.requests_of_act().max(1));
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
