//! The files of a packed chart.
//!
//! Upstream: `pkg/chart/loader/archive/archive.go` of helm 4.2.3, with its limits and words. Stricter than Helm, which takes
//! links and devices for empty files and does not look at what follows the last entry: such archives are refused.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use tar::{Archive, Entry, EntryType};

/// What one chart may unpack to, with all archives inside of it; Helm allows as much to each.
const MAX_TOTAL: u64 = 100 << 20;
/// Bytes of one file.
const MAX_FILE: u64 = 5 << 20;
/// Entries of all archives of one chart.
const MAX_ENTRIES: usize = 100_000;
/// Bytes of one part of a path, as file systems have it, and of a whole path.
const MAX_NAME: (usize, usize) = (255, 4096);
/// Bytes of headers and padding that an archive may have beside its files.
const MAX_OVERHEAD: u64 = 2 * MAX_ENTRIES as u64 * 512;
/// What stands in front of a gzip header that has no name, as `helm` looks for it.
const GZIP_MAGIC: &[u8] = b"\x1F\x8B\x08";

/// What the archives of one chart may still unpack to.
#[derive(Debug)]
pub(crate) struct Allowance {
    bytes: u64,
    entries: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { bytes: MAX_TOTAL, entries: MAX_ENTRIES }
    }
}

/// A file in an archive: its path without the first part, and its content.
pub(crate) type Unpacked = (String, Vec<u8>);

/// Whether the bytes begin as an archive does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP_MAGIC)
}

/// The files of an archive in its order, without byte order marks.
///
/// # Errors
/// Helm's text where Helm refuses the archive too.
pub(crate) fn unpack(bytes: &[u8], allowance: &mut Allowance) -> Result<Vec<Unpacked>, String> {
    if !is_gzip(bytes) {
        return Err(if bytes.is_empty() { "EOF" } else { "gzip: invalid header" }.to_owned());
    }
    let limit = allowance.bytes + MAX_OVERHEAD;
    let mut archive = Archive::new(Bounded { inner: MultiGzDecoder::new(bytes), left: limit });
    let mut files = Vec::new();
    for entry in archive.entries().map_err(|error| failed(&error))? {
        let mut entry = entry.map_err(|error| failed(&error))?;
        allowance.entries = allowance
            .entries
            .checked_sub(1)
            .ok_or_else(|| format!("decompressed chart holds more than {MAX_ENTRIES} entries"))?;
        if let Some(name) = name_of(&entry)? {
            let content = content_of(&mut entry, allowance)?;
            files.push((name, content));
        }
    }
    // The checksum is compared only at the end of the stream.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| failed(&error))?;
    if files.is_empty() {
        return Err("no files in chart archive".to_owned());
    }
    Ok(files)
}

/// The path of a file without the first part; `None` for what is not a file and does not matter.
fn name_of(entry: &Entry<'_, impl Read>) -> Result<Option<String>, String> {
    let full = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let quoted = gotmpl::quote(full.as_bytes());
    match entry.header().entry_type() {
        EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => return Ok(None),
        _ if full.ends_with('/') => return Ok(None),
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {}
        EntryType::Symlink | EntryType::Link => return Err(format!("chart illegally contains a link: {quoted}")),
        _ => return Err(format!("chart illegally contains something that is not a file: {quoted}")),
    }
    // An archive made on Windows may have backslashes; then a slash is a part of a name, until the last step.
    let delimiter = if full.contains('\\') { '\\' } else { '/' };
    let (first, rest) = full.split_once(delimiter).unwrap_or((&full, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') || full.starts_with('/') {
        return Err("chart illegally contains absolute paths".to_owned());
    }
    let name = clean(&rest);
    if name == "." {
        return Err(format!("chart illegally contains content outside the base directory: {quoted}"));
    }
    if name.starts_with("..") || first == ".." {
        return Err("chart illegally references parent directory".to_owned());
    }
    if matches!(name.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic()) {
        return Err("chart contains illegally named files".to_owned());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".to_owned());
    }
    if name.len() > MAX_NAME.1 || name.split('/').any(|part| part.len() > MAX_NAME.0) {
        return Err(format!("chart contains a file whose name is longer than {} bytes", MAX_NAME.0));
    }
    Ok(Some(name))
}

fn content_of(entry: &mut Entry<'_, impl Read>, allowance: &mut Allowance) -> Result<Vec<u8>, String> {
    let size = entry.size();
    if size > allowance.bytes {
        return Err(too_large());
    }
    if size > MAX_FILE {
        let name = gotmpl::quote(&entry.path_bytes());
        return Err(format!("decompressed chart file {name} is larger than the maximum file size {MAX_FILE}"));
    }
    let mut content = Vec::new();
    entry.take(allowance.bytes).read_to_end(&mut content).map_err(|error| failed(&error))?;
    let read = content.len() as u64;
    if read < size {
        return Err("unexpected EOF".to_owned());
    }
    allowance.bytes = allowance.bytes.saturating_sub(read);
    if allowance.bytes == 0 {
        return Err(too_large());
    }
    if content.starts_with(b"\xEF\xBB\xBF") {
        content.drain(..3);
    }
    Ok(content)
}

fn too_large() -> String {
    format!("decompressed chart is larger than the maximum size {MAX_TOTAL}")
}

fn failed(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        io::ErrorKind::FileTooLarge => too_large(),
        _ => error.to_string(),
    }
}

