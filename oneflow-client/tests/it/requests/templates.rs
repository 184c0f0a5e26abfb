//! Templates, their types, and the helpers.

use oneflow_client::{
    helpers::{GetContractCreateData, GetTemplateTypeDataFields},
    shared::NameSort,
    templates::{
        CreateTemplateType, DataFieldSet, DeleteTemplateType, GetTemplate, GetTemplateType,
        ListTemplateTypes, ListTemplates, NewDataField, NewTemplateType, ReplaceTemplateTypeDataFields,
        TemplateActivity,
    },
};
use serde_json::json;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            &ListTemplates::new()
                .sort([NameSort::Name])
                .extension_type("hubspot")
                .template_type_id(4711)
                .workspace_ids([12, 34])
                .active(TemplateActivity::Both),
            "GET /v1/templates?sort=name&extension_type=hubspot&template_type_id=4711&filter%5Bworkspace_ids%5D=12%2C34&filter%5Bactive%5D=",
        ),
        row(
            &ListTemplates::new().active(TemplateActivity::Inactive),
            "GET /v1/templates?filter%5Bactive%5D=false",
        ),
        row(&GetTemplate::new(34), "GET /v1/templates/34"),
        row(
            &ListTemplateTypes::new().offset(100).sort([NameSort::Name]),
            "GET /v1/template_types?offset=100&sort=name",
        ),
        row(&GetTemplateType::new(4711), "GET /v1/template_types/4711"),
        row(
            &CreateTemplateType::new(NewTemplateType::new("Employment").description("For hires")),
            "POST /v1/template_types",
        )
        .json(json!({ "name": "Employment", "description": "For hires" })),
        row(&DeleteTemplateType::new(4711), "DELETE /v1/template_types/4711"),
        row(
            &ReplaceTemplateTypeDataFields::new(
                4711,
                DataFieldSet::new([
                    NewDataField::new("start-date", "Start date")
                        .description("First day")
                        .placeholder("2031-05-01")
                        .value("soon"),
                    NewDataField::new("salary", "Salary").clear_value(),
                ]),
            ),
            "PUT /v1/template_types/4711/data_fields",
        )
        .json(json!({ "data_fields": [
            {
                "custom_id": "start-date",
                "name": "Start date",
                "description": "First day",
                "placeholder": "2031-05-01",
                "value": "soon"
            },
            { "custom_id": "salary", "name": "Salary", "value": null }
        ] })),
        row(
            &GetContractCreateData::new().extension_type("hubspot").template_type_id(4711),
            "GET /v1/helpers/contract_create_data?extension_type=hubspot&template_type_id=4711",
        ),
        row(&GetTemplateTypeDataFields::new(4711), "GET /v1/helpers/template_types/4711/data_fields"),
    ]
}
