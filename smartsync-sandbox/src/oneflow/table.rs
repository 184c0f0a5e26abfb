//! Which requests Oneflow accepts, written from the reference sheet.

use http::Method;

use crate::shape::{Member, Shape, TEXT, optional, required};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Ping,
    GetAccount,
    ListUsers,
    ListWorkspaces,
    ListContracts,
    CreateContract,
    GetContract,
    DeleteContract,
    PublishContract,
    ListDataFields,
    UpdateDataFields,
    UpdateDataField,
    ListEvents,
    GetEvent,
    ListFiles,
    GetFile,
    ListTemplates,
    GetTemplate,
    ListTemplateTypes,
    GetTemplateType,
    ListWebhooks,
    CreateWebhook,
    GetWebhook,
    UpdateWebhook,
    DeleteWebhook,
}

/// Whether the request names the user it is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    Required,
    Optional,
}

pub(super) struct Route {
    pub(super) operation: Operation,
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// Below `/v1`.
    pub(super) path: &'static str,
    pub(super) user: User,
    pub(super) query: &'static [&'static str],
    pub(super) body: Option<&'static Shape>,
}

const fn get(
    operation: Operation,
    name: &'static str,
    path: &'static str,
    query: &'static [&'static str],
) -> Route {
    Route { operation, name, method: Method::GET, path, user: User::Optional, query, body: None }
}

const fn write(
    operation: Operation,
    name: &'static str,
    method: Method,
    path: &'static str,
    user: User,
    body: &'static Shape,
) -> Route {
    Route { operation, name, method, path, user, query: &[], body: Some(body) }
}

const fn delete(operation: Operation, name: &'static str, path: &'static str, user: User) -> Route {
    Route { operation, name, method: Method::DELETE, path, user, query: &[], body: None }
}

/// What every list accepts. Only for contracts and templates is it known what they can be sorted by.
const PAGE: &[&str] = &["limit", "offset"];

pub(super) static ROUTES: &[Route] = &[
    get(Operation::Ping, "ping", "/ping", &[]),
    get(Operation::GetAccount, "get_account", "/accounts/me", &[]),
    get(Operation::ListUsers, "list_users", "/users", PAGE),
    get(Operation::ListWorkspaces, "list_workspaces", "/workspaces", PAGE),
    get(
        Operation::ListContracts,
        "list_contracts",
        "/contracts",
        // The names of the other filters are not in the public documentation that the sheet was written from.
        &["limit", "offset", "sort", "filter[data_field_match]"],
    ),
    write(
        Operation::CreateContract,
        "create_contract",
        Method::POST,
        "/contracts/create",
        User::Required,
        &NEW_CONTRACT,
    ),
    get(Operation::GetContract, "get_contract", "/contracts/{contract}", &[]),
    delete(Operation::DeleteContract, "delete_contract", "/contracts/{contract}", User::Required),
    write(
        Operation::PublishContract,
        "publish_contract",
        Method::POST,
        "/contracts/{contract}/publish",
        User::Required,
        &PUBLISH,
    ),
    get(Operation::ListDataFields, "list_data_fields", "/contracts/{contract}/data_fields", PAGE),
    write(
        Operation::UpdateDataFields,
        "update_data_fields",
        Method::PUT,
        "/contracts/{contract}/data_fields",
        User::Required,
        // A bare list or `{"data_fields": [..]}`: the sheet does not say, so the operation checks both itself.
        &Shape::Anything,
    ),
    write(
        Operation::UpdateDataField,
        "update_data_field",
        Method::PUT,
        "/contracts/{contract}/data_fields/{field}",
        User::Required,
        &DATA_FIELD,
    ),
    get(Operation::ListEvents, "list_events", "/contracts/{contract}/events", &["limit", "offset", "sort"]),
    get(Operation::GetEvent, "get_event", "/contracts/{contract}/events/{event}", &[]),
    get(Operation::ListFiles, "list_files", "/contracts/{contract}/files", PAGE),
    get(Operation::GetFile, "get_file", "/contracts/{contract}/files/{file}", &["download"]),
    get(
        Operation::ListTemplates,
        "list_templates",
        "/templates",
        &[
            "limit",
            "offset",
            "sort",
            "extension_type",
            "template_type_id",
            "filter[workspace_ids]",
            "filter[active]",
        ],
    ),
    get(Operation::GetTemplate, "get_template", "/templates/{template}", &[]),
    get(Operation::ListTemplateTypes, "list_template_types", "/template_types", PAGE),
    get(Operation::GetTemplateType, "get_template_type", "/template_types/{template_type}", &[]),
    get(Operation::ListWebhooks, "list_webhooks", "/webhooks", PAGE),
    write(
        Operation::CreateWebhook,
        "create_webhook",
        Method::POST,
        "/webhooks",
        User::Optional,
        &NEW_WEBHOOK,
    ),
    get(Operation::GetWebhook, "get_webhook", "/webhooks/{webhook}", &[]),
    write(
        Operation::UpdateWebhook,
        "update_webhook",
        Method::PUT,
        "/webhooks/{webhook}",
        User::Optional,
        &WEBHOOK_CHANGE,
    ),
    delete(Operation::DeleteWebhook, "delete_webhook", "/webhooks/{webhook}", User::Optional),
];

