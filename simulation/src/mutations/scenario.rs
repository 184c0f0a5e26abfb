//! The worlds in which an answer goes wrong.

use std::time::Duration;

use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, SandboxSettings,
    TemplateSeed, TemplateTypeSeed,
};

use super::{
    office::{Act, Edit, Office, Unprepared},
    variant::Variant,
};

/// A kind of world, and what is done in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    prepare: fn(Variant) -> Result<Office, Unprepared>,
}

impl Scenario {
    /// The world, ready for the act.
    pub(crate) fn prepare(&self, variant: Variant) -> Result<Office, Unprepared> {
        (self.prepare)(variant)
    }
}

/// All of them.
pub(crate) const SCENARIOS: [Scenario; 17] = [
    Scenario { name: "pending-edited", prepare: pending_edited },
    Scenario { name: "signed-with-document", prepare: signed_with_document },
    Scenario { name: "pending-beside-signed", prepare: pending_beside_signed },
    Scenario { name: "three-contracts", prepare: three_contracts },
    Scenario { name: "ledger-lost", prepare: ledger_lost },
    Scenario { name: "address-of-another", prepare: address_of_another },
    Scenario { name: "found-by-address", prepare: found_by_address },
    Scenario { name: "creation", prepare: creation },
    Scenario { name: "adoption", prepare: adoption },
    Scenario { name: "adoption-by-data-field", prepare: adoption_by_data_field },
    Scenario { name: "choices", prepare: choices },
    Scenario { name: "clearing", prepare: clearing },
    Scenario { name: "default-fields", prepare: default_fields },
    Scenario { name: "typed-fields", prepare: typed_fields },
    Scenario { name: "both-sides-edited", prepare: both_sides_edited },
    Scenario { name: "empty-card", prepare: empty_card },
    Scenario { name: "bare-keys", prepare: bare_keys },
];

/// By what the ledger or a token says.
const BY_TOKEN: &str = "[sync]\nlink = [\"ledger\", \"participant_custom_id\"]\n";

/// The contract's e-mail address goes to the card, whatever is there.
const EMAIL_WINS: &str = r#"
[[field]]
oneflow        = "email"
teamtailor     = "email"
when           = "edited"
on_conflict    = "contract_wins"
on_first_sight = "contract_wins"
allow_identity = true
"#;

/// What a participant makes of the fields of the sample data.
const EDITED: [(&str, &str); 5] = [
    ("oneflow-salary", "45500.50"),
    ("oneflow-start-date", "2031-12-31"),
    ("oneflow-contract-type", "Fixed term"),
    ("oneflow-has-car", "1"),
    ("oneflow-notice", "3 months"),
];

/// The scenarios themselves say how much time passes.
fn settings() -> SandboxSettings {
    SandboxSettings::new().action_time(Duration::ZERO)
}

