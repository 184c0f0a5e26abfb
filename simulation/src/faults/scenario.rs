//! What a run is made of: candidates, mapped fields with their rules, and how the host is set up.

use std::fmt::Write as _;

use fastrand::Rng;
use smartsync_core::Mapping;
use smartsync_sandbox::{CandidateSeed, CustomFieldKind, CustomFieldSeed, DataFieldSeed, TemplateTypeSeed};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    LastName,
    Pitch,
    Text,
    Number,
    Select,
    Date,
}

/// When a field is written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Edited,
    CandidateSigned,
    AllSigned,
}

/// Who wins where both sides were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnConflict {
    ContractWins,
    CandidateWins,
    Hold,
}

/// Who wins where nobody knows what both sides agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFirstSight {
    Proven,
    Hold,
    ContractWins,
    CandidateWins,
}

/// One mapped field.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// `custom_id` of the data field.
    pub(super) key: String,
    /// Its name on the card: an attribute or an api-name.
    pub(super) card: String,
    pub(super) kind: Kind,
    pub(super) when: When,
    pub(super) on_conflict: OnConflict,
    pub(super) on_first_sight: OnFirstSight,
    /// Only what everyone has signed may clear a value.
    pub(super) clears: bool,
}

/// What a run is made of.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) fields: Vec<Field>,
    pub(super) candidates: usize,
    /// Whether the signed document is wanted.
    pub(super) attaches: bool,
    /// Whether the clients wait and try again.
    pub(super) retries: bool,
}

/// A field that is on the card and in no mapping.
pub(super) const UNMAPPED: &str = "shirt-size";
/// A second signatory at the counterparty.
pub(super) const GUARDIAN: &str = "Guardian";

impl Kind {
    /// The values that people choose from.
    pub(super) fn pool(self) -> [&'static str; 4] {
        match self {
            Self::LastName => ["Alder", "Birch", "Cedar", "Elm"],
            Self::Pitch | Self::Text => ["alpha", "beta", "gamma", "delta"],
            Self::Number => ["30000", "35000", "40000", "45000"],
            Self::Select => ["One", "Two", "Three", "Four"],
            Self::Date => ["2031-05-01", "2031-06-01", "2031-07-01", "2031-08-01"],
        }
    }

    /// How a participant may write the value.
    pub(super) fn spelled(self, value: &str, rng: &mut Rng) -> String {
        match self {
            Self::Number if value.len() == 5 && rng.u8(..4) == 0 => {
                format!("{} {}", &value[..2], &value[2..])
            }
            Self::Text if !value.is_empty() && rng.u8(..8) == 0 => format!(" {value} "),
            Self::LastName | Self::Pitch | Self::Text | Self::Number | Self::Select | Self::Date => {
                value.to_owned()
            }
        }
    }

    /// The value under all its spellings.
    pub(super) fn normal(self, text: &str) -> String {
        match self {
            Self::Number => text.chars().filter(|letter| !letter.is_whitespace()).collect(),
            Self::LastName | Self::Pitch | Self::Text | Self::Select | Self::Date => text.trim().to_owned(),
        }
    }

    fn custom(self) -> Option<CustomFieldKind> {
        match self {
            Self::LastName | Self::Pitch => None,
            Self::Text => Some(CustomFieldKind::Text),
            Self::Number => Some(CustomFieldKind::Number),
            Self::Select => Some(CustomFieldKind::Select),
            Self::Date => Some(CustomFieldKind::Date),
        }
    }
}

impl Field {
    pub(super) fn is_default(&self) -> bool {
        self.kind.custom().is_none()
    }

    /// The custom field to make, if it is one.
    pub(super) fn custom_field(&self) -> Option<CustomFieldSeed> {
        let seed = CustomFieldSeed::new(&self.card, self.kind.custom()?);
        Some(if self.kind == Kind::Select { seed.options(self.kind.pool()) } else { seed })
    }

    /// Whether it stands in the candidate itself, and not among the values of custom fields.
    pub(super) fn is_of_candidate(&self) -> bool {
        matches!(self.kind, Kind::LastName | Kind::Pitch)
    }

