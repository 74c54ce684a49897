//! Any bytes as a packed chart, and as the tar inside of one: no panic, no hang, and a text that says why.
//! `cargo +nightly fuzz run chart_archive` in the repository.

#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = helm::load_archive("chart.tgz", bytes, None);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    if encoder.write_all(bytes).is_ok()
        && let Ok(packed) = encoder.finish()
        && let Err(why) = helm::load_archive("chart.tgz", &packed, None)
    {
        assert!(!why.is_empty());
    }
});
