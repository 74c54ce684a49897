//! Room for templates that nest.

/// Bytes of stack for a render. Only what is used is taken from the machine.
const STACK: usize = 1 << 30;

/// Runs `work` on a stack that holds as deep a nesting as [`crate::Limits`] allows.
///
/// # Errors
/// Why no thread could be started.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("templates".to_owned()).stack_size(STACK);
        match thread.spawn_scoped(scope, work)?.join() {
            Ok(result) => Ok(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
