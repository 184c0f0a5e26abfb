//! Whether a path matches a route.

/// The arguments of `pattern` (`/contracts/{id}`) if the segments match it.
pub(crate) fn arguments(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut arguments = Vec::new();
    let mut given = segments.iter();
    for expected in pattern.trim_start_matches('/').split('/') {
        let segment = given.next()?;
        if expected.starts_with('{') {
            arguments.push(segment.clone());
        } else if expected != segment {
            return None;
        }
    }
    given.next().is_none().then_some(arguments)
}

#[cfg(test)]
mod tests {
    use super::arguments;

    fn segments(path: &str) -> Vec<String> {
        path.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn a_path_matches_segment_by_segment() {
        let pattern = "/contracts/{id}/files/{file}";
        assert_eq!(arguments(pattern, &segments("contracts/7/files/1")), Some(segments("7/1")));
        assert_eq!(arguments(pattern, &segments("contracts/7/files")), None);
        assert_eq!(arguments(pattern, &segments("contracts/7/files/1/")), None);
        assert_eq!(arguments(pattern, &segments("contracts/7/parties/1")), None);
    }
}
