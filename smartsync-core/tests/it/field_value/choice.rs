//! Selects, by label and by id.

use serde_json::json;
use smartsync_core::value::{ChoiceOption, ChoiceOptions, FieldFormat, FieldType, FieldValue, ValueError::*};

use super::{oneflow, select, teamtailor};

fn choices(options: &[(&str, &str)]) -> FieldFormat {
    let options = options.iter().map(|(id, label)| ChoiceOption::new(*id, *label));
    FieldFormat::new(FieldType::Choices).options(options.collect::<ChoiceOptions>())
}

#[test]
fn a_choice_is_read_by_its_label_and_compared_by_its_id() {
    let format = select(FieldType::Choice);
    for json in [json!("Permanent"), json!(["Permanent"]), json!(" permanent "), json!("7001")] {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok("7001"));
    }
    assert_eq!(oneflow(&format, "PERMANENT").as_deref(), Ok("7001"));
    assert_eq!(oneflow(&format, "Twin"), Err(AmbiguousOption));
    assert_eq!(oneflow(&format, "Interim"), Err(UnknownOption));
    assert_eq!(teamtailor(&format, &json!(["Permanent", "Fixed term"])), Err(Unreadable));
}

#[test]
fn choices_are_compared_without_regard_to_their_order() {
    let format = select(FieldType::Choices);
    let read = |text: &str| format.read_oneflow(text).unwrap().unwrap();
    assert_eq!(read("Fixed term, Permanent"), read("Permanent;Fixed term"));
    assert_eq!(
        Some(read("Permanent\nFixed term")),
        format.read_teamtailor(&json!(["Fixed term", "Permanent"])).unwrap()
    );
    assert_eq!(read("Hourly, on call").normal(), "7005", "a label may hold a comma");
    assert_eq!(
        format.read_teamtailor(&json!([7001, "7002"])).unwrap(),
        Some(read("Permanent; Fixed term")),
        "ids in place of labels, as text or as number"
    );
    assert_eq!(format.read_oneflow(" ; "), Err(Unreadable), "separators alone are no choice");
    assert_eq!(format.write_teamtailor(&read("Fixed term, Permanent")), Ok(json!(["7001", "7002"])));
    assert_eq!(format.write_oneflow(&read("Fixed term, Permanent")).as_deref(), Ok("Permanent; Fixed term"));
}

#[test]
fn a_label_is_read_in_any_case_and_width() {
    let options = [
        ("1", "Ｆｕｌｌ time"),
        ("2", "Straße"),
        ("3", "ÅRSTID"),
        ("4", "Q\u{a0}1"),
        ("5", "HR"),
        ("6", "hr"),
    ];
    let format = choices(&options);
    for (text, id) in [
        ("full time", "1"),
        ("FULL\u{a0} TIME", "1"),
        ("STRASSE", "2"),
        ("a\u{30a}rstid", "3"),
        ("q 1", "4"),
        ("Ｑ　１", "4"),
        ("HR", "5"),
        ("hr", "6"),
    ] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok(id), "{text}");
    }
    assert_eq!(oneflow(&format, "Hr"), Err(AmbiguousOption), "neither label exactly");
    assert_eq!(oneflow(&format, "h r"), Err(UnknownOption));
}

#[test]
fn an_id_that_is_the_label_of_another_option_names_neither() {
    let format = choices(&[("1", "2"), ("2", "3"), ("4", "4"), ("5", "Five")]);
    assert_eq!(oneflow(&format, "2"), Err(AmbiguousOption));
    assert_eq!(oneflow(&format, "3").as_deref(), Ok("2"));
    assert_eq!(oneflow(&format, "4").as_deref(), Ok("4"), "label and id of the same option");
    assert_eq!(oneflow(&format, "5").as_deref(), Ok("5"));
}

#[test]
fn labels_that_hold_separators_are_found_between_separators() {
    let format =
        choices(&[("1", "Permanent"), ("2", "Hourly, on call"), ("3", "Night; weekend"), ("4", "R&D")]);
    for (text, ids) in [
        ("Permanent, Hourly, on call", "1\u{1f}2"),
        ("Hourly, on call, Permanent", "1\u{1f}2"),
        ("Night; weekend; Hourly, on call\nR&D", "2\u{1f}3\u{1f}4"),
        ("Permanent;;R&D;", "1\u{1f}4"),
        ("\n; Permanent", "1"),
        ("Permanent, permanent", "1"),
    ] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok(ids), "{text}");
    }
    for text in ["Hourly", "Permanent, Hourly", "Permanent / R&D", "Permanent | R&D", "Permanent and R&D"] {
        assert_eq!(oneflow(&format, text), Err(UnknownOption), "{text}");
    }
}

