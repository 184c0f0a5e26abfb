//! Three answers for each member: there, not there, unreadable.

use std::{collections::BTreeMap, mem::size_of};

use serde_json::{Number, Value, json};
use smartsync_transport::{Lenient, Timestamp, Unreadable, decode_json, decode_text, read_object};

#[cfg(feature = "serialize")]
use crate::support::comes_back::comes_back;

smartsync_transport::number_id! {
    /// Id of a book.
    pub struct BookId;
}

smartsync_transport::text_id! {
    /// Id of a shelf.
    pub struct ShelfId;
}

#[derive(Clone, Debug, PartialEq)]
struct Book {
    id: BookId,
    title: Option<String>,
    pages: Option<u32>,
    tags: Vec<String>,
    prices: BTreeMap<String, Number>,
    shelf: Option<Shelf>,
    read: Option<Timestamp>,
    any: Option<Value>,
    notes: Vec<Value>,
    sequels: Vec<Book>,
    unreadable: Unreadable,
}

read_object! {
    Book of "books" {
        required id: "id",
        optional title: "title",
        optional pages: "pages",
        or_default tags: "tags",
        or_default prices: "prices",
        optional shelf: "_shelf",
        optional read: "read",
        optional any: "any",
        or_default notes: "notes",
        or_default sequels: "sequels",
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Shelf {
    id: Option<ShelfId>,
    unreadable: Unreadable,
}

read_object! {
    Shelf {
        optional id: "id",
    }
}

fn book(members: Value) -> Book {
    let mut book = json!({ "id": 1 });
    book.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    decode_text(&book.to_string()).unwrap()
}

fn names(unreadable: &Unreadable) -> Vec<&'static str> {
    unreadable.iter().collect()
}

#[test]
fn it_is_small_and_prints_the_names_of_members_only() {
    assert_eq!(size_of::<Unreadable>(), 8);
    let book = book(json!({ "title": ["canary"], "pages": "canary", "canary": 1 }));
    assert_eq!(format!("{:?}", book.unreadable), r#"{"pages", "title"}"#);
    assert!(book.unreadable.contains("pages") && !book.unreadable.contains("canary"));
    assert!(Unreadable::default().is_empty() && !book.unreadable.is_empty());
}

#[test]
fn absent_and_null_are_not_unreadable() {
    let nothing = book(json!({}));
    assert!(nothing.unreadable.is_empty());
    let null = json!({ "title": null, "pages": null, "tags": null, "prices": null, "_shelf": null, "read": null, "any": null, "sequels": null });
    assert_eq!(book(null), nothing);
}

#[test]
fn another_shape_is_absent_and_noted_and_costs_nothing_else() {
    let rows = [
        ("title", json!(7)),
        ("title", json!({ "text": "x" })),
        ("pages", json!(-1)),
        ("pages", json!(1.5)),
        ("pages", json!("12")),
        ("tags", json!("one")),
        ("tags", json!({ "0": "one" })),
        ("prices", json!([])),
        ("_shelf", json!(true)),
        ("_shelf", json!(["4711"])),
        ("read", json!(1_928_000_000)),
        ("sequels", json!(false)),
    ];
    for (name, value) in rows {
        let read = book(json!({ name: value, "any": "kept" }));
        assert_eq!(names(&read.unreadable), [name], "{value}");
        let mut without = read.clone();
        without.unreadable = Unreadable::default();
        assert_eq!(without, book(json!({ "any": "kept" })), "{value}");
    }
}

#[test]
fn the_object_that_holds_the_member_notes_it() {
    let read = book(json!({ "_shelf": { "id": "" } }));
    assert!(read.unreadable.is_empty());
    assert_eq!(names(&read.shelf.unwrap().unreadable), ["id"], "an empty id is none");
}

#[test]
fn an_unreadable_item_is_left_out_and_the_others_stay() {
    let read = book(json!({
        "tags": ["a", null, 7, "b"],
        "prices": { "a": 1, "b": "2", "c": null },
        "sequels": [{ "id": 2 }, { "title": "no id" }, ["3"], { "id": {} }, null, { "id": "4", "title": 4 }],
        "notes": [null, 1, "x"],
    }));
    assert_eq!(names(&read.unreadable), ["prices", "sequels", "tags"]);
    assert_eq!(read.tags, ["a", "b"]);
    assert_eq!(read.prices.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(
        read.notes,
        [Value::Null, json!(1), json!("x")],
        "a null is one of the values of an untyped item"
    );
    let sequels: Vec<_> = read.sequels.iter().map(|book| (book.id, names(&book.unreadable))).collect();
    assert_eq!(sequels, [(BookId::new(2), vec![]), (BookId::new(4), vec!["title"])]);
}

#[test]
fn of_two_members_of_one_name_neither_counts() {
    let read: Book = decode_text(r#"{"id":1,"title":"a","title":"b","title":"c","pages":3}"#).unwrap();
    assert_eq!((read.title, read.pages), (None, Some(3)));
    assert_eq!(names(&read.unreadable), ["title"]);
    assert!(decode_text::<Book>(r#"{"id":1,"id":2}"#).is_err());
    let map: Book = decode_text(r#"{"id":1,"prices":{"a":1,"a":2}}"#).unwrap();
    assert!(map.unreadable.contains("prices"));
}

#[test]
fn what_is_required_is_an_error_with_its_place() {
    for (text, shown) in [
        (r#"{"title":"a"}"#, "unexpected shape at `.`"),
        (r#"{"id":null}"#, "unexpected shape at `id`"),
        (r#"{"title":"a","id":[1]}"#, "unexpected shape at `id`"),
        (r#"[1,"a"]"#, "unexpected shape at `.`"),
        ("7", "unexpected shape at `.`"),
        (r#"{"id":1,"title":"a"#, "the JSON is truncated"),
        (r#"{"id":1} 7"#, "not JSON (line 1, column 10)"),
        (
            r#"{"id":1,"type":"jobs"}"#,
            "the answer is about a different type from the one requested, at `type`",
        ),
        (r#"{"type":7,"id":1}"#, "the answer is about a different type from the one requested, at `type`"),
    ] {
        let error = decode_json::<Book>(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), shown, "{text}");
        assert_eq!(error.is_about_another(), text.contains("type"), "{text}");
    }
    assert!(decode_text::<Book>(r#"{"type":"books","id":1}"#).is_ok());
}

#[test]
fn an_object_of_another_type_is_no_item() {
    let read = book(json!({ "sequels": [{ "id": 2, "type": "jobs" }, { "id": 3, "type": "books" }] }));
    assert_eq!(read.sequels.len(), 1);
    assert!(read.unreadable.contains("sequels"));
}

#[test]
fn json_that_serde_does_not_read_costs_one_member() {
    let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    for (name, value) in [
        ("title", r#""half a pair \ud83d""#),
        ("title", "1e999"),
        ("pages", "1e999"),
        ("any", "1e999"),
        ("any", r#"{"a":["\udc00"]}"#),
        ("any", &deep),
        ("tags", &deep),
    ] {
        let text =
            format!(r#"{{"id":1,"{name}":{value},"_shelf":{{"id":"s"}},"\ud800":1,"sequels":[{{"id":2}}]}}"#);
        let read: Book = decode_text(&text).unwrap();
        assert_eq!(names(&read.unreadable), [name], "{name}");
        assert_eq!((read.sequels.len(), read.shelf.is_some()), (1, true), "{name}");
        let items: Vec<Lenient<Book>> = decode_json(format!("[{text}]").as_bytes()).unwrap();
        assert!(items[0].as_result().is_ok());
    }
    let tags: Book = decode_text(r#"{"id":1,"tags":["a","\ud83d","b"]}"#).unwrap();
    assert_eq!((names(&tags.unreadable), tags.tags), (vec!["tags"], vec!["a".to_owned(), "b".to_owned()]));
    let error = decode_text::<Book>(r#"{"title":"\ud83d","id":"\ud83d"}"#).unwrap_err();
    assert_eq!(error.to_string(), "unexpected shape at `id`");
    let error = decode_text::<Book>(r#"{"title":"\ud83d","id":1"#).unwrap_err();
    assert!(error.to_string().starts_with("not JSON"), "{error}");
    assert!(decode_text::<Value>(&"[".repeat(100_000)).is_err());
    assert!(decode_text::<Value>(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))).is_err());
}

#[test]
fn bytes_that_are_no_text_cost_one_member() {
    let with = |title: &[u8], behind: &[u8]| {
        [br#"{"id":1,"title":""#, title, br#"","tags":["a"]}"#, behind].concat()
    };
    for title in [&b"caf\xe9"[..], b"\xff\xfe", b"a \xc3", b"\\\\\xff", b"\xff\\u00e9"] {
        let read: Book = decode_json(&with(title, b"")).unwrap();
        assert_eq!((names(&read.unreadable), read.title), (vec!["title"], None), "{title:?}");
        assert_eq!(read.tags, ["a"]);
    }
    let name: Book = decode_json(b"{\"id\":1,\"ti\xfftle\":\"a\",\"title\":\"b\"}").unwrap();
    assert_eq!(name.title.as_deref(), Some("b"));
    // No JSON: a backslash before such a byte, or the byte outside of a text.
    for broken in [with(b"\\\xff", b""), with(b"a", b"\xff")] {
        let error = decode_json::<Book>(&broken).unwrap_err();
        assert!(error.to_string().starts_with("not JSON"), "{error}");
    }
}

#[test]
fn a_lenient_item_is_as_large_as_a_pointer() {
    assert_eq!(size_of::<Lenient<Book>>(), size_of::<usize>());
    let items: Vec<Lenient<Book>> = decode_json(br#"[0, {"id":1}, {"id":[]}, null]"#).unwrap();
    let are_fine: Vec<bool> = items.iter().map(|item| item.as_result().is_ok()).collect();
    assert_eq!(are_fine, [false, true, false, false]);
}

#[test]
fn a_value_reads_like_its_text() {
    let value =
        json!({ "id": "1", "title": 7, "any": { "a": [null] }, "notes": [{}], "_shelf": { "id": 5 } });
    let from_text: Book = decode_text(&value.to_string()).unwrap();
    assert_eq!(serde_json::from_value::<Book>(value).unwrap(), from_text);
    assert_eq!(from_text.shelf.unwrap().id, Some(ShelfId::from("5")));
}

#[test]
fn an_empty_text_is_no_id_in_an_answer_and_is_kept_in_a_store() {
    let shelf = book(json!({ "_shelf": { "id": "" } })).shelf.unwrap();
    assert!(shelf.id.is_none() && shelf.unreadable.contains("id"));
    assert_eq!(serde_json::from_str::<ShelfId>(r#""""#).unwrap().as_str(), "");
    assert!(serde_json::from_str::<BookId>(r#""""#).is_err());
    assert_eq!(
        serde_json::from_str::<ShelfId>("18446744073709551615").unwrap().as_str(),
        "18446744073709551615"
    );
}

#[cfg(feature = "serialize")]
#[test]
fn what_could_not_be_read_is_so_again_after_it_was_written() {
    let whole = json!({ "id": 1, "title": "Emma", "pages": 3, "tags": ["a"], "prices": { "se": 1 }, "_shelf": { "id": "7" },
        "read": "2031-02-03T04:05:06Z", "any": 1, "notes": [null], "sequels": [{ "id": 2 }] });
    assert!(comes_back::<Book>(&whole.to_string()) > 100);
    // An object of another type is none, so the type is written.
    assert!(serde_json::to_string(&book(json!({}))).unwrap().starts_with(r#"{"type":"books","id":"#));
}
