//! Time per byte of answers that were made to cost time: 10 kB against 1 MB of each.
//!
//! Every reader is linear: the ratio of the two is about 1. The yardstick is the small input, in the same run.
//!
//! Behind the table: what a notification of the largest size that a receiver takes costs that nobody signed, beside a good one.

use oneflow_client::{
    contracts::{GetContract, ListContracts},
    webhook,
};
use smartsync_benches::{median, time};
use smartsync_transport::{Endpoint as _, Response};
use teamtailor_client::{
    candidates::{Candidate, GetCandidate, ListCandidates},
    custom_field_values::CustomFieldValue,
    jsonapi::Document,
    uploads::Upload,
};

const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;
const ROUNDS: usize = 5;

/// A name, what makes an input of about so many bytes, and what reads it.
type Case = (&'static str, fn(usize) -> String, fn(&str));

const CASES: &[Case] = &[
    ("page of bad contracts", bad_items, |body| {
        drop(ListContracts::new().decode(&response(body)).map(|page| page.into_items().count()))
    }),
    ("page of bad candidates", bad_items, |body| drop(ListCandidates::new().decode(&response(body)))),
    ("contract with bad data fields", bad_data_fields, contract),
    ("contract with bad values in its data fields", bad_values_of_data_fields, contract),
    ("contract with one member many times", one_member, contract),
    ("contract with half surrogate pairs", half_pairs, contract),
    ("contract with deep nesting", nested, contract),
    ("contract without a legible id", without_id, contract),
    ("candidate with bad values", bad_values, |body| {
        document(body, |candidate| {
            candidate.custom_field_values().filter(Result::is_ok).count();
        });
    }),
    ("candidate with bad identifiers", bad_identifiers, |body| document(body, |_| ())),
    ("candidate with resources of one id", one_id, |body| {
        document(body, |candidate| {
            candidate.included.all::<Upload>().filter(Result::is_err).count();
        });
    }),
    ("candidate with one value named many times", one_value, |body| {
        document(body, |candidate| {
            let values = &candidate.data.relationships.custom_field_values;
            candidate.related::<CustomFieldValue>(values).count();
        });
    }),
    ("candidate with many values of a field with many options", filled, |body| {
        document(body, |candidate| assert!(candidate.filled_custom_fields().all(|field| field.is_ok())));
    }),
    ("candidate with illegible resources", illegible, |body| document(body, |_| ())),
    ("unsigned notification with bad events", notification, |body| {
        let verifier = webhook::Verifier::new(["key".to_owned()]).expect("a key");
        assert!(verifier.verify(body.as_bytes()).is_err());
    }),
    ("signed notification with bad events", notification_signed, |body| {
        let verifier = webhook::Verifier::new(["key".to_owned()]).expect("a key");
        assert!(verifier.verify(body.as_bytes()).is_ok());
    }),
];

fn main() {
    println!("{:<56} {:>9} {:>9} {:>6}", "", "10 kB", "1 MB", "ratio");
    for (name, input, read) in CASES {
        let (small, large) = (input(SMALL), input(LARGE));
        let (mut small_times, mut large_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let of_small = time(50, || read(&small)) * 1e3 / small.len() as f64;
            let of_large = time(1, || read(&large)) * 1e3 / large.len() as f64;
            small_times.push(of_small);
            large_times.push(of_large);
            ratios.push(of_large / of_small);
        }
        println!(
            "{name:<56} {:>4.1} ns/B {:>4.1} ns/B {:>6.2}",
            median(&mut small_times),
            median(&mut large_times),
            median(&mut ratios)
        );
    }
    strangers();
}

/// The largest body that a receiver takes.
const LARGEST: usize = 64 * 1024;

/// What a stranger can make a receiver do, beside what Oneflow makes it do; a copy of the bytes is the yardstick.
fn strangers() {
    let key = || "key".to_owned().into();
    let verifier = webhook::Verifier::new([key()]).expect("a key");
    let good = webhook::test_notification(&"c".repeat(40), 9001, &["contract:sign"], &key());
    assert!(verifier.verify(good.as_bytes()).is_ok());
    println!("\n{:<56} {:>9} {:>9}", "unsigned, 64 KiB", "time", "good ones");
    for (name, body) in [
        ("bad events", notification(LARGEST)),
        (
            "one long callback id",
            notification(400).replace("\"c\"", &format!("\"{}\"", "c".repeat(LARGEST - 400))),
        ),
        (
            "a contract of lists",
            notification(400).replace("{\"id\":1}", &list(LARGEST - 400, "[", |_| "[]".to_owned(), "]")),
        ),
        ("a member many times", list(LARGEST, "{", |_| r#""callback_id":"c""#.to_owned(), "}")),
        ("deep nesting", format!("{{\"events\":{}", "[".repeat(LARGEST - 20))),
    ] {
        let (mut times, mut ratios) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let of_good = time(500, || drop(verifier.verify(good.as_bytes())));
            let of_bad = time(20, || assert!(verifier.verify(body.as_bytes()).is_err()));
            times.push(of_bad);
            ratios.push(of_bad / of_good);
        }
        println!("{name:<56} {:>6.0} us {:>9.1}", median(&mut times), median(&mut ratios));
    }
}

fn response(body: &str) -> Response {
    Response::new(body.to_owned().into())
}

fn contract(body: &str) {
    drop(GetContract::new(9001).decode(&response(body)));
}

fn document(body: &str, read: fn(&Document<Candidate>)) {
    read(&GetCandidate::new("4711").decode(&response(body)).expect("a candidate"));
}

/// `begin`, items until there are so many bytes, `end`.
fn list(size: usize, begin: &str, item: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = begin.to_owned();
    for position in 0.. {
        text.push_str(&item(position));
        if text.len() + end.len() >= size {
            break;
        }
        text.push(',');
    }
    text + end
}

fn bad_items(size: usize) -> String {
    list(size, r#"{"data":["#, |_| "0".to_owned(), "]}")
}

fn bad_data_fields(size: usize) -> String {
    list(size, r#"{"id":9001,"data_fields":["#, |_| r#"{"id":[],"value":"x"}"#.to_owned(), "]}")
}

fn bad_values_of_data_fields(size: usize) -> String {
    let field = |position| {
        format!(r#"{{"id":{position},"value":[1],"custom_id":{{}},"_private_ownerside":7,"name":1}}"#)
    };
    list(size, r#"{"id":9001,"data_fields":["#, field, "]}")
}

fn one_member(size: usize) -> String {
    list(size, r#"{"id":9001,"#, |_| r#""state":[]"#.to_owned(), "}")
}

fn half_pairs(size: usize) -> String {
    let field = |position| format!(r#"{{"id":{position},"value":"\ud83d"}}"#);
    list(size, r#"{"id":9001,"data_fields":["#, field, "]}")
}

fn nested(size: usize) -> String {
    let depth = size / 2 - 20;
    format!(r#"{{"id":9001,"linked_contracts":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))
}

fn without_id(size: usize) -> String {
    list(size, r#"{"data_fields":["#, |position| format!(r#"{{"id":{position}}}"#), r#"],"id":{}}"#)
}

fn candidate(linkage: &str) -> String {
    format!(
        r#"{{"data":{{"id":"4711","type":"candidates","relationships":{{"custom-field-values":{{"data":{linkage}}}}}}},"included":["#
    )
}

fn linkage(size: usize) -> String {
    list(size, "[", |position| format!(r#"{{"type":"custom-field-values","id":"v{position}"}}"#), "]")
}

fn bad_values(size: usize) -> String {
    let value = |position| {
        format!(r#"{{"type":"custom-field-values","id":"v{position}","attributes":7,"relationships":[]}}"#)
    };
    list(size, &candidate(&linkage(size / 3)), value, "]}")
}

fn bad_identifiers(size: usize) -> String {
    let identifiers = list(size, "[", |_| r#"{"type":"custom-field-values","id":""}"#.to_owned(), "]");
    candidate(&identifiers) + "]}"
}

fn one_id(size: usize) -> String {
    let upload =
        |position| format!(r#"{{"type":"uploads","id":"1","attributes":{{"file-name":"{position}"}}}}"#);
    list(size, &candidate("[]"), upload, "]}")
}

fn one_value(size: usize) -> String {
    let identifiers = list(size / 2, "[", |_| r#"{"type":"custom-field-values","id":"1"}"#.to_owned(), "]");
    let text = "x".repeat(size / 2);
    let value = format!(r#"{{"type":"custom-field-values","id":"1","attributes":{{"value":"{text}"}}}}]}}"#);
    candidate(&identifiers) + &value
}

fn filled(size: usize) -> String {
    let count = size / 350;
    let all = |kind: &str| {
        let identifiers: Vec<String> =
            (0..count).map(|id| format!(r#"{{"type":"{kind}","id":"{id}"}}"#)).collect();
        identifiers.join(",")
    };
    let field = format!(
        r#"{{"type":"custom-field-selects","id":"1","relationships":{{"custom-field-options":{{"data":[{}]}}}}}}"#,
        all("custom-field-options")
    );
    let rest = (0..count).map(|id| {
        format!(
            r#",{{"type":"custom-field-values","id":"{id}","relationships":{{"custom-field":{{"data":{{"type":"custom-field-selects","id":"1"}}}}}}}},{{"type":"custom-field-options","id":"{id}","attributes":{{"value":"Option {id}"}}}}"#
        )
    });
    let rest: String = rest.collect();
    format!("{}{field}{rest}]}}", candidate(&format!("[{}]", all("custom-field-values"))))
}

fn illegible(size: usize) -> String {
    list(size, &candidate("[]"), |_| r#"{"id":[]}"#.to_owned(), "]}")
}

fn notification(size: usize) -> String {
    list(
        size,
        r#"{"callback_id":"c","contract":{"id":1},"signature":"00","events":["#,
        |_| "0".to_owned(),
        "]}",
    )
}

fn notification_signed(size: usize) -> String {
    let signature = webhook::sign("c", &"key".to_owned().into());
    let begin = format!(r#"{{"callback_id":"c","contract":{{"id":1}},"signature":"{signature}","events":["#);
    list(size, &begin, |_| "0".to_owned(), "]}")
}
