//! Changes a candidate with `teamtailor-client` alone: one default field set, one cleared, one custom field value.
//!
//! Without an account it talks to the sandbox, in this process:
//!
//! ```sh
//! cargo run -p teamtailor-client --example teamtailor_patch_candidate
//! TEAMTAILOR_API_KEY=... cargo run -p teamtailor-client --example teamtailor_patch_candidate -- 4711
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{env, error::Error};

use smartsync_sandbox::{Sandbox, SandboxSettings};
use teamtailor_client::{
    CandidateId, TeamtailorClient,
    candidates::{CandidateInclude, CandidatePatch, GetCandidate},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (teamtailor, candidate) = match env::var("TEAMTAILOR_API_KEY") {
        Ok(key) => {
            let candidate = env::args().nth(1).ok_or("give the id of a candidate")?;
            (TeamtailorClient::builder().api_key(key).build()?, CandidateId::new(candidate))
        }
        Err(_) => {
            let sandbox = Sandbox::new(SandboxSettings::new());
            let candidate = CandidateId::new(sandbox.seeded().candidate);
            (sandbox_client(&sandbox)?, candidate)
        }
    };

    // ANCHOR: patch
    // Three states for each field: named and set, named and cleared, not named and left alone.
    let patch = CandidatePatch::new().pitch("Available from June").clear_linkedin_url();
    // {"pitch":"Available from June","linkedin-url":null}
    println!("{}", serde_json::to_string(&patch)?);
    match teamtailor.candidates().update(candidate.clone(), patch).await {
        Ok(_) => println!("changed candidate {candidate}"),
        Err(error) if error.is_not_found() => println!("candidate {candidate} is gone"),
        Err(error) if error.is_validation() => println!("refused: {error}"),
        Err(error) => return Err(error.into()),
    }
    // ANCHOR_END: patch

    // ANCHOR: include
    // The candidate, its custom field values and their definitions in one request, joined for you.
    let include = [CandidateInclude::CustomFieldValues, CandidateInclude::CustomFieldValuesCustomField];
    let document = teamtailor.send(&GetCandidate::new(candidate).include(include)).await?;
    for pair in document.custom_field_values() {
        let (value, definition) = pair?;
        println!("{:?} = {:?}", definition.attributes.api_name, value.attributes.value);
    }
    // ANCHOR_END: include
    Ok(())
}

fn sandbox_client(sandbox: &Sandbox) -> Result<TeamtailorClient, teamtailor_client::ConfigError> {
    TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .sleep(sandbox.sleep())
        .build()
}
