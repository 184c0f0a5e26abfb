//! `smartsync permissions` shows the write fence, row by row.

use std::fs;

use serde_json::Value;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::Home;

const SMALL: &str = r#"
[sync]
convention = false
link       = ["ledger"]
document   = { attach = false }

[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
direction  = "to_teamtailor"

[[field]]
oneflow    = "phone"
teamtailor = "phone"
direction  = "to_oneflow"
"#;

/// Services of the real addresses, which are not asked; secrets that are not there; saved schemas.
fn home(mapping: &str) -> Home {
    let home = Home::new("https://api.oneflow.com/v1", "https://api.teamtailor.com");
    for secret in ["oneflow", "teamtailor", "sign-key"] {
        fs::remove_file(home.folder().join(secret)).unwrap();
    }
    home.append(mapping);
    let schemas = include_str!("../../../smartsync-core/tests/it/mapping_schemas.json");
    fs::write(home.folder().join("smartsync-schema.json"), schemas).unwrap();
    home
}

#[tokio::test]
async fn a_small_mapping_has_a_small_fence() {
    let ended = home(SMALL).run(&["permissions", "--offline"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(ended.out, "\
api.oneflow.com

 access  method  path                        what                      why
 read    GET     /v1/accounts/me             the account               to make sure that the credentials belong to the right account
 read    GET     /v1/contracts               up to 1,000 contracts     to find one that an earlier attempt created
 read    GET     /v1/contracts/{id}          the contract              to sync a contract
 read    GET     /v1/template_types          the template types        to check the mapping
 read    GET     /v1/template_types/{id}     the data fields           to check the mapping and to create a contract
 read    GET     /v1/templates/{id}          the template              to create a contract
 read    GET     /v1/workspaces              the workspaces            to check the mapping and to create a contract
 write   POST    /v1/contracts/create        data_field:phone          mapped from `phone`
 write   POST    /v1/contracts/create        name                      the contract's name, if one is given
 write   POST    /v1/contracts/create        participant:custom_id     the signed link to the candidate
 write   POST    /v1/contracts/create        participant:email         the candidate is invited
 write   POST    /v1/contracts/create        participant:name          the candidate signs
 write   POST    /v1/contracts/create        participant:phone_number  the candidate is invited
 write   POST    /v1/contracts/{id}/publish  message                   the invitation, if one is given

api.teamtailor.com

 access  method  path                          what                                       why
 read    GET     /v1/candidates/{id}           the candidate, with values and file names  to read the card
 read    GET     /v1/company                   the company                                to make sure that the credentials belong to the right account
 read    GET     /v1/custom-field-options      the options of selects                     to match them by name
 read    GET     /v1/custom-fields             the custom fields                          to know their types
 write   POST    /v1/custom-field-values       custom:notes                               mapped from `notes`
 write   PATCH   /v1/custom-field-values/{id}  custom:notes                               mapped from `notes`

hash: aee76105ea2c1e35061fb32ea9ccdbb1cab2537fecbefe4401107824e0561469
");
}

#[tokio::test]
async fn as_json_it_is_a_list_of_rows() {
    let home = home(SMALL);
    let ended = home.run(&["permissions", "--offline", "--json"]).await;
    let rows: Value = serde_json::from_str(&ended.out).unwrap();
    let writes = rows.as_array().unwrap().iter().filter(|row| row["access"] == "write");
    let teamtailor = writes.filter(|row| row["host"] == "api.teamtailor.com").collect::<Vec<_>>();
    assert_eq!(
        serde_json::to_string_pretty(&teamtailor).unwrap(),
        r#"[
  {
    "access": "write",
    "host": "api.teamtailor.com",
    "method": "POST",
    "path": "/v1/custom-field-values",
    "what": "custom:notes",
    "why": "mapped from `notes`"
  },
  {
    "access": "write",
    "host": "api.teamtailor.com",
    "method": "PATCH",
    "path": "/v1/custom-field-values/{id}",
    "what": "custom:notes",
    "why": "mapped from `notes`"
  }
]"#
    );

    home.replace("convention = false", "convention = true");
    let ended = home.run(&["permissions", "--offline", "--json"]).await;
    let rows: Value = serde_json::from_str(&ended.out).unwrap();
    let mut custom = rows.as_array().unwrap().iter().filter(|row| row["what"] == "custom:oneflow-*");
    assert_eq!(
        custom.next().unwrap()["except"],
        serde_json::json!(["custom:oneflow-notes", "custom:oneflow-phone"])
    );
}

#[tokio::test]
async fn from_both_services_it_is_the_same_as_from_what_they_saved() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
    let live = home.run(&["permissions"]).await;
    assert_eq!((live.code, live.err.as_str()), (0, ""));
    assert_eq!(home.run(&["schema", "save"]).await.code, 0);
    drop(services);
    let offline = home.run(&["permissions", "--offline"]).await;
    assert_eq!(offline.out, live.out);
    let hash = home.config().permissions().unwrap().hash();
    assert!(live.out.ends_with(&format!("hash: {hash}\n")), "{}", live.out);
    assert!(live.out.contains("custom:oneflow-*"), "{}", live.out);
    assert!(!home.database().exists());
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_has_none() {
    let ended = home("\n[[field]]\noneflow = \"notes\"\nteamtailor = \"custom:note\"\n")
        .run(&["permissions", "--offline"])
        .await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert_eq!(
        ended.err,
        r#"error[SM0041]: Teamtailor has no candidate custom field `note`
  --> smartsync.toml:20:14
   |
20 | teamtailor = "custom:note"
   |              ^^^^^^^^^^^^^
   |
   = help: write `custom:notes`

error: smartsync.toml: 1 error in the mapping
 next: correct the errors above; `smartsync check` also shows warnings
"#
    );
}
