//! Character classes.

/// A class without characters.
pub(super) const NOTHING: &str = "[^\\x00-\\x{10FFFF}]";

const ANYTHING: &str = "\\x00-\\x{10FFFF}";

/// About how many states a class of whole Unicode tables takes.
const TABLE_SIZE: u64 = 300;

/// A class in the making. Empty ones need care: the `regex` crate has another syntax for them.
pub(super) struct Class {
    text: String,
    is_negated: bool,
    fold_case: bool,
    size: u64,
}

impl Class {
    pub(super) fn new(is_negated: bool, fold_case: bool) -> Self {
        Self { text: String::new(), is_negated, fold_case, size: 1 }
    }

    /// A set in the syntax of the inside of a class.
    pub(super) fn push_set(&mut self, set: &str) {
        self.text.push_str(set);
        if set.contains("\\p") || set.contains("\\P") {
            self.size = TABLE_SIZE;
        }
    }

    /// A class like `[:alpha:]` with its brackets. Both syntaxes have the same ones.
    pub(super) fn push_posix(&mut self, name: &str) -> bool {
        let known = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "word", "xdigit",
        ];
        let bare = name.trim_start_matches("[:").trim_end_matches(":]");
        let is_known = known.contains(&bare.strip_prefix('^').unwrap_or(bare));
        if is_known {
            self.text.push_str(name);
        }
        is_known
    }

    /// A range of code points. Halves of surrogate pairs are in no text.
    pub(super) fn push_range(&mut self, low: u32, high: u32) {
        let low = if (0xD800..0xE000).contains(&low) { 0xE000 } else { low };
        let high = if (0xD800..0xE000).contains(&high) { 0xD7FF } else { high };
        if low <= high {
            super::push_character(&mut self.text, low);
            self.text.push('-');
            super::push_character(&mut self.text, high);
        }
    }

    /// The class, and about how many states it takes.
    pub(super) fn finish(self) -> (String, u64) {
        let text = match (self.text.is_empty(), self.is_negated) {
            (true, false) => NOTHING.to_owned(),
            (true, true) => format!("[{ANYTHING}]"),
            (false, false) => format!("[{}]", self.text),
            (false, true) => format!("[^{}]", self.text),
        };
        (if self.fold_case { format!("(?i:{text})") } else { text }, self.size)
    }
}

/// A category or script by a name that Go takes. The compiler of the `regex` crate has the tables, so it is asked.
pub(super) fn property(name: &str, is_negated: bool) -> Option<String> {
    let is_separator = |c: char| matches!(c, '_' | '-' | ' ');
    let name: String = name.chars().filter(|c| !is_separator(*c)).flat_map(char::to_lowercase).collect();
    // The crate knows more than tables: `is` in front of names, and properties with values.
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) || name.starts_with("is") {
        return None;
    }
    if matches!(name.as_str(), "cs" | "surrogate") {
        // No text has halves of surrogate pairs.
        return Some(if is_negated { ANYTHING.to_owned() } else { NOTHING.to_owned() });
    }
    let set = format!("\\{}{{{name}}}", if is_negated { 'P' } else { 'p' });
    regex::Regex::new(&set).is_ok().then_some(set)
}
