//! Files that look as if they were the signed document.

use super::{error::DrillError, judge::Watch, scene::Scene};
use crate::words::commands::drill_deeds as deeds;

impl Scene {
    /// Somebody puts a file on a card that looks as if it were the signed document.
    pub(super) fn plant(&mut self, contract: i64) -> Result<(), DrillError> {
        let rightful = self.stage.lock().papers.get(&contract).and_then(|paper| paper.rightful);
        let candidate = rightful.unwrap_or_default();
        let id = self.candidate_id(candidate);
        // A copy of the name of a genuine document, on whichever card it is, for this contract.
        let ours: Vec<String> = (0..3)
            .flat_map(|one| self.sandbox.candidate_files(&self.candidate_id(one)))
            .filter(|file| file.by_api)
            .map(|file| file.name)
            .collect();
        let copied = (!ours.is_empty()).then(|| ours[self.rng.usize(..ours.len())].clone());
        let mark: String = (0..16).map(|_| char::from_digit(self.rng.u32(..16), 16).unwrap_or('0')).collect();
        let name = match (self.rng.u8(..6), copied) {
            (0, _) => format!("A contract ({contract}).pdf"),
            (1, _) => format!("Employment ({contract}) {mark}.pdf"),
            (2, _) => format!("holiday ({contract}).jpg"),
            (_, Some(copied)) => replaced(&copied, contract),
            (_, None) => format!("Employment ({contract}) {mark}.PDF"),
        };
        let contents = format!("%PDF-1.4 forged: Contract {contract}, signed");
        self.sandbox.put_file(&id, &name, self.rng.bool(), contents.into_bytes())?;
        self.stage.lock().watch(contract, deeds::PLANTS_FILE, Watch::Document);
        Ok(())
    }
}

/// A genuine name with the number of another contract.
fn replaced(name: &str, contract: i64) -> String {
    match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}({contract}){}", &name[..open], &name[close + 1..])
        }
        _ => name.to_owned(),
    }
}
