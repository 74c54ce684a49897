//! What the command line gives values with: files, stdin, and the texts of `--set` and its family, read into memory.

use std::fs;
use std::io::{self, Read as _};

use helm::{SetArgument, ValueOptions, ValuesFile};
use source::{FileId, Span};
use yaml::{Map, Str};

use crate::args::ValuesArgs;

/// Largest file of values; what is larger is a mistake or an attack.
const LARGEST: u64 = 64 << 20;

/// The values that the flags make together.
pub(super) fn values(args: &ValuesArgs) -> Result<Map, String> {
    let names = args.files.iter().flat_map(|list| &list.0);
    let texts: Vec<(&str, Vec<u8>)> =
        names.map(|name| Ok((name.as_str(), read(name)?))).collect::<Result<_, String>>()?;
    // Nothing here is traced back to its place, so nothing is registered as a source.
    let files: Vec<_> = texts.iter().map(|(name, text)| ValuesFile { name, file: FileId::new(0), text }).collect();
    let [set_json, set, set_string, set_file, set_literal] =
        [&args.set_json, &args.set, &args.set_string, &args.set_file, &args.set_literal].map(|texts| {
            let arguments = texts.iter().map(|text| SetArgument { text, span: Span::DETACHED });
            arguments.collect::<Vec<_>>()
        });
    let options = ValueOptions {
        files: &files,
        set_json: &set_json,
        set: &set,
        set_string: &set_string,
        set_file: &set_file,
        set_literal: &set_literal,
    };
    helm::merge_options(&options, &|name| read(name).map(|text| Str::from(&*String::from_utf8_lossy(&text))))
}

/// A file, or stdin for `-`.
fn read(name: &str) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    if name.trim() == "-" {
        io::stdin().lock().take(LARGEST).read_to_end(&mut text).map_err(|error| go_error("read", "stdin", &error))?;
        return Ok(text);
    }
    let scheme = name.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if scheme.is_some_and(|scheme| ["http", "https", "oci"].contains(&scheme.as_str())) {
        return Err(format!("values from URLs are not supported: download {name} and give the file"));
    }
    let file = fs::File::open(name).map_err(|error| go_error("open", name, &error))?;
    file.take(LARGEST).read_to_end(&mut text).map_err(|error| go_error("read", name, &error))?;
    if text.len() as u64 == LARGEST {
        return Err(format!("{name} is larger than {} MiB", LARGEST >> 20));
    }
    Ok(text)
}

/// An error of the system in Go's words: `open a.yaml: no such file or directory`.
pub(super) fn go_error(act: &str, name: &str, error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words);
    format!("{act} {name}: {}", text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_read_are_told_in_gos_words() {
        assert_eq!(read("no/such.yaml").unwrap_err(), "open no/such.yaml: no such file or directory");
        assert_eq!(read("/").unwrap_err(), "read /: is a directory");
        assert!(read("https://example.com/v.yaml").unwrap_err().starts_with("values from URLs are not supported"));
    }
}
