//! Nothing that names somebody, and no credential, is in a recorded file, unless the test says that it may be.

use std::{fs, sync::Arc};

use serde_json::{Value, json};
use smartsync_transport::{
    Body, Request, Response, ScriptedTransport, Transport,
    http::{self, HeaderValue},
    test_util::{RecordedAnswers, Recording, Redaction, hostile_answers},
};

use super::place;

/// One exchange, and what of it is in the file.
async fn recorded(redaction: Redaction, request: Request, answer: Response) -> (Value, String) {
    let (_folder, path) = place();
    let service = Arc::new(ScriptedTransport::new().answer(Ok(answer)));
    let answers = RecordedAnswers::builder(&path).recording(Recording::All, service).redaction(redaction);
    answers.open().unwrap().execute(request).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    (file["exchanges"][0].take(), text)
}

fn request(address: &str, body: &Value) -> Request {
    http::Request::post(address).body(Body::from(body.to_string())).unwrap()
}

fn answer(body: &Value) -> Response {
    Response::new(Body::from(body.to_string()))
}

async fn body_of(body: Value) -> Value {
    let asked = request("https://api.example/v1/things/1", &Value::Null);
    recorded(Redaction::new(), asked, answer(&body)).await.0["answer"]["body"].take()
}

/// A token, a name and a mail address in every place that a service and a client can put them.
#[tokio::test]
async fn no_credential_no_name_and_no_address_is_in_the_file_by_default() {
    let address = "https://api.example/v1/people/Kim%20Canary/files/kim@canary.example\
        ?filter%5Bemail%5D=kim@canary.example&q=Canary&token=canary-token&Canary=1&X-Amz-Signature=canary#canary";
    let body = json!({
        "name": "Kim Canary", "first-name": "canary", "email": "kim@canary.example", "token": "canary-token",
        "value": "Canary", "tags": ["Canary", "canary"], "Kim Canary": {"kim@canary.example": 1}, "type": "Kim Canary",
        "state": "Canary", "status": "kim@canary.example", "id": "kim-canary", "next": "https://api.example/v1/Canary?q=canary",
        "self": "https://canary.example/canary", "href": "https://kim:canary@api.example/v1/kim%20canary#canary",
        "created_time": "2031-02-03T04:05:06Z[canary]", "bio": "<p>canary</p>", "data": "{\"name\":\"canary\"}",
        "avatar": "https://storage.example/canary.png?signature=canary", "link": "canary://canary",
    });
    let mut request = request(address, &body);
    let mut answer = answer(&json!([body, "canary", [["Canary"]]]));
    for name in
        ["authorization", "x-oneflow-api-token", "x-oneflow-user-email", "cookie", "user-agent", "x-other"]
    {
        request.headers_mut().insert(name, HeaderValue::from_static("Token token=canary-token"));
    }
    for name in [
        "set-cookie",
        "content-type",
        "retry-after",
        "x-request-id",
        "server",
        "etag",
        "date",
        "content-disposition",
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static("canary kim@canary.example"));
    }
    let location = HeaderValue::from_static("https://storage.example/canary.pdf?X-Amz-Signature=canary");
    answer.headers_mut().insert("location", location);
    let (exchange, text) = recorded(Redaction::new(), request, answer).await;
    assert!(!text.to_lowercase().contains("canary"), "{text}");
    assert_eq!(exchange["request"]["path"], "/v1/people/redacted-1/files/redacted-2");
    assert_eq!(exchange["answer"]["headers"], json!({"location": "https://elsewhere.example/url-3"}));
}

#[tokio::test]
async fn what_a_service_quotes_in_an_error_is_not_in_the_file() {
    for answer in hostile_answers() {
        let asked = request("https://api.example/v1/things/1", &Value::Null);
        let (_, text) = recorded(Redaction::new(), asked, answer).await;
        // A number of digits only is an id where it stands as one.
        let told =
            ["kanarienvogel", "forged", "4711 08", "070.471", "name.70", "700131-", "1970.01", "phone/data"];
        assert!(told.iter().all(|told| !text.to_lowercase().contains(told)), "{text}");
    }
}

