//! Values that are valid and could do harm on a card are held, each with its reason; ordinary ones are written.

use std::collections::BTreeMap;

use smartsync_core::{
    Reason,
    value::{
        FieldType,
        ValueError::{self, *},
    },
};

use crate::support::field_of_table::{
    Field::{self, Choice, Email, Linkedin, Name, Number, NumberInText, Phone, Text, Url},
    code, format, good, planned, shape, targets,
};

const HOSTILE: &[(Field, &str, ValueError)] = &[
    (Text, "<script>alert(1)</script>", Markup),
    (Text, "<img src=x onerror=alert(1)>", Markup),
    (Text, "<svg/onload=alert(1)>", Markup),
    (Text, "Stockholm<br>Sweden", Markup),
    (Text, "</td><td>42", Markup),
    (Text, "<!-- note -->", Markup),
    (Text, "<!doctype html>", Markup),
    (Text, "<?php phpinfo();", Markup),
    (Text, "<a href=\"https://example.com\">my page</a>", Markup),
    (Text, "if a<b then", Markup),
    (Text, "line one\n<iframe src=//example.com>", Markup),
    (Text, "\u{ff1c}script\u{ff1e}", Markup),
    (Text, "<<script>", Markup),
    (Text, "<é>", Markup),
    (Text, "<я>", Markup),
    (Name, "<b>Ida</b>", Markup),
    (Name, "Ida<img src=x>", Markup),
    (Name, "Ida </b", Markup),
    (Name, "Ida <!", Markup),
    (Text, "=HYPERLINK(\"https://example.com\")", Formula),
    (Text, "=1+1", Formula),
    (Text, "=cmd|' /C calc'!A0", Formula),
    (Text, "=)", Formula),
    (Text, "= 42", Formula),
    (Text, "\u{ff1d}1+1", Formula),
    (Text, "\t=1+1", Formula),
    (Text, "\r=1+1", Formula),
    (Text, "\u{200b}=1+1", Formula),
    (Text, "+cmd|' /C calc'!A0", Formula),
    (Text, "-cmd|' /C calc'!A0", Formula),
    (Text, "@SUM(A1:A9)", Formula),
    (Text, "+(1)", Formula),
    (Text, "-(1)", Formula),
    (Text, "@(1)", Formula),
    (Text, "\u{ff0b}A1", Formula),
    (Text, "\u{ff0d}A1", Formula),
    (Text, "\u{ff20}SUM(A1)", Formula),
    (Text, "+A1+A2", Formula),
    (Name, "=Ida", Formula),
    (Name, "+Ida", Formula),
    (Name, "-Ida", Formula),
    (Email, "=ida@example.com", Formula),
    (Email, "+ida@example.com", Formula),
    (Email, "-ida@example.com", Formula),
    (Text, "\u{fe64}script\u{fe65}", Markup),
    (Text, "\u{fe64}img src=x onerror=alert(1)\u{fe65}", Markup),
    (Text, "<\u{200b}script>alert(1)</script>", Markup),
    (Text, "<\u{200b}\u{ad}script>", Markup),
    (Text, "\u{fe64}\u{200b}/td>", Markup),
    (Text, "<\u{2060}!--", Markup),
    (Text, "see <\u{feff}b>here", Markup),
    (Text, "\u{ff1c}\u{200b}i>", Markup),
    (Name, "\u{fe64}b\u{fe65}Ida", Markup),
    (Text, "\u{fe66}1+1", Formula),
    (Text, "\u{fe66}cmd|' /C calc'!A0", Formula),
    (Text, "\u{207c}1+1", Formula),
    (Text, "\u{fe62}A1", Formula),
    (Text, "\u{fe63}A1", Formula),
    (Text, "\u{fe6b}SUM(A1)", Formula),
    (Text, "\u{fe62}\u{fe59}1)", Formula),
    (Text, "+\u{200b}cmd|' /C calc'!A0", Formula),
    (Text, "@\u{ad}SUM(A1)", Formula),
    (Text, "=\u{338}1+1", Formula),
    (Text, "+1+cmd|' /C calc'!A0", Formula),
    (Text, "-1+cmd|' /C calc'!A0", Formula),
    (Text, "-2+3+cmd|' /C calc'!A0", Formula),
    (Text, "+1+HYPERLINK(\"https://example.com\",A1)", Formula),
    (Text, "-1*SUM(A1:A9)", Formula),
    (Text, "+1+Sheet1!A1", Formula),
    (Text, "+1+'Sheet 1'!A1", Formula),
    (Text, "- cmd|' /C calc'!A0", Formula),
    (Text, "+ SUM(A1:A9)", Formula),
    (Text, "@ SUM(A1:A9)", Formula),
    (Text, "--cmd|' /C calc'!A0", Formula),
    (Text, "+.5+WEBSERVICE(\"https://example.com\")", Formula),
    (Text, "-\t1+SUM(A1:A9)", Formula),
    (Text, "\u{ff0b}1+cmd\u{ff5c}' /C calc'\u{ff01}A0", Formula),
    (Text, "+\u{200b}1+SUM\u{200b}(A1:A9)", Formula),
    (Text, "+1+cmd|calc!A0", Formula),
    (Text, "-1+Sheet1!$A$1", Formula),
    (Name, "\u{fe66}Ida", Formula),
    (Name, "+1+Ida(1)", Formula),
    (Email, "+1+cmd|x!a0@example.com", Formula),
    (Text, "invoice\u{202e}fdp.exe", TurnedText),
    (Text, "a\u{202d}b", TurnedText),
    (Text, "a\u{202a}b", TurnedText),
    (Text, "a\u{202b}b", TurnedText),
    (Text, "a\u{202c}b", TurnedText),
    (Text, "a\u{2066}b", TurnedText),
    (Text, "a\u{2067}b", TurnedText),
    (Text, "a\u{2068}b", TurnedText),
    (Text, "a\u{2069}b", TurnedText),
    (Text, "=1\u{202e}+1", TurnedText),
    (Text, "\u{5e9}\u{202e}\u{5dc}", TurnedText),
    (Text, "p\u{430}ypal", LookAlike),
    (Text, "see p\u{430}ypal for more", LookAlike),
    (Text, "p\u{301}\u{430}ypal", LookAlike),
    (Text, "p\u{200b}\u{430}ypal", LookAlike),
    (Text, "p\u{ad}\u{430}ypal", LookAlike),
    (Text, "Αpple", LookAlike),
    (Text, "g\u{3bf}\u{3bf}gle", LookAlike),
    (Text, "Ѕweden", LookAlike),
    (Text, "Москвa", LookAlike),
    (Text, "Αθήνa", LookAlike),
    (Text, "Հayastan", LookAlike),
    (Text, "ᎪLPHA", LookAlike),
    (Text, "東京x\u{430}", LookAlike),
    (Name, "Id\u{430}", LookAlike),
    (Name, "\u{421}arl", LookAlike),
    (Name, "Iда", LookAlike),
    (Name, "Anna \u{412}erg", LookAlike),
    (Name, "O’\u{412}rien\u{a0}B\u{435}rg", LookAlike),
    (Email, "id\u{430}@example.com", LookAlike),
    (Email, "ida@ex\u{430}mple.com", LookAlike),
    (Email, "ida@\u{430}\u{440}\u{440}\u{435}.com", LookAlike),
    (Email, "\u{455}\u{43e}\u{440}\u{435}@example.com", LookAlike),
    (Url, "https://p\u{430}ypal.com", LookAlike),
    (Url, "https://\u{430}\u{440}\u{440}\u{4cf}\u{435}.com", LookAlike),
    (Url, "\u{440}\u{430}\u{443}\u{440}\u{430}.com/in", LookAlike),
    (Url, "https://example.com/log\u{456}n", LookAlike),
    (Url, "https://g\u{3bf}ogle.com", LookAlike),
    (Linkedin, "https://example.com/in/ida", NotOnLinkedin),
    (Linkedin, "https://linkedin.com.example.org/in/ida", NotOnLinkedin),
    (Linkedin, "https://notlinkedin.com/in/ida", NotOnLinkedin),
    (Linkedin, "linkedin.co/in/ida", NotOnLinkedin),
    (Linkedin, "https://lnkd.in/abc", NotOnLinkedin),
    (Linkedin, "https://example.com/?linkedin.com", NotOnLinkedin),
    (Linkedin, "https://example.com/#.linkedin.com", NotOnLinkedin),
    (Linkedin, "http://192.0.2.1/linkedin.com", NotOnLinkedin),
    (Linkedin, "https://xn--linkedn-qza.com/in/ida", NotOnLinkedin),
    (Linkedin, "https://l\u{456}nkedin.com/in/ida", NotOnLinkedin),
];

