use smartsync_transport::{ApiClient, Body, BuildError, Call, DecodeError, Endpoint, Method, Part, Response};

use crate::support::service::{Library, client_with};

#[derive(Clone)]
struct Upload(Vec<Part>);

impl Endpoint for Upload {
    type Service = Library;
    type Output = ();
    const OPERATION: &'static str = "upload";
    const METHOD: Method = Method::POST;
    const IDEMPOTENT: bool = false;

    fn call(&self) -> Result<Call, BuildError> {
        Ok(Call::new().segment("files").multipart(self.0.clone()))
    }

    fn decode(&self, _response: &Response) -> Result<(), DecodeError> {
        Ok(())
    }
}

fn client() -> ApiClient<Library> {
    client_with(smartsync_transport::ScriptedTransport::new())
}

#[test]
fn a_form_is_written_as_the_standard_says() {
    let upload = Upload(vec![
        Part::text("upload_as", "attachment"),
        Part::file("file", "a \"b\".pdf", "application/pdf", Body::from("%PDF")),
    ]);
    let request = client().prepare(&upload).unwrap();
    assert_eq!(
        request.headers()["content-type"],
        "multipart/form-data; boundary=smartsync-form-boundary-0000000000000000"
    );
    let expected = "--smartsync-form-boundary-0000000000000000\r\n\
        Content-Disposition: form-data; name=\"upload_as\"\r\n\r\n\
        attachment\r\n\
        --smartsync-form-boundary-0000000000000000\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.pdf\"\r\n\
        Content-Type: application/pdf\r\n\r\n\
        %PDF\r\n\
        --smartsync-form-boundary-0000000000000000--\r\n";
    assert_eq!(String::from_utf8_lossy(request.body().as_bytes()), expected);
}

#[test]
fn a_boundary_that_stands_in_a_file_is_not_used() {
    let file = Body::from("..smartsync-form-boundary-0000000000000000..");
    let upload = Upload(vec![Part::file("file", "a", "text/plain", file)]);
    let request = client().prepare(&upload).unwrap();
    let content_type = request.headers()["content-type"].to_str().unwrap();
    assert!(content_type.ends_with("boundary=smartsync-form-boundary-0000000000000001"), "{content_type}");
}

#[test]
fn names_and_media_types_cannot_begin_a_header_of_their_own() {
    let upload = Upload(vec![Part::file("file", "a\r\nX-Evil: 1", "text/plain", Body::empty())]);
    let request = client().prepare(&upload).unwrap();
    assert!(!String::from_utf8_lossy(request.body().as_bytes()).contains("\nX-Evil"));
    let upload = Upload(vec![Part::file("file", "a", "text/plain\r\nX-Evil: 1", Body::empty())]);
    assert!(client().prepare(&upload).unwrap_err().was_never_sent());
}

#[test]
fn a_part_prints_no_content() {
    let part = Part::file("file", "canary.pdf", "application/pdf", Body::from("canary"));
    assert!(!format!("{part:?} {:?}", Part::text("name", "canary")).contains("canary"));
}
