//! Which known name was probably meant.

/// The known name nearest to what was written, if one is near enough to be meant.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(written);
    let distance = |name: &&str| strsim::damerau_levenshtein(&folded, &fold(name));
    // A third of the characters may be wrong, as rustc has it; a name of three or fewer may have one.
    let most = (written.chars().count() / 3).max(1);
    let near =
        known.into_iter().map(|name| (distance(&name), name)).filter(|(distance, _)| *distance <= most);
    near.min().map(|(_, name)| name)
}

/// The known names, the nearest to what was written first.
pub(super) fn by_nearness<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(written);
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_by_cached_key(|name| (strsim::damerau_levenshtein(&folded, &fold(name)), *name));
    names.dedup();
    names
}

/// Case, and which dash it is, are typing errors of no distance.
fn fold(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn or_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names, "or")
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn and_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    joined(names, "and")
}

fn joined<'a>(names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
}
