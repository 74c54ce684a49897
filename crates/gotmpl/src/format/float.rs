//! `strconv.FormatFloat`: a `float64` in all of Go's layouts. Rust finds the digits, which both languages round exactly;
//! where they stand is Go's way.

use std::fmt::Write;

/// No `float64` has more digits after the point, so further ones are zeros (and Rust refuses to count beyond 65,535).
const MOST_DECIMALS: usize = 1_100;

/// Decimal digits: the number is `0.DIGITS` times ten to the power of `point`. Zero has none.
struct Digits {
    digits: Vec<u8>,
    point: i64,
}

impl Digits {
    /// The fewest that give the number back.
    fn shortest(number: f64) -> Self {
        let shortest = format!("{number:e}");
        // Two texts of the same length may both give the number back and be equally near to it; Go then takes the even
        // last digit, as rounding to a fixed number of digits does here.
        let fraction = shortest.bytes().take_while(|byte| *byte != b'e').count().saturating_sub(2);
        let rounded = format!("{number:.fraction$e}");
        Self::parse(if rounded.parse() == Ok(number) { &rounded } else { &shortest })
    }

    /// As many as asked for, rounded half to even.
    fn rounded(number: f64, count: usize) -> Self {
        let fraction = count.saturating_sub(1).min(MOST_DECIMALS);
        Self::parse(&format!("{number:.fraction$e}"))
    }

    /// Rounded to so many after the point.
    fn fixed(number: f64, decimals: usize) -> Self {
        let decimals = decimals.min(MOST_DECIMALS);
        let text = format!("{number:.decimals$}");
        let point = text.find('.').unwrap_or(text.len());
        let digits = text.bytes().filter(u8::is_ascii_digit).collect();
        Self { digits, point: point as i64 }.trimmed()
    }

    fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        Self { digits, point: exponent.parse::<i64>().unwrap_or(0) + 1 }.trimmed()
    }

    fn trimmed(mut self) -> Self {
        let zeros = self.digits.iter().take_while(|digit| **digit == b'0').count();
        self.digits.drain(..zeros);
        self.point = if self.digits.is_empty() { 0 } else { self.point - zeros as i64 };
        let end = self.digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
        self.digits.truncate(end);
        self
    }

    fn digit(&self, index: i64) -> char {
        let digit = usize::try_from(index).ok().and_then(|index| self.digits.get(index));
        digit.map_or('0', |digit| char::from(*digit))
    }

    /// `d.dddde±dd`.
    fn scientific(&self, out: &mut String, decimals: usize, letter: char) {
        out.push(self.digit(0));
        if decimals > 0 {
            out.push('.');
            out.extend((1..=decimals as i64).map(|index| self.digit(index)));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        // A string takes everything.
        let _ = write!(out, "{letter}{sign}{:02}", exponent.unsigned_abs());
    }

    /// `ddd.ddd`.
    fn positional(&self, out: &mut String, decimals: usize) {
        if self.point > 0 {
            out.extend((0..self.point).map(|index| self.digit(index)));
        } else {
            out.push('0');
        }
        if decimals > 0 {
            out.push('.');
            out.extend((0..decimals as i64).map(|index| self.digit(self.point + index)));
        }
    }

    /// How many after the point, if none is left out.
    fn decimals(&self) -> usize {
        usize::try_from(self.digits.len() as i64 - self.point).unwrap_or(0)
    }

    /// Whichever of both layouts `%g` takes: an exponent of less than -4 or of `threshold` and more is written out.
    fn general(&self, out: &mut String, threshold: i64, significant: usize, upper: bool) {
        let exponent = self.point - 1;
        if exponent < -4 || exponent >= threshold {
            let decimals = significant.min(self.digits.len()).saturating_sub(1);
            self.scientific(out, decimals, if upper { 'E' } else { 'e' });
        } else {
            self.positional(out, self.decimals());
        }
    }
}

