//! The shapes of versions and constraints, without their meaning. No choice in them depends on what follows, so one pass
//! gives what upstream's regular expressions give.

/// The parts of a version as they are written; without the dots, `-` and `+` before them.
pub(super) struct Parts<'a> {
    /// The whole.
    pub(super) text: &'a str,
    pub(super) major: &'a str,
    pub(super) minor: Option<&'a str>,
    pub(super) patch: Option<&'a str>,
    pub(super) prerelease: Option<&'a str>,
    pub(super) metadata: Option<&'a str>,
}

pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn starting_at(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(eaten);
        eaten
    }

    /// Blanks; gives whether there was one.
    pub(super) fn blanks(&mut self) -> bool {
        !self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0C' | b'\r')).is_empty()
    }

    /// The longest run of such bytes, all of them ASCII.
    pub(super) fn run(&mut self, is_in: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii() && is_in(*byte)) {
            self.at += 1;
        }
        self.between(start)
    }

    /// A version whose numbers are made of such bytes.
    pub(super) fn version(&mut self, is_digit: impl Fn(u8) -> bool) -> Option<Parts<'a>> {
        let start = self.at;
        self.eat(b'v');
        let major = self.run(&is_digit);
        if major.is_empty() {
            self.at = start;
            return None;
        }
        let minor = self.after(b'.', &is_digit);
        let patch = minor.and_then(|_| self.after(b'.', &is_digit));
        let prerelease = self.identifiers(b'-');
        let metadata = self.identifiers(b'+');
        Some(Parts { text: self.between(start), major, minor, patch, prerelease, metadata })
    }

    /// A run of such bytes after `mark`; nothing is taken if there is none.
    fn after(&mut self, mark: u8, is_in: impl Fn(u8) -> bool) -> Option<&'a str> {
        let start = self.at;
        if self.eat(mark) {
            let run = self.run(is_in);
            if !run.is_empty() {
                return Some(run);
            }
        }
        self.at = start;
        None
    }

    /// Identifiers with dots between them, after `mark`.
    fn identifiers(&mut self, mark: u8) -> Option<&'a str> {
        let start = self.at + 1;
        self.after(mark, is_identifier)?;
        while self.after(b'.', is_identifier).is_some() {}
        Some(self.between(start))
    }

    fn between(&self, start: usize) -> &'a str {
        // Only ASCII bytes are ever taken.
        self.text.get(start..self.at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

pub(super) fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
