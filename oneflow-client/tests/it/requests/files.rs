//! Files of contracts and templates.

use oneflow_client::{
    FilePart,
    files::{FileSort, GetFile, GetFileAddress, ListFiles, NewFile, UploadFile, UploadKind},
    templates::{GetTemplateFile, GetTemplateFileAddress},
};

use super::{Row, row};

const FORM: &str = "--smartsync-form-boundary-0000000000000000\r
Content-Disposition: form-data; name=\"file\"; filename=\"terms.pdf\"\r
Content-Type: application/pdf\r
\r
%PDF-1.7\r
--smartsync-form-boundary-0000000000000000\r
Content-Disposition: form-data; name=\"upload_as\"\r
\r
expanded_pdf\r
--smartsync-form-boundary-0000000000000000--\r
";

pub(super) fn rows() -> Vec<Row> {
    let terms = FilePart::new("terms.pdf", "application/pdf", "%PDF-1.7");
    vec![
        row(&ListFiles::new(9001), "GET /v1/contracts/9001/files"),
        row(
            &ListFiles::new(9001).sort([FileSort::Extension, FileSort::Id, FileSort::KindDescending]),
            "GET /v1/contracts/9001/files?sort=extension%2Cid%2C-type",
        ),
        row(
            &UploadFile::new(9001, NewFile::new(terms, UploadKind::ExpandedPdf)),
            "POST /v1/contracts/9001/files",
        )
        .form(FORM),
        row(&GetFile::new(9001, 3), "GET /v1/contracts/9001/files/3"),
        row(&GetFileAddress::new(9001, 1), "GET /v1/contracts/9001/files/1?download=true"),
        row(&GetTemplateFile::new(34, 3), "GET /v1/templates/34/files/3"),
        row(&GetTemplateFileAddress::new(34, 3), "GET /v1/templates/34/files/3?download=true"),
    ]
}
