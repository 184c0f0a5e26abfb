//! Telephone numbers.

use serde_json::json;
use smartsync_core::{
    ContractRequest,
    value::{Country, FieldFormat, FieldType, FieldValue, Locale, PhoneNumber, ValueError::*},
};
use smartsync_transport::ScriptedTransport;

use super::{oneflow, plain, teamtailor};
use crate::support::stage::{DEFINITIONS, OPTIONS, Stage, candidate};

fn phone() -> FieldFormat {
    plain(FieldType::Phone)
}

fn dialled_in(country: &str) -> FieldFormat {
    phone().locale(Locale::default().country(country.parse().unwrap()))
}

#[test]
fn an_international_number_needs_no_country() {
    for text in [
        "+46701234567",
        "+46 70 123 45 67",
        "+46 (0)70-123 45 67",
        "(+46) 70.123.45.67",
        "+46\u{a0}70/123\u{2011}45\u{2013}67",
        "0046 70 123 45 67",
        "00 46 (0) 70 123 45 67",
        "＋４６ ７０ １２３ ４５ ６７",
        "\u{202a}+46 70 123 45 67\u{202c}",
    ] {
        assert_eq!(oneflow(&phone(), text).as_deref(), Ok("+46701234567"), "{text}");
        assert_eq!(oneflow(&dialled_in("SE"), text).as_deref(), Ok("+46701234567"), "{text}");
        assert_eq!(oneflow(&dialled_in("DE"), text).as_deref(), Ok("+46701234567"), "{text}");
    }
}

