//! Names near to a mistyped one, for "did you mean".

/// Names longer than this are never compared: nobody means them, and comparing is quadratic in length.
const LONGEST: usize = 64;

/// The names that `name` was probably meant to be, best first, at most three.
pub(crate) fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let bound = match name.chars().count() {
        0..=3 => 1,
        4..=8 => 2,
        _ => 3,
    };
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST && *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= bound)
        .collect();
    found.sort_unstable();
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Edits from one name to the other; letters that differ in case only cost nothing, and `_` and `-` are the same.
fn distance(a: &str, b: &str) -> usize {
    let fold = |text: &str| -> Vec<char> {
        text.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (fold(a), fold(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// `` `a`, `b` or `c` ``; `None` for no names.
pub(crate) fn listed(names: &[&str]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, rest) = quoted.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} or {last}", rest.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_near_names() {
        let names = ["cluster_domain", "CLUSTER_ENV", "replicas"];
        assert_eq!(near("CLUSTER_DOMAIN", names), ["cluster_domain"]);
        assert_eq!(near("replica", names), ["replicas"]);
        assert_eq!(near("interval", names), [] as [&str; 0]);
        assert_eq!(listed(&["a", "b", "c"]).unwrap(), "`a`, `b` or `c`");
    }
}
