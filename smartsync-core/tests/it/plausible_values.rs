//! What becomes of a contract's text, by the type of its field: one table.
//!
//! A text is a value, it is empty, or it is no value of its type and the field ends as `failed` with the reason. Each row is
//! read alone, and then planned for a card that holds a good value and for an empty one: only a value is ever written. A
//! value that is one and could do harm is held; those rows stand in `harmful_values.rs`.

use serde_json::json;
use smartsync_core::{
    FieldType,
    ValueError::{self, *},
};

use crate::support::field_of_table::{
    Field::{
        self, Amount, Checkbox, Choice, Choices, Date, DateInText, DayFirst, Email, Linkedin, Name, Number,
        NumberInText, Phone, PhoneIn, Text, Url,
    },
    code, format, good, planned, shape, targets,
};

/// What becomes of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expected {
    /// It is this value, in normal form, and is written.
    Is(&'static str),
    /// It is this value, and the card cannot hold it.
    TooMuch(&'static str),
    /// The field is empty, and nothing is written.
    Empty,
    /// It is no value of the type, and nothing is written.
    No(ValueError),
}

use Expected::{Empty, Is, No, TooMuch};

const NAMES: &[(Field, &str, Expected)] = &[
    (Name, "Ida", Is("Ida")),
    (Name, "José", Is("José")),
    (Name, "Jose\u{301}", Is("José")),
    (Name, "O'Brien", Is("O'Brien")),
    (Name, "O’Brien", Is("O’Brien")),
    (Name, "Anne-Marie van der Berg", Is("Anne-Marie van der Berg")),
    (Name, "Łukasz", Is("Łukasz")),
    (Name, "Nguyễn Thị", Is("Nguyễn Thị")),
    (Name, "X Æ A-12", Is("X Æ A-12")),
    (Name, "J.", Is("J.")),
    (Name, "李", Is("李")),
    (Name, "葛\u{e0100}城", Is("葛\u{e0100}城")),
    (Name, "علی\u{200c}رضا", Is("علی\u{200c}رضا")),
    (Name, "അവന്\u{200d}", Is("അവന്\u{200d}")),
    (Name, "शर्\u{200d}मा", Is("शर्\u{200d}मा")),
    (Name, " Ida\u{a0}", Is("Ida")),
    (Name, "\u{feff}Ida\u{200b}\u{ad}\u{2060}\0", Is("Ida")),
    (Name, "\u{3164}Ida\u{2800}", Is("Ida")),
    (Name, "Ida ❤\u{fe0f}", Is("Ida ❤\u{fe0f}")),
    (Name, "Ida\u{fe0f}", Is("Ida")),
    (Name, "", Empty),
    (Name, " \u{a0}\u{2003}\n", Empty),
    (Name, "\u{200b}", Empty),
    (Name, "\u{3164}", Empty),
    (Name, "\u{2800}\u{2800}", Empty),
    (Name, "\u{ad}\u{2060}\u{feff}", Empty),
    (Name, "\0\u{1}\u{7f}", Empty),
    (Name, "\u{115f}\u{1160}\u{ffa0}\u{180e}", Empty),
    (Name, "\u{e0069}\u{e0064}\u{e0061}", Empty),
    (Name, "\u{200d}\u{200c}\u{fe0f}", Empty),
    (Name, "\u{202e}\u{2066}\u{2069}", Empty),
    (Name, "I\u{200b}da", No(HiddenCharacters)),
    (Name, "I\u{ad}da", No(HiddenCharacters)),
    (Name, "I\u{2060}da", No(HiddenCharacters)),
    (Name, "I\0da", No(HiddenCharacters)),
    (Name, "I\u{3164}da", No(HiddenCharacters)),
    (Name, "Ida\u{2800}Berg", No(HiddenCharacters)),
    (Name, "I\u{feff}da", No(HiddenCharacters)),
    (Name, "I\u{fe0f}da", No(HiddenCharacters)),
    (Name, "I\u{e0064}da", No(HiddenCharacters)),
    (Name, "\u{202e}I\u{202e}da", No(HiddenCharacters)),
    (Name, "I\u{200e}da", No(HiddenCharacters)),
    (Name, "I\u{180e}da", No(HiddenCharacters)),
    (Name, "I\u{115f}\u{1160}da", No(HiddenCharacters)),
    (Name, "I\u{ffa0}da", No(HiddenCharacters)),
    (Name, "I\u{200d}da", No(HiddenCharacters)),
    (Name, "I\u{200c}da", No(HiddenCharacters)),
    (Name, "Ida\nBerg", No(HiddenCharacters)),
    (Name, "Ida\tBerg", No(HiddenCharacters)),
    (Name, "I\u{85}da", No(HiddenCharacters)),
    (Name, "I\u{1b}[1mda", No(HiddenCharacters)),
    (Name, "-", No(Unreadable)),
    (Name, "???", No(Unreadable)),
    (Name, "12345", No(Unreadable)),
    (Name, "\u{fe0f}👍", No(Unreadable)),
    (Name, "ida@example.com", No(Unreadable)),
];

const TEXTS: &[(Field, &str, Expected)] = &[
    (Text, "José", Is("José")),
    (Text, "O'Brien", Is("O'Brien")),
    (Text, "<3 years", Is("<3 years")),
    (Text, "C++", Is("C++")),
    (Text, "- see notes", Is("- see notes")),
    (Text, "0", Is("0")),
    (Text, "Main Street 1\r\nOslo\tNorway", Is("Main Street 1\nOslo\tNorway")),
    (Text, "👩\u{200d}👩\u{200d}👧", Is("👩\u{200d}👩\u{200d}👧")),
    (Text, "👩🏽\u{200d}💻 at work", Is("👩🏽\u{200d}💻 at work")),
    (
        Text,
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        Is("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"),
    ),
    (Text, "1\u{fe0f}\u{20e3} first", Is("1\u{fe0f}\u{20e3} first")),
    (Text, "می\u{200c}خواهم", Is("می\u{200c}خواهم")),
    (Text, "क्\u{200d}ष", Is("क्\u{200d}ष")),
    (Text, "Donau\u{ad}dampfschiff", Is("Donau\u{ad}dampfschiff")),
    (Text, "\u{feff}pasted\u{200b}", Is("pasted")),
    (Text, "Fran\u{e7}ois \u{2013} r\u{e9}sum\u{e9}", Is("François – résumé")),
    (Text, "\u{200f}שלום (C++)\u{200f}", Is("שלום (C++)")),
    (Text, "\u{2800}", Empty),
    (Text, "\u{3164}\n\u{3164}", Empty),
    (Text, "\0", Empty),
    (Text, "a\0b", No(HiddenCharacters)),
    (Text, "a\u{8}b", No(HiddenCharacters)),
    (Text, "a\u{1b}[2Jb", No(HiddenCharacters)),
    (Text, "a\u{9b}b", No(HiddenCharacters)),
];

const ADDRESSES: &[(Field, &str, Expected)] = &[
    (Email, "Ida@Example.com", Is("ida@example.com")),
    (Email, "ida.berg+jobs@mail.example.co.uk", Is("ida.berg+jobs@mail.example.co.uk")),
    (Email, "o'brien@example.com", Is("o'brien@example.com")),
    (Email, "ida_berg-1@ex-ample.com", Is("ida_berg-1@ex-ample.com")),
    (Email, "ida@bücher.example", Is("ida@bücher.example")),
    (Email, "ida@xn--bcher-kva.example", Is("ida@xn--bcher-kva.example")),
    (Email, "josé@example.com", Is("josé@example.com")),
    (Email, "用户@例子.公司", Is("用户@例子.公司")),
    (Email, "\u{200b}ida@example.com\u{2060}\n", Is("ida@example.com")),
    (Email, "\u{feff} \u{3164}", Empty),
    (Email, "mailto:ida@example.com", No(Unreadable)),
    (Email, "<ida@example.com>", No(Unreadable)),
    (Email, "Ida <ida@example.com>", No(Unreadable)),
    (Email, "a@b..c", No(Unreadable)),
    (Email, "a@gmail,com", No(Unreadable)),
    (Email, "a@b", No(Unreadable)),
    (Email, "ida@localhost", No(Unreadable)),
    (Email, ".ida@example.com", No(Unreadable)),
    (Email, "ida.@example.com", No(Unreadable)),
    (Email, "ida..berg@example.com", No(Unreadable)),
    (Email, "ida@.example.com", No(Unreadable)),
    (Email, "ida@example.com.", No(Unreadable)),
    (Email, "ida@-example.com", No(Unreadable)),
    (Email, "ida@exa_mple.com", No(Unreadable)),
    (Email, "ida@bo@example.com", No(Unreadable)),
    (Email, "ida(home)@example.com", No(Unreadable)),
    (Email, "ida@example.com (home)", No(Unreadable)),
    (Email, "ida berg@example.com", No(Unreadable)),
    (Email, "\"ida\"@example.com", No(Unreadable)),
    (Email, "'ida@example.com'", No(Unreadable)),
    (Email, "'ida@example.com", No(Unreadable)),
    (Email, "ida@example.com;", No(Unreadable)),
    (Email, "ida@example.com, bo@example.com", No(Unreadable)),
    (Email, "ida@[192.0.2.1]", No(Unreadable)),
    (Email, "ida@192.0.2.1", No(Unreadable)),
    (Email, "ida@example.c", No(Unreadable)),
    (Email, "ida@example.123", No(Unreadable)),
    (Email, "ida@ex%61mple.com", No(Unreadable)),
    (Email, "ida＠example.com", No(Unreadable)),
    (Email, "ida@example。com", No(Unreadable)),
    (Email, "\u{212a}im@example.com", No(Unreadable)),
    (Email, "ｉda@example.com", No(Unreadable)),
    (Email, "see notes", No(Unreadable)),
    (Email, "i\u{200b}da@example.com", No(HiddenCharacters)),
    (Email, "ida@exam\u{ad}ple.com", No(HiddenCharacters)),
    (Email, "ida@\u{2060}example.com", No(HiddenCharacters)),
    (Email, "ida\0@example.com", No(HiddenCharacters)),
    (Email, "ida\u{202e}@example.com", No(HiddenCharacters)),
    (Email, "ida@example\u{3164}.com", No(HiddenCharacters)),
    (Email, "i\u{3164}da@example.com", No(HiddenCharacters)),
    (Email, "i\u{200d}da@example.com", No(HiddenCharacters)),
    (Email, "i\u{fe0f}da@example.com", No(HiddenCharacters)),
    (Linkedin, "https://www.linkedin.com/in/ida", Is("https://www.linkedin.com/in/ida")),
    (
        Linkedin,
        "linkedin.com/in/ida-berg-123/?locale=sv#top",
        Is("linkedin.com/in/ida-berg-123/?locale=sv#top"),
    ),
    (Linkedin, "\u{3164}", Empty),
    (Linkedin, "Ida Berg", No(Unreadable)),
    (Linkedin, "https://linkedin.com@evil.example", No(Unreadable)),
    (Url, "HTTP://Example.com", Is("HTTP://Example.com")),
    (Url, "https://example.com:8443/a/@ida?x=a@b:c", Is("https://example.com:8443/a/@ida?x=a@b:c")),
    (Url, "https://bücher.example/é", Is("https://bücher.example/é")),
    (Url, "http://192.0.2.1/cv", Is("http://192.0.2.1/cv")),
    (Url, "\u{200b}example.com\u{feff}", Is("example.com")),
    (Url, "\u{2800}", Empty),
    (Url, "javascript:alert(1)", No(Unreadable)),
    (Url, "javascript:alert(1)//example.com", No(Unreadable)),
    (Url, "javascript://example.com/%0aalert(1)", No(Unreadable)),
    (Url, "JavaScript://example.com", No(Unreadable)),
    (Url, "data:text/html,example.com", No(Unreadable)),
    (Url, "data:text/html;base64,PHNjcmlwdD4=", No(Unreadable)),
    (Url, "vbscript:msgbox.com", No(Unreadable)),
    (Url, "ftp://example.com", No(Unreadable)),
    (Url, "file:///etc/hosts.conf", No(Unreadable)),
    (Url, "blob:https://example.com/1", No(Unreadable)),
    (Url, "mailto:ida@example.com", No(Unreadable)),
    (Url, "ida@example.com", No(Unreadable)),
    (Url, "https://linkedin.com@evil.example", No(Unreadable)),
    (Url, "https://ida:secret@example.com", No(Unreadable)),
    (Url, "https://linkedin.com\\@evil.example", No(Unreadable)),
    (Url, "https://example.com\\in", No(Unreadable)),
    (Url, "https:\\\\example.com", No(Unreadable)),
    (Url, "//example.com/in", No(Unreadable)),
    (Url, "https:///example.com", No(Unreadable)),
    (Url, "https:example.com", No(Unreadable)),
    (Url, "https://https://example.com", No(Unreadable)),
    (Url, "https://example..com", No(Unreadable)),
    (Url, "https://example.com.", No(Unreadable)),
    (Url, "https://ex%61mple.com", No(Unreadable)),
    (Url, "https://ｅxample.com", No(Unreadable)),
    (Url, "https://example。com", No(Unreadable)),
    (Url, "https://localhost/in", No(Unreadable)),
    (Url, "https://0x7f.1/", No(Unreadable)),
    (Url, "https://[::1]/", No(Unreadable)),
    (Url, "https://example.com:99999", No(Unreadable)),
    (Url, "12.5", No(Unreadable)),
    (Url, "192.0.2.1", No(Unreadable)),
    (Url, "31.12.2031", No(Unreadable)),
    (Url, "see my page", No(Unreadable)),
    (Url, "example.com/my page", No(Unreadable)),
    (Url, "example.com/\"><script>", No(Unreadable)),
    (Url, "example.com\nexample.org", No(Unreadable)),
    (Url, "https://exam\u{200b}ple.com", No(HiddenCharacters)),
    (Url, "https://example.com/\u{3164}", Is("https://example.com/")),
    (Url, "https://example.com/i\u{3164}n", No(HiddenCharacters)),
    (Url, "https://example.com/i\u{ad}n", No(HiddenCharacters)),
    (Url, "https://example.com/\u{202e}gpj.exe", No(HiddenCharacters)),
    (Url, "java\0script:alert(1)", No(HiddenCharacters)),
    (Url, "https://example.com/\u{1}a", No(HiddenCharacters)),
];

const TELEPHONE_NUMBERS: &[(Field, &str, Expected)] = &[
    (Phone, "+46 (0)70-123 45 67", Is("+46701234567")),
    (Phone, "+46\u{a0}70\u{2011}123\u{2212}45\u{2013}67", Is("+46701234567")),
    (Phone, "070-123 45 67", Is("0701234567")),
    (PhoneIn("SE"), "070-123 45 67", Is("+46701234567")),
    (PhoneIn("SE"), "08-123 456 78 ext. 12", Is("+46812345678;ext=12")),
    (Phone, "+52 55 1234 5678", Is("+525512345678")),
    (Phone, "+52 1 55 1234 5678", Is("+525512345678")),
    (Phone, "0052 1 55 1234 5678", Is("+525512345678")),
    (Phone, "+52 044 55 1234 5678", Is("+525512345678")),
    (PhoneIn("MX"), "55 1234 5678", Is("+525512345678")),
    (PhoneIn("MX"), "044 55 1234 5678", Is("+525512345678")),
    (PhoneIn("MX"), "045 55 1234 5678", Is("+525512345678")),
    (PhoneIn("MX"), "01 55 1234 5678", Is("+525512345678")),
    (PhoneIn("MX"), "52 1 55 1234 5678", Is("+525512345678")),
    (Phone, "+54 9 11 2345-6789", Is("+5491123456789")),
    (Phone, "+54 11 15 2345-6789", Is("+5491123456789")),
    (Phone, "+54 9 11 15 2345-6789", Is("+5491123456789")),
    (Phone, "+54 11 2345-6789", Is("+541123456789")),
    (PhoneIn("AR"), "011 15-2345-6789", Is("+5491123456789")),
    (PhoneIn("AR"), "11 15 2345 6789", Is("+5491123456789")),
    (PhoneIn("AR"), "0221 15 412-3456", Is("+5492214123456")),
    (PhoneIn("AR"), "02966 15 41-2345", Is("+5492966412345")),
    (PhoneIn("AR"), "011 2345-6789", Is("+541123456789")),
    (Phone, "+55 11 98765-4321", Is("+5511987654321")),
    (Phone, "+55 11 8765-4321", Is("+5511987654321")),
    (PhoneIn("BR"), "(11) 98765-4321", Is("+5511987654321")),
    (PhoneIn("BR"), "(011) 8765-4321", Is("+5511987654321")),
    (Phone, "+55 11 3456-7890", Is("+551134567890")),
    (Phone, "+55 11 7890-1234", Is("+551178901234")),
    (Phone, "+57 1 234 5678", Is("+576012345678")),
    (Phone, "+57 601 234 5678", Is("+576012345678")),
    (Phone, "+229 97 12 34 56", Is("+2290197123456")),
    (Phone, "+229 01 97 12 34 56", Is("+2290197123456")),
    (Phone, "+370 (8) 612 34567", Is("+37061234567")),
    (Phone, "+7 (8) 916 123-45-67", Is("+79161234567")),
    (Phone, "\u{202d}+46 70 123 45 67\u{202c}", Is("+46701234567")),
    (Phone, "\u{2060}\u{2800}", Empty),
    (PhoneIn("AR"), "15 2345-6789", No(Unreadable)),
    (PhoneIn("BR"), "98765-4321", No(Unreadable)),
    (PhoneIn("BR"), "3456-7890", No(Unreadable)),
    (Phone, "+52 1 55 1234", No(Unreadable)),
    (Phone, "0000000000", No(Unreadable)),
    (Phone, "+00 000 000", No(Unreadable)),
    (Phone, "call me", No(Unreadable)),
    (Phone, "+46 70 CALL ME", No(Unreadable)),
    (Phone, "12", No(Unreadable)),
    (Phone, "+46 70 123 45 67 89 01 23", No(Unreadable)),
    (Phone, "1234567890123456", No(Unreadable)),
    (Phone, "+46 70 123 45 67 ext. 12345678901", No(Unreadable)),
    (Phone, "٠٧٠١٢٣٤٥٦٧", No(Unreadable)),
    (Phone, "+46 70\u{200b}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70 123\0 45 67", No(HiddenCharacters)),
];

const NUMBERS: &[(Field, &str, Expected)] = &[
    (Number, "42 000", Is("42000")),
    (Number, "1\u{2009}000\u{202f}000,50 kr", Is("1000000.5")),
    (Number, "-5", Is("-5")),
    (Number, "\u{2212}5", Is("-5")),
    (Number, "\u{fe63}5", Is("-5")),
    (Number, "\u{ff0d}5", Is("-5")),
    (Number, "\u{2010}5", Is("-5")),
    (Number, "\u{2011}5", Is("-5")),
    (Number, "\u{2013}5", Is("-5")),
    (Number, "\u{2212}5 kr", Is("-5")),
    (Number, "€\u{2212}5", Is("-5")),
    (Number, "+5", Is("5")),
    (Number, "\u{ff0b}5", Is("5")),
    (Number, "\u{fe62}5", Is("5")),
    (Number, "１２３", Is("123")),
    (Number, "1 000,\u{2013}", Is("1000")),
    (Number, "\u{200b}\u{3164}", Empty),
    (Number, "(1 234)", No(Unreadable)),
    (Number, "\u{2014}5", No(Unreadable)),
    (Number, "+-5", No(Unreadable)),
    (Number, "--5", No(Unreadable)),
    (Number, "++5", No(Unreadable)),
    (Number, "5-", No(Unreadable)),
    (Number, "1e3", No(Unreadable)),
    (Number, "1E+3", No(Unreadable)),
    (Number, "٤٢", No(Unreadable)),
    (Number, "४२", No(Unreadable)),
    (Number, "10²", No(Unreadable)),
    (Number, "12 %", No(Unreadable)),
    (Number, "10\u{2013}12", No(Unreadable)),
    (Number, "NaN", No(Unreadable)),
    (Number, "1.234", No(AmbiguousNumber)),
    (Number, "42\u{200b}000", No(HiddenCharacters)),
    (Number, "4\u{0}2", No(HiddenCharacters)),
    (Number, "0.1234567890123456789", TooMuch("0.1234567890123456789")),
    (
        Number,
        "12345678901234567890123456789012345678901234567890",
        TooMuch("12345678901234567890123456789012345678901234567890"),
    ),
    (Number, "123456789012345678901234567890123456789012345678901", No(TooLong)),
    (
        NumberInText,
        "12345678901234567890123456789012345678901234567890",
        Is("12345678901234567890123456789012345678901234567890"),
    ),
    (NumberInText, "123456789012345678901234567890123456789012345678901", No(TooLong)),
    (NumberInText, "\u{2212}1 000,5", Is("-1000.5")),
    (Amount, "42 000 kr", Is("42000")),
    (Amount, "42 000 EUR", No(OtherCurrency)),
];

const DATES: &[(Field, &str, Expected)] = &[
    (Date, "2031-05-01", Is("2031-05-01")),
    (Date, "1900-01-01", Is("1900-01-01")),
    (Date, "2199-12-31", Is("2199-12-31")),
    (Date, "31/12/2031", Is("2031-12-31")),
    (Date, "2031\u{2011}05\u{2013}01", Is("2031-05-01")),
    (Date, "1 May 2031", Is("2031-05-01")),
    (Date, "2031-05-01T23:59:59.000\u{2212}08:00", Is("2031-05-01")),
    (DayFirst, "03/04/2031", Is("2031-04-03")),
    (DateInText, "3.4.2031", Is("2031-04-03")),
    (Date, "\u{ad}", Empty),
    (Date, "0031-05-01", No(ImplausibleDate)),
    (Date, "01/05/0031", No(ImplausibleDate)),
    (Date, "31/12/0031", No(ImplausibleDate)),
    (Date, "12/31/0031", No(ImplausibleDate)),
    (Date, "31.12.0031 08:15", No(ImplausibleDate)),
    (Date, "0000-01-01", No(ImplausibleDate)),
    (Date, "0001-01-01T00:00:00Z", No(ImplausibleDate)),
    (Date, "1 May 0031", No(ImplausibleDate)),
    (Date, "December 31st, 0031", No(ImplausibleDate)),
    (Date, "31 de diciembre de 0231", No(ImplausibleDate)),
    (Date, "1899-12-31", No(ImplausibleDate)),
    (Date, "2200-01-01", No(ImplausibleDate)),
    (Date, "9999-12-31", No(ImplausibleDate)),
    (DayFirst, "01/05/0031", No(ImplausibleDate)),
    (DateInText, "0031-05-01", No(ImplausibleDate)),
    (Date, "03/04/2031", No(AmbiguousDate)),
    (Date, "31/12/31", No(Unreadable)),
    (Date, "20310-05-01", No(Unreadable)),
    (Date, "-2031-05-01", No(Unreadable)),
    (Date, "2031-02-29", No(Unreadable)),
    (Date, "soon", No(Unreadable)),
    (Date, "2031-\u{200b}05-01", No(HiddenCharacters)),
];

const CHECKBOXES: &[(Field, &str, Expected)] = &[
    (Checkbox, "1", Is("true")),
    (Checkbox, "Ja", Is("true")),
    (Checkbox, "✔\u{fe0f}", Is("true")),
    (Checkbox, "☑\u{fe0e}", Is("true")),
    (Checkbox, "\u{2060}", Empty),
    (Checkbox, "x", No(Unreadable)),
    (Checkbox, "y\u{200b}es", No(HiddenCharacters)),
];

const SELECTS: &[(Field, &str, Expected)] = &[
    (Choice, "Permanent", Is("7001")),
    (Choice, " PERMANENT\u{200b}", Is("7001")),
    (Choice, "7001", Is("7001")),
    (Choice, "Hourly, on call", Is("7005")),
    (Choice, "Twice spelled", Is("7006")),
    (Choice, "TWICE  SPELLED", Is("7006")),
    (Choice, "\u{3164}", Empty),
    (Choice, "Fixed term", No(AmbiguousOption)),
    (Choice, "fixed TERM", No(AmbiguousOption)),
    (Choice, "Hourly", No(AmbiguousOption)),
    (Choice, "7003", No(AmbiguousOption)),
    (Choice, "Interim", No(UnknownOption)),
    (Choice, "Without id", No(UnknownOption)),
    (Choice, "7004", No(UnknownOption)),
    (Choice, "Perma\u{ad}nent", No(HiddenCharacters)),
    (Choices, "Permanent", Is("7001")),
    (Choices, "Permanent; hourly, on call", Is("7001\u{1f}7005")),
    (Choices, "Permanent\n\nHourly, on call", Is("7001\u{1f}7005")),
    (Choices, "Permanent,\u{200b}, 7005", Is("7001\u{1f}7005")),
    (Choices, "\u{2060}", Empty),
    (Choices, "Permanent, Fixed term", No(AmbiguousOption)),
    (Choices, "Hourly; Permanent", No(AmbiguousOption)),
    (Choices, "Permanent, 7003", No(AmbiguousOption)),
    (Choices, "Permanent, Interim", No(UnknownOption)),
    (Choices, ";;", No(Unreadable)),
    (Choices, "Perma\u{200b}nent, Hourly, on call", No(HiddenCharacters)),
];

/// Names of hosts that an eye ends earlier than a parser does, as such and in disguise.
const HOSTS: &[(Field, &str, Expected)] = &[
    (Url, "https://bank.com\u{2044}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2215}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2571}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{29f8}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{1c3}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2e4a}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{3033}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{338}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{337}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{b7}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{30ce}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{4e3f}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{4e36}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{a789}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2236}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{5c3}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{903}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{a83}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2024}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{660}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{6f0}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{30fb}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{37e}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{294}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{fe56}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{ff1f}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{ff03}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{fe5f}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{ff20}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{fe6b}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{ff0f}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{ff1a}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{a4fd}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{589}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2d0}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2cf8}login.evil.example/", No(Unreadable)),
    (Url, "https://bank.com\u{2764}login.evil.example/", No(Unreadable)),
    (Url, "bank.com\u{2044}login.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{2044}x.evil.example", No(Unreadable)),
    (Url, "bank.com\u{30ce}login.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{30ce}x.evil.example", No(Unreadable)),
    (Url, "bank.com\u{4e3f}login.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{4e3f}x.evil.example", No(Unreadable)),
    (Url, "bank.com\u{b7}login.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{b7}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{2215}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{2571}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{29f8}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{a789}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{1c3}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{2e4a}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{3033}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{338}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{903}x.evil.example", No(Unreadable)),
    (Email, "eve@bank.com\u{660}x.evil.example", No(Unreadable)),
    (Url, "https://bank.xn--comlogin-g03d.evil.example/", No(Unreadable)),
    (Email, "eve@bank.xn--comlogin-g03d.evil.example", No(Unreadable)),
    (Url, "https://bank.xn--comlogin-634g.evil.example/", No(Unreadable)),
    (Email, "eve@bank.xn--comlogin-634g.evil.example", No(Unreadable)),
    (Url, "https://bank.xn--comlogin-ioa.evil.example/", No(Unreadable)),
    (Email, "eve@bank.xn--comlogin-ioa.evil.example", No(Unreadable)),
    (Url, "https://bank.xn--comlogin-fnc.evil.example/", No(Unreadable)),
    (Email, "eve@bank.xn--comlogin-fnc.evil.example", No(Unreadable)),
    (Url, "https://\u{24d0}\u{e9}.example", No(Unreadable)),
    (Linkedin, "https://linkedin.com\u{2044}in\u{2044}ida.evil.example", No(Unreadable)),
    (Linkedin, "https://evil.example\u{2044}.linkedin.com/in/ida", No(Unreadable)),
    (Url, "bank.com\u{a789}443.evil.example", No(Unreadable)),
];

/// Characters that begin a new line or cell in some programs, where a reader of the value would see a blank.
const CONTROLS: &[(Field, &str, Expected)] = &[
    (Text, "a\r\nb\rc\n\td", Is("a\nb\nc\n\td")),
    (Text, "\u{b}a\u{2028}", Is("a")),
    (Choices, "Permanent\r\n7005", Is("7001\u{1f}7005")),
    (Phone, "\t+46 70\u{a0}123 45 67\u{85}", Is("+46701234567")),
    (Phone, "+46 70\u{b}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{c}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{85}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{2028}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{2029}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\t123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\n123 45 67", No(Unreadable)),
    (Phone, "+46 70\r123 45 67", No(Unreadable)),
    (Phone, "+46 70\u{2009}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{202f}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{2003}123 45 67", No(HiddenCharacters)),
    (Phone, "+46 70\u{3000}123 45 67", No(HiddenCharacters)),
    (PhoneIn("SE"), "070\t123 45 67", No(HiddenCharacters)),
    (Name, "Ida\u{b}Berg", No(HiddenCharacters)),
    (Name, "Ida\u{c}Berg", No(HiddenCharacters)),
    (Name, "Ida\u{85}Berg", No(HiddenCharacters)),
    (Name, "Ida\u{2028}Berg", No(HiddenCharacters)),
    (Name, "Ida\u{2029}Berg", No(HiddenCharacters)),
    (Name, "Ida\rBerg", No(HiddenCharacters)),
    (Text, "a\u{b}b", No(HiddenCharacters)),
    (Text, "a\u{c}b", No(HiddenCharacters)),
    (Text, "a\u{85}b", No(HiddenCharacters)),
    (Text, "a\u{2028}b", No(HiddenCharacters)),
    (Text, "a\u{2029}b", No(HiddenCharacters)),
    (Number, "42\u{b}000", No(HiddenCharacters)),
    (NumberInText, "42\u{b}000", No(HiddenCharacters)),
    (Amount, "42 000\u{b}kr", No(HiddenCharacters)),
    (Date, "1\u{b}May 2031", No(HiddenCharacters)),
    (Date, "2031-05-01\u{b}12:00", No(HiddenCharacters)),
    (Checkbox, "ej\u{b}ikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\u{b}on call", No(HiddenCharacters)),
    (Number, "42\u{c}000", No(HiddenCharacters)),
    (NumberInText, "42\u{c}000", No(HiddenCharacters)),
    (Amount, "42 000\u{c}kr", No(HiddenCharacters)),
    (Date, "1\u{c}May 2031", No(HiddenCharacters)),
    (Date, "2031-05-01\u{c}12:00", No(HiddenCharacters)),
    (Checkbox, "ej\u{c}ikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\u{c}on call", No(HiddenCharacters)),
    (Number, "42\u{85}000", No(HiddenCharacters)),
    (NumberInText, "42\u{85}000", No(HiddenCharacters)),
    (Amount, "42 000\u{85}kr", No(HiddenCharacters)),
    (Date, "1\u{85}May 2031", No(HiddenCharacters)),
    (Date, "2031-05-01\u{85}12:00", No(HiddenCharacters)),
    (Checkbox, "ej\u{85}ikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\u{85}on call", No(HiddenCharacters)),
    (Number, "42\u{2028}000", No(HiddenCharacters)),
    (NumberInText, "42\u{2028}000", No(HiddenCharacters)),
    (Amount, "42 000\u{2028}kr", No(HiddenCharacters)),
    (Date, "1\u{2028}May 2031", No(HiddenCharacters)),
    (Date, "2031-05-01\u{2028}12:00", No(HiddenCharacters)),
    (Checkbox, "ej\u{2028}ikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\u{2028}on call", No(HiddenCharacters)),
    (Number, "42\t000", No(HiddenCharacters)),
    (NumberInText, "42\t000", No(HiddenCharacters)),
    (Amount, "42 000\tkr", No(HiddenCharacters)),
    (Date, "1\tMay 2031", No(HiddenCharacters)),
    (Date, "2031-05-01\t12:00", No(HiddenCharacters)),
    (Checkbox, "ej\tikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\ton call", No(HiddenCharacters)),
    (Number, "42\n000", No(Unreadable)),
    (NumberInText, "42\n000", No(Unreadable)),
    (Amount, "42 000\nkr", No(HiddenCharacters)),
    (Date, "1\nMay 2031", No(Unreadable)),
    (Date, "2031-05-01\n12:00", No(Unreadable)),
    (Checkbox, "ej\nikryssad", No(HiddenCharacters)),
    (Choice, "Hourly,\non call", No(HiddenCharacters)),
    (Choices, "Permanent;\u{b}7005", No(HiddenCharacters)),
    (Choices, "Permanent;\u{c}7005", No(HiddenCharacters)),
    (Choices, "Permanent;\u{85}7005", No(HiddenCharacters)),
    (Choices, "Permanent;\u{2028}7005", No(HiddenCharacters)),
    (Email, "ida@example\u{b}.com", No(Unreadable)),
    (Url, "https://example.com/\u{b}a", No(Unreadable)),
    (Email, "ida@example\u{c}.com", No(Unreadable)),
    (Url, "https://example.com/\u{c}a", No(Unreadable)),
    (Email, "ida@example\u{85}.com", No(Unreadable)),
    (Url, "https://example.com/\u{85}a", No(Unreadable)),
    (Email, "ida@example\u{2028}.com", No(Unreadable)),
    (Url, "https://example.com/\u{2028}a", No(Unreadable)),
    (Email, "ida@example\u{2029}.com", No(Unreadable)),
    (Url, "https://example.com/\u{2029}a", No(Unreadable)),
    (Email, "ida@example\t.com", No(Unreadable)),
    (Url, "https://example.com/\ta", No(Unreadable)),
    (Email, "ida@example\n.com", No(Unreadable)),
    (Url, "https://example.com/\na", No(Unreadable)),
];

const TABLES: [&[(Field, &str, Expected)]; 10] =
    [NAMES, TEXTS, ADDRESSES, HOSTS, TELEPHONE_NUMBERS, NUMBERS, DATES, CHECKBOXES, SELECTS, CONTROLS];

fn rows() -> impl Iterator<Item = (Field, &'static str, Expected)> {
    TABLES.into_iter().flatten().copied()
}

#[test]
fn every_text_of_a_contract_is_a_value_or_empty_or_has_a_reason() {
    for (field, text, expected) in rows() {
        let read = match format(field).read_oneflow(text) {
            Ok(Some(value)) => Ok(value.normal().into_owned()),
            Ok(None) => Ok(String::new()),
            Err(error) => Err(error),
        };
        let wanted = match expected {
            Is(normal) | TooMuch(normal) => Ok(normal.to_owned()),
            Empty => Ok(String::new()),
            No(error) => Err(error),
        };
        assert_eq!(read, wanted, "{field:?} {text:?}");
    }
}

#[test]
fn only_a_value_is_ever_written_over_what_the_card_holds() {
    for (field, text, expected) in rows() {
        for target in targets(field) {
            for card in [Some(good(field)), None] {
                let is_empty = card.is_none();
                let (ended, written) = planned(field, &target, text, card);
                let wanted = match expected {
                    Is(_) => "written".to_owned(),
                    TooMuch(_) => "failed lossy".to_owned(),
                    Empty if is_empty => "unchanged".to_owned(),
                    Empty => "skipped nothing-to-say".to_owned(),
                    No(error) => format!("failed {}", code(error)),
                };
                assert_eq!(ended, wanted, "{field:?} {target} {text:?}");
                match (expected, written) {
                    (Is(normal), Some(json)) => {
                        let read = format(field).read_teamtailor(&json).unwrap().unwrap();
                        assert_eq!(read.normal(), normal, "{field:?} {text:?}");
                    }
                    (_, written) => assert_eq!(written, None, "{field:?} {text:?}"),
                }
            }
        }
    }
}

#[test]
fn the_table_has_rows_for_every_type_and_none_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for (field, text, _) in rows() {
        assert!(seen.insert(format!("{field:?} {text}")), "{field:?} {text:?}");
    }
    for kind in FieldType::ALL {
        let of_kind = rows().filter(|(field, ..)| shape(*field).0 == kind).map(|(_, _, expected)| expected);
        let of_kind: Vec<_> = of_kind.collect();
        assert!(of_kind.iter().any(|expected| matches!(expected, Is(_))), "{kind}");
        assert!(of_kind.contains(&Empty), "{kind}");
        assert!(of_kind.iter().any(|expected| matches!(expected, No(_))), "{kind}");
    }
    assert!(seen.len() >= 300, "{}", seen.len());
}

