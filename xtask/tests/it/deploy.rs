//! What `deploy/` gives to whoever runs SmartSync: each metric has a rule, and each rule asks for what there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde::Deserialize;

use crate::readmes::{read, root};

#[derive(Deserialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    alert: String,
    expr: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

fn rules() -> Vec<Rule> {
    let text = fs::read_to_string(root().join("deploy/alerts.yaml")).unwrap();
    let file: RuleFile = yaml_serde::from_str(&text).unwrap();
    file.groups.into_iter().flat_map(|group| group.rules).collect()
}

/// The metrics of the README, each with the words of its row of labels.
fn metrics() -> BTreeMap<String, BTreeSet<String>> {
    let readme = fs::read_to_string(root().join("smartsync/README.md")).unwrap();
    let mut metrics = BTreeMap::new();
    for row in &read(&readme).tables["Monitoring"] {
        let words = row[1].split(|c: char| !c.is_alphanumeric() && !"_-".contains(c));
        let words: BTreeSet<String> = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
        // `smartsync_contracts_waiting`, `_running`: the last word in its place.
        let mut first = "";
        for name in row[0].split(", ") {
            let whole = match name.strip_prefix('_') {
                Some(end) => [first.rsplit_once('_').unwrap().0, "_", end].concat(),
                None => name.to_owned(),
            };
            if first.is_empty() {
                first = name;
            }
            assert!(metrics.insert(whole.clone(), words.clone()).is_none(), "{whole} has two rows");
        }
    }
    metrics
}

/// The metrics that an expression asks for, each with what stands in its braces.
fn asked(expression: &str) -> Vec<(&str, &str)> {
    let starts = expression.match_indices("smartsync_").map(|(start, _)| &expression[start..]);
    let asked = starts.map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let braces =
            rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or("", |(braces, _)| braces);
        (name.strip_suffix("_bucket").unwrap_or(name), braces)
    });
    asked.collect()
}

/// `cause=~"a|b"` has the words `cause`, `a` and `b`.
fn words(braces: &str) -> impl Iterator<Item = &str> {
    braces.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c)).filter(|word| !word.is_empty())
}

#[test]
fn an_expression_is_taken_apart() {
    let expression = r#"increase(smartsync_a_total{cause=~"x|y_z"}[15m]) > 0 and smartsync_b == 1 or smartsync_c_seconds_bucket"#;
    let asked = asked(expression);
    assert_eq!(
        asked,
        [("smartsync_a_total", r#"cause=~"x|y_z""#), ("smartsync_b", ""), ("smartsync_c_seconds", "")]
    );
    assert_eq!(words(asked[0].1).collect::<Vec<_>>(), ["cause", "x", "y_z"]);
}

#[test]
fn every_metric_has_a_rule_and_every_rule_asks_for_metrics_and_labels_that_there_are() {
    let (metrics, rules) = (metrics(), rules());
    assert!(metrics.len() > 15, "{metrics:?}");
    let mut with_rule = BTreeSet::new();
    for Rule { alert, expr, .. } in &rules {
        let asked = asked(expr);
        assert!(!asked.is_empty(), "{alert} asks for nothing");
        for (metric, braces) in asked {
            let labels = metrics
                .get(metric)
                .unwrap_or_else(|| panic!("{alert} asks for {metric}, which is not in the README"));
            for word in words(braces) {
                assert!(labels.contains(word), "{alert}: {metric} has no label or value `{word}`");
            }
            with_rule.insert(metric.to_owned());
        }
    }
    let without: Vec<&String> = metrics.keys().filter(|metric| !with_rule.contains(*metric)).collect();
    assert!(without.is_empty(), "no rule asks for {without:?}");
}

/// `.ci/full` has Prometheus run them.
#[test]
fn every_rule_has_a_test_that_it_fires() {
    let tests = fs::read_to_string(root().join("deploy/alerts_test.yaml")).unwrap();
    for Rule { alert, .. } in rules() {
        assert!(tests.contains(&format!("alertname: {alert}\n")), "{alert} has no test");
    }
}

#[test]
fn every_rule_has_a_name_of_its_own_says_how_urgent_it_is_and_what_to_do() {
    let mut names = BTreeSet::new();
    for Rule { alert, labels, annotations, .. } in rules() {
        assert!(alert.starts_with("SmartSync") && names.insert(alert.clone()), "{alert}");
        assert!(matches!(labels["severity"].as_str(), "page" | "ticket"), "{alert}");
        assert!(!annotations["summary"].is_empty() && !annotations["next"].is_empty(), "{alert}");
    }
}
