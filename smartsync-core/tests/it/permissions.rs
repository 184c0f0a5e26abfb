//! The write fence: whatever happens, no request is made and no field is written that is not in a row.

use std::collections::BTreeSet;

use smartsync_core::{
    Mapping, Schemas, TemplateTypeId,
    candidate::{Definition, Definitions},
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema},
    permissions::{Access, Permission, Permissions},
    value::FieldType,
};
use url::Url;

use crate::support::{
    fence::{assert_inside, written},
    mapping_good::GOOD,
    recorded_account::Account,
};

/// A mapping, the fields of candidates that it may write, and the data fields that it may write.
const MAPPINGS: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &["custom:oneflow-*"],
        &[
            "data_field:*",
            "data_field:email",
            "data_field:first-name",
            "data_field:first_name",
            "data_field:last-name",
            "data_field:last_name",
            "data_field:linkedin-url",
            "data_field:linkedin_url",
            "data_field:oneflow-email",
            "data_field:oneflow-first-name",
            "data_field:oneflow-first_name",
            "data_field:oneflow-last-name",
            "data_field:oneflow-last_name",
            "data_field:oneflow-linkedin-url",
            "data_field:oneflow-linkedin_url",
            "data_field:oneflow-phone",
            "data_field:oneflow-pitch",
            "data_field:phone",
            "data_field:pitch",
        ],
    ),
    ("sync = { convention = false }", &[], &[]),
    (
        r#"
        sync  = { convention = false, link = ["ledger", "participant_custom_id"] }
        field = [
            { oneflow = "phone", teamtailor = "phone", on_conflict = "contract_wins", on_empty = "clear" },
            { oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma" }, when = "all_signed", on_empty = "clear" },
            { oneflow = "car", teamtailor = "custom:has-car" },
        ]
        "#,
        &["custom:has-car", "custom:salary", "phone"],
        &["data_field:car", "data_field:phone", "data_field:salary"],
    ),
    // A direction removes the writes of one side.
    (
        r#"
        sync  = { convention = false, document = { attach = false }, locale = { date_order = "dmy" } }
        field = [
            { oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" },
            { oneflow = "salary", teamtailor = "custom:salary", direction = "to_oneflow" },
            { oneflow = "start-date", teamtailor = "custom:first-day", direction = "to_teamtailor" },
            { oneflow = "notes", teamtailor = "pitch", direction = "to_teamtailor", on_conflict = "contract_wins" },
        ]
        "#,
        &["custom:first-day", "pitch"],
        &["data_field:phone", "data_field:salary"],
    ),
    // Who somebody is is written back by entries only, and has no row otherwise.
    (
        r#"
        sync  = { document = { attach = false } }
        field = [
            { oneflow = "email", teamtailor = "email", on_conflict = "contract_wins", allow_identity = true },
            { oneflow = "first-name", teamtailor = "first_name", direction = "to_teamtailor", on_conflict = "contract_wins" },
            { oneflow = "last-name", teamtailor = "last_name", direction = "to_oneflow" },
        ]
        "#,
        &[
            "custom:oneflow-* except custom:oneflow-email custom:oneflow-first-name custom:oneflow-last-name",
            "email",
            "first_name",
        ],
        &[
            "data_field:* except data_field:email data_field:oneflow-email data_field:first-name data_field:oneflow-first-name data_field:last-name data_field:oneflow-last-name",
            "data_field:email",
            "data_field:last-name",
            "data_field:linkedin-url",
            "data_field:linkedin_url",
            "data_field:oneflow-linkedin-url",
            "data_field:oneflow-linkedin_url",
            "data_field:oneflow-phone",
            "data_field:oneflow-pitch",
            "data_field:phone",
            "data_field:pitch",
        ],
    ),
    // Two sources, for different contracts, and the link in a data field.
    (
        r#"
        sync  = { convention = false, link = ["data_field", "email"], link_data_field = "candidate-link", template_types = [4711] }
        field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "kind", teamtailor = "custom:notes", direction = "to_oneflow" },
        ]
        "#,
        &["custom:notes"],
        &["data_field:candidate-link", "data_field:kind", "data_field:notes"],
    ),
    // What an entry names is out of the convention's reach.
    (
        r#"
        field = [
            { oneflow = "oneflow-city", teamtailor = "custom:oneflow-city", direction = "to_oneflow" },
            { oneflow = "phone", teamtailor = "custom:notes", direction = "to_teamtailor" },
            { oneflow = "notes", teamtailor = "email", direction = "to_oneflow" },
            { oneflow = "first-name", teamtailor = "first_name", direction = "to_oneflow" },
            { oneflow = "last-name", teamtailor = "last_name", direction = "to_oneflow" },
            { oneflow = "linkedin-url", teamtailor = "linkedin_url", direction = "to_oneflow" },
            { oneflow = "kind", teamtailor = "pitch", direction = "to_oneflow" },
        ]
        "#,
        &[
            "custom:notes",
            "custom:oneflow-* except custom:oneflow-city custom:oneflow-first-name custom:oneflow-kind custom:oneflow-last-name custom:oneflow-linkedin-url custom:oneflow-notes custom:oneflow-phone",
        ],
        &[
            "data_field:* except data_field:city data_field:oneflow-city data_field:first-name data_field:oneflow-first-name data_field:kind data_field:oneflow-kind data_field:last-name data_field:oneflow-last-name data_field:linkedin-url data_field:oneflow-linkedin-url data_field:notes data_field:oneflow-notes data_field:phone data_field:oneflow-phone",
            "data_field:first-name",
            "data_field:kind",
            "data_field:last-name",
            "data_field:linkedin-url",
            "data_field:notes",
            "data_field:oneflow-city",
        ],
    ),
];