/// Go's `path.Clean` of a path that does not begin with a slash.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// A reader that fails past a limit: entries that are skipped cost time, and long names memory, before their size is known.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        io::Write::write_all(&mut encoder, bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn tar(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, kind, content) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(content.len() as u64);
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn names(entries: &[(&str, EntryType, &[u8])]) -> Result<Vec<String>, String> {
        let files = unpack(&gzip(&tar(entries)), &mut Allowance::default())?;
        Ok(files.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn paths_lose_their_first_part() {
        let regular = |name| (name, EntryType::Regular, b"x".as_slice());
        let found =
            names(&[("c/", EntryType::Directory, b""), regular("c/Chart.yaml"), regular("c\\templates\\a.yaml")]);
        assert_eq!(found.unwrap(), ["Chart.yaml", "templates/a.yaml"]);
        for (name, expected) in [
            ("c/../../x", "chart illegally references parent directory"),
            ("../x", "chart illegally references parent directory"),
            ("/etc/x", "chart illegally contains absolute paths"),
            ("c//x", "chart illegally contains absolute paths"),
            ("Chart.yaml", "chart illegally contains content outside the base directory: \"Chart.yaml\""),
            ("Chart.yaml/x", "chart yaml not in base directory"),
            ("c/c:/x", "chart contains illegally named files"),
        ] {
            assert_eq!(names(&[regular(name)]).unwrap_err(), expected, "{name}");
        }
        assert_eq!(names(&[("c/l", EntryType::Symlink, b"")]).unwrap_err(), "chart illegally contains a link: \"c/l\"");
        assert_eq!(names(&[("c/", EntryType::Directory, b"")]).unwrap_err(), "no files in chart archive");
    }

    #[test]
    fn sizes_are_bounded_over_all_archives() {
        let large = vec![0; MAX_FILE as usize + 1];
        let error = names(&[("c/x", EntryType::Regular, &large)]).unwrap_err();
        assert_eq!(error, "decompressed chart file \"c/x\" is larger than the maximum file size 5242880");
        let archive = gzip(&tar(&[("c/x", EntryType::Regular, &[0; 600])]));
        let mut allowance = Allowance { bytes: 1000, entries: 10 };
        unpack(&archive, &mut allowance).unwrap();
        assert_eq!(unpack(&archive, &mut allowance).unwrap_err(), too_large());
    }

    #[test]
    fn damaged_archives_are_refused() {
        let good = gzip(&tar(&[("c/x", EntryType::Regular, b"x")]));
        let unpack = |bytes: &[u8]| unpack(bytes, &mut Allowance::default());
        assert!(unpack(&good).is_ok());
        assert!(unpack(&[&good[..], b"garbage"].concat()).is_err());
        assert_eq!(unpack(&good[..good.len() - 4]).unwrap_err(), "unexpected EOF");
        let mut wrong_sum = good.clone();
        let at = wrong_sum.len() - 6;
        wrong_sum[at] ^= 1;
        assert!(unpack(&wrong_sum).is_err());
        assert_eq!(unpack(b"apiVersion: v2").unwrap_err(), "gzip: invalid header");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048), at in 0_usize..1536, byte: u8) {
            let _ = crate::load_archive("c.tgz", &bytes, None);
            let _ = crate::load_archive("c.tgz", &gzip(&bytes), None);
            let mut damaged = tar(&[("c/Chart.yaml", EntryType::Regular, b"name: x"), ("c/a", EntryType::XHeader, b"12 path=a/b\n")]);
            damaged[at] = byte;
            let _ = crate::load_archive("c.tgz", &gzip(&damaged), None);
        }
    }
}
