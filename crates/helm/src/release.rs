//! What a render is told about the release: names, moment, and Helm's rule for names.

/// A release as templates see it in `.Release`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace; Helm does not check it.
    pub namespace: String,
    /// Its revision; `helm template` says 1.
    pub revision: u64,
    /// Whether it is upgraded instead of installed.
    pub is_upgrade: bool,
}

/// The longest name, so that charts can append to it.
const LONGEST: usize = 53;

/// Refuses names that Helm refuses, with Helm's text.
///
/// # Errors
/// When the name is empty, longer than 53 bytes or no DNS subdomain.
pub fn check_release_name(name: &str) -> Result<(), String> {
    let why = if name.is_empty() {
        "no name provided"
    } else if name.len() > LONGEST || !name.split('.').all(is_label) {
        "invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and \
         the length must not be longer than 53"
    } else {
        return Ok(());
    };
    Err(format!("release name check failed: release name \"{}\": {why}", name.escape_debug()))
}

fn is_label(part: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [part.bytes().next(), part.bytes().next_back()];
    ends.iter().all(|byte| byte.is_some_and(inner)) && part.bytes().all(|byte| inner(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_helm_checks_them() {
        for name in ["rel", "1num", "dotted.name", "a-b", &"a".repeat(53)] {
            assert_eq!(check_release_name(name), Ok(()), "{name}");
        }
        for name in ["", "UPPER", "a_b", "-a", "a-", "a..b", ".a", &"a".repeat(54)] {
            assert!(check_release_name(name).is_err(), "{name}");
        }
    }
}
