//! The faults of a sandbox.

use crate::{
    fault::{Effect, Fault, FaultError, PlannedFault},
    origins::Origin,
    sandbox::Sandbox,
};

/// The faults of a sandbox, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    last: u32,
    planned: Vec<PlannedFault>,
}

impl Faults {
    fn add(&mut self, fault: Fault) -> Result<u32, FaultError> {
        fault.check()?;
        self.last += 1;
        self.planned.push(PlannedFault::new(self.last, fault));
        Ok(self.last)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }

    /// What becomes of a request: it meets the first fault that is for it.
    pub(crate) fn meet(&mut self, service: Origin, operation: &str) -> Option<Effect> {
        self.planned.iter_mut().find_map(|planned| planned.meet(service, operation))
    }
}

impl Sandbox {
    /// Lets something go wrong from now on. Returns the fault's number.
    ///
    /// # Errors
    ///
    /// [`FaultError`] for a fault that no request could meet, or that has no answer.
    pub fn add_fault(&self, fault: Fault) -> Result<u32, FaultError> {
        self.world().faults.add(fault)
    }

    /// The faults that were not cleared, oldest first.
    #[must_use]
    pub fn faults(&self) -> Vec<PlannedFault> {
        self.world().faults.planned.clone()
    }

    /// Clears the fault of this number. Returns whether there was one.
    pub fn clear_fault(&self, id: u32) -> bool {
        let planned = &mut self.world().faults.planned;
        let before = planned.len();
        planned.retain(|one| one.id != id);
        planned.len() < before
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        self.world().faults.planned.clear();
    }
}