#[tokio::test]
async fn a_text_becomes_one_of_its_own_shape_and_equal_ones_stay_equal() {
    let body = body_of(json!([
        "Ann Example",
        "ann@example.com",
        "+46 70 174 06 05",
        "070-174 06 05",
        "43 500,50",
        "2031-02-03",
        "2031-02-03T04:05:06+0000",
        "https://social.example/ann",
        "Ben Example",
        "ann@example.com",
        "Ann Example",
    ]));
    assert_eq!(
        body.await,
        json!([
            "text 1",
            "person-1@example.com",
            "+447700900001",
            "1001",
            "1002",
            "2000-01-02",
            "2000-01-02T00:00:00Z",
            "https://elsewhere.example/url-1",
            "text 2",
            "person-1@example.com",
            "text 1",
        ])
    );
    assert_eq!(body_of(json!({"salary": 43500, "hours": 37.5, "other": 43500, "none": 0})).await, {
        json!({"salary": 2, "hours": 1.5, "other": 2, "none": 0})
    });
}

#[tokio::test]
async fn what_is_needed_to_decode_and_to_decide_stays() {
    let kept = json!({
        "id": 9001, "template_id": 34, "count": 57, "status": 404, "error_code": 4_040_000,
        "state": "pending", "sign_state": "undecided", "delivery_channel": "email_and_sms", "type": "custom-field-values",
        "field-type": "CustomField::MultiSelect", "resume-requirement": "optional", "country_code": "SE", "source": "system",
        "created_time": "2031-01-02T03:04:05+0000", "changed-stage-at": "2031-02-03T10:11:12.345+01:00",
        "data": {"id": "4711", "internal": false, "value": "1", "text": "", "nothing": null, "list": []},
        "errors": [{"code": "100", "source": {"pointer": "/data/attributes/first-name"}}],
        "_links": {"self": {"href": "https://api.example/v1/contracts/9001"}},
        "related": "https://api.example/v1/candidates/4711/custom-field-values?page%5Bnumber%5D=2",
    });
    assert_eq!(body_of(kept.clone()).await, kept);
    // Words of somebody else are no words of the service's, and a long number is no id.
    let (body, words) =
        (body_of(json!({"state": "Feeling blue", "user_id": 7_001_314_711_u64})), json!("text 1"));
    assert_eq!(body.await, json!({"state": words, "user_id": 1}));
}

#[tokio::test]
async fn a_query_keeps_what_pages_sorts_and_filters_by_state() {
    let address = "https://api.example/v1/people?limit=50&offset=100&page%5Bsize%5D=30&sort=-created-at&include=answers.question\
        &filter%5Bstate%5D=open&filter%5Bworkspace_id%5D=12&filter%5Bphone%5D=0701740605&page%5Bafter%5D=aGVsbG8";
    let (exchange, _) =
        recorded(Redaction::new(), request(address, &Value::Null), answer(&Value::Null)).await;
    assert_eq!(
        exchange["request"]["query"],
        json!([
            "limit=50",
            "offset=100",
            "page[size]=30",
            "sort=-created-at",
            "include=answers.question",
            "filter[state]=open",
            "filter[workspace_id]=12",
            "filter[phone]=redacted-1",
            "page[after]=redacted-2",
        ])
    );
}