#[test]
fn a_national_number_is_read_as_it_is_dialled_in_the_declared_country() {
    for (country, text, normal) in [
        ("SE", "070-123 45 67", "+46701234567"),
        ("SE", "08-12 34 56", "+468123456"),
        ("SE", "46 70 123 45 67", "+46701234567"),
        ("NO", "412 34 567", "+4741234567"),
        ("DK", "20 12 34 56", "+4520123456"),
        ("FI", "040 123 4567", "+358401234567"),
        ("DE", "030/123456", "+4930123456"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("NL", "06 12345678", "+31612345678"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("ES", "612 34 56 78", "+34612345678"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("US", "(202) 555-0173", "+12025550173"),
        ("US", "011 46 70 123 45 67", "+46701234567"),
        ("SE", "08-123 456 78 ext. 12", "+46812345678;ext=12"),
        ("SE", "08-123 456 78 x12", "+46812345678;ext=12"),
    ] {
        assert_eq!(oneflow(&dialled_in(country), text).as_deref(), Ok(normal), "{country} {text}");
        assert_eq!(teamtailor(&dialled_in(country), &json!(text)).as_deref(), Ok(normal), "{country} {text}");
    }
}

#[test]
fn without_a_country_a_national_number_is_compared_as_it_is_dialled() {
    for (text, normal) in [
        ("070-123 45 67", "0701234567"),
        ("(070) 123 45 67", "0701234567"),
        ("0701234567", "0701234567"),
        ("46 70 123 45 67", "46701234567"),
        ("112", "112"),
        ("12025550173", "12025550173"),
        ("123456789012345", "123456789012345"),
        ("0099 12 34", "00991234"),
        ("08-123 456 Ext 7", "08123456;ext=7"),
    ] {
        assert_eq!(oneflow(&phone(), text).as_deref(), Ok(normal), "{text}");
    }
    let national = phone().read_oneflow("070-123 45 67").unwrap();
    assert_ne!(national, phone().read_oneflow("+46 70 123 45 67").unwrap());
    assert_eq!(
        dialled_in("SE").read_oneflow("070-123 45 67"),
        dialled_in("SE").read_teamtailor(&json!("+46701234567"))
    );
}

#[test]
fn what_is_no_telephone_number_is_never_guessed() {
    for text in [
        "call after five",
        "+",
        "12",
        "+46 70",
        "+46",
        "+999 123 456 789",
        "+46 70 123 45 67 89 01",
        "1234567890123456",
        "+1 800 FLOWERS",
        "+1 111 111 1111",
        "070+1234567",
        "0701234567, 0707654321",
        "0701234567; 08123456",
        "0701234567\n0707654321",
        "0701234567#12",
        "0701234567 p 12",
        "070-123 45 67 ext.",
        "070-123 45 67 ext 1a",
        "070-123 45 67 (home)",
        "tel 070-123 45 67",
        "٠٧٠١٢٣٤٥٦٧",
        "070·123",
    ] {
        assert_eq!(oneflow(&phone(), text), Err(Unreadable), "{text}");
        assert_eq!(oneflow(&dialled_in("SE"), text), Err(Unreadable), "{text}");
    }
    for text in ["112", "070", "070-123 45 67 89 10"] {
        assert_eq!(oneflow(&dialled_in("SE"), text), Err(Unreadable), "no number of that country: {text}");
    }
}

#[test]
fn a_number_on_a_card_is_taken_as_it_is() {
    for text in ["call after five", "+46 70 123", "070-123 45 67 (home)"] {
        assert_eq!(teamtailor(&phone(), &json!(text)).as_deref(), Ok(text));
        let value = phone().read_teamtailor(&json!(text)).unwrap().unwrap();
        assert_eq!(phone().write_oneflow(&value), Err(Lossy), "no contract gets it");
    }
    assert_eq!(teamtailor(&phone(), &json!("  call \n me")).as_deref(), Ok("call me"));
    assert_eq!(teamtailor(&phone(), &json!(46701234567_i64)).as_deref(), Ok("46701234567"));
}

#[test]
fn a_number_is_written_as_it_was_typed() {
    let format = dialled_in("SE");
    for typed in ["070-123 45 67", "+46 (0)70-123 45 67", "08-123 456 78 ext. 12"] {
        let value = format.read_oneflow(typed).unwrap().unwrap();
        assert_eq!(format.write_teamtailor(&value), Ok(json!(typed)));
        assert_eq!(format.write_oneflow(&value).as_deref(), Ok(typed));
    }
}

#[test]
fn only_a_number_that_can_be_called_from_anywhere_has_an_e164_form() {
    let sweden: Option<Country> = "SE".parse().ok();
    let e164 = |text, country| PhoneNumber::read(text, country).unwrap().e164().map(str::to_owned);
    assert_eq!(e164("+46 70 123 45 67", None).as_deref(), Some("+46701234567"));
    assert_eq!(e164("070-123 45 67", sweden).as_deref(), Some("+46701234567"));
    assert_eq!(e164("070-123 45 67", None), None);
    assert_eq!(e164("08-123 456 78 ext. 12", sweden), None, "an extension is no part of it");
    let number = PhoneNumber::read("070-123 45 67", sweden).unwrap();
    assert_eq!(
        format!("{number:?} {:?}", FieldValue::Phone(number.clone())),
        "PhoneNumber(_) FieldValue(phone)"
    );
}

#[test]
fn a_country_is_declared_by_its_two_letters() {
    let locale: Locale = toml::from_str("country = \"SE\"").unwrap();
    assert_eq!(locale.country.map(Country::as_str), Some("SE"));
    assert_eq!("SE".parse::<Country>().unwrap().to_string(), "SE");
    assert_eq!(serde_json::to_value(locale).unwrap(), json!({ "country": "SE" }));
    for text in ["se", "Se", "SWE", "Sweden", "XX", "46", "001", ""] {
        assert!(text.parse::<Country>().is_err(), "{text}");
    }
    assert_eq!(
        toml::from_str::<Locale>("country = \"sweden\"").unwrap_err().message(),
        "`sweden` is not a country code: write two capital letters, such as SE"
    );
}

#[tokio::test]
async fn a_new_contracts_signer_gets_the_number_in_international_form() {
    let national = r#"{ "first-name": "Ida", "last-name": "Example", "email": "ida@example.com", "phone": "070-123 45 67" }"#;
    let template =
        r#"{ "id": 88, "name": "Employment", "template_type": { "id": 4711 }, "template_active": true }"#;
    let kind = r#"{ "id": 4711, "data_fields": [ { "id": 1, "custom_id": "phone" } ] }"#;
    for (mapping, expected) in
        [("", json!(null)), ("[sync]\nlocale = { country = \"SE\" }", json!("+46701234567"))]
    {
        let oneflow = ScriptedTransport::new().json(200, template).json(200, kind);
        let teamtailor = ScriptedTransport::new()
            .json(200, candidate(national, &[], &[]))
            .json(200, DEFINITIONS)
            .json(200, OPTIONS);
        let stage = Stage::new(mapping, oneflow.json(500, ""), teamtailor);
        let request = ContractRequest::new("hire-1".parse().unwrap(), "4711".into(), 88.into(), 12.into());
        let plan = stage.engine.plan_contract(&request).await.unwrap();
        assert!(stage.engine.create(plan).await.is_err(), "the answer is of no interest here");
        let body = stage.writes()[0].strip_prefix("POST /v1/contracts/create ").unwrap().to_owned();
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            body["parties"][0]["participant"].get("phone_number").cloned().unwrap_or_default(),
            expected
        );
        assert_eq!(body["data_fields"], json!([{ "custom_id": "phone", "value": "070-123 45 67" }]));
    }
}
