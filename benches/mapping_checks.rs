//! Time per byte of checking a mapping and of showing what is wrong with it: 1 MB against 10 kB of the same text, with the
//! parsing of the text beside it as a yardstick.

use smartsync::{ConfigFile, config::Diagnostics};
use smartsync_benches::{median, time};
use smartsync_core::{
    Schemas, TemplateTypeId,
    candidate::{Definition, Definitions},
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema},
    value::FieldType,
};

const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;
const ROUNDS: usize = 3;

/// What a file consists of: what stands above, and its parts by number.
type Case = (&'static str, &'static str, fn(usize) -> String, &'static str);

const CASES: [Case; 9] = [
    ("wrong items on one line", "[sync]\nlink = [", |_| "0, ".to_owned(), "]\n"),
    ("wrong words on one line", "[sync]\nlink = [", |_| "\"e-mail\", ".to_owned(), "]\n"),
    ("unknown keys on one line", "sync = { ", |part| format!("k{part} = 0, "), "link = [] }\n"),
    ("broken entries", "", |_| "[[field]]\noneflow = 1\n".to_owned(), ""),
    ("the same entry again and again", "", |_| entry("data-field-00001", "custom:field-00001", ""), ""),
    ("many data fields, one target", "", |part| entry(&key(part), "custom:field-00001", ""), ""),
    (
        "one pair in many scopes",
        "",
        |part| entry("data-field-00001", "custom:field-00001", &format!("template_types = [{}]\n", part + 1)),
        "",
    ),
    (
        "unknown names on both sides",
        "",
        |part| entry(&format!("daat-{part:05}-filed"), &format!("custom:filed-{part:05}"), ""),
        "",
    ),
    ("a good mapping", "", |part| entry(&key(part), &format!("custom:field-{part:05}"), ""), ""),
];

fn main() {
    let schemas = schemas(2_000);
    for (name, above, part, below) in CASES {
        let (small, large) = (text(SMALL, above, part, below), text(LARGE, above, part, below));
        let mut rounds = [const { Vec::new() }; 4];
        for _ in 0..ROUNDS {
            let [few, many] = [(&small, 20), (&large, 1)].map(|(text, repeats)| {
                let file = ConfigFile::from_toml(text).expect("TOML");
                let parsed = time(repeats, || ConfigFile::from_toml(text)) * 1e3 / text.len() as f64;
                let checked =
                    time(repeats, || told(&file.diagnose(Some(&schemas)))) * 1e3 / text.len() as f64;
                (checked, checked / parsed)
            });
            for (all, one) in rounds.iter_mut().zip([few.0, many.0, many.0 / few.0, many.1]) {
                all.push(one);
            }
        }
        let [few, many, growth, parsings] = rounds.each_mut().map(|round| median(round));
        println!(
            "{name}: {few:.0} ns a byte of 10 kB, {many:.0} of 1 MB; ratio {growth:.2} (goal: about 1 or less); {parsings:.1} times the parsing"
        );
    }
}

/// Everything that a command does with what was found.
fn told(found: &Diagnostics) -> usize {
    found.render(true).len() + serde_json::to_string(found).expect("JSON").len()
}

fn text(size: usize, above: &str, part: fn(usize) -> String, below: &str) -> String {
    let mut text = above.to_owned();
    let mut number = 0;
    while text.len() < size {
        text += &part(number);
        number += 1;
    }
    text + below
}

fn entry(oneflow: &str, teamtailor: &str, rest: &str) -> String {
    format!("[[field]]\noneflow = \"{oneflow}\"\nteamtailor = \"{teamtailor}\"\n{rest}")
}

fn key(part: usize) -> String {
    format!("data-field-{part:05}")
}

fn schemas(fields: usize) -> Schemas {
    let keys = (0..fields).map(|number| DataFieldSchema::new(key(number)));
    let kind = TemplateTypeSchema::new(TemplateTypeId::new(1), "Employment", keys);
    let definitions = (0..fields).map(|number| {
        Definition::new(format!("{}", 30_000 + number), &format!("field-{number:05}"), FieldType::Text)
    });
    Schemas::new(OneflowSchema::new([kind], []), Definitions::new(definitions))
}
