//! `smartsync demo`.

use std::fmt::Display;

pub const BROKEN_ON_PURPOSE: &str = "this stage was broken on purpose: run it without `--break`";
pub const BUG: &str =
    "this is a bug in smartsync or a problem with this machine's loopback network: please report it";

pub const SANDBOX: &str = "A sandbox stands in for both services. All requests stay on this machine.";
pub const CHANGED: &str = "2. The candidate changes the salary and fills in the notice period. All sign.";
pub const NOTIFIED: &str = "3. Oneflow sends a notification; the server writes the changes back.";
pub const CARD: &str = "4. The candidate's card:";
pub const REQUESTS: &str = "All requests:";
pub const END: &str = "The card shows both values and the signed document. Next: `smartsync init`\nsets it up for your own accounts.";

#[must_use]
pub fn created(contract: impl Display) -> String {
    format!("1. Contract {contract} is created from the candidate's card and sent.")
}

#[must_use]
pub fn look(number: usize, summary: &str) -> String {
    format!("   Look {number}: {summary}")
}

/// `2 written, 1 held; document attached`.
#[must_use]
pub fn summary(fields: &str, document: &str) -> String {
    format!("{fields}; document {document}")
}

/// The columns of the card.
pub const CARD_COLUMNS: [&str; 3] = ["field", "before", "after"];

/// The row of how many files there are.
pub const FILES: &str = "(files)";

/// The columns of the requests.
pub const REQUEST_COLUMNS: [&str; 4] = ["service", "request", "status", "purpose"];

/// What a request was for, by its operation: a table of requests fits into 80 columns.
#[must_use]
pub fn purpose(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "create_webhook" => "register the webhook",
        "list_webhooks" => "see that it is not there",
        "get_account" | "get_company" => "see whose account it is",
        "get_candidate" => "read the card",
        "list_custom_fields" => "learn the custom fields",
        "list_custom_field_options" => "learn a select's options",
        "get_template" => "check the template",
        "get_template_type" => "learn its data fields",
        "list_workspaces" => "check the workspace",
        "create_contract" => "make the contract",
        "publish_contract" => "send the contract",
        "get_contract" => "read the contract",
        "update_candidate" => "change default fields",
        "create_custom_field_value" => "fill in a custom field",
        "update_custom_field_value" => "change a custom field",
        "get_file" | "get_file_address" | "download_file" => "ask for the document",
        "create_upload" => "attach the document",
        _ => return None,
    })
}
