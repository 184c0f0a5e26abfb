//! Checkboxes, and the words for yes and no.

use serde_json::json;
use smartsync_core::value::{FieldType, ValueError::*};

use super::{oneflow, plain, teamtailor};

#[test]
fn a_checkbox_is_read_in_every_form_that_the_services_use() {
    let format = plain(FieldType::Checkbox);
    for (text, expected) in [("1", "true"), ("0", "false")] {
        assert_eq!(oneflow(&format, text).as_deref(), Ok(expected));
    }
    for (json, expected) in
        [(json!(true), "true"), (json!("true"), "true"), (json!("false"), "false"), (json!(["true"]), "true")]
    {
        assert_eq!(teamtailor(&format, &json).as_deref(), Ok(expected));
    }
    assert_eq!(oneflow(&format, "maybe"), Err(Unreadable));
    assert_eq!(oneflow(&format, "").as_deref(), Ok(""), "empty is not the same as unchecked");
}

#[test]
fn the_words_for_yes_and_no_are_read_in_any_case() {
    let format = plain(FieldType::Checkbox);
    let table = [
        ("English", ["yes", "true", "on", "Checked"], ["no", "false", "OFF", "unchecked"]),
        ("Swedish", ["Ja", "sant", "på", "ikryssad"], ["NEJ", "falskt", "av", "ej ikryssad"]),
        ("Norwegian", ["ja", "sant", "på", "avkrysset"], ["Nei", "usant", "av", "ikke avkrysset"]),
        ("Danish", ["ja", "SAND", "til", "afkrydset"], ["nej", "falsk", "fra", "ikke afkrydset"]),
        ("Finnish", ["Kyllä", "KYLLÄ", "tosi", "valittu"], ["ei", "EI", "epätosi", "ei valittu"]),
        ("German", ["ja", "wahr", "ein", "angekreuzt"], ["nein", "falsch", "aus", "nicht angekreuzt"]),
        ("Dutch", ["ja", "waar", "aan", "aangevinkt"], ["nee", "onwaar", "uit", "niet aangevinkt"]),
        ("French", ["Oui", "vrai", "activé", "coché"], ["non", "faux", "désactivé", "non coché"]),
        ("Spanish", ["Sí", "si", "verdadero", "marcado"], ["no", "falso", "desactivado", "no  marcado"]),
        ("signs", ["1", "✓", "✔", "☑"], ["0", "☐", "０", "Ｎｏ"]),
    ];
    for (language, yes, no) in table {
        for word in yes {
            assert_eq!(oneflow(&format, word).as_deref(), Ok("true"), "{language}: {word}");
        }
        for word in no {
            assert_eq!(oneflow(&format, word).as_deref(), Ok("false"), "{language}: {word}");
        }
    }
}

#[test]
fn what_could_mean_either_is_neither_yes_nor_no() {
    for text in ["x", "☒", "y", "n", "j", "-", "2", "01", "yes no", "ja/nej", "yes, please", "ok"] {
        assert_eq!(oneflow(&plain(FieldType::Checkbox), text), Err(Unreadable), "{text}");
    }
}

#[test]
fn a_checkbox_in_a_text_field_is_written_as_a_word() {
    let typed = plain(FieldType::Checkbox).stored_as(FieldType::Text);
    let value = typed.read_oneflow("1").unwrap().unwrap();
    assert_eq!(typed.write_teamtailor(&value), Ok(json!("true")));
    assert_eq!(teamtailor(&typed, &json!("Ja")).as_deref(), Ok("true"));
    assert_eq!(teamtailor(&typed, &json!(0)).as_deref(), Ok("false"));
}
