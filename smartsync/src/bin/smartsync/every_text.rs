//! What the program says stands in the catalogue of words, so that another language misses none of it.

use std::{fs, path::Path};

/// Where something is said, in the folder of the sources: by the commands, the set-up, the page, the demo and the drill, and where decisions are made for several.
const SAYING: &[&str] =
    &["bin/smartsync", "setup", "page", "engine/decision_desk.rs", "demo/story.rs", "drill.rs", "drill"];

/// The same in the core, whose catalogue is its own: what is said of a mapping at a place of it, of permissions, and of a decision.
const SAYING_IN_CORE: &[&str] = &[
    "mapping/check.rs",
    "mapping/check",
    "mapping/item.rs",
    "mapping/table.rs",
    "mapping/mapping_file.rs",
    "mapping/nearest.rs",
    "permissions.rs",
    "permissions",
    "plan/resolution.rs",
];

/// Files of which the texts are not looked at, each with why.
const FILES: &[(&str, &str)] = &[
    ("bin/smartsync/cli.rs", "what `--help` says stands with what can be typed, where clap reads it"),
    ("bin/smartsync/cli/", "the same"),
    ("setup/probe/undone.rs", "tests"),
    ("setup/probe/worlds.rs", "tests"),
    ("bin/smartsync/every_text.rs", "it is this"),
    ("drill/texts.rs", "what people type in a drill"),
    ("drill/plant.rs", "files that they plant"),
    ("drill/rules.rs", "lines of a configuration"),
    ("permissions/fence.rs", "an error of the library"),
    ("permissions/fence/", "the same"),
];

/// Texts that look like words and are the same in every language: names of options, lines of a configuration, what a browser reads. And some that are no text of
/// a language: errors of files, threads and requests, the name under which the journal keeps who decided, and what the drill's contracts have.
const TEXTS: &[(&str, &str)] = &[
    ("setup/init/document.rs", r#"path = \"/webhooks/oneflow\"\n\n[limits]\n"#),
    (
        "setup/init/document.rs",
        r#"# link = [\"ledger\", \"participant_custom_id\", \"email\"]\n# template_types = []\n"#,
    ),
    // The name of what a probe makes, which is read back.
    ("setup/probe/of_written.rs", "SmartSync probe"),
    ("setup/init/question.rs", "--oneflow-token env:NAME|file:PATH"),
    ("setup/init/question.rs", "--user-email EMAIL"),
    ("setup/init/question.rs", "--teamtailor-token env:NAME|file:PATH"),
    ("setup/init/question.rs", "--secrets files|env"),
    ("setup/init/question.rs", "--webhook URL"),
    ("setup/init/writing.rs", "it was changed meanwhile"),
    (
        "setup/init/trial.rs",
        r#"[oneflow]\ntoken = { env = \"NONE\" }\n[teamtailor]\ntoken = { env = \"NONE\" }\n"#,
    ),
    (
        "page/headers.rs",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("page/router.rs", "text/css; charset=utf-8"),
    ("page/answer.rs", "text/html; charset=utf-8"),
    ("page/guard.rs", "{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}{end}"),
    (
        "page/moment.rs",
        r#"<time datetime="{exact}">{day} {time} UTC</time> <span class="ago">({distance})</span>"#,
    ),
    ("page/linked.rs", r#"<a href=\"{page}\">{text}</a>"#),
    ("page/chart.rs", "M{left} {top}h{}v{height}h-{0}z"),
    ("page/access.rs", "Wrong({count})"),
    ("page/decide.rs", "the page"),
    ("setup/probe/probe_fence.rs", "this request is not in the list of a probe, or was sent before"),
    ("setup/probe/write_fence.rs", "this request is not in the list of a probe, or was sent before"),
    ("drill.rs", "a thread of the drill broke off"),
    ("drill/host.rs", "no base URL"),
    ("drill/host.rs", "the sign key of the drill, known to Oneflow and to us"),
    ("drill/host.rs", "Your contract"),
    ("drill/host.rs", "Please sign."),
    ("drill/field.rs", "Fixed term"),
    ("drill/scene.rs", "Mallory Vendor"),
    ("drill/judge/document.rs", "Contract {contract}, signed"),
];

/// Paths of the file, or of those of the folder, and their code without tests and attributes.
fn sources(place: &Path, root: &Path, found: &mut Vec<(String, String)>) {
    if place.is_dir() {
        for entry in fs::read_dir(place).unwrap() {
            sources(&entry.unwrap().path(), root, found);
        }
        return;
    }
    let name = place.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let text = fs::read_to_string(place).unwrap();
    let (mut code, mut is_in_attribute) = (String::new(), false);
    for line in text.split("\nmod tests {").next().unwrap().lines() {
        is_in_attribute |= line.trim_start().starts_with("#[");
        if is_in_attribute {
            is_in_attribute = !line.ends_with(']');
        } else {
            code.extend([line, "\n"]);
        }
    }
    found.push((name, code));
}

/// A literal, and the macro in whose parentheses it is: `writeln`.
struct Literal {
    text: String,
    within: Option<String>,
}

/// The literals of a code.
fn literals(code: &str) -> Vec<Literal> {
    let (mut found, mut calls, mut at) = (Vec::new(), Vec::<Option<String>>::new(), 0);
    let bytes = code.as_bytes();
    while at < bytes.len() {
        let rest = &code[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let raw = rest.strip_prefix("r#\"").map(|text| (3, text.find("\"#").unwrap(), 2));
        let raw = raw.or_else(|| rest.strip_prefix("r\"").map(|text| (2, text.find('"').unwrap(), 1)));
        if let Some((begin, length, end)) = raw.filter(|_| !is_word(code[..at].chars().last())) {
            found.push(Literal {
                text: rest[begin..begin + length].to_owned(),
                within: calls.iter().rev().flatten().next().cloned(),
            });
            at += begin + length + end;
            continue;
        }
        match bytes[at] {
            b'"' => {
                let mut end = at + 1;
                while bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let within = calls.iter().rev().flatten().next().cloned();
                found.push(Literal { text: code[at + 1..end].to_owned(), within });
                at = end + 1;
            }
            // A character, and no lifetime.
            b'\'' if rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'') => {
                let letter = rest[1..].chars().next().unwrap().len_utf8();
                let skipped = if rest[1..].starts_with('\\') { 3 } else { 1 + letter };
                at += skipped + rest[skipped..].find('\'').unwrap() + 1;
                at = at.max(1);
            }
            b'(' => {
                let before = code[..at]
                    .strip_suffix('!')
                    .or(Some(&code[..at]).filter(|text| text.ends_with(" table")));
                calls.push(before.map(|before| {
                    before.rsplit(|c: char| !is_word(Some(c)) && c != ':').next().unwrap().to_owned()
                }));
                at += 1;
            }
            b')' => {
                calls.pop();
                at += 1;
            }
            _ => at += rest.chars().next().unwrap().len_utf8(),
        }
    }
    found
}

fn is_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The text without what is filled in.
fn said(text: &str) -> String {
    let (mut said, mut depth) = (String::new(), 0_u32);
    for letter in text.replace("\\n", " ").replace("\\u{1b}", "").chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => said.push(letter),
            _ => {}
        }
    }
    said
}

/// Whether a literal is something that is said: two words, or any where it is printed.
fn is_said(literal: &Literal) -> bool {
    let within = literal.within.as_deref().unwrap_or_default();
    // A command line is the same in every language.
    if within.starts_with("tracing::") || within == "env" || literal.text.starts_with("smartsync ") {
        return false;
    }
    let said = said(&literal.text);
    let words =
        said.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).count();
    words > 1 || words > 0 && ["write", "writeln", "print", "println", "eprintln", "table"].contains(&within)
}