/// One contract that was sent, with edited fields.
fn pending_edited(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let contract = office.make("hire-1", office.sandbox.seeded().template)?;
    office.fill(contract, &EDITED)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// One that all have signed, and whose document is still to be attached.
fn signed_with_document(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let contract = office.make("hire-1", office.sandbox.seeded().template)?;
    office.fill(contract, &EDITED[..2])?;
    office.sandbox.sign_all(contract)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// A signed contract whose values are on the card, and a pending one that has others. The pending one is looked at.
fn pending_beside_signed(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let template = office.sandbox.seeded().template;
    let signed = office.make("hire-1", template)?;
    let pending = office.make("hire-2", template)?;
    office.fill(signed, &[("oneflow-salary", "45000"), ("oneflow-notice", "3 months")])?;
    office.sandbox.sign_all(signed)?;
    office.sync(signed)?;
    office.fill(pending, &[("oneflow-salary", "39000"), ("oneflow-notice", "1 month")])?;
    office.act = Act::Look(pending);
    Ok(office)
}

/// A signed contract and two pending ones with a field that the signed one lacks. The newest is looked at.
fn three_contracts(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    office.sandbox.add_custom_field(CustomFieldSeed::new("oneflow-shift", CustomFieldKind::Text));
    let kind = office.sandbox.add_template_type(
        TemplateTypeSeed::new("Addendum")
            .field(DataFieldSeed::new("oneflow-salary"))
            .field(DataFieldSeed::new("oneflow-shift")),
    );
    let addendum = office.sandbox.add_template(TemplateSeed::new("Addendum", Some(kind)))?;
    let signed = office.make("hire-1", office.sandbox.seeded().template)?;
    let older = office.make("addendum-1", addendum)?;
    let newest = office.make("addendum-2", addendum)?;
    office.fill(signed, &[("oneflow-salary", "45000"), ("oneflow-notice", "3 months")])?;
    office.sandbox.sign_all(signed)?;
    office.sync(signed)?;
    office.fill(older, &[("oneflow-shift", "Early")])?;
    office.sync(older)?;
    office.fill(newest, &[("oneflow-salary", "39000"), ("oneflow-shift", "Late")])?;
    office.act = Act::Look(newest);
    Ok(office)
}

/// The ledger knows nothing of the contract; the token in it does.
fn ledger_lost(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = pending_edited(variant)?;
    office.sandbox.sign_all(office.sandbox.contracts()[0])?;
    office.lose_ledger(&[])?;
    Ok(office)
}

/// The same where the candidate's address has changed since, and somebody else has it.
fn address_of_another(variant: Variant) -> Result<Office, Unprepared> {
    let mapping = by_address(&Office::open(variant, settings(), BY_TOKEN)?) + EMAIL_WINS;
    let mut office = Office::open(variant, settings(), &mapping)?;
    let contract = office.make("hire-1", office.sandbox.seeded().template)?;
    office.fill(contract, &EDITED)?;
    office.sandbox.edit_candidate(&office.candidate(), "email", Some("ann.sample@example.com"))?;
    let other = CandidateSeed::new("ann@example.com").name("Ann", "Sample").field("phone", "+46701740605");
    office.candidates.push(office.sandbox.add_candidate(other)?);
    office.lose_ledger(&[])?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// A contract that a person made, whose participant has the candidate's address.
fn found_by_address(variant: Variant) -> Result<Office, Unprepared> {
    let mapping = by_address(&Office::open(variant, settings(), BY_TOKEN)?);
    let mut office = Office::open(variant, settings(), &mapping)?;
    let other = CandidateSeed::new("bea@example.com").name("Bea", "Sample").field("phone", "+46701740607");
    office.candidates.push(office.sandbox.add_candidate(other)?);
    let seed = ContractSeed::new(office.sandbox.seeded().template, "Employment: Ann Sample")
        .counterparty("Ann Sample", "ann@example.com")
        .value("oneflow-salary", "42000")
        .published();
    let contract = office.sandbox.add_contract(seed)?;
    office.pass(3_600);
    office.fill(contract, &EDITED[..2])?;
    office.fill(contract, &[("oneflow-notice", "3 months")])?;
    office.sandbox.sign_all(contract)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// Also by address, in contracts of the sample's template type.
fn by_address(office: &Office) -> String {
    let kind = office.sandbox.seeded().template_type;
    format!(
        "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\ntemplate_types = [{kind}]\n\
         document = {{ by_email = true }}\n"
    )
}

/// A contract is made and sent; then it is filled in, and the card is edited.
fn creation(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let request = office.request("hire-1", office.sandbox.seeded().template)?;
    office.act = Act::Make(Box::new(request));
    office.edits = edits_after_creation();
    Ok(office)
}

/// An earlier try has made the contract and never heard of it.
fn adoption(variant: Variant) -> Result<Office, Unprepared> {
    adopted(Office::open(variant, settings(), BY_TOKEN)?)
}

/// The same with the token in a data field.
fn adoption_by_data_field(variant: Variant) -> Result<Office, Unprepared> {
    let mapping = "[sync]\nlink = [\"ledger\", \"data_field\"]\nlink_data_field = \"candidate-link\"\n";
    adopted(Office::open(variant, settings(), mapping)?)
}

fn adopted(mut office: Office) -> Result<Office, Unprepared> {
    let kind = office.sandbox.add_template_type(
        TemplateTypeSeed::new("Offer")
            .field(DataFieldSeed::new("candidate-link"))
            .field(DataFieldSeed::new("phone"))
            .field(DataFieldSeed::new("oneflow-salary"))
            .field(DataFieldSeed::new("oneflow-notice")),
    );
    let template = office.sandbox.add_template(TemplateSeed::new("Offer", Some(kind)))?;
    let other = ContractSeed::new(office.sandbox.seeded().template, "Of somebody else")
        .counterparty("Bea Sample", "bea@example.com")
        .published();
    office.sandbox.add_contract(other)?;
    office.make("hire-1", template)?;
    let request = office.request("hire-1", template)?;
    office.lose_ledger(&[&request])?;
    office.act = Act::Make(Box::new(request));
    office.edits = edits_after_creation();
    Ok(office)
}

fn edits_after_creation() -> Vec<Edit> {
    vec![
        Edit::DataField("oneflow-notice", "3 months"),
        Edit::CustomField("oneflow-salary", "50000"),
        Edit::CustomField("shirt-size", "L"),
    ]
}

/// Selects and multi-selects.
fn choices(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let (sandbox, candidate) = (office.sandbox.clone(), office.candidate());
    let benefits = ["Phone", "Bicycle", "Gym", "Lunch"];
    sandbox.add_custom_field(
        CustomFieldSeed::new("oneflow-benefits", CustomFieldKind::MultiSelect).options(benefits),
    );
    sandbox.add_custom_field(
        CustomFieldSeed::new("oneflow-office", CustomFieldKind::Select).options(["Oslo", "Malmo"]),
    );
    let kind = sandbox.add_template_type(
        TemplateTypeSeed::new("Choices")
            .field(DataFieldSeed::new("oneflow-benefits"))
            .field(DataFieldSeed::new("oneflow-office"))
            .field(DataFieldSeed::new("oneflow-contract-type")),
    );
    let template = sandbox.add_template(TemplateSeed::new("Choices", Some(kind)))?;
    sandbox.edit_custom_field(&candidate, "oneflow-benefits", Some("Phone, Gym"))?;
    let contract = office.make("hire-1", template)?;
    let edited = [
        ("oneflow-benefits", "Phone, Bicycle"),
        ("oneflow-office", "Malmo"),
        ("oneflow-contract-type", "Fixed term"),
    ];
    office.fill(contract, &edited)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// Fields that were emptied in a contract that all have signed, and are to be cleared.
fn clearing(variant: Variant) -> Result<Office, Unprepared> {
    let field = |(key, target, _): (&str, &str, &str)| {
        format!(
            "[[field]]\noneflow = \"{key}\"\nteamtailor = \"{target}\"\nwhen = \"all_signed\"\non_empty = \"clear\"\non_conflict = \"contract_wins\"\n"
        )
    };
    let emptied = [
        ("oneflow-start-date", "custom:oneflow-start-date", ""),
        ("oneflow-salary", "custom:oneflow-salary", ""),
        ("oneflow-contract-type", "custom:oneflow-contract-type", ""),
        ("oneflow-notice", "custom:oneflow-notice", "3 months"),
        ("profile", "linkedin_url", ""),
        ("about", "pitch", ""),
    ];
    let mapping = BY_TOKEN.to_owned() + &emptied.map(field).concat();
    let mut office = Office::open(variant, settings().null_clears(true), &mapping)?;
    let candidate = office.candidate();
    office.sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("1 month"))?;
    office.sandbox.edit_candidate(
        &candidate,
        "linkedin-url",
        Some("https://www.linkedin.com/in/ann-sample"),
    )?;
    office.sandbox.edit_candidate(&candidate, "pitch", Some("Likes late shifts."))?;
    let mut kind = TemplateTypeSeed::new("Short");
    for (key, ..) in emptied {
        kind = kind.field(DataFieldSeed::new(key));
    }
    let kind = office.sandbox.add_template_type(kind);
    let template = office.sandbox.add_template(TemplateSeed::new("Short", Some(kind)))?;
    let contract = office.make("hire-1", template)?;
    office.fill(contract, &emptied.map(|(key, _, value)| (key, value)))?;
    office.sandbox.sign_all(contract)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// Default fields only, by entries of the mapping.
fn default_fields(variant: Variant) -> Result<Office, Unprepared> {
    let field = |(key, target): (&str, &str)| {
        format!(
            "[[field]]\noneflow = \"{key}\"\nteamtailor = \"{target}\"\nwhen = \"edited\"\non_conflict = \"contract_wins\"\n"
        )
    };
    let pairs = [
        ("given-name", "first_name"),
        ("family-name", "last_name"),
        ("mobile", "phone"),
        ("profile", "linkedin_url"),
        ("about", "pitch"),
    ];
    let mapping = BY_TOKEN.to_owned() + &pairs.map(field).concat();
    let mut office = Office::open(variant, settings(), &mapping)?;
    let mut kind = TemplateTypeSeed::new("Person");
    for (key, _) in pairs {
        kind = kind.field(DataFieldSeed::new(key));
    }
    let kind = office.sandbox.add_template_type(kind);
    let template = office.sandbox.add_template(TemplateSeed::new("Person", Some(kind)))?;
    let contract = office.make("hire-1", template)?;
    let edited = [
        ("given-name", "Anna"),
        ("family-name", "Example"),
        ("mobile", "+46701740606"),
        ("profile", "https://www.linkedin.com/in/anna-example"),
        ("about", "Likes early shifts."),
    ];
    office.fill(contract, &edited)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// Numbers, dates, checkboxes, addresses: by entries of the mapping, without the convention.
fn typed_fields(variant: Variant) -> Result<Office, Unprepared> {
    let fields = [
        ("begin", "first-day", "date", CustomFieldKind::Date, "2031-05-01", "2031-06-15"),
        ("pay", "gross-pay", "number", CustomFieldKind::Number, "1000", "1250.5"),
        ("car", "company-car", "checkbox", CustomFieldKind::Checkbox, "false", "1"),
        ("site", "home-page", "url", CustomFieldKind::Url, "https://a.example.com", "https://b.example.com"),
        ("private-mail", "second-mail", "email", CustomFieldKind::Email, "a@example.com", "b@example.com"),
    ];
    let entry = |(key, api_name, kind, ..): (&str, &str, &str, CustomFieldKind, &str, &str)| {
        format!("[[field]]\noneflow = \"{key}\"\nteamtailor = \"custom:{api_name}\"\ntype = \"{kind}\"\n")
    };
    let mapping = format!("{BY_TOKEN}convention = false\n{}", fields.map(entry).concat());
    let mut office = Office::open(variant, settings(), &mapping)?;
    let mut kind = TemplateTypeSeed::new("Typed");
    for (key, api_name, _, held, before, _) in fields {
        kind = kind.field(DataFieldSeed::new(key));
        office.sandbox.add_custom_field(CustomFieldSeed::new(api_name, held));
        office.sandbox.edit_custom_field(&office.candidate(), api_name, Some(before))?;
    }
    let kind = office.sandbox.add_template_type(kind);
    let template = office.sandbox.add_template(TemplateSeed::new("Typed", Some(kind)))?;
    let contract = office.make("hire-1", template)?;
    office.fill(contract, &fields.map(|(key, _, _, _, _, after)| (key, after)))?;
    office.sandbox.sign_all(contract)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// A recruiter's edits, newer ones and such as conflict with the contract's, by all three rules for a conflict.
fn both_sides_edited(variant: Variant) -> Result<Office, Unprepared> {
    let entry = |(key, rule): (&str, &str)| {
        format!("[[field]]\noneflow = \"{key}\"\nteamtailor = \"custom:{key}\"\non_conflict = \"{rule}\"\n")
    };
    let rules = [
        ("oneflow-salary", "hold"),
        ("oneflow-start-date", "candidate_wins"),
        ("oneflow-contract-type", "contract_wins"),
    ];
    let mapping = BY_TOKEN.to_owned() + &rules.map(entry).concat();
    let mut office = Office::open(variant, settings(), &mapping)?;
    let candidate = office.candidate();
    office.sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("1 month"))?;
    let contract = office.make("hire-1", office.sandbox.seeded().template)?;
    for (api_name, value) in [
        ("oneflow-salary", "50000"),
        ("oneflow-start-date", "2031-07-01"),
        ("oneflow-contract-type", "Hourly"),
        ("oneflow-notice", "2 months"),
    ] {
        office.sandbox.edit_custom_field(&candidate, api_name, Some(value))?;
    }
    office.fill(contract, &EDITED[..4])?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// A card without any of the values, which a participant fills in.
fn empty_card(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings().null_clears(true), BY_TOKEN)?;
    let candidate = office.candidate();
    for api_name in ["oneflow-salary", "oneflow-start-date", "oneflow-contract-type"] {
        office.sandbox.edit_custom_field(&candidate, api_name, None)?;
    }
    let contract = office.make("hire-1", office.sandbox.seeded().template)?;
    office.fill(contract, &EDITED)?;
    office.act = Act::Look(contract);
    Ok(office)
}

/// Data fields that the convention pairs with custom fields by their keys without the prefix.
fn bare_keys(variant: Variant) -> Result<Office, Unprepared> {
    let mut office = Office::open(variant, settings(), BY_TOKEN)?;
    let bare = EDITED.map(|(key, value)| (key.trim_start_matches("oneflow-"), value));
    let mut kind = TemplateTypeSeed::new("Bare");
    for (key, _) in bare {
        kind = kind.field(DataFieldSeed::new(key));
    }
    let kind = office.sandbox.add_template_type(kind);
    let template = office.sandbox.add_template(TemplateSeed::new("Bare", Some(kind)))?;
    let contract = office.make("hire-1", template)?;
    office.fill(contract, &bare)?;
    office.sandbox.sign_all(contract)?;
    office.act = Act::Look(contract);
    Ok(office)
}
