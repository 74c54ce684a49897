//! Sprig's random values, drawn from the seed: **none of them is a secret**.

use crate::env::Draw;
use crate::function::{Args, Call, Function, Type};
use crate::{Failure, Value};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "randAlpha", parameters: &[Type::Int], variadic: false, call: rand_alpha },
    Function { name: "randAlphaNum", parameters: &[Type::Int], variadic: false, call: rand_alpha_num },
    Function { name: "randAscii", parameters: &[Type::Int], variadic: false, call: rand_ascii },
    Function { name: "randBytes", parameters: &[Type::Int], variadic: false, call: rand_bytes },
    Function { name: "randInt", parameters: &[Type::Int, Type::Int], variadic: false, call: rand_int },
    Function { name: "randNumeric", parameters: &[Type::Int], variadic: false, call: rand_numeric },
    Function { name: "shuffle", parameters: &[Type::Str], variadic: false, call: shuffle },
    Function { name: "uuidv4", parameters: &[], variadic: false, call: uuid },
];

const DIGITS: (u8, u8) = (b'0', b'9');
const UPPER: (u8, u8) = (b'A', b'Z');
const LOWER: (u8, u8) = (b'a', b'z');

fn rand_alpha(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    characters(call, args, &[UPPER, LOWER])
}

fn rand_alpha_num(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    characters(call, args, &[DIGITS, UPPER, LOWER])
}

fn rand_ascii(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    characters(call, args, &[(b' ', b'~')])
}

fn rand_numeric(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    characters(call, args, &[DIGITS])
}

/// As many characters of the ranges as the argument says; sprig drops the error of a negative count.
fn characters(call: &mut Call<'_>, args: Args<'_>, ranges: &[(u8, u8)]) -> Result<Value, Failure> {
    let count = usize::try_from(args.int(0)?).unwrap_or_default();
    call.budget.allocate(count)?;
    let alphabet: Vec<u8> = ranges.iter().flat_map(|(first, last)| *first..=*last).collect();
    let mut draw = call.draw();
    Ok((0..count).filter_map(|_| draw.pick(&alphabet).copied()).collect::<Vec<u8>>().into())
}

fn rand_bytes(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let too_long = || Failure::error("runtime error: makeslice: len out of range");
    let count = usize::try_from(args.int(0)?).map_err(|_| too_long())?;
    // Go's address space on 64-bit machines ends here.
    if count > 1 << 48 {
        return Err(too_long());
    }
    call.budget.allocate(count.saturating_mul(7) / 3)?;
    let mut draw = call.draw();
    let bytes: Vec<u8> = (0..count).map(|_| draw.byte()).collect();
    Ok(super::base64(&bytes).into())
}

fn rand_int(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (min, max) = (args.int(0)?, args.int(1)?);
    match u64::try_from(max.wrapping_sub(min)) {
        Err(_) | Ok(0) => Err(Failure::error("invalid argument to Intn")),
        Ok(bound) => Ok(Value::Int(min.wrapping_add(call.draw().below(bound) as i64))),
    }
}

fn shuffle(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    call.budget.allocate(text.len().saturating_mul(4))?;
    let mut characters: Vec<char> = crate::convert::to_utf8(text).chars().collect();
    let mut draw = call.draw();
    for last in (1..characters.len()).rev() {
        characters.swap(last, draw.below(last as u64 + 1) as usize);
    }
    Ok(characters.into_iter().collect::<String>().into())
}

fn uuid(call: &mut Call<'_>, _: Args<'_>) -> Result<Value, Failure> {
    Ok(uuid_of(&mut call.draw()).into())
}

/// A UUID of version 4: random but for the version and the variant.
fn uuid_of(draw: &mut Draw) -> String {
    let bits = u128::from_be_bytes(draw.bytes()) & !(0xF << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let part = |shift: u32, digits: u32| bits >> shift & ((1_u128 << (digits * 4)) - 1);
    format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error, text};
    use super::*;

    #[test]
    fn characters_are_of_their_kind() {
        let drawn = text("randAlphaNum", &[Value::Int(400)]);
        assert_eq!(drawn.len(), 400);
        assert!(drawn.chars().all(|character| character.is_ascii_alphanumeric()));
        assert!(text("randNumeric", &[Value::Int(40)]).chars().all(|character| character.is_ascii_digit()));
        assert!(text("randAlpha", &[Value::Int(40)]).chars().all(|character| character.is_ascii_alphabetic()));
        assert!(text("randAscii", &[Value::Int(400)]).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        assert_eq!(text("randAlpha", &[Value::Int(-1)]), "");
    }

    #[test]
    fn counts_that_go_refuses() {
        assert_eq!(error("randBytes", &[Value::Int(-1)]), "runtime error: makeslice: len out of range");
        assert_eq!(error("randInt", &[Value::Int(3), Value::Int(3)]), "invalid argument to Intn");
        assert!(matches!(call("randAscii", &[Value::Int(i64::MAX)]), Err(Failure::Budget(_))));
    }

    #[test]
    fn shapes() {
        let uuid = text("uuidv4", &[]);
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.get(14..15), Some("4"));
        assert!(uuid.get(19..20).is_some_and(|variant| "89ab".contains(variant)));
        assert_eq!(text("randBytes", &[Value::Int(12)]).len(), 16);
        let mut letters: Vec<char> = text("shuffle", &["añb".into()]).chars().collect();
        letters.sort_unstable();
        assert_eq!(letters, ['a', 'b', 'ñ']);
    }
}
