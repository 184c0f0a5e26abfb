//! What is wrong with a mapping is shown as rustc does, and no other section is.

use smartsync::{Config, ConfigFile, config::Diagnostics};
use smartsync_core::{FieldMapping, Schemas, candidate::CandidateField};

fn schemas() -> Schemas {
    serde_json::from_str(include_str!("../../../smartsync-core/tests/it/mapping_schemas.json")).unwrap()
}

fn found(text: &str) -> Diagnostics {
    ConfigFile::from_toml(text).unwrap().diagnose(Some(&schemas()))
}

#[test]
fn each_has_its_code_its_line_an_arrow_and_what_to_write() {
    let text = r#"
[sync]
link   = ["ledger", "e-mail"]
locale = { decimal = "comma", dateorder = "dmy" }

[[field]]
oneflow    = "salary"
teamtailor = "custom:salery"   # a slip

[[field]]
oneflow = "start-date"
"#;
    assert_eq!(
        found(text).to_string(),
        r#"error[SM0003]: `e-mail` is not a valid value for `link`
 --> configuration:3:21
  |
3 | link   = ["ledger", "e-mail"]
  |                     ^^^^^^^^
  |
  = help: write `email`, `ledger`, `data_field` or `participant_custom_id`

error[SM0001]: unknown key `dateorder` in `sync.locale`
 --> configuration:4:31
  |
4 | locale = { decimal = "comma", dateorder = "dmy" }
  |                               ^^^^^^^^^
  |
  = help: write `date_order`

error[SM0041]: Teamtailor has no candidate custom field `salery`
 --> configuration:8:14
  |
8 | teamtailor = "custom:salery"   # a slip
  |              ^^^^^^^^^^^^^^^
  |
  = help: write `custom:salary`

error[SM0004]: the entry is missing `teamtailor`
  --> configuration:10:1
   |
10 | [[field]]
   | ^^^^^^^^^
   |
   = help: write `teamtailor = "custom:..."` with the api-name of a custom field, or a default field such as "phone"
"#
    );
}

