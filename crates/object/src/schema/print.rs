//! Schema tables as Rust source: how `built_in.rs` is made.

use std::fmt::Write;

use super::{NONE, Schema};

/// Columns of a printed table.
const WIDTH: usize = 118;

impl Schema {
    /// The source text of a module that holds these tables as the constant `SCHEMA`, with `about` as its opening comment.
    pub fn to_source(&self, about: &str) -> String {
        let mut out = String::new();
        for line in about.lines() {
            let _ = writeln!(out, "{}", format!("//! {line}").trim_end());
        }
        out.push_str("\nuse std::borrow::Cow;\n\nuse super::{Definition, NONE, Name, Schema};\n\n");
        out.push_str(
            "#[rustfmt::skip]\npub(super) static SCHEMA: Schema = Schema {\n    names: Cow::Borrowed(NAMES),\n    \
             definitions: Cow::Borrowed(&DEFINITIONS),\n    fields: Cow::Borrowed(&FIELDS),\n    \
             keys: Cow::Borrowed(&KEYS),\n    named: Cow::Borrowed(&NAMED),\n    kinds: Cow::Borrowed(&KINDS),\n};\n\n",
        );
        out.push_str("#[rustfmt::skip]\nconst NAMES: &str = \"\\\n");
        for chunk in self.names.as_bytes().chunks(WIDTH - 2) {
            let _ = writeln!(out, "{}\\", String::from_utf8_lossy(chunk));
        }
        out.push_str("\";\n\n");
        out.push_str(
            "const fn d(start: u32, count: u32, items: u32, values: u32, merge: u32, keys: u32) -> Definition {\n    \
             Definition { fields: (start, count), items, values, merge: (merge, keys) }\n}\n\n\
             const fn f(start: u32, length: u32, definition: u32) -> (Name, u32) {\n    \
             (Name(start, length), definition)\n}\n\n\
             const fn k(a: u32, b: u32, c: u32, d: u32, definition: u32) -> (Name, Name, u32) {\n    \
             (Name(a, b), Name(c, d), definition)\n}\n\n/// No definition.\nconst N: u32 = NONE;\n\n",
        );
        let index = |index: u32| if index == NONE { "N".to_owned() } else { index.to_string() };
        table(
            &mut out,
            "DEFINITIONS",
            "Definition",
            self.definitions.iter().map(|d| {
                let (start, count) = d.fields;
                let (merge, keys) = d.merge;
                format!("d({start},{count},{},{},{},{keys})", index(d.items), index(d.values), index(merge))
            }),
        );
        table(
            &mut out,
            "FIELDS",
            "(Name, u32)",
            self.fields.iter().map(|(name, at)| format!("f({},{},{})", name.0, name.1, index(*at))),
        );
        table(&mut out, "KEYS", "Name", self.keys.iter().map(|name| format!("Name({},{})", name.0, name.1)));
        table(
            &mut out,
            "NAMED",
            "(Name, u32)",
            self.named.iter().map(|(name, at)| format!("f({},{},{})", name.0, name.1, index(*at))),
        );
        table(
            &mut out,
            "KINDS",
            "(Name, Name, u32)",
            self.kinds.iter().map(|(version, kind, at)| {
                format!("k({},{},{},{},{})", version.0, version.1, kind.0, kind.1, index(*at))
            }),
        );
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn table(out: &mut String, name: &str, kind: &str, items: impl ExactSizeIterator<Item = String>) {
    let _ = writeln!(out, "#[rustfmt::skip]\nstatic {name}: [{kind}; {}] = [", items.len());
    let mut line = String::new();
    for item in items {
        if line.len() + item.len() + 1 > WIDTH {
            let _ = writeln!(out, "{line}");
            line.clear();
        }
        line.push_str(&item);
        line.push(',');
    }
    let _ = writeln!(out, "{line}\n];\n");
}
