//! Tables of products.

use oneflow_client::{
    products::{
        CreateProduct, ListProductGroups, NewAmount, NewPrice, NewPriceAffixes, NewProduct, NewProductColumn,
        NewProductGroupName, NewQuantity, ProductColumnKey, ProductEntry, ProductGroupConfigurationPatch,
        ProductGroupPatch, ProductPatch, QuantityKind, UpdateProduct, UpdateProductGroup,
        UpdateProductInGroup,
    },
    shared::NewPrivateOwnerside,
};
use serde_json::json;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let price = NewPrice::new()
        .base_amount(NewAmount::new("10.00"))
        .discount_percent("12.500")
        .clear_discount_amount();
    let laptop = NewProduct::new("Laptop")
        .description("14 inches")
        .counterparty_lock(true)
        .price_1(price)
        .price_2(NewPrice::new().discount_amount(NewAmount::new("1.00")))
        .quantity(NewQuantity::new(QuantityKind::Quantity, 15))
        .private_ownerside(NewPrivateOwnerside::new().custom_id("sku-1"));
    vec![
        row(&ListProductGroups::new(9001), "GET /v1/contracts/9001/product_groups"),
        row(&CreateProduct::new(9001, 31, laptop), "POST /v1/contracts/9001/product_groups/31/products").json(
            json!({
                "name": "Laptop",
                "description": "14 inches",
                "counterparty_lock": true,
                "price_1": {
                    "base_amount": { "amount": "10.00" },
                    "discount_amount": null,
                    "discount_percent": "12.500"
                },
                "price_2": { "discount_amount": { "amount": "1.00" } },
                "quantity": { "type": "quantity", "amount": 15 },
                "_private_ownerside": { "custom_id": "sku-1" }
            }),
        ),
        row(
            &UpdateProductInGroup::new(9001, 31, 32, ProductPatch::new().name("Phone")),
            "PUT /v1/contracts/9001/product_groups/31/products/32",
        )
        .json(json!({ "name": "Phone" })),
        row(&UpdateProduct::new(9001, 32, ProductPatch::new()), "PUT /v1/contracts/9001/products/32")
            .json(json!({})),
        row(&UpdateProductGroup::new(9001, 31, table()), "PUT /v1/contracts/9001/product_groups/31").json(
            json!({
                "configuration": {
                    "columns": [{ "key": "price_1", "enabled": true, "label": "Per month" }, { "key": "count" }],
                    "counterpart_edit": false,
                    "hide_price_summation": true,
                    "name": { "enabled": true, "label": "Equipment" },
                    "price_affixes": { "prefix": "", "postfix": " kr" },
                    "price_precision": 2,
                    "quantity_precision": 0
                },
                "products": [{ "id": 32, "name": "Phone" }, { "name": "Desk" }]
            }),
        ),
    ]
}

fn table() -> ProductGroupPatch {
    let configuration = ProductGroupConfigurationPatch::new()
        .columns([
            NewProductColumn::new(ProductColumnKey::Price1).enabled(true).label("Per month"),
            NewProductColumn::new(ProductColumnKey::Count),
        ])
        .counterpart_edit(false)
        .hide_price_summation(true)
        .name(NewProductGroupName::new().enabled(true).label("Equipment"))
        .price_affixes(NewPriceAffixes::new().prefix("").postfix(" kr"))
        .price_precision(2)
        .quantity_precision(0);
    ProductGroupPatch::new()
        .configuration(configuration)
        .products([ProductEntry::new().id(32).name("Phone"), ProductEntry::new().name("Desk")])
}