#[test]
fn other_places_are_labelled() {
    let text = r#"
[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"

[[field]]
oneflow    = "notes"
teamtailor = "pitch"
"#;
    assert_eq!(
        found(text).to_string(),
        r#"error[SM0017]: `notes` is also paired with another candidate field
 --> configuration:7:14
  |
3 | oneflow    = "notes"
  |              ------- also here
...
7 | oneflow    = "notes"
  |              ^^^^^^^
  |
  = help: keep one of the entries, or give them `template_types` or `workspaces` that do not overlap
"#
    );
}

#[test]
fn what_is_not_in_the_text_is_shown_where_it_would_be() {
    assert_eq!(
        found("[sync]\nlink = [\"data_field\"]\n").to_string(),
        r#"error[SM0012]: `data_field` needs a data field, but `link_data_field` is not set
 --> configuration:2:9
  |
2 | link = ["data_field"]
  |         ^^^^^^^^^^^^
  |
  = help: set `link_data_field = "..."` to the custom_id of a data field, or remove `data_field`
"#
    );
    assert_eq!(
        found("[sync]\ndocument = { attach = false }\nconvention = false\n").to_string(),
        "\
warning[SM0033]: nothing is synced: there are no entries, and the convention and documents are turned off
 --> configuration:3:1
  |
3 | convention = false
  | ^^^^^^^^^^
  |
  = help: add a `[[field]]` entry, or set `convention = true`
"
    );
    let mut other = schemas();
    other.version = 2;
    let nowhere = ConfigFile::from_toml("[sync]\n").unwrap().diagnose(Some(&other));
    assert_eq!(
        nowhere.to_string(),
        "\
error[SM0034]: the saved schemas have format version 2, but this version of SmartSync reads version 1
--> configuration
 = help: save them again with the version of SmartSync that will read them
"
    );
}

#[test]
fn a_mapping_that_a_host_has_changed_has_no_lines_any_more() {
    let text = "[oneflow]\ntoken = { env = \"A\" }\n[teamtailor]\ntoken = { env = \"A\" }\n\
                [sync]\nconvention = false\n[[field]]\noneflow = \"nots\"\nteamtailor = \"custom:notes\"\n";
    let mut config = Config::from_toml(text).unwrap();
    let lines = |config: &Config| {
        let json = serde_json::to_value(config.diagnose(&schemas())).unwrap();
        json.as_array().unwrap().iter().map(|found| found["line"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&config), [8]);
    config.mapping.fields.insert(0, FieldMapping::new("phone", CandidateField::custom("oneflow-city")));
    assert_eq!(lines(&config), [serde_json::Value::Null]);
}

#[test]
fn a_value_of_several_lines_is_pointed_at_in_its_first() {
    assert_eq!(
        found("[sync]\nlink = [\n]\ndocument.file_name = '''\ncontract\n'''\n").to_string(),
        "\
error[SM0011]: `link` is empty, so no candidate would ever be found
 --> configuration:2:8
  |
2 | link = [
  |        ^
  |
  = help: remove it, or write `[\"ledger\", \"participant_custom_id\"]`

error[SM0009]: the file name does not contain `({contract_id})`, which identifies the document on the card
 --> configuration:4:22
  |
4 | document.file_name = '''
  |                      ^^^
  |
  = help: add `({contract_id})`, including the parentheses
"
    );
}

#[test]
fn columns_are_counted_in_characters() {
    let found = found("field = [{ oneflow = \"nötes\", teamtailor = \"custom:notes\", wen = 1 }]");
    assert_eq!(
        found.to_string(),
        r#"error[SM0037]: Oneflow has no data field `nötes`
 --> configuration:1:22
  |
1 | field = [{ oneflow = "nötes", teamtailor = "custom:notes", wen = 1 }]
  |                      ^^^^^^^
  |
  = help: write `notes`

error[SM0001]: unknown key `wen` in an entry
 --> configuration:1:60
  |
1 | field = [{ oneflow = "nötes", teamtailor = "custom:notes", wen = 1 }]
  |                                                            ^^^
  |
  = help: write `when`
"#
    );
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!((&json[1]["line"], &json[1]["column"]), (&1.into(), &60.into()));
}

#[test]
fn json_is_shown_as_it_is_written() {
    let text = r#"{
  "field": [
    { "oneflow": "notes", "teamtailor": "custom:notes", "on_conflct": "hold" },
    {
      "oneflow": "notes"
    }
  ]
}"#;
    assert_eq!(
        ConfigFile::from_json(text).unwrap().diagnose(None).to_string(),
        r#"error[SM0001]: unknown key `on_conflct` in an entry
 --> configuration:3:57
  |
3 |     { "oneflow": "notes", "teamtailor": "custom:notes", "on_conflct": "hold" },
  |                                                         ^^^^^^^^^^^^
  |
  = help: write `on_conflict`

error[SM0004]: the entry is missing `teamtailor`
 --> configuration:4:5
  |
4 |     {
  |     ^
  |
  = help: write `teamtailor = "custom:..."` with the api-name of a custom field, or a default field such as "phone"
"#
    );
}

#[test]
fn nothing_of_another_section_is_shown() {
    let one_line = r#"{"oneflow":{"token":"hunter2"},"sync":{"links":1},"store":{"key":["hunter2"]}}"#;
    let found_in_json = ConfigFile::from_json(one_line).unwrap().diagnose(None);
    assert_eq!(
        found_in_json.to_string(),
        r#"error[SM0001]: unknown key `links` in `sync`
 --> configuration:1:40
  |
1 | {_________:___________________,"sync":{"links":1},_______:___________________}
  |                                        ^^^^^^^
  |
  = help: write `link`
"#
    );

    // Lines between two arrows are shown, too.
    let toml = r#"
[[field]]
oneflow    = "notes"
teamtailor = "custom:notes"
[oneflow] # hunter2
[[field]]
oneflow    = "notes"
teamtailor = "pitch"
[teamtailor]
token = "hunter2"
# hunter2
[[field]]
oneflow = """
"""
[store]
key = "hunter2"
"#;
    let found = found(toml);
    assert!(found.has_errors());
    let json = serde_json::to_string(&found).unwrap();
    for shown in [found.to_string(), found.render(true), format!("{found:?}"), json] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn colours_are_only_there_when_they_are_asked_for() {
    let found = found("[sync]\nlinks = []\n");
    assert!(!found.render(false).contains('\u{1b}'));
    assert!(found.render(true).contains("\u{1b}["));
}

#[test]
fn as_json_each_has_line_and_column_and_so_have_other_places() {
    let text = "\
[[field]]
oneflow = \"notes\"
teamtailor = \"custom:notes\"
[[field]]
oneflow = \"notes\"
teamtailor = \"pitch\"
";
    assert_eq!(
        serde_json::to_string_pretty(&found(text)).unwrap(),
        r#"[
  {
    "code": "SM0017",
    "severity": "error",
    "message": "`notes` is also paired with another candidate field",
    "help": "keep one of the entries, or give them `template_types` or `workspaces` that do not overlap",
    "place": "field[1].oneflow",
    "line": 5,
    "column": 11,
    "related": [
      {
        "note": "also here",
        "place": "field[0].oneflow",
        "line": 2,
        "column": 11
      }
    ]
  }
]"#
    );
}

#[test]
fn the_first_hundred_are_shown_and_how_many_more_there_are() {
    let shown = |items: usize| found(&format!("[sync]\nlink = [{}]\n", "0, ".repeat(items)));
    let hundred = shown(100).to_string();
    assert_eq!(hundred.matches("error[SM0002]").count(), 100);
    assert!(!hundred.contains("more"), "{hundred}");

    let many = shown(250);
    let text = many.to_string();
    assert_eq!(text.matches("error[SM0002]").count(), 100);
    assert!(
        text.ends_with(
            "\n\nnote: and 150 more, 150 of them errors; correct these first, or read all of them as JSON\n"
        ),
        "{text}"
    );
    let json = serde_json::to_value(&many).unwrap();
    let json = json.as_array().unwrap();
    assert_eq!(json.len(), 250, "as JSON, none is left out");
    assert_eq!((&json[249]["line"], &json[249]["column"]), (&2.into(), &(9 + 3 * 249).into()));
    assert!(text.lines().all(|line| line.chars().count() < 300), "a long line is cut");
}

#[test]
fn it_is_said_whether_there_are_errors_among_those_that_are_not_shown() {
    let texts = [
        ("", "and 1 more, none of them an error;"),
        (
            "[[field]]\noneflow = \"notes\"\nteamtailor = \"custom:notes\"\nwen = 1\n",
            "and 2 more, 1 of them an error;",
        ),
    ];
    for (last, expected) in texts {
        let repeated = format!("[sync]\nlink = [\"ledger\"{}]\n", ", \"ledger\"".repeat(101));
        let text = found(&format!("{repeated}{last}")).to_string();
        assert_eq!(text.matches("warning[SM0015]").count(), 100, "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_line_that_nobody_has_typed_is_not_drawn() {
    let text = |length: usize| format!("[sync]\nlinks = \"{}\"\n", "x".repeat(length - 10));
    let drawn = found(&text(2_000)).to_string();
    assert!(drawn.contains("\n2 | links = "), "{drawn}");
    assert_eq!(
        found(&text(2_001)).to_string(),
        "\
error[SM0001]: unknown key `links` in `sync`
--> configuration:2:1
 = help: write `link`
"
    );
}

#[test]
fn ten_other_places_are_pointed_at_and_the_rest_is_counted() {
    let entries =
        |count: usize| "[[field]]\noneflow = \"notes\"\nteamtailor = \"custom:notes\"\n\n".repeat(count);
    for (count, more) in
        [(11, None), (12, Some("= note: and 1 more place\n")), (40, Some("= note: and 29 more places\n"))]
    {
        let found = found(&entries(count));
        let text = found.to_string();
        assert_eq!(text.matches("also here").count(), 10, "{text}");
        assert_eq!(text.contains("more place"), more.is_some(), "{text}");
        assert!(text.contains(more.unwrap_or_default()), "{text}");
        assert!(text.contains(&format!("--> configuration:{}:11\n", 4 * count - 2)), "{text}");
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(json[0]["related"].as_array().unwrap().len(), count - 1);
    }
}

/// Texts with what a drawing may stumble over: tabs, CRLF, wide and combining characters, empty and long lines.
const ODD: [&str; 3] = [
    "[sync]\r\nlink\t= [\"ledgr\", \"email\",\r\n\t\"é\u{301}漢字\"]\r\n[[field]]\r\noneflow = \"😀\"\r\nteamtailor = 1\r\n",
    "sync = { document = { file_name = \"\"\"\n\n😀\n\"\"\" } }\nfield = [{ oneflow = '', \"\" = 1 }, 2031-01-02, [[]]]\n",
    "{\"sync\":{\"link\":[\"\u{7f}\"],\t\"漢\":0},\r\n\r\n\"field\":[{},[],null,{\"oneflow\":\"e\u{301}\",\"teamtailor\":\"\\u0000\"}]}",
];

#[test]
fn no_text_breaks_the_drawing() {
    let random = &mut fastrand::Rng::with_seed(7);
    let pieces = [
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        ":",
        "\n",
        "\r\n",
        "\t",
        "😀",
        "e\u{301}",
        "sync",
        "[[field]]\n",
        "1",
    ];
    let (mut parsed, mut drawn) = (0, 0);
    for round in 0..6000 {
        let mut text: Vec<char> = ODD[round % 3].chars().collect();
        for _ in 0..random.usize(0..4) {
            let (from, piece) = (random.usize(..text.len()), pieces[random.usize(..pieces.len())]);
            let to = (from + random.usize(0..4)).min(text.len());
            text.splice(from..to, piece.chars());
        }
        let text = String::from_iter(text);
        for file in [ConfigFile::from_toml(&text), ConfigFile::from_json(&text)].into_iter().flatten() {
            let found = file.diagnose(Some(&schemas()));
            let shown = found.render(true) + &found.to_string();
            serde_json::to_string(&found).unwrap();
            parsed += 1;
            drawn += usize::from(shown.contains("-->"));
        }
    }
    assert!(parsed > 1000 && drawn > 1000, "{parsed} parsed, {drawn} drawn");
}
