//! Go's `path.Match` as Flux uses it: in `${x#pattern}` (fluxcd/pkg `envsubst/path/match.go`), where `*` also matches
//! `/`, and for single parts of a path in ignore files, where there is no `/`.
//!
//! It works on bytes as Go does, because substitution tries prefixes that may end inside a character.

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Malformed pattern.
    Malformed,
    /// More steps than allowed.
    TooExpensive,
}

/// Steps that matching may take, counted down.
#[derive(Debug)]
pub(crate) struct Fuel(pub(crate) u64);

impl Fuel {
    pub(crate) fn burn(&mut self, steps: u64) -> Result<(), Failure> {
        self.0 = self.0.checked_sub(steps).ok_or(Failure::TooExpensive)?;
        Ok(())
    }
}

/// Whether the whole of `name` matches `pattern`.
pub(crate) fn matches(mut pattern: &[u8], mut name: &[u8], fuel: &mut Fuel) -> Result<bool, Failure> {
    'pattern: while !pattern.is_empty() {
        fuel.burn(1)?;
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(true);
        }
        let last = pattern.is_empty();
        if let Some(tail) = match_chunk(chunk, name, fuel)?
            && (tail.is_empty() || !last)
        {
            name = tail;
            continue;
        }
        if star {
            for skip in 1..=name.len() {
                let Some(tail) = match_chunk(chunk, name.get(skip..).unwrap_or_default(), fuel)? else { continue };
                if last && !tail.is_empty() {
                    continue;
                }
                name = tail;
                continue 'pattern;
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Leading stars, the text up to the next star outside of brackets, and the rest.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|b| **b == b'*').count();
    let pattern = pattern.get(stars..).unwrap_or_default();
    let mut in_range = false;
    let mut escaped = false;
    let end = pattern.iter().position(|byte| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match byte {
            b'\\' => escaped = true,
            b'[' => in_range = true,
            b']' => in_range = false,
            b'*' => return !in_range,
            _ => {}
        }
        false
    });
    let (chunk, rest) = pattern.split_at(end.unwrap_or(pattern.len()));
    (stars > 0, chunk, rest)
}

/// What is left of `name` after the chunk, if it matches at the start.
fn match_chunk<'a>(mut chunk: &[u8], mut name: &'a [u8], fuel: &mut Fuel) -> Result<Option<&'a [u8]>, Failure> {
    while let Some((first, after)) = chunk.split_first() {
        fuel.burn(1)?;
        let Some((byte, name_after)) = name.split_first() else { return Ok(None) };
        match first {
            b'[' => {
                let (character, length) = decode(name);
                name = name.get(length..).unwrap_or_default();
                let (hit, rest) = match_class(after, character)?;
                if !hit {
                    return Ok(None);
                }
                chunk = rest;
            }
            b'?' => {
                let (_, length) = decode(name);
                name = name.get(length..).unwrap_or_default();
                chunk = after;
            }
            b'\\' => {
                let Some((escaped, rest)) = after.split_first() else { return Err(Failure::Malformed) };
                if escaped != byte {
                    return Ok(None);
                }
                (name, chunk) = (name_after, rest);
            }
            literal => {
                if literal != byte {
                    return Ok(None);
                }
                (name, chunk) = (name_after, after);
            }
        }
    }
    Ok(Some(name))
}

/// A class after its `[`: whether the character is in it, and what follows the `]`.
fn match_class(chunk: &[u8], character: u32) -> Result<(bool, &[u8]), Failure> {
    let negated = chunk.first() == Some(&b'^');
    let mut chunk = if negated { chunk.get(1..).unwrap_or_default() } else { chunk };
    let mut hit = false;
    let mut ranges = 0;
    loop {
        if ranges > 0 && chunk.first() == Some(&b']') {
            return Ok((hit != negated, chunk.get(1..).unwrap_or_default()));
        }
        let (low, rest) = class_character(chunk)?;
        let (high, rest) = match rest.split_first() {
            Some((b'-', rest)) => class_character(rest)?,
            _ => (low, rest),
        };
        hit |= low <= character && character <= high;
        chunk = rest;
        ranges += 1;
    }
}

/// One character of a class. Something must follow it, at least the closing bracket.
fn class_character(chunk: &[u8]) -> Result<(u32, &[u8]), Failure> {
    let chunk = match chunk.first() {
        None | Some(b'-' | b']') => return Err(Failure::Malformed),
        Some(b'\\') => chunk.get(1..).unwrap_or_default(),
        Some(_) => chunk,
    };
    if chunk.is_empty() {
        return Err(Failure::Malformed);
    }
    let (character, length) = decode(chunk);
    let rest = chunk.get(length..).unwrap_or_default();
    if rest.is_empty() || character == INVALID && length == 1 {
        return Err(Failure::Malformed);
    }
    Ok((character, rest))
}

const INVALID: u32 = 0xFFFD;

/// The first character, as Go's `utf8.DecodeRuneInString`: a byte that is none counts as one replacement character.
fn decode(bytes: &[u8]) -> (u32, usize) {
    let head = bytes.get(..bytes.len().min(4)).unwrap_or_default();
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(character) => (u32::from(character), character.len_utf8()),
        None => (INVALID, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_upstream() {
        let check = |pattern: &str, name: &str| matches(pattern.as_bytes(), name.as_bytes(), &mut Fuel(10_000));
        for (pattern, name) in
            [("*/", "path/"), ("*.", "bash."), ("a*c", "a/b/c"), ("[a-c]?", "bz"), ("\\*", "*"), ("[^a]", "é")]
        {
            assert_eq!(check(pattern, name), Ok(true), "{pattern} {name}");
        }
        assert_eq!(check("a?", "a"), Ok(false));
        assert_eq!(check("[a", "a"), Err(Failure::Malformed));
        assert_eq!(matches(b"*a*a*b", &[b'a'; 5000], &mut Fuel(1000)), Err(Failure::TooExpensive));
    }
}
