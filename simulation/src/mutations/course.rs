//! One course of a world: the act, which may meet a changed answer, and the looks after it, which meet none.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use smartsync_core::{
    CandidateId, ContractRequest, DocumentOutcome, Engine, EngineError, FieldOutcome, Next, Outcome, Reason,
    Report,
};

use super::{
    alteration::Alteration,
    office::{Act, Office, Unprepared},
    ready::ready,
    state::State,
    variant::Variant,
    wire::{Exchange, Wire},
};

/// What a look, or a creation, says of itself.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    /// It broke off, and whoever called it tries again.
    Failed(String),
    /// A contract was looked at.
    Looked {
        candidate: Option<CandidateId>,
        outcomes: Vec<FieldOutcome>,
        document: DocumentOutcome,
        next: Next,
    },
    /// A contract was made.
    Made { contract: i64, is_published: bool, outcomes: Vec<FieldOutcome> },
    /// It panicked.
    Panicked(String),
}

impl Said {
    pub(crate) fn outcomes(&self) -> &[FieldOutcome] {
        match self {
            Self::Looked { outcomes, .. } | Self::Made { outcomes, .. } => outcomes,
            Self::Failed(_) | Self::Panicked(_) => &[],
        }
    }

    /// Whether a contract was made, and it is said that this field was left out.
    pub(crate) fn leaves_out(&self, field: &FieldOutcome) -> bool {
        let is_open = |outcome: Outcome| matches!(outcome, Outcome::Held(_) | Outcome::Failed(_));
        matches!(self, Self::Made { .. }) && self.ends(field, is_open)
    }

    /// Whether it says that the value of this field is none of its type, or that its times prove no edit: nobody can tell from one
    /// answer that this is not what somebody has typed, or when, and looking again would end the same way.
    pub(crate) fn blames_a_value(&self, field: &FieldOutcome) -> bool {
        self.ends(field, |outcome| {
            matches!(
                outcome,
                Outcome::Failed(
                    Reason::CandidateValueUnreadable
                        | Reason::ContractValueUnreadable
                        | Reason::UnknownOption
                        | Reason::AmbiguousOption
                        | Reason::AmbiguousChoices
                ) | Outcome::Held(Reason::EditNotProven)
            )
        })
    }

    fn ends(&self, field: &FieldOutcome, so: impl Fn(Outcome) -> bool) -> bool {
        let is_its = |said: &FieldOutcome| {
            said.data_field == field.data_field && said.candidate_field == field.candidate_field
        };
        self.outcomes().iter().any(|said| is_its(said) && so(said.outcome))
    }

    /// Whether it is done again in any case.
    pub(crate) fn is_repeated(&self) -> bool {
        match self {
            Self::Failed(_) | Self::Panicked(_) => true,
            Self::Looked { next, .. } => *next != Next::Done,
            Self::Made { .. } => false,
        }
    }
}

impl From<Report> for Said {
    fn from(report: Report) -> Self {
        let Report { candidate, outcomes, document, next, .. } = report;
        Self::Looked { candidate, outcomes, document, next }
    }
}

/// One step of a course.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) said: Said,
    /// How many requests had been made when it was over.
    pub(crate) requests: usize,
    /// The state of everything when it was over.
    pub(crate) state: State,
}

/// One course of a world.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// The act, then the looks after it.
    pub(crate) stages: Vec<Stage>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) alteration: Option<Alteration>,
}

impl Course {
    /// The act, and the looks after it.
    pub(crate) fn run(office: &Office, variant: Variant, wire: Wire) -> Result<Self, Unprepared> {
        let wire = Arc::new(wire);
        let engine = office.engine(&wire, variant.retries())?;
        let mut course = Self { stages: Vec::new(), exchanges: Vec::new(), alteration: None };
        let mut said = course.stage(office, &wire, || act(office, &engine, variant));
        wire.calm();
        // A creation that broke off is tried again; a look is repeated by the looks that follow anyway.
        if let (Said::Failed(_), Act::Make(_)) = (&said, &office.act) {
            office.pass(600);
            said = course.stage(office, &wire, || act(office, &engine, variant));
        }
        let contract = match (&office.act, &said) {
            (Act::Look(contract), _) => Some(*contract),
            (Act::Make(_), Said::Made { contract, .. }) => Some(*contract),
            (Act::Make(_), _) => None,
        };
        if let Some(contract) = contract.filter(|_| !matches!(said, Said::Panicked(_))) {
            office.pass(3_600);
            // A person who finds no such contract, or one that was not sent, edits nothing.
            let _ = office.edit();
            for seconds in [600, 25 * 3_600] {
                office.pass(seconds);
                course.stage(office, &wire, || look(office, &engine, contract, variant));
            }
        }
        course.exchanges = wire.exchanges();
        course.alteration = wire.alteration();
        Ok(course)
    }

    fn stage(&mut self, office: &Office, wire: &Wire, work: impl FnOnce() -> Said) -> Said {
        let said = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Said::Panicked(text.unwrap_or("no text").to_owned())
        });
        let stage = Stage { said: said.clone(), requests: wire.len(), state: State::read(office) };
        self.stages.push(stage);
        said
    }

    /// The requests that the act made.
    pub(crate) fn requests_of_act(&self) -> usize {
        self.stages.first().map_or(0, |stage| stage.requests)
    }

    /// What there is in the end.
    pub(crate) fn end(&self) -> Option<&State> {
        self.stages.last().map(|stage| &stage.state)
    }
}

fn act(office: &Office, engine: &Engine, variant: Variant) -> Said {
    match &office.act {
        Act::Look(contract) => look(office, engine, *contract, variant),
        Act::Make(request) => match ready(make(engine, request)) {
            Ok(said) => said,
            Err(error) => Said::Failed(error.to_string()),
        },
    }
}

async fn make(engine: &Engine, request: &ContractRequest) -> Result<Said, EngineError> {
    let plan = engine.plan_contract(request).await?;
    let made = engine.create(plan).await?;
    let (contract, is_published) = (made.contract.get(), made.is_published);
    Ok(Said::Made { contract, is_published, outcomes: made.outcomes })
}

fn look(office: &Office, engine: &Engine, contract: i64, variant: Variant) -> Said {
    match ready(engine.plan(contract.into())) {
        Ok(plan) => {
            if variant.is_slow() {
                office.pass(40);
            }
            ready(engine.apply(plan)).into()
        }
        Err(error) => Said::Failed(error.to_string()),
    }
}
