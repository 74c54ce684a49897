//! What Helm writes to its log and goes on.

use std::fmt;

/// One line of Helm's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// `WARN`, or `INFO` for what goes through Go's plain logger.
    pub level: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where, as names and values.
    pub attributes: Vec<(&'static str, String)>,
}

impl Warning {
    /// What Helm says through Go's plain logger.
    pub(crate) fn log(message: impl Into<String>) -> Self {
        Self { level: "INFO", message: message.into(), attributes: Vec::new() }
    }

    /// A warning with attributes.
    pub(crate) fn warn<const N: usize>(message: &str, attributes: [(&'static str, &str); N]) -> Self {
        let attributes = attributes.map(|(name, value)| (name, value.to_owned())).into();
        Self { level: "WARN", message: message.to_owned(), attributes }
    }
}

/// The line as `helm` writes it to standard error.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level={} msg={}", self.level, quoted(&self.message))?;
        self.attributes.iter().try_for_each(|(name, value)| write!(f, " {name}={}", quoted(value)))
    }
}

/// As `log/slog` prints a text (`needsQuoting` of Go 1.26): plain where nothing in it could mislead.
fn quoted(text: &str) -> String {
    let plain = |c: char| c != ' ' && c != '"' && c != '=' && gotmpl::is_printable(c) && c != '\u{FFFD}';
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { gotmpl::quote(text.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_helm_logs() {
        let warning = Warning::warn("returned non-bool value", [("path", "sub.enabled"), ("chart", "a b")]);
        assert_eq!(warning.to_string(), "level=WARN msg=\"returned non-bool value\" path=sub.enabled chart=\"a b\"");
    }
}
