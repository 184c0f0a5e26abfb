//! A command line: finds a candidate by e-mail address, shows the custom fields, and sets one.
//!
//! ```sh
//! TEAMTAILOR_API_KEY=... cargo run -p teamtailor-client --example find_candidate -- ann@example.com
//! TEAMTAILOR_API_KEY=... cargo run -p teamtailor-client --example find_candidate -- ann@example.com notice-period "3 months"
//! cargo run -p teamtailor-client --example find_candidate       # without an account, over answers from a script
//! ```

#![expect(clippy::print_stdout, reason = "a program with an output")]

use std::{env, error::Error};

use teamtailor_client::{
    TeamtailorClient, TeamtailorError as _,
    candidates::{CandidateInclude, ListCandidates},
    custom_field_values::CustomFieldValuePatch,
    transport::ScriptedTransport,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (teamtailor, arguments) = match env::var("TEAMTAILOR_API_KEY") {
        Ok(key) => (TeamtailorClient::builder().api_key(key).build()?, arguments),
        Err(_) => (scripted()?, ["ann@example.com", "notice-period", "3 months"].map(str::to_owned).to_vec()),
    };
    let (email, change) = match arguments.as_slice() {
        [email] => (email, None),
        [email, name, value] => (email, Some((name.as_str(), value.as_str()))),
        _ => {
            return Err(
                "give an e-mail address, and perhaps the api-name of a field and its new value".into()
            );
        }
    };

    // One request for the candidate, the values and the definitions of their fields.
    let include = [CandidateInclude::CustomFieldValues, CandidateInclude::CustomFieldValuesCustomField];
    let list = ListCandidates::new().email(email.to_lowercase()).include(include);
    let mut pages = teamtailor.candidates().pages_with_values(list);
    while let Some(page) = pages.next().await {
        let page = page?;
        for candidate in page.data.iter().filter_map(|candidate| candidate.as_result().ok()) {
            println!("candidate {}", candidate.id);
            for pair in page.included.custom_field_values(candidate) {
                let (value, field) = pair?;
                let name = field.attributes.api_name.as_deref().unwrap_or_default();
                println!("  {name}: {}", value.attributes.value.unwrap_or_default());
                let Some((_, new)) = change.filter(|(of, _)| *of == name) else { continue };
                match teamtailor.custom_field_values().update(value.id, CustomFieldValuePatch::new(new)).await
                {
                    Ok(_) => println!("  {name} is {new} now"),
                    Err(error) if error.is_scope_missing() => println!("  the key may not write"),
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    Ok(())
}

fn scripted() -> Result<TeamtailorClient, Box<dyn Error>> {
    let script = ScriptedTransport::new()
        .json(
            200,
            r#"{ "data": [{ "id": "4711", "type": "candidates", "attributes": {}, "relationships": {
                    "custom-field-values": { "data": [{ "type": "custom-field-values", "id": "901" }] } } }],
                "included": [
                    { "id": "901", "type": "custom-field-values", "attributes": { "value": "1 month" },
                        "relationships": { "custom-field": { "data": { "type": "custom-fields", "id": "31" } } } },
                    { "id": "31", "type": "custom-fields", "attributes": { "api-name": "notice-period" } }
                ] }"#,
        )
        .json(200, r#"{ "data": { "id": "901", "type": "custom-field-values", "attributes": {} } }"#);
    Ok(TeamtailorClient::builder().api_key("no-network-no-key").transport(script).build()?)
}