    fn as_toml(&self) -> String {
        let teamtailor = match self.kind {
            Kind::LastName => "last_name".to_owned(),
            Kind::Pitch => "pitch".to_owned(),
            Kind::Text | Kind::Number | Kind::Select | Kind::Date => format!("custom:{}", self.card),
        };
        let when = match self.when {
            When::Edited => "edited",
            When::CandidateSigned => "candidate_signed",
            When::AllSigned => "all_signed",
        };
        let on_conflict = match self.on_conflict {
            OnConflict::ContractWins => "contract_wins",
            OnConflict::CandidateWins => "candidate_wins",
            OnConflict::Hold => "hold",
        };
        let on_first_sight = match self.on_first_sight {
            OnFirstSight::Proven => "proven",
            OnFirstSight::Hold => "hold",
            OnFirstSight::ContractWins => "contract_wins",
            OnFirstSight::CandidateWins => "candidate_wins",
        };
        let on_empty = if self.clears { "clear" } else { "keep" };
        format!(
            "[[field]]\noneflow = \"{}\"\nteamtailor = \"{teamtailor}\"\nwhen = \"{when}\"\n\
             on_conflict = \"{on_conflict}\"\non_first_sight = \"{on_first_sight}\"\non_empty = \"{on_empty}\"\n",
            self.key
        )
    }
}

impl Scenario {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let mut kinds =
            [Kind::Text, Kind::Number, Kind::Pitch, Kind::Select, Kind::LastName, Kind::Date, Kind::Text];
        rng.shuffle(&mut kinds);
        let count = rng.usize(2..=4);
        let fields = kinds[..count].iter().enumerate().map(|(position, kind)| {
            let when = match rng.u8(..10) {
                0..7 => When::Edited,
                7 => When::CandidateSigned,
                _ => When::AllSigned,
            };
            Field {
                key: format!("d{position}"),
                card: match kind {
                    Kind::LastName => "last-name".to_owned(),
                    Kind::Pitch => "pitch".to_owned(),
                    Kind::Text | Kind::Number | Kind::Select | Kind::Date => format!("c{position}"),
                },
                kind: *kind,
                when,
                on_conflict: match rng.u8(..4) {
                    0..2 => OnConflict::ContractWins,
                    2 => OnConflict::CandidateWins,
                    _ => OnConflict::Hold,
                },
                on_first_sight: match rng.u8(..6) {
                    0..3 => OnFirstSight::Proven,
                    3 => OnFirstSight::Hold,
                    4 => OnFirstSight::ContractWins,
                    _ => OnFirstSight::CandidateWins,
                },
                clears: when == When::AllSigned && rng.bool(),
            }
        });
        Self {
            fields: fields.collect(),
            candidates: if rng.u8(..5) == 0 { 2 } else { 1 },
            attaches: rng.u8(..3) > 0,
            retries: rng.u8(..3) > 0,
        }
    }

    /// The mapping, for contracts of this template type.
    pub(super) fn mapping(&self, template_type: i64) -> Result<Mapping, toml::de::Error> {
        let mut text = format!(
            "[sync]\nconvention = false\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\n\
             template_types = [{template_type}]\ndocument = {{ attach = {}, by_email = true }}\n",
            self.attaches
        );
        for field in &self.fields {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{}", field.as_toml());
        }
        toml::from_str(&text)
    }

    pub(super) fn template_type(&self) -> TemplateTypeSeed {
        let fields = self.fields.iter().map(|field| DataFieldSeed::new(&field.key));
        fields.fold(TemplateTypeSeed::new("Employment"), TemplateTypeSeed::field)
    }

    /// A candidate, and what the card holds in each mapped field.
    pub(super) fn candidate(&self, number: usize, rng: &mut Rng) -> (CandidateSeed, Vec<String>) {
        let mut seed = CandidateSeed::new(email(number))
            .name("Ann", "Sample")
            .field("phone", "+46701740605")
            .custom_field(UNMAPPED, "M");
        let mut held = Vec::new();
        for field in &self.fields {
            let value = if rng.u8(..3) == 0 { "" } else { field.kind.pool()[rng.usize(..4)] };
            let value = if field.kind == Kind::LastName && value.is_empty() { "Sample" } else { value };
            if field.is_default() && !value.is_empty() {
                seed = seed.field(&field.card, value);
            } else if !value.is_empty() {
                seed = seed.custom_field(&field.card, value);
            }
            held.push(value.to_owned());
        }
        (seed, held)
    }
}

/// The candidate's address.
pub(super) fn email(number: usize) -> String {
    format!("candidate{number}@example.com")
}