/// The shortest digits that give a number that is not negative back, and where the point stands: the number is
/// `0.DIGITS` times ten to that power. Zero has no digits.
pub(crate) fn shortest_digits(number: f64) -> (Vec<u8>, i64) {
    let Digits { digits, point } = Digits::shortest(number);
    (digits, point)
}

/// The number in the layout of a verb (`b e E f g G x X`), with so many digits, or with as few as give it back.
pub(super) fn format_float(number: f64, verb: char, precision: Option<usize>) -> String {
    let mut out = String::new();
    if !number.is_finite() {
        out.push_str(match number {
            _ if number.is_nan() => "NaN",
            _ if number > 0.0 => "+Inf",
            _ => "-Inf",
        });
        return out;
    }
    if number.is_sign_negative() {
        out.push('-');
    }
    let size = number.abs();
    match (verb, precision) {
        // Most numbers of values files.
        ('g', None) if size < 1e6 && size.trunc() == size => out.push_str(&(size as u32).to_string()),
        ('b', _) => binary(&mut out, size),
        ('x' | 'X', _) => hexadecimal(&mut out, size, precision, verb == 'X'),
        ('e' | 'E', None) => {
            let digits = Digits::shortest(size);
            digits.scientific(&mut out, digits.digits.len().saturating_sub(1), verb);
        }
        ('e' | 'E', Some(decimals)) => Digits::rounded(size, decimals + 1).scientific(&mut out, decimals, verb),
        ('f', None) => {
            let digits = Digits::shortest(size);
            digits.positional(&mut out, digits.decimals());
        }
        ('f', Some(decimals)) => Digits::fixed(size, decimals).positional(&mut out, decimals),
        (_, None) => Digits::shortest(size).general(&mut out, 6, usize::MAX, verb == 'G'),
        (_, Some(precision)) => {
            let significant = precision.max(1);
            let digits = Digits::rounded(size, significant);
            // A precision beyond the digits of a whole number does not put off the exponent.
            let length = digits.digits.len();
            let is_long = significant > length && length as i64 >= digits.point;
            let threshold = if is_long { length } else { significant };
            digits.general(&mut out, threshold as i64, significant, verb == 'G');
        }
    }
    out
}

/// The bits: mantissa with its top bit, and the exponent of its top bit.
fn parts(size: f64) -> (u64, i64) {
    let bits = size.to_bits();
    let mantissa = bits & ((1 << 52) - 1);
    match (bits >> 52) as i64 & 0x7FF {
        0 => (mantissa, -1022),
        exponent => (mantissa | 1 << 52, exponent - 1023),
    }
}

/// `4503599627370496p-52`.
fn binary(out: &mut String, size: f64) {
    let (mantissa, exponent) = parts(size);
    let _ = write!(out, "{mantissa}p{:+}", exponent - 52);
}

/// `0x1.8p+01`.
fn hexadecimal(out: &mut String, size: f64, precision: Option<usize>, upper: bool) {
    const TOP: u64 = 1 << 60;
    let (mut mantissa, mut exponent) = parts(size);
    mantissa <<= 8;
    if mantissa == 0 {
        exponent = 0;
    }
    while mantissa != 0 && mantissa & TOP == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(digits) = precision.filter(|digits| *digits < 15) {
        let dropped = 60 - 4 * digits;
        let extra = mantissa & ((1 << dropped) - 1);
        mantissa >>= dropped;
        // Half to even.
        if (extra << (60 - dropped)) | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa & (TOP << 1) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let fraction = format!("{:015x}", mantissa & (TOP - 1));
    let fraction = match precision {
        None => fraction.trim_end_matches('0').to_owned(),
        Some(digits) => format!("{fraction:0<15}").chars().chain(std::iter::repeat('0')).take(digits).collect(),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let text = format!("0x{}{point}{fraction}p{}{:02}", mantissa >> 60, sign(exponent), exponent.unsigned_abs());
    out.push_str(&if upper { text.to_uppercase() } else { text });
}

fn sign(exponent: i64) -> char {
    if exponent < 0 { '-' } else { '+' }
}
