//! Answers in the shapes of the reference, with invented values.

pub(crate) const CONTRACT: &str = r##"{
  "_links": { "self": { "href": "https://api.oneflow.com/v1/contracts/9001" } },
  "_permissions": { "contract:delete": true, "contract:download:pdf": true, "contract:send": false },
  "_private": {
    "name": "Employment of Ann Example",
    "value": { "amount": "1000.00", "currency": "SEK" },
    "workspace_id": 12,
    "date_format": "dd.MM.yyyy",
    "folder": { "id": 56 },
    "signing_period_expiration": { "type": "days_after_publish", "expire_days_after_publish": 14 }
  },
  "_private_ownerside": { "created_time": "2031-01-02T03:04:05+0000", "template_id": 34, "template_type_id": 4711 },
  "attachment_file_groups": [],
  "pdf_file_groups": [],
  "available_options": {
    "can_receive_attachments": true,
    "can_receive_expanded_pdf": false,
    "can_receive_products": true,
    "delivery_channels": [{ "name": "email", "preferred": true, "required_participant_attributes": ["email"] }],
    "sign_methods": [{ "name": "standard_esign", "preferred": true }],
    "two_step_authentication_methods": []
  },
  "data_fields": [
    {
      "id": 70012,
      "name": "Start date",
      "description": "",
      "placeholder": "e.g. 2031-05-01",
      "value": "2031-05-01",
      "active": true,
      "source": "system",
      "_private_ownerside": {
        "custom_id": "oneflow-start-date",
        "created_time": "2031-01-02T03:04:05+0000",
        "updated_time": "2031-02-03T04:05:06+0000"
      }
    },
    { "id": 70013, "custom_id": "salary", "name": "Salary", "value": "" }
  ],
  "draft_approval_workflow": null,
  "pending_approval_workflow": null,
  "id": 9001,
  "lifecycle_settings": { "type": "single_period", "duration": "12m", "start_date": "2031-05-01", "end_date": null },
  "lifecycle_state": {
    "lifecycle_state": "active",
    "lifecycle_state_updated_time": "2031-05-01T00:00:00+0000",
    "contract_start_time": "2031-05-01T00:00:00+0000",
    "contract_end_time": null,
    "is_canceled": false,
    "period": 1
  },
  "links": [],
  "parties": [
    {
      "id": 1,
      "type": "company",
      "my_party": true,
      "name": "Employer Ltd",
      "country_code": "SE",
      "identification_number": "556000-0000",
      "participants": [{ "id": 11, "name": "Olle Owner", "email": "olle@example.com", "organizer": true }]
    },
    {
      "id": 2,
      "type": "individual",
      "my_party": false,
      "participant": {
        "_options": { "invite": true },
        "_permissions": { "contract:update": true },
        "_private_ownerside": { "custom_id": "teamtailor:4711", "visits": 3 },
        "delivery_channel": "email",
        "delivery_status": "opened",
        "email": "ann@example.com",
        "id": 21,
        "identification_number": "",
        "my_participant": false,
        "name": "Ann Example",
        "phone_number": null,
        "sign_method": "standard_esign",
        "sign_state": "undecided",
        "sign_state_updated_time": null,
        "signatory": true,
        "title": "",
        "two_step_authentication_method": "none"
      }
    }
  ],
  "product_groups": [
    {
      "id": 31,
      "created_from": 30,
      "enabled_columns": ["name"],
      "configuration": { "columns": [{ "enabled": true, "key": "name", "label": "Name" }], "price_precision": 2 },
      "products": [
        {
          "id": 32,
          "name": "Laptop",
          "price_1": { "base_amount": { "amount": "10.00" }, "discount_percent": "0.000", "amount": { "amount": "10.00" } },
          "quantity": { "type": "quantity", "amount": 15 }
        }
      ]
    }
  ],
  "published_time": "2031-01-03T03:04:05+0000",
  "sign_order": [{ "participant_id": 21, "order": 1 }],
  "signing_period_expiry_time": null,
  "state": "pending",
  "state_updated_time": "2031-01-03T03:04:05+0000",
  "tags": [{ "id": 41, "name": "hr" }],
  "updated_time": "2031-02-03T04:05:06+0000"
}"##;

pub(crate) const ACCOUNT: &str = r#"{
  "_links": { "self": { "href": "https://api.oneflow.com/v1/accounts/me" } },
  "country_code": "SE",
  "created_time": "2030-01-02T03:04:05+0000",
  "id": 3,
  "name": "Employer Ltd",
  "registration_number": "556000-0000",
  "token_info": { "integration": { "id": null, "key": "teamtailor" } },
  "updated_time": "2030-01-02T03:04:05+0000"
}"#;

