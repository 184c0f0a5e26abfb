//! Custom fields, their options and values.

use teamtailor_client::{
    custom_field_options::{
        CreateCustomFieldOption, CustomFieldOptionPatch, GetCustomFieldOption, NewCustomFieldOption,
        UpdateCustomFieldOption,
    },
    custom_field_selects::{
        CreateCustomFieldSelect, CustomFieldSelectPatch, GetCustomFieldSelect, ListCustomFieldSelects,
        NewCustomFieldSelect, UpdateCustomFieldSelect,
    },
    custom_field_values::{CustomFieldValueInclude, GetCustomFieldValue, ListCustomFieldValues},
    custom_fields::{
        CreateCustomField, CustomFieldInclude, CustomFieldPatch, CustomFieldSort, CustomFieldType,
        GetCustomField, ListCustomFields, NewCustomField, UpdateCustomField,
    },
};

use super::table::{ONCE, REPEATABLE, Table};

pub(super) fn rows(table: &mut Table) {
    table.row(
        &ListCustomFields::new()
            .include([CustomFieldInclude::CustomFieldOptions])
            .api_name("start-date")
            .sort(CustomFieldSort::NameDescending),
        "list_custom_fields",
        "GET /custom-fields?include=custom-field-options&filter%5Bapi-name%5D=start-date&sort=-name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateCustomField::new(
            NewCustomField::new("Start date", CustomFieldType::Date).api_name("start-date"),
        ),
        "create_custom_field",
        "POST /custom-fields",
        concat!(
            r#"{"data":{"type":"custom-fields","attributes":"#,
            r#"{"name":"Start date","field-type":"CustomField::Date","api-name":"start-date"}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetCustomField::new("31").include([CustomFieldInclude::CustomFieldValues]),
        "get_custom_field",
        "GET /custom-fields/31?include=custom-field-values",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateCustomField::new("31", CustomFieldPatch::new().name("First day").api_name("first-day")),
        "update_custom_field",
        "PATCH /custom-fields/31",
        r#"{"data":{"id":"31","type":"custom-fields","attributes":{"name":"First day","api-name":"first-day"}}}"#,
        REPEATABLE,
    );
    table.row(
        &ListCustomFieldSelects::new().page_size(30),
        "list_custom_field_selects",
        "GET /custom-field-selects?page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateCustomFieldSelect::new(
            NewCustomFieldSelect::new("Contract type", CustomFieldType::Select)
                .api_name("contract-type")
                .select_options(["Permanent", "Fixed term"]),
        ),
        "create_custom_field_select",
        "POST /custom-field-selects",
        concat!(
            r#"{"data":{"type":"custom-field-selects","attributes":{"name":"Contract type","field-type":"CustomField::Select","#,
            r#""api-name":"contract-type","select-options":["Permanent","Fixed term"]}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetCustomFieldSelect::new("32"),
        "get_custom_field_select",
        "GET /custom-field-selects/32",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateCustomFieldSelect::new("32", CustomFieldSelectPatch::new().name("Contract")),
        "update_custom_field_select",
        "PATCH /custom-field-selects/32",
        r#"{"data":{"id":"32","type":"custom-field-selects","attributes":{"name":"Contract"}}}"#,
        REPEATABLE,
    );
    table.row(
        &CreateCustomFieldOption::new(NewCustomFieldOption::new("Hourly", "32")),
        "create_custom_field_option",
        "POST /custom-field-options",
        concat!(
            r#"{"data":{"type":"custom-field-options","attributes":{"value":"Hourly"},"#,
            r#""relationships":{"custom-field":{"data":{"type":"custom-fields","id":"32"}}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetCustomFieldOption::new("7001"),
        "get_custom_field_option",
        "GET /custom-field-options/7001",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateCustomFieldOption::new("7001", CustomFieldOptionPatch::new("By the hour")),
        "update_custom_field_option",
        "PATCH /custom-field-options/7001",
        r#"{"data":{"id":"7001","type":"custom-field-options","attributes":{"value":"By the hour"}}}"#,
        REPEATABLE,
    );
    table.row(
        &ListCustomFieldValues::new()
            .include([CustomFieldValueInclude::Owner])
            .field_type(CustomFieldType::Date)
            .custom_field(["31", "34"]),
        "list_custom_field_values",
        "GET /custom-field-values?include=owner&filter%5Bfield-type%5D=CustomField%3A%3ADate&filter%5Bcustom-field%5D=31%2C34&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &GetCustomFieldValue::new("901").include([CustomFieldValueInclude::CustomField]),
        "get_custom_field_value",
        "GET /custom-field-values/901?include=custom-field",
        "",
        REPEATABLE,
    );
}
