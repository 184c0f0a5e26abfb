//! What the document behind the client promises about itself.

const DOCUMENT: &str = include_str!("../../openapi.yaml");
const SPEC: &str = include_str!("../../SPEC.md");

/// Schema and member of every line that leaves a member untyped.
fn untyped() -> Vec<(String, String)> {
    let (mut schema, mut member, mut found) = (String::new(), String::new(), Vec::new());
    for line in DOCUMENT.lines() {
        let depth = line.len() - line.trim_start().len();
        if let Some((name, _)) = line.trim_start().split_once(':') {
            match depth {
                4 => name.clone_into(&mut schema),
                8 => name.clone_into(&mut member),
                _ => {}
            }
        }
        if line.contains("x-untyped: true") {
            found.push((schema.clone(), member.clone()));
        }
    }
    found
}

#[test]
fn every_untyped_member_is_listed_with_its_reason() {
    let untyped = untyped();
    assert!(
        untyped.contains(&("Webhook".to_owned(), "configuration".to_owned())),
        "the document is read at all"
    );
    for (schema, member) in &untyped {
        assert!(SPEC.contains(&format!("`{schema}.{member}`")), "{schema}.{member}");
    }
    let listed = SPEC.lines().skip_while(|line| !line.starts_with("| member")).skip(2);
    let listed = listed.take_while(|line| line.starts_with('|'));
    let places = listed.map(|line| line.split('|').nth(1).unwrap().matches('.').count()).sum::<usize>();
    assert_eq!(places, untyped.len(), "nothing is listed that is typed by now");
}

#[test]
fn every_module_stands_in_the_table_of_the_front_page_and_of_the_readme() {
    let root = include_str!("../../src/generated.rs");
    let modules: Vec<&str> = root
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").and_then(|line| line.strip_suffix(';')))
        .collect();
    assert!(modules.len() > 10, "{modules:?}");
    for module in modules {
        assert!(include_str!("../../guide/overview.md").contains(&format!("[`{module}`]")), "{module}");
        assert!(include_str!("../../README.md").contains(&format!("`{module}`")), "{module}");
    }
}