pub(crate) const USER: &str = r#"{
  "_links": {},
  "active": true,
  "email": "olle@example.com",
  "id": 5,
  "is_admin": false,
  "name": "Olle Owner",
  "phone_number": "+46700000000",
  "state": "registered",
  "title": "Recruiter"
}"#;

pub(crate) const WORKSPACE: &str = r#"{
  "_permissions": { "contract:create": true },
  "company_name": "Employer Ltd",
  "country_code": "SE",
  "created_time": "2030-01-02T03:04:05+0000",
  "date_format": "dd.MM.yyyy",
  "description": "Human resources",
  "id": 12,
  "name": "HR",
  "registration_number": "556000-0000",
  "updated_time": "2030-01-02T03:04:05+0000",
  "type": "regular",
  "_integration_permissions": []
}"#;

pub(crate) const FILE: &str =
    r#"{ "_links": {}, "extension": "pdf", "id": 1, "name": "Employment.pdf", "type": "contract" }"#;

pub(crate) const TEMPLATE: &str = r#"{
  "_links": {},
  "available_options": { "can_receive_products": false },
  "created_time": "2030-01-02T03:04:05+0000",
  "id": 34,
  "name": "Employment",
  "template_type": { "id": 4711, "name": "Teamtailor", "extension_type": "teamtailor" },
  "updated_time": "2030-01-02T03:04:05+0000",
  "template_active": true,
  "configuration": {
    "default_creator_roles": { "_permissions": { "contract:update": true }, "organizer": false, "signatory": true }
  },
  "tags": [],
  "workspaces": [{ "id": 12 }],
  "parties": [],
  "sign_order": null
}"#;

pub(crate) const TEMPLATE_TYPE: &str = r#"{
  "_links": {},
  "created_time": "2030-01-02T03:04:05+0000",
  "data_fields": [
    {
      "_links": { "template_type": { "href": "https://api.oneflow.com/v1/template_types/4711" } },
      "active": true,
      "custom_id": "oneflow-start-date",
      "description": "",
      "id": 801,
      "name": "Start date",
      "placeholder": "",
      "source": "user",
      "value": null
    }
  ],
  "description": "Candidates",
  "extension_type": null,
  "id": 4711,
  "name": "Teamtailor",
  "updated_time": "2030-01-02T03:04:05+0000",
  "active": true
}"#;

pub(crate) const WEBHOOK: &str = r#"{
  "webhook_id": 77,
  "callback_url": "https://hooks.example.test/oneflow",
  "configuration": {},
  "filters": [
    { "filter_rules": [
      { "type": "EVENT_TYPE", "values": ["contract:sign"] },
      { "type": "WORKSPACE", "values": [12] }
    ] }
  ],
  "integration_instance": null,
  "legacy_webhook": false,
  "template_group_id": 4711
}"#;

pub(crate) const PARTY: &str = r#"{
  "_links": { "self": { "href": "https://api.oneflow.com/v1/contracts/9001/parties/2" } },
  "_private_ownerside": {
    "created_time": "2031-01-02T03:04:05+0000", "custom_id": "crm:7", "updated_time": "2031-01-02T03:04:05+0000"
  },
  "country_code": "SE",
  "id": 2,
  "identification_number": "556000-0000",
  "my_party": false,
  "name": "Example Ltd",
  "participants": [{ "id": 22, "name": "Carl Clerk", "delivery_channel": "same_device" }],
  "type": "company"
}"#;

pub(crate) const PARTICIPANT: &str = r#"{
  "_options": { "invite": false },
  "_permissions": { "contract:update": true },
  "_private_ownerside": {
    "created_time": "2031-01-02T03:04:05+0000",
    "custom_id": "teamtailor:4711",
    "first_visited_time": null,
    "last_visited_time": null,
    "updated_time": "2031-01-02T03:04:05+0000",
    "visits": 0
  },
  "delivery_channel": "email",
  "delivery_status": "not_sent",
  "draft_approver": false,
  "email": "ann@example.com",
  "id": 21,
  "identification_number": "900102",
  "my_participant": false,
  "name": "Ann Example",
  "organizer": false,
  "pending_approver": true,
  "phone_number": "+46700000000",
  "sign_method": "swedish_bankid",
  "sign_state": "undecided",
  "sign_state_updated_time": "2031-01-02T03:04:05+0000",
  "signatory": true,
  "title": "Engineer",
  "two_step_authentication_method": "sms"
}"#;

pub(crate) const ACCESS_LINK: &str =
    r#"{ "access_link": "https://app.oneflow.com/contracts/9001/at/0123456789abcdef" }"#;