/// The fields in the rows that write to a host, each once.
fn rows(permissions: &Permissions, host: &str) -> Vec<String> {
    let writes = permissions.rows().iter().filter(|row| row.access == Access::Write && row.host == host);
    let fields: BTreeSet<String> = writes
        .map(|row| match row.except.join(" ") {
            none if none.is_empty() => row.what.clone(),
            except => format!("{} except {except}", row.what),
        })
        .collect();
    fields.into_iter().collect()
}

#[tokio::test]
async fn no_request_and_no_field_is_outside_the_rows() {
    for (text, fields, _) in MAPPINGS {
        let account = Account::new();
        let (mapping, _) = account.checked(text).await;
        account.story(mapping.mapping()).await;
        let log = account.log.lock().unwrap();
        let writes = written(&account.permissions(&mapping), &log)
            .unwrap_or_else(|outside| panic!("{outside}: outside of the fence of {text}"));
        // The story is worth something: what may be written on a card, and stands in the contract, is written.
        for field in fields.iter().filter(|field| !field.contains('*')) {
            assert!(writes.contains(*field), "{field} by {text}");
        }
        assert_eq!(writes.contains("upload"), mapping.mapping().sync.document.attach, "{text}");
    }
}

#[tokio::test]
async fn no_good_mapping_gets_past_its_rows() {
    let mut writes = BTreeSet::new();
    for text in GOOD {
        let mut told: Vec<Mapping> = Vec::new();
        // The contracts are of one of the template types that a mapping may name, and in one of the workspaces.
        for (template_type, workspace) in [(4_711, 12), (4_711, 13), (4_711, 14), (4_712, 12)] {
            let account = Account::new();
            let mapping = account.adopt(toml::from_str(text).unwrap(), template_type, workspace);
            if account.is_kept_in_step(&mapping) && !told.contains(&mapping) {
                account.story(&mapping).await;
                writes.extend(assert_inside(&mapping, false, &account.log.lock().unwrap()));
                told.push(mapping);
            }
        }
        assert!(!told.is_empty(), "{text}");
    }
    for field in [
        "custom:contract-kind",
        "custom:contract-status",
        "custom:has-car",
        "custom:languages",
        "custom:notes",
        "custom:oneflow-city",
        "custom:salary",
        "custom:video",
        "data_field:candidate-link",
        "data_field:salary",
        "pitch",
        "upload",
    ] {
        assert!(writes.contains(field), "{field}: {writes:?}");
    }
}