#[tokio::test]
async fn only_what_the_test_names_is_kept_as_it_is() {
    let redaction = || {
        Redaction::new()
            .keep("/v1/templates/*", "data_fields.name")
            .keep("/v1/templates/*", "?filter[name]")
            .keep("/v1/templates/*", "Name")
            .keep_where(|path, member| path.starts_with("/v1/templates") && member == "file")
            .keep_header("X-Total")
            .keep_header("set-cookie")
    };
    let body = json!({
        "name": "Kim", "data_fields": [{"name": "Start date", "value": "Kim"}], "Name": 3, "Other": 3,
        "file": "see https://user:secret@storage.example/a.pdf?sig=secret and https://storage.example/b#secret.",
    });
    let mut response = answer(&body);
    response.headers_mut().insert("x-total", HeaderValue::from_static("3"));
    response.headers_mut().insert("set-cookie", HeaderValue::from_static("secret"));
    let asked = request("https://api.example/v1/templates/5?filter%5Bname%5D=Permanent", &Value::Null);
    let (exchange, text) = recorded(redaction(), asked, response).await;
    assert_eq!(exchange["request"]["query"], json!(["filter[name]=Permanent"]));
    assert_eq!(
        exchange["answer"],
        json!({
            "status": 200,
            "headers": {"x-total": "3"},
            "body": {
                "name": "text 2", "data_fields": [{"name": "Start date", "value": "text 2"}], "Name": 3, "text 1": 1,
                "file": "see https://storage.example/a.pdf and https://storage.example/b",
            },
        })
    );
    assert!(!text.contains("secret"));
    // Another path, another answer.
    let asked = request("https://api.example/v1/contracts/5", &Value::Null);
    let (exchange, _) = recorded(redaction(), asked, answer(&body)).await;
    assert_eq!(exchange["answer"]["body"]["data_fields"][0]["name"], "text 3");
}

#[tokio::test]
async fn what_is_no_json_leaves_its_length() {
    let html = "<html>Kim Canary</html>";
    let asked =
        http::Request::post("https://api.example/v1/files").body(Body::from("--form canary")).unwrap();
    let mut page = Response::new(Body::from(html));
    page.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    let (exchange, text) = recorded(Redaction::new(), asked, page).await;
    assert_eq!(exchange["request"], json!({"method": "POST", "path": "/v1/files", "bytes": 13}));
    let answer = json!({"status": 200, "headers": {"content-type": "text/html"}, "bytes": 23});
    assert_eq!(exchange["answer"], answer);
    assert!(!text.to_lowercase().contains("canary"));
}

/// A social security number has nine digits, a Danish phone number eight.
#[tokio::test]
async fn a_number_of_a_person_is_no_id_whatever_its_member_is_called() {
    let told = json!({
        "national_id": 700_131_123, "personal-id": 70_131_123, "tax_id": "700131123", "ssn-id": [700_131_123],
        "salary_limit": 43500, "salary-count": 43500, "facebook-id": 700_131_123, "marital_status": "divorced",
        "birth_time": "1970-01-31T00:00:00Z", "born-at": "1970-01-31T00:00:00Z", "blood_type": "A",
        "birthday": "1970-01-31", "date_of_birth": 19_700_131, "phone": 70_131_123, "value": 43500, "salary": 43500.0,
    });
    let (_, text) = recorded(
        Redaction::new(),
        request("https://api.example/v1/things/1", &told),
        answer(&json!({"data": [[told]]})),
    )
    .await;
    for told in ["70013", "70131", "43500", "divorced", "1970", "\"A\""] {
        assert!(!text.contains(told), "{told}: {text}");
    }
}

/// What looks like an address names somebody, short and small as it may be.
#[tokio::test]
async fn an_address_is_no_word_of_a_service() {
    let addresses = ["social.example/in/canary", "https://canary.example", "canary.example", "/in/canary"];
    for name in ["source", "state", "status", "sign_method", "type", "field-type", "upload_as"] {
        for address in addresses {
            let body = body_of(json!({ name: address })).await;
            assert!(!body.to_string().contains("canary"), "{body}");
        }
    }
}

/// The storage's words are not the API's: a file has the name that somebody gave it.
#[tokio::test]
async fn the_path_of_a_file_is_not_in_the_file_of_answers_even_if_no_answer_had_it() {
    let (_folder, path) = place();
    let service = Arc::new(ScriptedTransport::new().answer(Ok(Response::new(Body::from("%PDF")))));
    let answers = RecordedAnswers::builder(&path).recording(Recording::All, service).open().unwrap();
    let client = crate::support::service::client_with(answers);
    let address = "https://storage.example/cv/kim-canary.pdf?canary&sort=canary".parse().unwrap();
    client.download(&address, &mut Vec::new(), 100).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("canary"), "{text}");
    let client = crate::support::service::client_with(RecordedAnswers::open(&path).unwrap());
    assert_eq!(client.download(&address, &mut Vec::new(), 100).await.unwrap(), 4);
}