pub(crate) const PRODUCT: &str = r#"{
  "_private_ownerside": {
    "created_time": "2031-01-02T03:04:05+0000", "custom_id": "sku-1", "updated_time": "2031-01-02T03:04:05+0000"
  },
  "counterparty_lock": false,
  "description": "14 inches",
  "id": 32,
  "name": "Laptop",
  "price_1": {
    "amount": { "amount": "8.75" },
    "base_amount": { "amount": "10.00" },
    "discount_amount": { "amount": "1.25" },
    "discount_percent": "12.500"
  },
  "price_2": null,
  "quantity": { "amount": 1.5, "type": "quantity" }
}"#;

pub(crate) const PRODUCT_GROUP: &str = r#"{
  "_private_ownerside": { "created_time": "2031-01-02T03:04:05+0000", "updated_time": "2031-01-02T03:04:05+0000" },
  "configuration": {
    "columns": [{ "enabled": true, "key": "price_1", "label": "Per month" }],
    "counterpart_edit": false,
    "hide_price_summation": true,
    "name": { "enabled": true, "label": "Equipment" },
    "price_affixes": { "postfix": " kr", "prefix": "" },
    "price_precision": 2,
    "quantity_precision": 0,
    "tax_1": { "label": "VAT" }
  },
  "created_from": 30,
  "enabled_columns": ["name", "price_1"],
  "id": 31,
  "products": [{ "id": 32, "name": "Laptop" }]
}"#;

pub(crate) const EVENT: &str = r#"{
  "_links": { "self": { "href": "https://api.oneflow.com/v1/contracts/9001/events/55012" } },
  "actor": { "id": 21, "name": "Ann Example", "party": { "id": 2, "name": "Example Ltd" } },
  "created_time": "2031-02-03T04:05:06+0000",
  "data": {
    "changes": [{ "attribute": "value", "from": "2031-05-01", "to": "2031-06-01" }],
    "subject": { "id": 70012, "name": "Start date" }
  },
  "id": 55012,
  "type": "data_field:update"
}"#;

pub(crate) const FOLDER: &str = r#"{
  "_permissions": {
    "folder:contract": true, "folder:delete": false, "folder:sub_folder:create": true, "folder:update": false
  },
  "id": 56,
  "name": "2031",
  "parent_id": 55,
  "path": [54, 55],
  "workspace_id": 12
}"#;

pub(crate) const TAG: &str = r#"{
  "created_time": "2030-01-02T03:04:05+0000",
  "id": 41,
  "is_global": true,
  "name": "hr",
  "shared_workspaces": ["12"],
  "system": false,
  "updated_time": "2030-01-02T03:04:05+0000"
}"#;

pub(crate) const CONTACT: &str = r#"{
  "company_name": "Example Ltd",
  "company_registration_number": "556000-0000",
  "country_code": "SE",
  "created_time": "2030-01-02T03:04:05+0000",
  "date_of_birth": "1990-01-02",
  "email": "ann@example.com",
  "id": 61,
  "name": "Ann Example",
  "notes": "Met at a fair.",
  "phone_number": "+46700000000",
  "title": "Engineer",
  "updated_time": "2030-01-02T03:04:05+0000",
  "workspace_id": 12
}"#;

pub(crate) const LOG_ENTRY: &str = r#"{
  "api_version": 1,
  "integration_key": "custom",
  "request_body": { "value": "2031-05-01" },
  "request_duration": 120,
  "request_endpoint": "/contracts/{contract_id}/data_fields/{data_field_id}",
  "request_headers": { "accept": "application/json" },
  "request_id": "c2FtcGxl",
  "request_method": "PUT",
  "request_path": "/v1/contracts/9001/data_fields/70012",
  "request_time": "2031-02-03T04:05:06+0000",
  "response_body": "",
  "response_code": 200
}"#;

pub(crate) const CREATE_DATA: &str =
    r#"{ "id": 12, "name": "HR", "templates": [{ "id": 34, "name": "Employment" }] }"#;

pub(crate) const TEMPLATE_TYPE_DATA_FIELDS: &str = r#"{ "data_fields": [
  {
    "active": true, "custom_id": "start-date", "description": "First day", "id": 801, "name": "Start date",
    "placeholder": "2031-05-01", "source": "user", "value": ""
  }
] }"#;

/// A page with `items` on it.
pub(crate) fn page(items: &[&str]) -> String {
    format!(
        r#"{{ "_links": {{ "self": {{ "href": "https://api.oneflow.com/v1/x" }}, "next": null }}, "count": {}, "data": [{}] }}"#,
        items.len(),
        items.join(",")
    )
}
