//! Time per byte of reading a value, of a text of 10 kB against one of 1 MB: a reader is linear in what anybody may type.
//!
//! A contract's text is read strictly and refused beyond 1,024 characters in every type but ordinary text; a card's text is
//! read to its end. So both are measured, with texts that take each reader as far as it goes.

use std::hint::black_box;

use serde_json::{Value, json};
use smartsync_benches::{median, time};
use smartsync_core::value::{ChoiceOption, ChoiceOptions, FieldFormat, FieldType};

const ROUNDS: usize = 9;
const SMALL: usize = 10_000;
const LARGE: usize = 1_000_000;

fn main() {
    let plain = FieldFormat::new;
    let typed = |kind| plain(kind).stored_as(FieldType::Text);
    let commas = [ChoiceOption::new("1", format!("a{}", ", a".repeat(499)))];
    let many: ChoiceOptions =
        (0..1_000).map(|n| ChoiceOption::new(n.to_string(), format!("Option {n}"))).collect();
    let cases = [
        ("text", plain(FieldType::Text), "Åsa said\r\n"),
        ("text that cannot be seen", plain(FieldType::Text), "\u{200b}\u{3164} \u{e0041}\u{fe0f}"),
        ("name", plain(FieldType::Text).names(), "علی\u{200c}رضا "),
        ("number", typed(FieldType::Number), "1 000"),
        ("date", typed(FieldType::Date), "31 December 2031, "),
        ("checkbox", plain(FieldType::Checkbox), "ja "),
        ("url", plain(FieldType::Url), "https://example.com/a"),
        ("email", plain(FieldType::Email), "ida.b@example."),
        ("phone", plain(FieldType::Phone), "+46 (0)70-123 "),
        ("choice", plain(FieldType::Choice).options(many.clone()), "Option 7 "),
        ("choices of 1,000", plain(FieldType::Choices).options(many), "Option 77, "),
        ("choices, a label of 500 commas", plain(FieldType::Choices).options(commas), "a, "),
    ];
    for (name, format, pattern) in cases {
        for (side, read) in [("contract", contract as fn(&FieldFormat, &Value) -> bool), ("card", card)] {
            let [small, large] = [SMALL, LARGE].map(|bytes| json!(pattern.repeat(bytes / pattern.len())));
            let (mut of_small, mut of_large, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let few = time(100, || read(&format, black_box(&small))) * 1_000.0 / SMALL as f64;
                let many = time(1, || read(&format, black_box(&large))) * 1_000.0 / LARGE as f64;
                ratios.push(many / few);
                of_small.push(few);
                of_large.push(many);
            }
            println!(
                "{name}, {side}: {:.2} ns per byte of 10 kB, {:.2} of 1 MB, ratio {:.2}",
                median(&mut of_small),
                median(&mut of_large),
                median(&mut ratios)
            );
        }
    }
}

fn contract(format: &FieldFormat, text: &Value) -> bool {
    format.read_oneflow(text.as_str().unwrap_or_default()).is_ok()
}

fn card(format: &FieldFormat, text: &Value) -> bool {
    format.read_teamtailor(text).is_ok()
}
