//! What is wrong with a value, as a tree, and how upstream prints it (`output.go`).

use source::Span;

/// One thing that is wrong, and what causes it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// Where the value is in the document: a JSON pointer.
    pub(super) location: String,
    /// Where the value was written.
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) causes: Vec<Failure>,
}

/// How a failure is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// As a line of its own, with its causes below.
    Line,
    /// The same; whoever wraps it takes its causes instead.
    Group,
    /// As a line unless it has a single cause.
    Reference,
}

impl Failure {
    /// A failure that nobody will read: only that there is one counts.
    pub(super) fn unread() -> Self {
        Self {
            kind: Kind::Line,
            location: String::new(),
            span: Span::DETACHED,
            message: String::new(),
            causes: Vec::new(),
        }
    }

    /// Its causes, if it is only there to hold them.
    pub(super) fn ungrouped(self) -> Vec<Failure> {
        if self.kind == Kind::Group { self.causes } else { vec![self] }
    }

    /// Writes the tree as lines, each after a line break.
    pub(super) fn write(&self, out: &mut String, indent: usize) {
        let is_skipped = self.kind == Kind::Reference && self.causes.len() == 1;
        if !is_skipped {
            out.push('\n');
            out.push_str(&"  ".repeat(indent));
            out.push_str("- at ");
            out.push_str(&super::localized::quote(&self.location));
            out.push_str(": ");
            out.push_str(&self.message);
        }
        for cause in &self.causes {
            cause.write(out, indent + usize::from(!is_skipped));
        }
    }

    /// The failures that nothing else causes.
    pub(super) fn leaves<'a>(&'a self, found: &mut Vec<&'a Failure>) {
        if self.causes.is_empty() {
            found.push(self);
        }
        self.causes.iter().for_each(|cause| cause.leaves(found));
    }
}
