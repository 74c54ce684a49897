//! Tables as `kubectl` and `flux` print them.

/// Rows under headings; columns are as wide as their widest cell and three blanks apart.
#[derive(Clone, Default, Debug)]
pub struct Table {
    headings: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
enum Row {
    Cells(Vec<String>),
    /// A line of its own that says what follows.
    Section(String),
}

const GAP: usize = 3;

impl Table {
    /// An empty table.
    pub fn new<H: Into<String>>(headings: impl IntoIterator<Item = H>) -> Self {
        Self { headings: headings.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Appends a row. An empty cell is printed as it is.
    pub fn push<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(Row::Cells(cells.into_iter().map(Into::into).collect()));
    }

    /// Appends a line that is no row.
    pub fn section(&mut self, text: impl Into<String>) {
        self.rows.push(Row::Section(text.into()));
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text. With a width, the last column is cropped to it.
    pub fn render(&self, width: Option<usize>) -> String {
        let rows = self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells),
            Row::Section(_) => None,
        });
        let lines = || std::iter::once(&self.headings).chain(rows.clone());
        let columns = lines().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|i| lines().filter_map(|line| line.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0))
            .collect();
        let before_last: usize = widths.iter().rev().skip(1).map(|w| w + GAP).sum();
        let last = width.map(|width| width.saturating_sub(before_last).max(8));
        let mut text = row(&self.headings, &widths, last);
        for line in &self.rows {
            match line {
                Row::Cells(cells) => text.push_str(&row(cells, &widths, last)),
                Row::Section(heading) => text.push_str(&format!("{}\n", crate::clean(heading, false))),
            }
        }
        text
    }
}

fn row(cells: &[String], widths: &[usize], last: Option<usize>) -> String {
    let mut printed = String::new();
    for (i, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let cell = crate::clean(cell, false);
        match last {
            Some(last) if i + 1 == widths.len() => printed.push_str(&crop(&cell, last)),
            _ => printed.push_str(&cell),
        }
        if i + 1 < widths.len() {
            printed.extend(std::iter::repeat_n(' ', width + GAP - cell.chars().count().min(*width)));
        }
    }
    format!("{}\n", printed.trim_end())
}

/// The text, or its beginning and `…` when it has more than `width` characters.
pub(crate) fn crop(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cropped: String = text.chars().take(width.saturating_sub(1)).collect();
    cropped.push('…');
    cropped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_and_crops() {
        let mut table = Table::new(["NAME", "PATH"]);
        table.push(["apps", "./apps/production"]);
        table.push(["x", ""]);
        assert_eq!(table.render(None), "NAME   PATH\napps   ./apps/production\nx\n");
        assert_eq!(table.render(Some(17)), "NAME   PATH\napps   ./apps/pr…\nx\n");
    }
}