/// What stands on a card, and the value that it is: nothing is too odd to be compared with what the contract has.
const CARDS: &[(Field, &str, &str)] = &[
    (Name, "I\u{200b}da", "I\u{200b}da"),
    (Name, "-", "-"),
    (Name, "\u{3164}", ""),
    (Text, "a\0b", "a\0b"),
    (Text, "a\r\nb", "a\nb"),
    (Text, "a\u{b}b", "a\u{b}b"),
    (Phone, "+46 70\t123 45 67", "+46701234567"),
    (Email, "mailto:Ida@example.com", "mailto:ida@example.com"),
    (Email, "i\u{200b}da@example.com", "i\u{200b}da@example.com"),
    (Email, "see notes", "see notes"),
    (Email, "\u{2800}", ""),
    (Url, "javascript:alert(1)", "javascript:alert(1)"),
    (Url, "my page", "my page"),
    (Phone, "call me", "call me"),
    (Phone, "000", "000"),
    (Phone, "+52 1 55 1234 5678", "+525512345678"),
    (Phone, "+55 11 8765-4321", "+5511987654321"),
    (Date, "0031-05-01", "0031-05-01"),
    (Date, "9999-12-31T00:00:00Z", "9999-12-31"),
    (DateInText, "1 May 0031", "0031-05-01"),
    (
        NumberInText,
        "123456789012345678901234567890123456789012345678901",
        "123456789012345678901234567890123456789012345678901",
    ),
    (Choice, "Permanent", "7001"),
];

