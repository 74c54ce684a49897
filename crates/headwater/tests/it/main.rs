//! The whole binary, as users call it. Few and whole: behaviour is tested in the crate that owns it.

mod readme;
