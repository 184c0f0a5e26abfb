//! Mappings that are broken: each with what is found and where. The schemas are those of `mapping_schemas.json`.

/// The file, and the codes and places that are found in it, by place.
pub(crate) const BROKEN: &[(&str, &[&str])] = &[
    // The form of the file.
    (r#"fields = []"#, &["SM0001 fields"]),
    (r#"sync = { links = ["email"] }"#, &["SM0001 sync.links"]),
    (r#"sync = { colour = "red" }"#, &["SM0001 sync.colour"]),
    (r#"sync = { document = { atach = true } }"#, &["SM0001 sync.document.atach"]),
    (r#"sync = { locale = { "decimal mark" = "comma" } }"#, &[r#"SM0001 sync.locale."decimal mark""#]),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", on_conflct = "hold" }]"#,
        &["SM0001 field[0].on_conflct"],
    ),
    (r#"field = [{ oneflw = "notes", teamtailor = "custom:notes" }]"#, &["SM0001 field[0].oneflw"]),
    // A key that is there already is not what was meant.
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", when = "edited", whem = "edited" }]"#,
        &["SM0001 field[0].whem"],
    ),
    (r#"sync = "all""#, &["SM0002 sync"]),
    (r#"field = { oneflow = "notes", teamtailor = "custom:notes" }"#, &["SM0002 field"]),
    (r#"field = ["notes", 7]"#, &["SM0002 field[0]", "SM0002 field[1]"]),
    (r#"sync = { convention = "yes" }"#, &["SM0002 sync.convention"]),
    (r#"sync = { link = "ledger" }"#, &["SM0002 sync.link"]),
    (r#"sync = { link_data_field = true }"#, &["SM0002 sync.link_data_field"]),
    (r#"sync = { template_types = ["4711"] }"#, &["SM0002 sync.template_types[0]"]),
    (r#"field = [{ oneflow = 7, teamtailor = "custom:notes" }]"#, &["SM0002 field[0].oneflow"]),
    (r#"field = [{ oneflow = "notes", teamtailor = ["custom:notes"] }]"#, &["SM0002 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = 2031-01-02 }]"#, &["SM0002 field[0].teamtailor"]),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", when = "signed" }]"#,
        &["SM0003 field[0].when"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", direction = "to-teamtailor" }]"#,
        &["SM0003 field[0].direction"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", type = "string", on_empty = "Keep" }]"#,
        &["SM0003 field[0].on_empty", "SM0003 field[0].type"],
    ),
    (r#"sync = { link = ["ledger", "e-mail", "token"] }"#, &["SM0003 sync.link[1]", "SM0003 sync.link[2]"]),
    (
        r#"sync = { locale = { decimal = "dot", date_order = "ymd" } }"#,
        &["SM0003 sync.locale.date_order", "SM0003 sync.locale.decimal"],
    ),
    // What the word would have been is not guessed, so nothing follows from it.
    (
        r#"field = [{ oneflow = "employee-number", teamtailor = "custom:notes", direction = "to-teamtailor" }]"#,
        &["SM0003 field[0].direction"],
    ),
    // What one entry has written, the other would not know again.
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", type = "url", template_types = [4711] }, { oneflow = "notes", teamtailor = "custom:notes", template_types = [4712] }]"#,
        &["SM0052 field[1].teamtailor"],
    ),
    (r#"field = [{ oneflow = "notes" }]"#, &["SM0004 field[0]"]),
    (r#"field = [{}]"#, &["SM0004 field[0]", "SM0004 field[0]"]),
    (r#"field = [{ oneflow = "", teamtailor = "custom:notes" }]"#, &["SM0005 field[0].oneflow"]),
    (
        r#"field = [{ oneflow = " ", teamtailor = "custom:notes" }, { oneflow = " ", teamtailor = "pitch" }]"#,
        &["SM0005 field[0].oneflow", "SM0005 field[1].oneflow"],
    ),
    (r#"sync = { link = ["data_field"], link_data_field = " " }"#, &["SM0005 sync.link_data_field"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "e-mail" }]"#, &["SM0006 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "start-date" }]"#, &["SM0006 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom: " }]"#, &["SM0007 field[0].teamtailor"]),
    (
        r#"sync = { workspaces = [0, -12, 1.5] }"#,
        &["SM0008 sync.workspaces[0]", "SM0008 sync.workspaces[1]", "SM0008 sync.workspaces[2]"],
    ),
    (r#"sync = { document = { file_name = "contract.pdf" } }"#, &["SM0009 sync.document.file_name"]),
    (
        r#"sync = { document = { file_name = "{candidate} ({contract_id}).pdf" } }"#,
        &["SM0010 sync.document.file_name"],
    ),
    (r#"sync = { locale = { country = "Sweden" } }"#, &["SM0048 sync.locale.country"]),
    (r#"sync = { locale = { country = "se" } }"#, &["SM0048 sync.locale.country"]),
    (r#"sync = { locale = { country = 46 } }"#, &["SM0002 sync.locale.country"]),
    (
        r#"field = [{ oneflow = "rate", teamtailor = "custom:salary", locale = { currency = "kr" } }]"#,
        &["SM0049 field[0].locale.currency"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "pitch", locale = { country = "SE", currency = "SEK" } }]"#,
        &["SM0030 field[0].locale.country", "SM0030 field[0].locale.currency"],
    ),
    (
        r#"sync = { document = { file_name = "Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it Employment contract and everything that belongs to it ({contract_id}).pdf" } }"#,
        &["SM0050 sync.document.file_name"],
    ),
    // Finding the candidate.
    (r#"sync = { link = [] }"#, &["SM0011 sync.link"]),
    (r#"sync = { link = ["ledger", "data_field"] }"#, &["SM0012 sync.link[1]"]),
    (r#"sync = { link_data_field = "candidate-link" }"#, &["SM0013 sync.link_data_field"]),
    (r#"sync = { link_data_field = "gone" }"#, &["SM0013 sync.link_data_field"]),
    (
        r#"
        sync  = { link = ["data_field"], link_data_field = "notes" }
        field = [{ oneflow = "notes", teamtailor = "custom:notes" }]
        "#,
        &["SM0014 field[0].oneflow"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = "oneflow-city" }"#,
        &["SM0014 sync.link_data_field"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = "candidate-link" }"#,
        &["SM0051 sync.link_data_field"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = "rate", template_types = [4711, 4712] }"#,
        &["SM0051 sync.link_data_field"],
    ),
    (r#"sync = { link = ["email", "ledger", "email"], workspaces = [12] }"#, &["SM0015 sync.link[2]"]),
    (r#"sync = { link = ["ledger", "email"] }"#, &["SM0053 sync.link[1]"]),
    (
        r#"
        sync  = { link = ["email"], document = { by_email = true } }
        field = [{ oneflow = "notes", teamtailor = "custom:notes", template_types = [4711], workspaces = [12] }]
        "#,
        &["SM0053 sync.link[0]"],
    ),
    (r#"sync = { document = { by_email = true } }"#, &["SM0054 sync.document.by_email"]),
    (
        r#"sync = { link = ["email"], workspaces = [12], document = { by_email = true, attach = false } }"#,
        &["SM0054 sync.document.by_email"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", workspaces = [12, 12] }]"#,
        &["SM0015 field[0].workspaces[1]"],
    ),
    // Entries against each other.
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes", direction = "to_oneflow" },
            { oneflow = "notes", teamtailor = "custom:notes", direction = "to_teamtailor" },
        ]"#,
        &["SM0016 field[1].oneflow"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "notes", teamtailor = "custom:38" },
            { oneflow = "notes", teamtailor = "custom:notes", workspaces = [12] },
        ]"#,
        &["SM0016 field[2].oneflow"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "notes", teamtailor = "pitch" },
        ]"#,
        &["SM0017 field[1].oneflow"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes", template_types = [4711] },
            { oneflow = "notes", teamtailor = "pitch", template_types = [4711, 4712] },
        ]"#,
        &["SM0017 field[1].oneflow"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "car", teamtailor = "custom:notes" },
        ]"#,
        &["SM0018 field[1].teamtailor"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes", workspaces = [12] },
            { oneflow = "car", teamtailor = "custom:38", workspaces = [13, 12] },
            { oneflow = "contract:state", teamtailor = "custom:notes", direction = "to_teamtailor" },
        ]"#,
        &["SM0018 field[2].teamtailor"],
    ),
    // Types.
    (
        r#"field = [{ oneflow = "notes", teamtailor = "pitch", type = "date", locale = { decimal = "comma" } }]"#,
        &["SM0019 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = "salary", teamtailor = "custom:salary", type = "date" }]"#,
        &["SM0020 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:homepage", type = "checkbox" }]"#,
        &["SM0020 field[0].type"],
    ),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:video" }]"#, &["SM0021 field[0].teamtailor"]),
    (
        r#"
        sync  = { locale = { decimal = "comma" } }
        field = [{ oneflow = "salary", teamtailor = "custom:notes", type = "number" }]
        "#,
        &["SM0022 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = "kind", teamtailor = "custom:empty-select" }]"#,
        &["SM0023 field[0].teamtailor"],
    ),
    (
        r#"field = [
            { oneflow = "salary", teamtailor = "custom:salary" },
            { oneflow = "start-date", teamtailor = "custom:first-day" },
        ]"#,
        &["SM0024 sync.locale.date_order", "SM0024 sync.locale.decimal"],
    ),
    // The state of the contract.
    (r#"field = [{ oneflow = "contract:stat", teamtailor = "custom:notes" }]"#, &["SM0025 field[0].oneflow"]),
    (
        r#"field = [{ oneflow = "contract:value", teamtailor = "custom:notes" }]"#,
        &["SM0025 field[0].oneflow"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:notes" }]"#,
        &["SM0026 field[0].oneflow"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:notes", direction = "to_oneflow" }]"#,
        &["SM0026 field[0].direction"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:has-car", direction = "to_teamtailor" }]"#,
        &["SM0027 field[0].teamtailor"],
    ),
    // The state is no text with two readings, whatever field it is to stand in. Nor is what names nothing.
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:salary", direction = "to_teamtailor" }]"#,
        &["SM0027 field[0].teamtailor"],
    ),
    (
        r#"field = [
            { oneflow = "contract:value", teamtailor = "custom:salary" },
            { oneflow = " ", teamtailor = "custom:first-day" },
        ]"#,
        &["SM0025 field[0].oneflow", "SM0005 field[1].oneflow"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:notes", type = "url", direction = "to_teamtailor" }]"#,
        &["SM0027 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:contract-kind", direction = "to_teamtailor" }]"#,
        &["SM0028 field[0].teamtailor"],
    ),
    // Settings that do nothing.
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", direction = "to_oneflow", when = "all_signed", on_conflict = "hold", on_empty = "clear" }]"#,
        &["SM0029 field[0].on_conflict", "SM0029 field[0].on_empty", "SM0029 field[0].when"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "email", direction = "to_oneflow", on_first_sight = "hold", allow_identity = true }]"#,
        &["SM0029 field[0].allow_identity", "SM0029 field[0].on_first_sight"],
    ),
    (
        r#"field = [{ oneflow = "phone", teamtailor = "phone", allow_identity = true }]"#,
        &["SM0029 field[0].allow_identity"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:notes", direction = "to_teamtailor", on_empty = "clear" }]"#,
        &["SM0029 field[0].on_empty"],
    ),
    (
        r#"field = [{ oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "comma", date_order = "dmy" } }]"#,
        &["SM0030 field[0].locale.date_order"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "pitch", locale = { decimal = "point" } }]"#,
        &["SM0030 field[0].locale.decimal"],
    ),
    (
        r#"sync = { document = { attach = false, file_name = "({contract_id}).pdf" } }"#,
        &["SM0031 sync.document.file_name"],
    ),
    (
        r#"
        sync  = { template_types = [4711], workspaces = [12] }
        field = [{ oneflow = "rate", teamtailor = "custom:notes", template_types = [4712], workspaces = [13] }]
        "#,
        &["SM0032 field[0].template_types", "SM0032 field[0].workspaces"],
    ),
    (r#"sync = { convention = false, document = { attach = false } }"#, &["SM0033 sync.convention"]),
    // The two services.
    (r#"sync = { template_types = [4711, 4713] }"#, &["SM0035 sync.template_types[1]"]),
    (
        r#"field = [{ oneflow = "gone", teamtailor = "custom:notes", template_types = [4799] }]"#,
        &["SM0035 field[0].template_types[0]"],
    ),
    (r#"sync = { workspaces = [12, 15] }"#, &["SM0036 sync.workspaces[1]"]),
    (r#"field = [{ oneflow = "ntoes", teamtailor = "custom:notes" }]"#, &["SM0037 field[0].oneflow"]),
    (r#"field = [{ oneflow = "oneflow-notes", teamtailor = "custom:notes" }]"#, &["SM0037 field[0].oneflow"]),
    (r#"field = [{ oneflow = "First day", teamtailor = "custom:notes" }]"#, &["SM0037 field[0].oneflow"]),
    (r#"field = [{ oneflow = "shoe-size", teamtailor = "custom:notes" }]"#, &["SM0037 field[0].oneflow"]),
    (
        r#"sync = { link = ["data_field"], link_data_field = "candidate-lnk" }"#,
        &["SM0037 sync.link_data_field"],
    ),
    (
        r#"field = [{ oneflow = "rate", teamtailor = "custom:notes", template_types = [4711] }]"#,
        &["SM0038 field[0].oneflow"],
    ),
    (r#"field = [{ oneflow = "retired", teamtailor = "custom:notes" }]"#, &["SM0039 field[0].oneflow"]),
    (
        r#"field = [{ oneflow = "employee-number", teamtailor = "custom:notes" }]"#,
        &["SM0040 field[0].oneflow"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = "employee-number" }"#,
        &["SM0040 sync.link_data_field"],
    ),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:note" }]"#, &["SM0041 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:Notes" }]"#, &["SM0041 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:start date" }]"#, &["SM0041 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:first-name" }]"#, &["SM0041 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:4" }]"#, &["SM0041 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:budget" }]"#, &["SM0042 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:36" }]"#, &["SM0042 field[0].teamtailor"]),
    (r#"field = [{ oneflow = "notes", teamtailor = "custom:twin" }]"#, &["SM0043 field[0].teamtailor"]),
    // The convention.
    (r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:notes" }]"#, &["SM0044 field[0]"]),
    (r#"field = [{ oneflow = "oneflow-city", teamtailor = "phone" }]"#, &["SM0044 field[0]"]),
    (
        r#"field = [{ oneflow = "phone", teamtailor = "phone", direction = "to_oneflow" }]"#,
        &["SM0045 field[0]"],
    ),
    (
        r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:oneflow-city", when = "edited", on_conflict = "contract_wins" }]"#,
        &["SM0045 field[0]"],
    ),
    (r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:34" }]"#, &["SM0045 field[0]"]),
    // What Teamtailor refuses.
    (
        r#"field = [{ oneflow = "notes", teamtailor = "email", on_empty = "clear", allow_identity = true }]"#,
        &["SM0047 field[0].on_empty"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "email", on_empty = "clear", direction = "to_oneflow" }]"#,
        &["SM0029 field[0].on_empty"],
    ),
    // What a participant could do.
    (r#"field = [{ oneflow = "notes", teamtailor = "email" }]"#, &["SM0055 field[0].teamtailor"]),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "email", direction = "to_teamtailor", when = "edited", on_empty = "clear" }]"#,
        &["SM0047 field[0].on_empty", "SM0056 field[0].on_empty", "SM0055 field[0].teamtailor"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "custom:notes", on_empty = "clear" }]"#,
        &["SM0056 field[0].on_empty"],
    ),
    (
        r#"field = [{ oneflow = "phone", teamtailor = "phone", when = "candidate_signed", on_empty = "clear" }]"#,
        &["SM0056 field[0].on_empty"],
    ),
    // What could be read of an entry is checked.
    (
        r#"field = [{ oneflow = "ntoes", teamtailor = "custom:note", when = "signed" }]"#,
        &["SM0037 field[0].oneflow", "SM0041 field[0].teamtailor", "SM0003 field[0].when"],
    ),
    (
        r#"field = [{ oneflow = "ntoes", teamtailor = "custom:salary", type = "date", on_conflct = "hold" }]"#,
        &["SM0001 field[0].on_conflct", "SM0037 field[0].oneflow", "SM0020 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = 7, teamtailor = "custom:note", template_types = [4713], workspaces = [12, 12] }]"#,
        &[
            "SM0002 field[0].oneflow",
            "SM0041 field[0].teamtailor",
            "SM0035 field[0].template_types[0]",
            "SM0015 field[0].workspaces[1]",
        ],
    ),
    (
        r#"field = [{ oneflow = "ntoes", teamtailor = "e-mail", template_types = ["4711"] }]"#,
        &["SM0037 field[0].oneflow", "SM0006 field[0].teamtailor", "SM0002 field[0].template_types[0]"],
    ),
    (
        r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:notes", when = "signed" }]"#,
        &["SM0044 field[0]", "SM0003 field[0].when"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes", when = "signed" },
            { oneflow = "notes", teamtailor = "pitch", template_types = ["4711"] },
        ]"#,
        &["SM0003 field[0].when", "SM0017 field[1].oneflow", "SM0002 field[1].template_types[0]"],
    ),
    (
        r#"
        sync  = { link = ["data_field"], link_data_field = "notes" }
        field = [{ oneflow = "notes", teamtailor = "custom:notes", colour = "red" }]
        "#,
        &["SM0001 field[0].colour", "SM0014 field[0].oneflow"],
    ),
    // What could be read of `sync` is checked.
    (
        r#"sync = { link = ["email", "email"], convention = "yes", template_types = [4713] }"#,
        &["SM0002 sync.convention", "SM0015 sync.link[1]", "SM0035 sync.template_types[0]"],
    ),
    (
        r#"sync = { link = ["token"], link_data_field = " ", documents = {}, workspaces = [15] }"#,
        &[
            "SM0001 sync.documents",
            "SM0003 sync.link[0]",
            "SM0005 sync.link_data_field",
            "SM0036 sync.workspaces[0]",
        ],
    ),
    (
        r#"
        sync  = { link = [], template_types = ["4711"] }
        field = [
            { oneflow = "ntoes", teamtailor = "custom:notes" },
            { oneflow = "retired", teamtailor = "pitch", template_types = [4711] },
            { oneflow = "rate", teamtailor = "pitch", template_types = [4711] },
        ]
        "#,
        &[
            "SM0037 field[0].oneflow",
            "SM0039 field[1].oneflow",
            "SM0038 field[2].oneflow",
            "SM0011 sync.link",
            "SM0002 sync.template_types[0]",
        ],
    ),
    (
        r#"
        sync  = { link = ["data_field"], link_data_field = "gone", locale = { decimal = "dot" } }
        field = [
            { oneflow = "start-date", teamtailor = "custom:first-day", locale = { decimal = "comma" } },
            { oneflow = "notes", teamtailor = "custom:oneflow-city" },
        ]
        "#,
        &[
            "SM0030 field[0].locale.decimal",
            "SM0044 field[1]",
            "SM0037 sync.link_data_field",
            "SM0024 sync.locale.date_order",
            "SM0003 sync.locale.decimal",
        ],
    ),
    // What would follow from a key that could not be read is not said.
    (
        r#"field = [{ oneflow = "retired", teamtailor = "custom:video", kind = "text" }]"#,
        &["SM0001 field[0].kind", "SM0039 field[0].oneflow"],
    ),
    (
        r#"field = [{ oneflow = "employee-number", teamtailor = "custom:notes", way = "to_teamtailor" }]"#,
        &["SM0001 field[0].way"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "e-mail", type = "date", on_empty = "clear" }]"#,
        &["SM0006 field[0].teamtailor"],
    ),
    (
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:has-car", type = "string", direction = "to-teamtailor" }]"#,
        &["SM0003 field[0].direction", "SM0003 field[0].type"],
    ),
    (
        r#"field = [{ oneflow = "notes", teamtailor = "email", direction = "to-oneflow", when = "all_signed", on_empty = "clear" }]"#,
        &["SM0003 field[0].direction"],
    ),
    (
        r#"field = [{ oneflow = "salary", teamtailor = "custom:notes", type = "number", direction = "to-teamtailor" }]"#,
        &["SM0003 field[0].direction"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "car", teamtailor = "custom:notes", direction = "to-oneflow" },
            { oneflow = "notes", teamtailor = "pitch", template_type = [4712] },
        ]"#,
        &["SM0003 field[1].direction", "SM0017 field[2].oneflow", "SM0001 field[2].template_type"],
    ),
    (
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes", template_types = ["4711"] },
            { oneflow = "notes", teamtailor = "pitch", template_types = [4712] },
        ]"#,
        &["SM0002 field[0].template_types[0]"],
    ),
    (
        r#"
        sync  = { workspaces = "12" }
        field = [
            { oneflow = "rate", teamtailor = "custom:notes", template_types = ["4711"] },
            { oneflow = "salary", teamtailor = "custom:salary", locale = { decimal = "dot", date_order = "dmy" } },
            { oneflow = "car", teamtailor = "custom:has-car", workspaces = [13] },
        ]
        "#,
        &["SM0002 field[0].template_types[0]", "SM0003 field[1].locale.decimal", "SM0002 sync.workspaces"],
    ),
    (
        r#"
        sync  = { template_types = ["4712"] }
        field = [{ oneflow = "employee-number", teamtailor = "custom:notes", template_types = [4711] }]
        "#,
        &["SM0002 sync.template_types[0]"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = "candidate-link", template_types = ["4711"] }"#,
        &["SM0002 sync.template_types[0]"],
    ),
    (
        r#"sync = { link = ["data_field"], link_data_field = ["candidate-link"] }"#,
        &["SM0002 sync.link_data_field"],
    ),
    (r#"sync = { means = ["data_field"], link_data_field = "candidate-lnk" }"#, &["SM0001 sync.means"]),
    (
        r#"sync = { conventoin = true, document = { attach = false, file_nmae = "({contract_id}).pdf" } }"#,
        &["SM0001 sync.conventoin", "SM0001 sync.document.file_nmae"],
    ),
    (
        r#"
        synk  = { locale = { decimal = "comma" } }
        field = [{ oneflow = "salary", teamtailor = "custom:salary" }]
        "#,
        &["SM0001 synk"],
    ),
    (
        r#"
        sync   = { convention = false, document = { attach = false } }
        fields = [{ oneflow = "notes", teamtailor = "custom:notes" }]
        "#,
        &["SM0001 fields"],
    ),
    // All at once, and nothing that only follows from something else.
    (
        r#"
        sync  = { link = ["ledgr"], link_data_field = "gone" }
        field = [
            { oneflow = "notes", teamtailor = "custom:" },
            { oneflow = " ", teamtailor = "custom:note" },
            { oneflow = "ntoes", teamtailor = "custom:budget", when = "all_signed" },
            { oneflow = "car", teamtailor = "custom:has-car", wen = "edited" },
        ]
        "#,
        &[
            "SM0007 field[0].teamtailor",
            "SM0005 field[1].oneflow",
            "SM0041 field[1].teamtailor",
            "SM0037 field[2].oneflow",
            "SM0042 field[2].teamtailor",
            "SM0001 field[3].wen",
            "SM0003 sync.link[0]",
        ],
    ),
    (
        r#"
        sync  = { convention = false, document = { attach = false } }
        field = [{ oneflow = "notes", teamtailor = "nothing" }]
        "#,
        &["SM0006 field[0].teamtailor"],
    ),
];