#[tokio::test]
async fn the_rows_are_those_of_the_mapping() {
    for (text, fields, data_fields) in MAPPINGS {
        let account = Account::new();
        let (mapping, _) = account.checked(text).await;
        let permissions = account.permissions(&mapping);
        let order: Vec<_> = permissions.rows().iter().map(|row| (row.host.as_str(), row.access)).collect();
        assert!(order.is_sorted() && order[0] == ("api.oneflow.com", Access::Read), "{order:?}");
        let on_cards = rows(&permissions, "api.teamtailor.com");
        assert_eq!(on_cards.iter().filter(|what| *what != "upload").collect::<Vec<_>>(), *fields, "{text}");
        let in_contracts = rows(&permissions, "api.oneflow.com");
        let in_contracts: Vec<_> =
            in_contracts.iter().filter(|what| what.starts_with("data_field:")).collect();
        assert_eq!(in_contracts, *data_fields, "{text}");
    }
}

#[tokio::test]
async fn a_mapping_that_writes_no_phone_number_has_no_row_for_it() {
    let account = Account::new();
    let (mapping, _) = account
        .checked(
            r#"
            sync  = { link = ["email"], template_types = [4711], convention = false, document = { attach = false } }
            field = [
                { oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma" } },
                { oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" },
            ]
            "#,
        )
        .await;
    let permissions = account.permissions(&mapping);
    let on_cards = permissions.rows().iter().filter(|row| row.host == "api.teamtailor.com");
    assert!(on_cards.clone().all(|row| !row.is_of("phone")));
    let lines: Vec<String> =
        on_cards.map(|row| format!("{} {} {} ({})", row.method, row.path, row.what, row.why)).collect();
    assert_eq!(
        lines,
        [
            "GET /v1/candidates the candidates of an e-mail address, with values and file names (to find a contract's candidate)",
            "GET /v1/candidates/{id} the candidate, with values and file names (to read the card)",
            "GET /v1/company the company (to make sure that the credentials belong to the right account)",
            "GET /v1/custom-field-options the options of selects (to match them by name)",
            "GET /v1/custom-fields the custom fields (to know their types)",
            "POST /v1/custom-field-values custom:salary (mapped from `salary`)",
            "PATCH /v1/custom-field-values/{id} custom:salary (mapped from `salary`)",
        ]
    );
}

#[tokio::test]
async fn what_an_entry_names_is_out_of_the_conventions_reach() {
    let account = Account::new();
    let (mapping, _) = account
        .checked(
            r#"
            sync  = { link_data_field = "candidate-link" }
            field = [{ oneflow = "notes", teamtailor = "custom:oneflow-city", direction = "to_oneflow" }]
            "#,
        )
        .await;
    let permissions = account.permissions(&mapping);
    let may_write = |host: &str, what: &str| {
        let mut writes = permissions.rows().iter().filter(|row| row.access == Access::Write);
        writes.any(|row| row.host == host && row.is_of(what))
    };
    for (what, expected) in [
        ("custom:oneflow-city", false),
        ("custom:oneflow-notes", false),
        ("custom:oneflow-anything", true),
        ("custom:notes", false),
    ] {
        assert_eq!(may_write("api.teamtailor.com", what), expected, "{what}");
    }
    for (what, expected) in [
        ("data_field:notes", true),
        ("data_field:oneflow-notes", false),
        ("data_field:oneflow-city", false),
        ("data_field:city", false),
        ("data_field:anything", true),
    ] {
        assert_eq!(may_write("api.oneflow.com", what), expected, "{what}");
    }
    let link = |row: &&Permission| row.what == "data_field:candidate-link";
    assert_eq!(permissions.rows().iter().find(link), None, "`link` does not have it");
}

#[test]
fn a_name_that_ends_in_a_star_is_that_name_and_stands_for_no_other() {
    let mapping: Mapping = toml::from_str(
        r#"
        sync  = { convention = false, document = { attach = false } }
        field = [
            { oneflow = "bonus*", teamtailor = "phone", direction = "to_oneflow" },
            { oneflow = "*", teamtailor = "custom:rating*" },
        ]
        "#,
    )
    .unwrap();
    let data_fields = ["bonus*", "*"].map(DataFieldSchema::new);
    let kind = TemplateTypeSchema::new(TemplateTypeId::new(1), "", data_fields);
    let rating = Definition::new("31", "rating*", FieldType::Text);
    let schemas = Schemas::new(OneflowSchema::new([kind], []), Definitions::new([rating]));
    let checked = mapping.check_against(&schemas).unwrap();
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    let permissions = checked.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap());
    let has_row_for = |what: &str| permissions.rows().iter().any(|row| row.is_of(what));
    for what in ["data_field:bonus*", "data_field:*", "custom:rating*"] {
        assert!(has_row_for(what), "{what}");
        assert!(permissions.rows().iter().any(|row| row.what == what), "{what}");
    }
    for what in ["data_field:bonus", "data_field:bonus-2", "data_field:anything", "custom:rating-2"] {
        assert!(!has_row_for(what), "{what}");
    }
}

#[tokio::test]
async fn what_is_no_business_of_ours_is_never_allowed() {
    let account = Account::new();
    let (mapping, _) = account.checked(r#"field = [{ oneflow = "phone", teamtailor = "phone" }]"#).await;
    let permissions = account.permissions(&mapping);
    for (method, url, expected) in [
        ("GET", "https://api.oneflow.com/v1/contracts/9001?x=1", true),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/4711", true),
        ("DELETE", "https://api.teamtailor.com/v1/candidates/4711", false),
        ("POST", "https://api.teamtailor.com/v1/candidates", false),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/", false),
        ("PATCH", "https://api.teamtailor.com/v1/candidates/4711/notes", false),
        ("PATCH", "https://api.teamtailor.com/v1/job-applications/1", false),
        ("PATCH", "https://api.na.teamtailor.com/v1/candidates/4711", false),
        ("PATCH", "https://api.teamtailor.com:8443/v1/candidates/4711", false),
        ("PATCH", "https://api.teamtailor.com/candidates/4711", false),
        ("PUT", "https://api.oneflow.com/v1/contracts/9001/data_fields/1", false),
        ("DELETE", "https://api.oneflow.com/v1/contracts/9001", false),
        ("POST", "https://api.oneflow.com/v1/contracts/9001/publish", true),
    ] {
        assert_eq!(permissions.allow(method, &url.parse().unwrap()), expected, "{method} {url}");
    }
}

#[tokio::test]
async fn without_an_entry_no_default_field_of_a_card_is_written() {
    let account = Account::new();
    let (mapping, _) = account.checked("").await;
    let card: Url = "https://api.teamtailor.com/v1/candidates/4711".parse().unwrap();
    assert!(!account.permissions(&mapping).allow("PATCH", &card));
}

#[tokio::test]
async fn the_rows_are_plain_data() {
    let account = Account::new();
    let (mapping, _) = account.checked(MAPPINGS[2].0).await;
    let local: Url = "http://127.0.0.1:9001/v1".parse().unwrap();
    let json = serde_json::to_value(mapping.permissions(&local, &local)).unwrap();
    let rows = json.as_array().unwrap();
    let phone = rows.iter().find(|row| row["what"] == "phone").unwrap();
    assert_eq!(
        *phone,
        serde_json::json!({
            "host": "127.0.0.1:9001",
            "method": "PATCH",
            "path": "/v1/candidates/{id}",
            "access": "write",
            "what": "phone",
            "why": "mapped from `phone`"
        })
    );
}
