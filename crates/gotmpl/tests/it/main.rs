//! The room's laws over whole templates. What single templates print is held in the room `helm`, where the corpus is run.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod nesting;