const NAME: Shape = Shape::Text { min: 1, max: 100 };
const SHORT: Shape = Shape::Text { min: 0, max: 25 };
/// Longest text of a data field, in characters.
pub(crate) const MAX_VALUE: usize = 1_024;
const VALUE: Shape = Shape::Text { min: 0, max: MAX_VALUE };
const CUSTOM_ID: Shape = Shape::Object(&[optional("custom_id", Shape::Nullable(&TEXT))]);

const NEW_CONTRACT: Shape = Shape::Object(&[
    required("workspace_id", Shape::Integer),
    required("template_id", Shape::Integer),
    optional("name", Shape::Text { min: 0, max: 130 }),
    optional("data_fields", Shape::List { of: &NEW_DATA_FIELD, min: 0, max: 300 }),
    optional("folder_id", Shape::Nullable(&Shape::Integer)),
    optional("my_party", MY_PARTY),
    optional("parties", Shape::List { of: &PARTY, min: 0, max: 40 }),
    optional("product_groups", Shape::List { of: &Shape::Anything, min: 0, max: 150 }),
    optional("tags", Shape::List { of: &Shape::Anything, min: 0, max: usize::MAX }),
    optional("value", Shape::Nullable(&AMOUNT)),
]);

const AMOUNT: Shape = Shape::Object(&[required("amount", TEXT), required("currency", TEXT)]);

const NEW_DATA_FIELD: Shape = Shape::Object(&[required("custom_id", TEXT), required("value", VALUE)]);

const MY_PARTY: Shape = Shape::Object(&[
    optional("_private_ownerside", CUSTOM_ID),
    optional("name", NAME),
    optional("participants", Shape::List { of: &PARTICIPANT, min: 1, max: 29 }),
    optional("creator_inherit_settings_from_template", Shape::Boolean),
]);

const PARTY: Shape = Shape::Object(&[
    required("type", Shape::OneOf(&["company", "individual"])),
    optional("_private_ownerside", CUSTOM_ID),
    optional("name", NAME),
    optional("country_code", Shape::Nullable(&TEXT)),
    optional("identification_number", Shape::Nullable(&SHORT)),
    optional("participants", Shape::List { of: &PARTICIPANT, min: 1, max: 40 }),
    optional("participant", PARTICIPANT),
]);

const PARTICIPANT: Shape = Shape::Object(&[
    required("name", NAME),
    // Required of everybody but the owner's own people, whom others leave without one: see `create`.
    optional("delivery_channel", Shape::OneOf(&["email", "sms", "same_device", "none", "email_and_sms"])),
    optional("_options", Shape::Object(&[optional("invite", Shape::Boolean)])),
    optional("_permissions", Shape::Object(&[optional("contract:update", Shape::Boolean)])),
    optional("_private_ownerside", CUSTOM_ID),
    optional("email", Shape::Nullable(&TEXT)),
    optional("identification_number", Shape::Nullable(&SHORT)),
    optional("organizer", Shape::Boolean),
    optional("phone_number", Shape::Nullable(&TEXT)),
    optional(
        "sign_method",
        Shape::OneOf(&[
            "standard_esign",
            "sms",
            "swedish_bankid",
            "norwegian_bankid",
            "danish_nemid",
            "finnish_bankid",
            "handwritten_signature",
            "eid_sign",
        ]),
    ),
    optional("signatory", Shape::Boolean),
    optional("title", Shape::Text { min: 0, max: 100 }),
    optional("two_step_authentication_method", Shape::OneOf(&["email", "sms", "none"])),
]);

const PUBLISH: Shape = Shape::Object(&[required("subject", TEXT), required("message", TEXT)]);

const DATA_FIELD: Shape = Shape::Object(DATA_FIELD_MEMBERS);

const DATA_FIELD_MEMBERS: &[Member] = &[
    optional("_private_ownerside", CUSTOM_ID),
    optional("id", Shape::Integer),
    optional("value", Shape::Nullable(&VALUE)),
];

/// Both forms of an update of many data fields.
pub(super) const DATA_FIELDS: Shape = Shape::List { of: &DATA_FIELD, min: 1, max: 300 };

const NEW_WEBHOOK: Shape = Shape::Object(&[
    required("callback_url", CALLBACK_URL),
    optional("sign_key", Shape::Nullable(&TEXT)),
    optional("template_group_id", Shape::Nullable(&Shape::Integer)),
    optional("filters", Shape::Nullable(&FILTERS)),
    optional("integration_instance", Shape::Nullable(&Shape::Integer)),
]);

const WEBHOOK_CHANGE: Shape = Shape::Object(&[
    optional("callback_url", CALLBACK_URL),
    optional("sign_key", Shape::Nullable(&TEXT)),
    optional("template_group_id", Shape::Nullable(&Shape::Integer)),
    optional("filters", Shape::Nullable(&FILTERS)),
    optional("integration_instance", Shape::Nullable(&Shape::Integer)),
]);

const CALLBACK_URL: Shape = Shape::Text { min: 1, max: 1_000 };

const FILTERS: Shape = Shape::List {
    of: &Shape::Object(&[required("filter_rules", Shape::List { of: &FILTER_RULE, min: 1, max: 2 })]),
    min: 0,
    max: usize::MAX,
};

const FILTER_RULE: Shape = Shape::Object(&[
    required("type", Shape::OneOf(&["EVENT_TYPE", "WORKSPACE"])),
    required("values", Shape::List { of: &Shape::Anything, min: 1, max: usize::MAX }),
]);
