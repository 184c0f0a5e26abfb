//! Contacts, folders and tags.

use oneflow_client::{
    contacts::{
        ContactPatch, CreateContact, DeleteContact, GetContact, ListContacts, NewContact, UpdateContact,
    },
    folders::{CreateFolder, DeleteFolder, FolderPatch, ListFolders, NewFolder, UpdateFolder},
    tags::{CreateTag, DeleteTag, GetTag, ListTags, NewTag, TagPatch, UpdateTag},
};
use serde_json::json;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(&ListContacts::new(12).limit(5), "GET /v1/contacts?workspace_id=12&limit=5"),
        row(&CreateContact::new(NewContact::new(12)), "POST /v1/contacts")
            .json(json!({ "workspace_id": 12 })),
        row(&CreateContact::new(full_contact()), "POST /v1/contacts").json(json!({
            "workspace_id": 12,
            "name": "Ann Example",
            "email": "ann@example.com",
            "phone_number": "+46700000000",
            "title": "Engineer",
            "company_name": "Example Ltd",
            "company_registration_number": "556000-0000",
            "country_code": "SE",
            "date_of_birth": "1990-01-02",
            "notes": "Met at a fair."
        })),
        row(&GetContact::new(61), "GET /v1/contacts/61"),
        row(&UpdateContact::new(61, ContactPatch::new().title("Lead")), "PUT /v1/contacts/61")
            .json(json!({ "title": "Lead" })),
        row(&DeleteContact::new(61), "DELETE /v1/contacts/61"),
        row(&ListFolders::new().offset(100), "GET /v1/folders?offset=100"),
        row(&CreateFolder::new(NewFolder::new("2031", 12)), "POST /v1/folders")
            .json(json!({ "name": "2031", "workspace_id": 12 })),
        row(&UpdateFolder::new(56, FolderPatch::new().name("2032")), "PUT /v1/folders/56")
            .json(json!({ "name": "2032" })),
        row(&DeleteFolder::new(56), "DELETE /v1/folders/56"),
        row(&ListTags::new().limit(2).offset(2), "GET /v1/tags?limit=2&offset=2"),
        row(&CreateTag::new(NewTag::new("hr")), "POST /v1/tags").json(json!({ "name": "hr" })),
        row(&GetTag::new(41), "GET /v1/tags/41"),
        row(&UpdateTag::new(41, TagPatch::new().name("people")), "PUT /v1/tags/41")
            .json(json!({ "name": "people" })),
        row(&DeleteTag::new(41), "DELETE /v1/tags/41"),
    ]
}

fn full_contact() -> NewContact {
    NewContact::new(12)
        .name("Ann Example")
        .email("ann@example.com")
        .phone_number("+46700000000")
        .title("Engineer")
        .company_name("Example Ltd")
        .company_registration_number("556000-0000")
        .country_code("SE")
        .date_of_birth("1990-01-02")
        .notes("Met at a fair.")
}
