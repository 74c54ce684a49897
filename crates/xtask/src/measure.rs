//! Runs one process with a limit and measures what it cost.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A process that ended, or was ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Whether it was ended because its time was over.
    pub(crate) timed_out: bool,
    /// What it printed.
    pub(crate) stdout: Vec<u8>,
    /// What it said beside.
    pub(crate) stderr: String,
    /// From start to end.
    pub(crate) wall: Duration,
    /// Processor time, user and system; that of other children which end meanwhile is counted with it.
    pub(crate) cpu: Duration,
    /// Largest resident memory that was seen, in KiB; 0 where the system has no `/proc` or the process was too quick.
    pub(crate) peak_kib: u64,
}

/// Between two looks at a running process.
const POLL: Duration = Duration::from_millis(1);

/// Runs `command` without input and ends it when `limit` is over.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<Finished, String> {
    let (began, cpu_before) = (Instant::now(), children_cpu());
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let (stdout, stderr) = (child.stdout.take().map(read), child.stderr.take().map(read));
    let (mut peak_kib, mut timed_out) = (0, false);
    let status = loop {
        peak_kib = peak_kib.max(peak(&child));
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if began.elapsed() > limit {
            timed_out = true;
            child.kill().map_err(|error| error.to_string())?;
            break child.wait().map_err(|error| error.to_string())?;
        }
        thread::sleep(POLL);
    };
    let (wall, cpu) = (began.elapsed(), children_cpu().saturating_sub(cpu_before));
    let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| reader.and_then(|r| r.join().ok()).unwrap_or_default();
    let stderr = String::from_utf8_lossy(&text(stderr)).into_owned();
    Ok(Finished { code: status.code(), timed_out, stdout: text(stdout), stderr, wall, cpu, peak_kib })
}

fn read(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks is a process that ended; what came before is what there is.
        drop(pipe.read_to_end(&mut bytes));
        bytes
    })
}

/// `VmHWM`: the high-water mark of resident memory, kept by the kernel, so that polling misses only the last moment.
fn peak(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// Processor time, user and system, of all children that have ended so far. Whole ticks, so one short process may show none;
/// sums over many are right.
fn children_cpu() -> Duration {
    /// The unit of `/proc/PID/stat` on every Linux that people run.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the name in parentheses and may hold blanks; `cutime` and `cstime` are fields 16 and 17.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

/// What a kubectl says of itself and of the kustomize in it.
pub(crate) fn kubectl_version(peer: &Path) -> Result<String, String> {
    let finished = run(Command::new(peer).args(["version", "--client"]), Duration::from_secs(60))?;
    let text = String::from_utf8_lossy(&finished.stdout).into_owned();
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("?").trim().to_owned();
    Ok(format!("kubectl {} with kustomize {}", value("Client Version:"), value("Kustomize Version:")))
}

/// What a helm says of itself.
pub(crate) fn helm_version(helm: &Path) -> Result<String, String> {
    let finished = run(Command::new(helm).args(["version", "--short"]), Duration::from_secs(60))?;
    Ok(format!("helm {}", String::from_utf8_lossy(&finished.stdout).trim()))
}

/// The value in the middle.
pub(crate) fn median<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ended_when_its_time_is_over() {
        let finished = run(Command::new("sleep").arg("60"), Duration::from_millis(30)).unwrap();
        assert!(finished.timed_out && finished.code.is_none() && finished.wall < Duration::from_secs(30));
        let finished = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]), Duration::from_secs(30));
        let finished = finished.unwrap();
        assert_eq!((finished.code, &*finished.stdout, &*finished.stderr), (Some(3), &b"out\n"[..], "err\n"));
    }
}