const ORDINARY: &[(Field, &str)] = &[
    (Text, "- see notes"),
    (Text, "-5 %"),
    (Text, "+46 70 123 45 67"),
    (Text, "-5 to -10 degrees"),
    (Text, "3+ years"),
    (Text, "+46 (0)70-123 45 67"),
    (Text, "+1 (555) 123 4567"),
    (Text, "+46 70 123 45 67 | home"),
    (Text, "+46 70 123 45 67 (evenings)"),
    (Text, "+5 years (Java)"),
    (Text, "+1 day(s)"),
    (Text, "-5 degree(s), brr!"),
    (Text, "- see note(s)"),
    (Text, "- wow!\n- and more!"),
    (Text, "- Java | Rust | Go"),
    (Text, "-5 \u{b0}C (outside)"),
    (Text, "+46-70-123 45 67!"),
    (Text, "\u{fe63} see notes"),
    (Text, "\u{ff1c}3 years"),
    (Text, "\u{fe64} 3 years"),
    (Text, "-1+2"),
    (Text, "Donau\u{ad}dampfschiff <3"),
    (Text, "I <\u{200b}3 Rust"),
    (Text, "f(x) and g(y)!A"),
    (Text, "+1 day"),
    (Text, "@ home"),
    (Text, "<3 years"),
    (Text, "< 3 years"),
    (Text, "I <3 Rust"),
    (Text, "a < b, c > d"),
    (Text, "C++"),
    (Text, "C#"),
    (Text, "a=b"),
    (Text, "1 + 1 = 2"),
    (Text, "R&D \"lead\" (50 %)"),
    (Text, "ida@example.com"),
    (Text, "see https://example.com/a?b=c"),
    (Text, "first line\n=second line"),
    (Text, "3D-модель"),
    (Text, "IT-компания"),
    (Text, "iPhone’ом, PDF/договор"),
    (Text, "5 \u{b5}m"),
    (Text, "私はAPIを使う"),
    (Text, "PDF文件"),
    (Text, "한국어API 漢字"),
    (Text, "ㄅㄆ漢字ABC"),
    (Text, "Ελλάδα and Россия"),
    (Text, "\u{5e9}\u{5dc}\u{5d5}\u{5dd}, C++"),
    (Text, "می\u{200c}خواهم"),
    (Text, "👩\u{200d}💻 at work"),
    (Text, "Donau\u{ad}dampfschiff"),
    (Text, "3 \u{2192} 4, 20\u{b0}C, \u{2116} 5"),
    (Text, "\u{202a}+46 70 123 45 67\u{202c}"),
    (Name, "José"),
    (Name, "O'Brien"),
    (Name, "O’Brien"),
    (Name, "Anne-Marie"),
    (Name, "Jose\u{301}"),
    (Name, "Ида"),
    (Name, "Αθηνά"),
    (Name, "Łukasz Þór Ðorđe"),
    (Name, "Nguyễn Thị"),
    (Name, "X Æ A-12"),
    (Name, "李 Li"),
    (Name, "山田エミリー"),
    (Email, "ida+jobs@example.com"),
    (Email, "ida-berg@example.com"),
    (Email, "ida=berg@example.com"),
    (Email, "ida@bücher.example"),
    (Email, "ida@bærum.example"),
    (Email, "用户@例子.公司"),
    (Email, "ida@пример.рф"),
    (Email, "ida@עברית.example"),
    (Url, "https://example.com/a?x=1&y=2"),
    (Url, "https://bücher.example/é"),
    (Url, "https://例え.example/日本語abc"),
    (Url, "https://テスト.example/ノート"),
    (Url, "https://пример.рф"),
    (Url, "https://παράδειγμα.example"),
    (Url, "https://עברית.example"),
    (Url, "https://हिन्दी.example"),
    (Url, "https://مثال.example"),
    (Url, "https://한국.example"),
    (Url, "https://STRASSE-Ü.example"),
    (Url, "https://straße.example"),
    (Url, "https://đà-nẵng.example"),
    (Url, "https://xn--bcher-kva.example"),
    (Url, "https://example.com/either\u{2044}or?x=a\u{b7}b"),
    (Linkedin, "https://se.linkedin.com/in/ida"),
    (Linkedin, "LINKEDIN.com/in/ida"),
    (Linkedin, "http://www.linkedin.com:443/in/ida"),
    (Phone, "+46 70 123 45 67"),
    (Number, "-5"),
    (NumberInText, "-5"),
    (NumberInText, "+5"),
    (Choice, "Permanent"),
];

