//! The text of the configuration: a new one with comments, or one that is there with what it lacks.

use std::net::SocketAddr;

use smartsync_core::mapping::Direction;
use smartsync_transport::Url;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TomlError, Value, value};

use super::pairs::{Likeness, ProposedPair};
use crate::{
    config::{SecretSource, ServerSection},
    words::commands::init_file as words,
};

/// What is to stand in the file. `None`: what is there stays, or the default counts.
#[derive(Clone, Default)]
pub(super) struct Facts {
    pub(super) oneflow_url: Option<Url>,
    pub(super) oneflow_token: Option<SecretSource>,
    pub(super) user_email: Option<String>,
    pub(super) sign_key: Option<SecretSource>,
    pub(super) teamtailor_url: Option<Url>,
    pub(super) teamtailor_token: Option<SecretSource>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) pairs: Vec<ProposedPair>,
}

/// A new file.
pub(super) fn fresh(facts: &Facts) -> String {
    let line = |key: &str, value: Option<String>, comment: &str| {
        value.map(|value| {
            let line = format!("{key} = {value}");
            if comment.is_empty() { format!("{line}\n") } else { format!("{line:<52}# {comment}\n") }
        })
    };
    let url = |url: &Option<Url>| url.as_ref().map(|url| text(url.as_str()));
    let secret = |source: &Option<SecretSource>| {
        source.as_ref().map(|source| source_table(source).to_string().trim().to_owned())
    };
    let mut out = comments(&words::HEAD) + "\n[oneflow]\n";
    let of_oneflow = [
        line("base_url", url(&facts.oneflow_url), ""),
        line("token", secret(&facts.oneflow_token), ""),
        line("user_email", facts.user_email.as_deref().map(text), words::USER_EMAIL),
        line("sign_keys", secret(&facts.sign_key).map(|key| format!("[{key}]")), words::SIGN_KEYS),
    ];
    out.extend(of_oneflow.into_iter().flatten());
    out.push_str("\n[teamtailor]\n");
    let of_teamtailor = [
        line("base_url", url(&facts.teamtailor_url), ""),
        line("token", secret(&facts.teamtailor_token), words::TEAMTAILOR_TOKEN),
    ];
    out.extend(of_teamtailor.into_iter().flatten());
    out.push_str("\n[store]\n");
    out.extend(line("url", Some(text("sqlite://smartsync.db")), words::STORE_URL));
    out.extend(line("# key", Some(r#"{ file = "/etc/smartsync/key" }"#.to_owned()), words::STORE_KEY));
    out.push_str("\n[server]\n");
    let listen = facts.listen.unwrap_or_else(|| ServerSection::default().listen);
    out.extend(line("listen", Some(text(&listen.to_string())), words::LISTEN));
    out.push_str("path = \"/webhooks/oneflow\"\n\n[limits]\n");
    out.extend(line("changes", Some(50.to_string()), words::CHANGES));
    out.push_str("\n[sync]\n");
    out.extend(line("convention", Some(true.to_string()), words::CONVENTION));
    out.push_str(&comments(&words::LINK));
    out.push_str("# link = [\"ledger\", \"participant_custom_id\", \"email\"]\n# template_types = []\n");
    out.push_str(&entries(&facts.pairs));
    out
}

/// Lines that say something.
fn comments(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| ["# ", line, "\n"]).collect()
}

/// The file that is there, with what it lacks. Its own lines stay as they are.
pub(super) fn edited(before: &str, facts: &Facts) -> Result<String, TomlError> {
    let mut document: DocumentMut = before.parse()?;
    let oneflow = [
        ("base_url", facts.oneflow_url.as_ref().map(|url| value(url.as_str()))),
        ("token", facts.oneflow_token.as_ref().map(source_item)),
        ("user_email", facts.user_email.as_ref().map(value)),
        (
            "sign_keys",
            facts.sign_key.as_ref().map(|source| {
                value([Value::from(source_table(source))].into_iter().collect::<toml_edit::Array>())
            }),
        ),
    ];
    let teamtailor = [
        ("base_url", facts.teamtailor_url.as_ref().map(|url| value(url.as_str()))),
        ("token", facts.teamtailor_token.as_ref().map(source_item)),
    ];
    let server = [("listen", facts.listen.map(|listen| value(listen.to_string())))];
    add(&mut document, "oneflow", oneflow);
    add(&mut document, "teamtailor", teamtailor);
    add(&mut document, "server", server);
    let is_table_list = document.get("field").is_none_or(|fields| fields.is_array_of_tables());
    if is_table_list {
        // Behind everything: an entry that is switched off is a comment, and stands in no table.
        let mut text = document.to_string();
        let entries = entries(&facts.pairs);
        if !(entries.is_empty() || text.ends_with('\n')) {
            text.push('\n');
        }
        return Ok(text + &entries);
    }
    if let Some(list) = document.get_mut("field").and_then(Item::as_array_mut) {
        for pair in facts.pairs.iter().filter(|pair| pair.likeness != Likeness::OnlyOneOfType) {
            list.push(Value::from(entry(pair)));
        }
    }
    Ok(document.to_string())
}

/// Adds to a section what is not there.
fn add<const N: usize>(document: &mut DocumentMut, section: &str, keys: [(&str, Option<Item>); N]) {
    let is_list_behind = document.get("field").is_some_and(Item::is_array_of_tables);
    for (key, item) in keys {
        let Some(item) = item else { continue };
        let table = document.entry(section).or_insert_with(|| {
            let mut table = Table::new();
            // A new table goes in front of `[[field]]`, which is long.
            if is_list_behind {
                table.set_position(Some(0));
            }
            Item::Table(table)
        });
        if let Some(table) = table.as_table_like_mut()
            && table.get(key).is_none_or(is_empty)
        {
            table.insert(key, item);
        }
    }
}

/// `sign_keys = []` says nothing.
fn is_empty(item: &Item) -> bool {
    item.as_array().is_some_and(toml_edit::Array::is_empty)
}

/// Whether the text has the entry of this guess already, switched off.
pub(super) fn has_guess(text: &str, pair: &ProposedPair) -> bool {
    pair.likeness == Likeness::OnlyOneOfType && text.contains(entries(std::slice::from_ref(pair)).trim())
}

/// `[[field]]` for each pair; a guess as a comment.
fn entries(pairs: &[ProposedPair]) -> String {
    let mut out = String::new();
    for pair in pairs.iter().filter(|pair| pair.likeness != Likeness::Convention) {
        let is_guess = pair.likeness == Likeness::OnlyOneOfType;
        out.push('\n');
        if is_guess {
            out.push_str(&comments(&[words::GUESS]));
        }
        let mut list = ArrayOfTables::new();
        list.push(entry(pair).into_table());
        let mut document = DocumentMut::new();
        document.insert("field", Item::ArrayOfTables(list));
        for line in document.to_string().trim().lines() {
            out.push_str(if is_guess { "# " } else { "" });
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn entry(pair: &ProposedPair) -> InlineTable {
    let mut entry = InlineTable::new();
    entry.insert("oneflow", pair.oneflow.as_str().into());
    entry.insert("teamtailor", pair.teamtailor.to_string().into());
    if pair.direction == Direction::ToOneflow {
        entry.insert("direction", "to_oneflow".into());
    }
    entry
}

fn source_item(source: &SecretSource) -> Item {
    value(source_table(source))
}

fn source_table(source: &SecretSource) -> InlineTable {
    let mut table = InlineTable::new();
    match source {
        SecretSource::Env(name) => table.insert("env", name.as_str().into()),
        SecretSource::File(path) => table.insert("file", path.display().to_string().into()),
    };
    table
}

/// A text as TOML writes it.
fn text(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use smartsync_core::candidate::CandidateField;

    use super::*;
    use crate::config::{Config, ConfigFile};

    fn facts() -> Facts {
        let pair = |oneflow: &str, likeness| ProposedPair {
            oneflow: oneflow.to_owned(),
            teamtailor: CandidateField::custom(format!("of \"{oneflow}\"")),
            likeness,
            direction: Direction::Both,
        };
        Facts {
            oneflow_url: Some("https://oneflow.example.com/v1".parse().unwrap()),
            oneflow_token: Some(SecretSource::File("oneflow-token".into())),
            user_email: Some("integration@example.com".to_owned()),
            sign_key: Some(SecretSource::File("oneflow-sign-key".into())),
            teamtailor_url: None,
            teamtailor_token: Some(SecretSource::Env("TEAMTAILOR_API_KEY".to_owned())),
            listen: Some("127.0.0.1:9000".parse().unwrap()),
            pairs: vec![pair("size", Likeness::SameName), pair("day", Likeness::OnlyOneOfType)],
        }
    }

    #[test]
    fn a_new_file_says_what_was_answered_and_a_guess_does_not_count() {
        let config = Config::from_toml(&fresh(&facts())).unwrap();
        assert_eq!(config.oneflow.token, SecretSource::File("oneflow-token".into()));
        assert_eq!(config.oneflow.user_email.as_deref(), Some("integration@example.com"));
        assert_eq!(config.teamtailor.token, SecretSource::Env("TEAMTAILOR_API_KEY".to_owned()));
        assert_eq!(config.server.listen.port(), 9000);
        let entries: Vec<_> = config.mapping.fields.iter().map(|field| field.oneflow.as_str()).collect();
        assert_eq!(entries, ["size"]);
        assert!(config.warnings().is_empty());
    }

    #[test]
    fn a_guess_counts_once_its_marks_are_taken_away() {
        let text = fresh(&facts());
        let (before, guess) = text.split_once("if the two belong together.\n").unwrap();
        let config = Config::from_toml(&format!("{before}\n{}", guess.replace("# ", ""))).unwrap();
        assert_eq!(config.mapping.fields.len(), 2);
    }

    #[test]
    fn of_a_file_that_is_there_every_line_stays_and_what_it_lacks_is_added() {
        for before in [
            "# mine\n[oneflow]\ntoken = { env = \"MINE\" } # mine, too\nsign_keys = []\n\n[[field]]\noneflow = \"a\"\nteamtailor = \"custom:a\"\n",
            "field = [{ oneflow = \"a\", teamtailor = \"custom:a\" }]\noneflow = { token = { env = \"MINE\" } }\n",
            "[oneflow]\ntoken.env = \"MINE\"\n[sync]\nconvention = false\n[[field]]\noneflow = \"a\"\nteamtailor = \"custom:a\"",
        ] {
            let text = edited(before, &facts()).unwrap();
            let config = ConfigFile::from_toml(&text).and_then(|file| file.config());
            let config = config.unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(config.oneflow.token, SecretSource::Env("MINE".to_owned()), "what is there counts");
            assert_eq!(config.oneflow.user_email.as_deref(), Some("integration@example.com"));
            assert_eq!(config.oneflow.sign_keys.iter().count(), 1, "{text}");
            assert_eq!(config.server.listen.port(), 9000);
            let entries: Vec<_> = config.mapping.fields.iter().map(|field| field.oneflow.as_str()).collect();
            assert_eq!(entries, ["a", "size"], "{text}");
            for line in before.lines().filter(|line| line.starts_with("# ") || line.contains("convention")) {
                assert!(text.lines().any(|kept| kept == line), "{line} is gone:\n{text}");
            }
        }
    }

    #[test]
    fn what_lacks_nothing_stays_as_it_is() {
        let text = fresh(&facts());
        let nothing = Facts { pairs: Vec::new(), ..facts() };
        assert_eq!(edited(&text, &nothing).unwrap(), text);
    }
}