#[test]
fn what_stands_on_a_card_is_read_as_it_is_and_gives_way_to_a_good_value() {
    for (field, held, normal) in CARDS {
        let value = format(*field).read_teamtailor(&json!(held)).unwrap();
        assert_eq!(
            value.as_ref().map_or(String::new(), |value| value.normal().into_owned()),
            *normal,
            "{field:?} {held:?}"
        );
        let good = good(*field);
        let good = good.as_str().unwrap();
        for target in targets(*field) {
            let (ended, written) = planned(*field, &target, good, Some(json!(held)));
            assert_eq!(ended, "written", "{field:?} {target} {held:?}");
            assert!(written.is_some());
        }
    }
}

#[test]
fn what_is_implausible_on_a_card_goes_to_no_contract() {
    for (field, held) in [
        (Name, "I\u{200b}da"),
        (Text, "a\0b"),
        (Email, "mailto:ida@example.com"),
        (Url, "javascript:alert(1)"),
        (Phone, "call me"),
        (Phone, "+46 70\t123 45 67"),
        (Url, "https://bank.com\u{2044}login.evil.example/"),
        (Date, "0031-05-01"),
    ] {
        let value = format(field).read_teamtailor(&json!(held)).unwrap().unwrap();
        assert_eq!(format(field).write_oneflow(&value), Err(Lossy), "{field:?} {held:?}");
    }
}

#[test]
fn a_text_is_bounded_in_every_type_but_ordinary_text() {
    let long = "a".repeat(1_025);
    for field in [Name, Email, Url, Phone, Number, NumberInText, Date, Checkbox, Choice, Choices] {
        assert_eq!(format(field).read_oneflow(&long), Err(TooLong), "{field:?}");
        let (ended, _) = planned(field, &targets(field)[0], &long, Some(good(field)));
        assert_eq!(ended, "failed too-long", "{field:?}");
    }
    assert!(format(Text).read_oneflow(&long).is_ok());
    let address = |last: &str| format!("{}@{}{last}.com", "a".repeat(64), "b.".repeat(92));
    assert_eq!((address("b").len(), address("bb").len()), (254, 255));
    assert!(format(Email).read_oneflow(&address("b")).is_ok());
    assert_eq!(format(Email).read_oneflow(&address("bb")), Err(Unreadable));
    let local = |length| format!("{}@example.com", "a".repeat(length));
    assert!(format(Email).read_oneflow(&local(64)).is_ok());
    assert_eq!(format(Email).read_oneflow(&local(65)), Err(Unreadable));
}
