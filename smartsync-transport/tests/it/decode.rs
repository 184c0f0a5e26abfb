use serde::Deserialize;
use smartsync_transport::{Lenient, decode_json};

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Person {
    name: String,
    age: u8,
}

#[test]
fn an_error_names_the_place_and_never_the_value() {
    for (json, shown) in [
        (r#"[{"name":"Ann","age":"canary"}]"#, "unexpected shape at `[0].age`"),
        (r#"[{"name":["canary"],"age":1}]"#, "unexpected shape at `[0].name`"),
        (r#"[{"name":"Ann","age":1},{"name":"Bo","age":300}]"#, "unexpected shape at `[1].age`"),
        (r#"[{"age":1}]"#, "unexpected shape at `[0]`"),
        (r#"{"canary":1}"#, "unexpected shape at `.`"),
        (r#"[{"name":"canary"#, "the JSON is truncated"),
        ("<html>canary</html>", "not JSON (line 1, column 1)"),
        ("", "the JSON is truncated"),
        (r#"[] canary"#, "not JSON (line 1, column 4)"),
    ] {
        let error = decode_json::<Vec<Person>>(json.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), shown);
        assert!(!format!("{error:?}").contains("canary"));
    }
}

#[test]
fn one_malformed_element_does_not_lose_its_neighbours() {
    let people: Vec<Lenient<Person>> =
        decode_json(br#"[{"name":"Ann","age":1},{"name":"Bo","age":null},{"name":"Cy","age":3}]"#).unwrap();
    let shapes: Vec<bool> = people.into_iter().map(|person| person.into_result().is_ok()).collect();
    assert_eq!(shapes, [true, false, true]);
}
