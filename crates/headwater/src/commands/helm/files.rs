//! `--output-dir`: a file for each template, as `pkg/action/install.go` and `pkg/cmd/template.go` of helm 4.2.3 write them.
//!
//! Other than helm, which appends hooks to the files of an earlier run, a file is always made anew first.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Component, Path};

use super::input::go_error;

/// Files below a directory, which are made anew when they are first written and then appended to.
pub(super) struct Writer<'a> {
    directory: &'a Path,
    written: BTreeSet<String>,
    said: &'a mut Vec<u8>,
}

impl<'a> Writer<'a> {
    /// `said` gets what helm says about each write.
    pub(super) fn new(directory: &'a Path, said: &'a mut Vec<u8>) -> Self {
        Self { directory, written: BTreeSet::new(), said }
    }

    /// Writes a document that comes from the template at `name`.
    pub(super) fn write(&mut self, name: &str, text: &[u8]) -> Result<(), String> {
        // Names of templates were checked when the chart was loaded; what writes to the disk does not rely on it.
        if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(format!("{name} leads out of the output directory"));
        }
        let path = self.directory.join(name);
        let shown = path.display().to_string();
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| go_error("mkdir", &parent.display().to_string(), &error))?;
        }
        let again = !self.written.insert(name.to_owned());
        let mut options = fs::OpenOptions::new();
        let options = options.write(true).create(true).append(again).truncate(!again);
        let mut file = options.open(&path).map_err(|error| go_error("open", &shown, &error))?;
        let document = [b"---\n# Source: ", name.as_bytes(), b"\n", text, b"\n"].concat();
        file.write_all(&document).map_err(|error| go_error("write", &shown, &error))?;
        self.said.extend_from_slice(format!("wrote {shown}\n").as_bytes());
        Ok(())
    }
}
