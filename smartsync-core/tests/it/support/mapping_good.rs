//! Mappings that are in order. The schemas are those of `mapping_schemas.json`.

pub(crate) const GOOD: &[&str] = &[
    "",
    "sync = {}\nfield = []",
    r#"sync = { convention = false }"#,
    r#"sync = { link = ["email"], workspaces = [12] }"#,
    r#"sync = { link = ["ledger", "email"], template_types = [4711], document = { by_email = true } }"#,
    r#"sync = { link = ["data_field", "ledger"], link_data_field = "candidate-link", template_types = [4711] }"#,
    r#"sync = { document = { attach = false } }"#,
    r#"sync = { document = { file_name = "Contract ({contract_id}) {contract_name}.pdf" } }"#,
    r#"sync = { locale = { decimal = "comma", date_order = "dmy" } }"#,
    r#"sync = { locale = { decimal = "comma", date_order = "dmy", country = "SE", currency = "SEK" } }"#,
    r#"sync = { locale = { decimal = "point", country = "PH", currency = "PHP" } }"#,
    r#"sync = { template_types = [4711, 4712], workspaces = [12, 13] }"#,
    r#"field = [{ oneflow = "notes", teamtailor = "custom:notes" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "custom:38" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "linkedin-url" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "pitch", type = "text", when = "candidate_signed" }]"#,
    r#"field = [{ oneflow = "car", teamtailor = "custom:has-car", when = "all_signed", on_conflict = "hold", on_empty = "clear" }]"#,
    r#"field = [{ oneflow = "phone", teamtailor = "phone" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "email", allow_identity = true }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "first_name", on_first_sight = "hold", on_empty = "clear" }]"#,
    r#"field = [{ oneflow = "kind", teamtailor = "custom:contract-kind", when = "all_signed" }]"#,
    r#"field = [{ oneflow = "languages", teamtailor = "custom:languages", type = "choices" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "custom:homepage", type = "url" }]"#,
    r#"field = [{ oneflow = "notes", teamtailor = "custom:video", type = "text" }]"#,
    r#"field = [{ oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma" } }]"#,
    r#"field = [{ oneflow = "salary", teamtailor = "custom:salary", direction = "to_oneflow" }]"#,
    r#"field = [{ oneflow = "start-date", teamtailor = "custom:notes", type = "date", direction = "to_teamtailor", locale = { date_order = "mdy" } }]"#,
    r#"field = [{ oneflow = "employee-number", teamtailor = "custom:notes", direction = "to_teamtailor" }]"#,
    r#"field = [{ oneflow = "contract:state", teamtailor = "custom:contract-status", direction = "to_teamtailor" }]"#,
    r#"field = [{ oneflow = "contract:state", teamtailor = "custom:notes", direction = "to_teamtailor", when = "all_signed" }]"#,
    r#"field = [{ oneflow = "rate", teamtailor = "custom:notes", template_types = [4712] }]"#,
    r#"field = [{ oneflow = "salary", teamtailor = "custom:salary", type = "number", locale = { decimal = "point" } }]"#,
    r#"
    sync  = { convention = false, document = { attach = false } }
    field = [{ oneflow = "notes", teamtailor = "custom:notes" }]
    "#,
    // The convention has no pair of it, since Oneflow has no such data field.
    r#"field = [{ oneflow = "notes", teamtailor = "custom:oneflow-extra" }]"#,
    // The rules of a pair of the convention may be changed.
    r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:oneflow-city", on_conflict = "hold" }]"#,
    // Entries that are never for the same contract do not clash.
    r#"field = [
        { oneflow = "notes", teamtailor = "custom:notes", template_types = [4711] },
        { oneflow = "notes", teamtailor = "pitch", template_types = [4712] },
    ]"#,
    r#"field = [
        { oneflow = "notes", teamtailor = "custom:notes", workspaces = [12] },
        { oneflow = "car", teamtailor = "custom:notes", workspaces = [13] },
        { oneflow = "notes", teamtailor = "custom:notes", workspaces = [13], direction = "to_oneflow" },
    ]"#,
    r#"
    sync  = { workspaces = [12, 13] }
    field = [
        { oneflow = "notes", teamtailor = "custom:notes", workspaces = [12, 14] },
        { oneflow = "car", teamtailor = "custom:notes", workspaces = [14, 13] },
    ]
    "#,
    // Two data fields may show the same value.
    r#"field = [
        { oneflow = "notes", teamtailor = "custom:notes" },
        { oneflow = "car", teamtailor = "custom:notes", direction = "to_oneflow" },
    ]"#,
];