#[test]
fn a_value_that_could_do_harm_is_held_and_is_the_same_value_all_the_same() {
    for (field, text, error) in HOSTILE {
        assert!(error.could_harm(), "{error:?}");
        // It is a value of its type: on both sides, it is the same, and nothing is held.
        let value = format(*field).read_oneflow(text).unwrap().unwrap();
        let json = format(*field).write_teamtailor(&value).unwrap();
        for target in targets(*field) {
            for card in [None, Some(good(*field))] {
                let (ended, written) = planned(*field, &target, text, card);
                assert_eq!(ended, format!("held {}", code(*error)), "{field:?} {target} {text:?}");
                assert_eq!(written, None, "{field:?} {target} {text:?}");
            }
            let (ended, _) = planned(*field, &target, text, Some(json.clone()));
            assert_eq!(ended, "unchanged", "{field:?} {target} {text:?}");
        }
    }
}

#[test]
fn an_ordinary_value_is_written() {
    for (field, text) in ORDINARY {
        for target in targets(*field) {
            for card in [None, Some(good(*field))] {
                let (ended, written) = planned(*field, &target, text, card);
                assert_eq!(ended, "written", "{field:?} {target} {text:?}");
                assert!(written.is_some(), "{field:?} {target} {text:?}");
            }
        }
    }
}

#[test]
fn the_tables_are_as_wide_as_they_have_to_be() {
    assert!(HOSTILE.len() >= 80 && ORDINARY.len() >= 40, "{} {}", HOSTILE.len(), ORDINARY.len());
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (.., error) in HOSTILE {
        *rows.entry(code(*error)).or_default() += 1;
    }
    let may_harm = [Markup, Formula, TurnedText, LookAlike, NotOnLinkedin].map(code);
    assert!(may_harm.iter().all(|code| rows[code] >= 8), "{rows:?}");
    assert!(may_harm.iter().all(|code| Reason::ALL.iter().any(|reason| reason.code() == *code)));
    for kind in [FieldType::Text, FieldType::Email, FieldType::Url] {
        assert!(HOSTILE.iter().any(|(field, ..)| shape(*field).0 == kind), "{kind}");
    }
}
