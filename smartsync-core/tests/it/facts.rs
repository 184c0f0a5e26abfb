//! What is assumed about the two services, as data.

use smartsync_core::facts::{Facts, FactsError, Probe};

const FILE: &str = r#"
    [[fact]]
    id = "list-form"
    says = "What a list is."
    answers = [{ id = "page", means = "A page." }, { id = "array", means = "An array." }]
    assumed = "page"
    harmless = "Both are read."
    probe = { tier = "read", settles = "It is listed." }
    buys = "Certainty."
    questions = [3]
    marks = ["listThings"]
    switch = "none yet"
    where = ["src/list.rs"]

    [[unused]]
    question = 4
    because = "Nothing asks."
"#;

#[test]
fn the_facts_of_both_services_are_whole() {
    for facts in [Facts::oneflow().unwrap(), Facts::teamtailor().unwrap()] {
        assert!(facts.iter().count() > 30 && facts.unused().count() > 5);
        assert!(facts.iter().all(|fact| fact.assumed_answer().is_some()));
        assert!(facts.iter().any(|fact| matches!(fact.probe, Probe::None { .. })));
    }
}

#[test]
fn a_fact_is_read_as_it_stands() {
    let facts = Facts::read(FILE).unwrap();
    let fact = facts.get("list-form").unwrap();
    assert_eq!(fact.assumed_answer().unwrap().means, "A page.");
    assert_eq!(fact.probe.sentence(), "It is listed.");
    assert_eq!(
        (fact.switch.as_deref(), fact.leans_on_it.as_slice()),
        (None, ["src/list.rs".to_owned()].as_slice())
    );
    assert_eq!(facts.unused().map(|unused| unused.question).collect::<Vec<_>>(), [4]);
    assert!(facts.get("another").is_none());
    let with_a_switch = Facts::read(&FILE.replace("none yet", "Settings::arrays")).unwrap();
    assert_eq!(with_a_switch.get("list-form").unwrap().switch.as_deref(), Some("Settings::arrays"));
}

#[test]
fn each_thing_that_can_be_wrong_with_a_file_is_told() {
    let read = |from: &str, to: &str| {
        assert!(FILE.contains(from), "{from}");
        Facts::read(&FILE.replacen(from, to, 1)).unwrap_err()
    };
    let fact = || "list-form".to_owned();
    let empty = |key| FactsError::Empty { fact: fact(), key };
    assert_eq!(read("list-form", "List form"), FactsError::Id { id: "List form".to_owned() });
    assert_eq!(read("\"array\"", "\"an--array\""), FactsError::Id { id: "an--array".to_owned() });
    assert_eq!(read("\"array\"", "\"page\""), FactsError::Twice { id: "list-form, page".to_owned() });
    assert_eq!(
        read(", { id = \"array\", means = \"An array.\" }", ""),
        FactsError::OneAnswer { fact: fact() }
    );
    let unknown = FactsError::UnknownAnswer { fact: fact(), answer: "list".to_owned() };
    assert_eq!(read("assumed = \"page\"", "assumed = \"list\""), unknown);
    for (text, key) in [
        ("What a list is.", "says"),
        ("An array.", "answers"),
        ("Both are read.", "harmless"),
        ("It is listed.", "probe"),
        ("Certainty.", "buys"),
        ("listThings", "marks"),
        ("none yet", "switch"),
        ("src/list.rs", "where"),
    ] {
        assert_eq!(read(text, " "), empty(key));
    }
    assert_eq!(read("[\"listThings\"]", "[\"a\", \"a\"]"), FactsError::MarkTwice { mark: "a".to_owned() });
    assert_eq!(read("question = 4", "question = 3"), FactsError::Question { question: 3 });
    assert_eq!(read("Nothing asks.", ""), FactsError::NoReason { question: 4 });
    let twice = format!("{FILE}{}", FILE.replace("listThings", "other").split("[[unused]]").next().unwrap());
    assert_eq!(Facts::read(&twice), Err(FactsError::Twice { id: fact() }));
    for (from, to) in [
        ("tier = \"read\"", "tier = \"burn\""),
        ("settles", "because"),
        ("switch = \"none yet\"", ""),
        ("says", "sais"),
        ("question = 4", "question = \"four\""),
    ] {
        assert!(matches!(read(from, to), FactsError::Form(_)), "{from}");
    }
}
