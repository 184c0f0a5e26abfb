//! Rust on the pages of `docs/` is that of examples which the gate compiles and runs: `<!-- from FILE: NAME -->` above a block names the lines between
//! `// ANCHOR: NAME` and `// ANCHOR_END: NAME` of the file.

use std::{fs, path::Path};

use crate::{readmes::root, site::is_update};

/// The lines of an anchor, as far to the left as they go.
fn anchored(text: &str, name: &str) -> Option<String> {
    let is = |line: &&str, mark: &str| line.trim() == format!("// {mark}: {name}");
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !is(line, "ANCHOR"))
        .skip(1)
        .take_while(|line| !is(line, "ANCHOR_END"))
        .filter(|line| !line.trim().starts_with("// ANCHOR"))
        .collect();
    let indent = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()?;
    Some(lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect())
}

/// The page with the blocks that its marks name, and what is wrong with it.
fn filled(page: &str, read: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let (mut filled, mut rest) = (String::new(), page);
    while let Some((before, block)) = rest.split_once("```rust") {
        let mark = before.lines().last().unwrap_or_default();
        let named = mark.strip_prefix("<!-- from ").and_then(|mark| mark.strip_suffix(" -->"));
        let Some((file, name)) = named.and_then(|named| named.split_once(": ")) else {
            return Err("a block of Rust is from no example".to_owned());
        };
        let text = read(file).ok_or_else(|| format!("there is no {file}"))?;
        let code = anchored(&text, name).ok_or_else(|| format!("{file} has no anchor {name}"))?;
        let (_, after) = block.split_once("\n```").ok_or("a block does not end")?;
        filled.push_str(&format!("{before}```rust\n{code}```"));
        rest = after;
    }
    Ok(filled + rest)
}

fn check(folder: &Path, seen: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // A decision shows code that was not taken as well.
        if path.is_dir() && !path.ends_with("decisions") {
            check(&path, seen);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let page = fs::read_to_string(&path).unwrap();
            let expected = filled(&page, |file| fs::read_to_string(root().join(file)).ok())
                .unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()));
            *seen += page.matches("<!-- from ").count();
            if is_update() && page != expected {
                fs::write(&path, &expected).unwrap();
            } else {
                assert!(
                    page == expected,
                    "{}: `UPDATE_PAGES=1 cargo test -p xtask` takes the code over",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn rust_on_a_page_is_that_of_an_example() {
    let mut seen = 0;
    check(&root().join("docs"), &mut seen);
    assert!(seen >= 6, "{seen}");
}

#[test]
fn a_block_is_filled_with_the_lines_of_its_anchor_and_nothing_else_will_do() {
    let code = "fn main() {\n    // ANCHOR: one\n    // ANCHOR: two\n    if x {\n        y();\n    }\n    // ANCHOR_END: two\n\n    z();\n    // ANCHOR_END: one\n}\n";
    let read = |file: &str| (file == "a.rs").then(|| code.to_owned());
    let page = |name: &str| format!("Text.\n\n<!-- from a.rs: {name} -->\n```rust\nold();\n```\n\nMore.\n");
    let is = |code: &str, name: &str| {
        format!("Text.\n\n<!-- from a.rs: {name} -->\n```rust\n{code}```\n\nMore.\n")
    };
    assert_eq!(filled(&page("two"), read).unwrap(), is("if x {\n    y();\n}\n", "two"));
    assert_eq!(filled(&page("one"), read).unwrap(), is("if x {\n    y();\n}\n\nz();\n", "one"));
    for (page, wrong) in [
        (page("three"), "a.rs has no anchor three"),
        ("<!-- from b.rs: one -->\n```rust\n```\n".to_owned(), "there is no b.rs"),
        ("```rust\nx();\n```\n".to_owned(), "a block of Rust is from no example"),
    ] {
        assert_eq!(filled(&page, read).unwrap_err(), wrong);
    }
}