#[test]
fn a_text_that_can_be_split_into_options_in_two_ways_is_an_error() {
    let format = choices(&[("1", "Hourly"), ("2", "on call"), ("3", "Hourly, on call"), ("4", "Night")]);
    for text in ["Hourly, on call", "Night; Hourly, on call", "hourly, ON CALL; Night"] {
        assert_eq!(oneflow(&format, text), Err(AmbiguousChoices), "{text}");
    }
    assert_eq!(oneflow(&format, "on call, Hourly").as_deref(), Ok("1\u{1f}2"));
    assert_eq!(oneflow(&format, "Hourly; on call").as_deref(), Ok("1\u{1f}2"), "the label has a comma");
    assert_eq!(
        teamtailor(&format, &json!(["Hourly, on call"])).as_deref(),
        Ok("3"),
        "an item of a list is one label"
    );
    assert_eq!(teamtailor(&format, &json!("Hourly, on call")), Err(AmbiguousChoices));
    let both = format.read_teamtailor(&json!(["Hourly", "on call"])).unwrap().unwrap();
    assert_eq!(format.write_oneflow(&both).as_deref(), Ok("Hourly; on call"));
    let one = format.read_teamtailor(&json!(["3"])).unwrap().unwrap();
    assert_eq!(format.write_oneflow(&one), Err(Lossy), "it would be read as one or as two");
    let twins = choices(&[("1", "Twin"), ("2", "Twin"), ("3", "Night")]);
    assert_eq!(oneflow(&twins, "Night; Twin"), Err(AmbiguousOption));
}

#[test]
fn a_long_list_of_choices_is_read_in_no_time() {
    let options: Vec<ChoiceOption> =
        (0..200).map(|n| ChoiceOption::new(n.to_string(), format!("a{}", ", a".repeat(n)))).collect();
    let format = FieldFormat::new(FieldType::Choices).options(options);
    assert_eq!(format.read_oneflow(&"a, ".repeat(341)), Err(AmbiguousChoices));
}

#[test]
fn a_label_full_of_separators_is_found_in_no_time() {
    let label = format!("a{}", ", a".repeat(499));
    let format = choices(&[("1", &label)]);
    let card = |text: &str| format.read_teamtailor(&json!(text));
    assert_eq!(card(&",".repeat(10_000)), Err(Unreadable), "no option is named");
    assert_eq!(card(&"a, ".repeat(3_333)), Err(UnknownOption));
    assert_eq!(card(&[label.as_str(); 7].join("; ")).unwrap().unwrap().normal(), "1");
    assert_eq!(format.read_oneflow(&"a,".repeat(513)), Err(TooLong), "no data field holds so much");
    assert_eq!(format.read_oneflow(&"a,".repeat(512)), Err(UnknownOption));
}

#[test]
fn of_two_options_with_one_id_neither_is_named_or_written() {
    let twice = choices(&[("1", "Permanent"), ("3", "Fixed term"), ("3", "Hourly")]);
    for text in ["Fixed term", "fixed TERM", "Hourly", "3", "Permanent; Hourly"] {
        assert_eq!(oneflow(&twice, text), Err(AmbiguousOption), "{text}");
    }
    assert_eq!(teamtailor(&twice, &json!(["Fixed term"])), Err(AmbiguousOption));
    assert_eq!(oneflow(&twice, "Permanent").as_deref(), Ok("1"));
    let value = choices(&[("3", "Hourly")]).read_oneflow("Hourly").unwrap().unwrap();
    assert_eq!(twice.write_oneflow(&value), Err(AmbiguousOption));
    let respelled = choices(&[("3", "Hourly"), ("3", " HOURLY ")]);
    assert_eq!(oneflow(&respelled, "hourly").as_deref(), Ok("3"), "one option, two spellings");
}

#[test]
fn an_option_without_an_id_or_a_label_is_none() {
    let format = choices(&[("", "Hourly"), (" ", "Night"), ("4", ""), ("5", "\u{200b}"), ("6", "Day")]);
    for text in ["Hourly", "Night", "4", "5", "Day; Hourly"] {
        assert_eq!(oneflow(&format, text), Err(UnknownOption), "{text}");
    }
    assert_eq!(oneflow(&format, ""), Ok(String::new()));
    assert_eq!(oneflow(&format, "Day").as_deref(), Ok("6"));
    assert_eq!(format.write_oneflow(&FieldValue::Choices(["4".to_owned()].into())), Err(UnknownOption));
}

#[test]
fn blank_lines_between_choices_are_no_choice() {
    let format = choices(&[("1", "Permanent"), ("2", "Hourly, on call"), ("3", "Night\nand day")]);
    for text in [
        "Permanent\n\nHourly, on call",
        "Permanent\n\u{200b}\nHourly, on call",
        "Permanent;\nHourly,\non call",
    ] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok("1\u{1f}2"), "{text:?}");
    }
    for text in ["Night and day", "night\nAND  day", "Night \n\n and day"] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok("3"), "{text:?}");
    }
}

#[test]
fn a_select_of_teamtailor_is_read_from_lists_and_single_values() {
    let several = select(FieldType::Choices);
    for (json, ids) in [
        (json!("Permanent"), "7001"),
        (json!(["Permanent"]), "7001"),
        (json!(7001), "7001"),
        (json!("Permanent; Fixed term"), "7001\u{1f}7002"),
        (json!(["Hourly, on call"]), "7005"),
        (json!([]), ""),
        (json!(null), ""),
    ] {
        assert_eq!(teamtailor(&several, &json).as_deref(), Ok(ids), "{json}");
    }
    for json in [json!([null]), json!([true]), json!([["Permanent"]]), json!({})] {
        assert_eq!(teamtailor(&several, &json), Err(Unreadable), "{json}");
    }
    let one = select(FieldType::Choice);
    assert_eq!(teamtailor(&one, &json!(7001)).as_deref(), Ok("7001"));
    assert_eq!(teamtailor(&one, &json!([[7001]])), Err(Unreadable));
    assert_eq!(teamtailor(&one, &json!([])).as_deref(), Ok(""));
}
