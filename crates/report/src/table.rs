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
/// Columns are not cropped below this.
const LEAST: usize = 12;
/// Columns by which rows are known are cropped last, and not below this.
const LEAST_NAME: usize = 20;
const NAMES: [&str; 8] = ["CLUSTER", "NAMESPACE", "NAME", "KIND", "IMAGE", "KUSTOMIZATION", "HELM RELEASE", "LINE"];

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

    /// The table as text. With a width, the widest columns are cropped until it fits; paths keep their ends.
    pub fn render(&self, width: Option<usize>) -> String {
        let rows = self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells),
            Row::Section(_) => None,
        });
        let lines = || std::iter::once(&self.headings).chain(rows.clone());
        let columns = lines().map(Vec::len).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..columns)
            .map(|i| lines().filter_map(|line| line.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0))
            .collect();
        if let Some(width) = width {
            fit(&self.headings, &mut widths, width.saturating_sub(GAP * columns.saturating_sub(1)));
        }
        let mut text = row(&self.headings, &widths);
        for line in &self.rows {
            match line {
                Row::Cells(cells) => text.push_str(&row(cells, &widths)),
                Row::Section(heading) => text.push_str(&format!("{}\n", crate::clean(heading, false))),
            }
        }
        text
    }
}

/// Takes from the widest of the columns that are not names, then from those, until all fit or none has any to give.
fn fit(headings: &[String], widths: &mut [usize], width: usize) {
    let mut excess = widths.iter().sum::<usize>().saturating_sub(width);
    for (names, least) in [(false, LEAST), (true, LEAST_NAME)] {
        while excess > 0 {
            let columns = widths.iter_mut().zip(headings).filter(|(_, h)| NAMES.contains(&h.as_str()) == names);
            let Some(widest) = columns.map(|(width, _)| width).max().filter(|widest| **widest > least) else { break };
            *widest -= 1;
            excess -= 1;
        }
    }
}

fn row(cells: &[String], widths: &[usize]) -> String {
    let mut printed = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let cell = crop_cell(&crate::clean(cell, false), *width);
        let padding = width + GAP - cell.chars().count().min(*width);
        printed.push_str(&cell);
        printed.extend(std::iter::repeat_n(' ', padding));
    }
    format!("{}\n", printed.trim_end())
}

/// A path or a place says more at its end, everything else at its beginning.
fn crop_cell(text: &str, width: usize) -> String {
    let is_place =
        text.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
    if text.starts_with("./") || is_place { crop_front(text, width) } else { crop(text, width) }
}

/// The text, or `…` and its end when it has more than `width` characters.
pub fn crop_front(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(length + 1 - width.max(1))).collect()
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
        assert_eq!(table.render(Some(20)), "NAME   PATH\napps   …s/production\nx\n");
    }
}
