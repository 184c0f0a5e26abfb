//! One seed from its beginning to its end.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::Value;
use smartsync_core::Mapping;

use super::{
    deed::{Act, Deed},
    error::DrillError,
    findings::Findings,
    host::Intake,
    rules,
    scene::Scene,
};
use crate::words::commands::{drill_deeds as deeds, drill_rules as broken};

/// Deeds of one run.
const DEEDS: std::ops::Range<usize> = 8..22;
/// Looks at every contract in the end.
const LAST_LOOKS: usize = 3;

/// Runs one seed.
pub(super) async fn run(seed: u64, has_store: bool, is_told: bool) -> Result<Findings, DrillError> {
    let mut run = Run { scene: Scene::new(seed, has_store, is_told)? };
    run.check_configurations();
    run.scene.create(0).await?;
    run.deliver().await?;
    for _ in 0..run.scene.rng.usize(DEEDS) {
        let deed = Deed::draw(&mut run.scene.rng);
        run.scene.stage.lock().note_step(|| format!("{deed:?}"));
        run.scene.act(deed).await?;
        run.scene.pass(0..90);
        if run.scene.rng.u8(..4) > 0 {
            run.deliver().await?;
        }
        run.mischief().await?;
    }
    run.calm_down().await?;
    let mut judge = run.scene.stage.lock();
    let mut findings = judge.findings();
    findings.runs = 1;
    findings.with_database = u64::from(has_store);
    Ok(findings)
}

struct Run {
    scene: Scene,
}

impl Run {
    /// What opens a door without saying so is no configuration.
    fn check_configurations(&self) {
        let mut judge = self.scene.stage.lock();
        for (name, text) in rules::unsafe_configurations() {
            let is_refused =
                toml::from_str::<Mapping>(&text).map_or(true, |mapping| mapping.check().is_err());
            if is_refused {
                judge.findings.count(deeds::UNSAFE_CONFIGURATION, deeds::REFUSED);
            } else {
                judge.accuse(broken::UNSAFE_ACCEPTED, name);
            }
        }
    }

    /// The notifications that are due arrive in some order; some are lost.
    async fn deliver(&mut self) -> Result<(), DrillError> {
        let mut due = self.scene.sandbox.due_notifications();
        self.scene.rng.shuffle(&mut due);
        let mut contracts = BTreeSet::new();
        for notification in due {
            let body = notification.body().to_vec();
            self.scene.sandbox.acknowledge(notification.callback_id(), 200);
            if self.scene.rng.u8(..10) > 0
                && let Intake::Taken(contract) = self.scene.host.receive(&body).await?
            {
                contracts.insert(contract);
            }
            self.scene.seen.push(body);
        }
        let mut contracts: Vec<i64> = contracts.into_iter().collect();
        self.scene.rng.shuffle(&mut contracts);
        for contract in contracts {
            self.scene.host.look(contract).await?;
        }
        Ok(())
    }

    /// Somebody who has seen a notification sends it again, or another one.
    async fn mischief(&mut self) -> Result<(), DrillError> {
        if self.scene.seen.is_empty() || self.scene.rng.u8(..4) > 0 {
            return Ok(());
        }
        let at = self.scene.rng.usize(..self.scene.seen.len());
        let body = self.scene.seen[at].clone();
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else { return Ok(()) };
        let (deed, is_signed) = match self.scene.rng.u8(..5) {
            0 => (deeds::SENDS_AGAIN, true),
            1 => {
                let contract = self.scene.some_contract().unwrap_or_default();
                json["contract"]["id"] = contract.into();
                (deeds::NAMES_ANOTHER, true)
            }
            2 => {
                json["callback_id"] = "another".into();
                (deeds::ALTERS_SIGNED, false)
            }
            3 => {
                json.as_object_mut().map(|members| members.remove("signature"));
                (deeds::LEAVES_SIGNATURE_OUT, false)
            }
            _ => {
                json["signature"] = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567".into();
                (deeds::FORGES_SIGNATURE, false)
            }
        };
        match self.scene.host.receive(json.to_string().as_bytes()).await? {
            Intake::Taken(contract) => {
                self.taken(deed, is_signed);
                self.scene.host.look(contract).await?;
            }
            Intake::Refused(why) => self.scene.stage.lock().findings.count(deed, why),
        }
        Ok(())
    }

    fn taken(&self, deed: &'static str, is_signed: bool) {
        let mut judge = self.scene.stage.lock();
        if !is_signed {
            judge.accuse(broken::UNSIGNED_ACCEPTED, deed);
        }
        judge.findings.count(deed, deeds::LOOKED_AT);
    }

    /// Nobody does anything any more: what is left has a reason, and what was signed has arrived.
    async fn calm_down(&mut self) -> Result<(), DrillError> {
        let stage = Arc::clone(&self.scene.stage);
        // One that is still to be lost may be that of a contract that is signed now.
        self.scene.sandbox.refuse_uploads(0);
        for contract in self.scene.contracts() {
            if self.scene.rng.bool() {
                self.scene.act_at(contract, Act::SignsAll)?;
            }
        }
        for round in 0..LAST_LOOKS {
            self.scene.pass(3_600..4_000);
            self.deliver().await?;
            for contract in self.scene.contracts() {
                let report = self.scene.host.look(contract).await?;
                if let (Some(report), true) = (report, round + 1 == LAST_LOOKS) {
                    stage.lock().check_reasons(contract, &report);
                }
            }
        }
        stage.lock().check_documents();
        Ok(())
    }
}
