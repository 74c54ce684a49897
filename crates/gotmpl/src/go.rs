//! Parts of Go's standard library that other rooms need with the same verdicts and the same words.

use crate::functions;

/// A regular expression of Go's `regexp`.
#[derive(Clone, Debug)]
pub struct Regexp(regex::Regex);

impl Regexp {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Go's text.
    pub fn new(pattern: &str) -> Result<Self, String> {
        functions::go_regex(pattern.as_bytes()).map(Self)
    }

    /// Whether the pattern is found anywhere in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// The parts of a URL that Go's `net/url` reads.
#[derive(Clone, Debug)]
pub struct Url {
    /// In lower case; empty where there is none.
    pub scheme: String,
    /// With brackets and port.
    pub host: String,
    /// Without them.
    pub hostname: String,
    /// The path as it is written, where that differs from Go's own way to write it.
    pub raw_path: String,
}

impl Url {
    /// Reads a URL.
    ///
    /// # Errors
    /// Go's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let url = functions::Url::parse(text.as_bytes()).map_err(|error| lossy(&error))?;
        Ok(Self {
            scheme: lossy(&url.scheme),
            host: lossy(&url.host),
            hostname: lossy(url.hostname()),
            raw_path: lossy(&url.raw_path),
        })
    }
}

/// Whether a text is an IPv4 or IPv6 address, perhaps with a zone (`netip.ParseAddr`).
///
/// # Errors
/// Go's text.
pub fn check_address(text: &str) -> Result<(), String> {
    functions::check_address(text.as_bytes()).map_err(|error| String::from_utf8_lossy(&error).into_owned())
}
