//! A Markdown document whose sections are written by different commands.

use std::path::PathBuf;

/// What stands before the first section, then the sections with their headings, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Document {
    lead: String,
    sections: Vec<(String, String)>,
}

/// Where the scores, the misses and the speed are told.
pub(crate) fn conformance_path() -> PathBuf {
    testkit::workspace().join("docs/conformance.md")
}

impl Document {
    /// Splits a text at its second-level headings.
    pub(crate) fn read(text: &str) -> Self {
        let mut parts = text.split("\n## ");
        let lead = parts.next().unwrap_or_default().trim_end().to_owned();
        let sections = parts.map(|part| {
            let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
            (heading.trim().to_owned(), body.trim().to_owned())
        });
        Self { lead, sections: sections.collect() }
    }

    /// Replaces what stands before the first section.
    pub(crate) fn set_lead(&mut self, lead: &str) {
        lead.trim().clone_into(&mut self.lead);
    }

    /// What stands under a heading.
    pub(crate) fn section(&self, heading: &str) -> Option<&str> {
        self.sections.iter().find(|(name, _)| name == heading).map(|(_, body)| body.as_str())
    }

    /// Replaces what stands under a heading; a new section goes to the end.
    pub(crate) fn set(&mut self, heading: &str, body: &str) {
        let body = body.trim().to_owned();
        match self.sections.iter_mut().find(|(name, _)| name == heading) {
            Some((_, old)) => *old = body,
            None => self.sections.push((heading.to_owned(), body)),
        }
    }

    /// The whole document.
    pub(crate) fn text(&self) -> String {
        let sections = self.sections.iter().map(|(heading, body)| format!("\n## {heading}\n\n{body}\n"));
        format!("{}\n{}", self.lead, sections.collect::<String>())
    }
}

/// A Markdown table.
pub(crate) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let rows = rows.into_iter().map(|row| line(&row.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>()));
    format!("{}{}{}", line(&head), line(&rule), rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_replaced_and_the_rest_is_kept() {
        let mut document = Document::read("# Title\n\nLead.\n\n## A\n\nold\n\n## B\n\nkept\n");
        document.set("A", "new");
        document.set("C", "more");
        assert_eq!(document.text(), "# Title\n\nLead.\n\n## A\n\nnew\n\n## B\n\nkept\n\n## C\n\nmore\n");
        assert_eq!(Document::read(&document.text()), document);
        assert_eq!(table(&["a", "b"], [vec!["1".into(), "x|y".into()]]), "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n");
    }
}