#[test]
fn whatever_commands_set_up_and_page_say_stands_in_the_catalogue() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (host, core) = (manifest.join("src"), manifest.join("../smartsync-core/src"));
    let mut all = Vec::new();
    for (root, places) in [(host, SAYING), (core, SAYING_IN_CORE)] {
        for place in places {
            let before = all.len();
            sources(&root.join(place), &root, &mut all);
            assert!(all.len() > before, "{place}");
        }
    }
    let mut wrong = Vec::new();
    let mut seen = vec![false; FILES.len()];
    let mut excused = vec![false; TEXTS.len()];
    for (name, code) in &all {
        let of_file =
            FILES.iter().position(|(file, _)| name == file || file.ends_with('/') && name.starts_with(file));
        for literal in literals(code).iter().filter(|literal| is_said(literal)) {
            if let Some(place) = of_file {
                seen[place] = true;
                continue;
            }
            match TEXTS.iter().position(|(file, text)| name == file && literal.text == *text) {
                Some(place) => excused[place] = true,
                None => wrong.push(format!("{name}: {:?}", literal.text)),
            }
        }
    }
    assert!(wrong.is_empty(), "put what is said into `words/english`:\n{}", wrong.join("\n"));
    let no_more = FILES.iter().zip(seen).filter(|(_, seen)| !seen).map(|((file, _), _)| *file);
    let no_more: Vec<&str> = no_more
        .chain(TEXTS.iter().zip(excused).filter(|(_, seen)| !seen).map(|((_, text), _)| *text))
        .collect();
    assert!(no_more.is_empty(), "this needs no exception any more: {no_more:?}");
}

#[test]
fn a_text_in_the_code_of_a_command_is_found() {
    let code = r##"
        // writeln!(out, "a comment of words")
        fn f<'a>(x: &'a str) { let quote = '"'; let end = '\''; }
        writeln!(out, "contract {contract}: {}", words::NONE)?;
        writeln!(out, "{}\n {name:<18}", "done")?;
        let question = format!("Really {it}, now?");
        tracing::warn!(next, "a line of the log");
        let raw = r#"two "quoted" words"#;
        json!({ "looked_at": 1 })
        writeln!(out, "{}", table(["code", words::WHY], rows))
        let command = format!("smartsync held --after {place}");
    "##;
    let found: Vec<String> = literals(code).into_iter().filter(is_said).map(|literal| literal.text).collect();
    assert_eq!(
        found,
        ["contract {contract}: {}", "done", "Really {it}, now?", "two \"quoted\" words", "code"]
            .map(str::to_owned)
    );
}

/// The names of all texts of the commands.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            let name = line.strip_prefix("pub const ").or_else(|| line.strip_prefix("pub fn "));
            if let Some(name) = name.and_then(|name| name.split([':', '(', '<']).next()) {
                found.push((file.clone(), name.to_owned()));
            }
        }
    }
}

#[test]
fn every_text_of_the_catalogue_is_said() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut all, mut names) = (Vec::new(), Vec::new());
    for place in SAYING {
        sources(&manifest.join("src").join(place), manifest, &mut all);
    }
    texts(&manifest.join("src/words/english/commands"), &mut names);
    // The compiler does not miss what is public and unused.
    let is_said = |file: &str, name: &str| {
        all.iter().any(|(_, code)| {
            let behind = |(at, _): (usize, &str)| code[at + name.len()..].chars().next();
            code.contains(file) && code.match_indices(name).any(|found| !is_word(behind(found)))
        })
    };
    let unsaid: Vec<_> = names.iter().filter(|(file, name)| !is_said(file, name)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
    assert!(names.len() > 100, "{}", names.len());
}
