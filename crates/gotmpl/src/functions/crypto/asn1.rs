//! Reading of structures as Go's `encoding/asn1` does it, for private keys: field by field, and with its words where the
//! bytes are something else.

use super::der::{arcs, is_shortest};

/// The fields of a `SEQUENCE` that stands for a Go struct. What follows the last field is let be.
pub(super) struct Fields<'d> {
    bytes: &'d [u8],
    at: usize,
}

/// How `%+v` prints a tag and its length.
struct Header {
    class: u8,
    tag: u32,
    length: usize,
    is_compound: bool,
}

/// What a field of a struct may be.
struct Expected {
    tag: u32,
    is_compound: bool,
    /// The name of its Go type; pointers and slices have none.
    type_name: &'static str,
    is_optional: bool,
    /// The number of the explicit tag around it.
    explicit: Option<u32>,
}

impl Expected {
    const fn new(tag: u32, type_name: &'static str) -> Self {
        Self { tag, is_compound: tag == 16, type_name, is_optional: false, explicit: None }
    }
}

fn syntax(message: &str) -> String {
    format!("asn1: syntax error: {message}")
}

fn structural(message: &str) -> String {
    format!("asn1: structure error: {message}")
}

impl<'d> Fields<'d> {
    /// The fields of the struct that the bytes hold, and what comes after it.
    pub(super) fn open(der: &'d [u8], type_name: &'static str) -> Result<(Self, &'d [u8]), String> {
        let mut outer = Self::within(der);
        let inner = outer.structure(type_name)?;
        Ok((inner, der.get(outer.at..).unwrap_or_default()))
    }

    /// The values that stand one after the other in the bytes.
    pub(super) fn within(bytes: &'d [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A field that is a struct.
    pub(super) fn structure(&mut self, type_name: &'static str) -> Result<Self, String> {
        let bytes = self.next(&Expected::new(16, type_name))?.unwrap_or_default();
        Ok(Self::within(bytes))
    }

    /// A field of type `int`.
    pub(super) fn int(&mut self) -> Result<i64, String> {
        let bytes = self.next(&Expected::new(2, "int"))?.unwrap_or_default();
        check_integer(bytes)?;
        let negative = bytes.first().is_some_and(|first| *first >= 0x80);
        if bytes.len() > 8 {
            return Err(structural("integer too large"));
        }
        Ok(bytes.iter().fold(if negative { -1 } else { 0 }, |number, byte| number << 8 | i64::from(*byte)))
    }

    /// A field of type `*big.Int`, as the bytes of its two's complement.
    pub(super) fn big(&mut self) -> Result<&'d [u8], String> {
        let bytes = self.next(&Expected::new(2, ""))?.unwrap_or_default();
        check_integer(bytes)?;
        Ok(bytes)
    }

    /// As [`Fields::big`], where it may be left out.
    pub(super) fn optional_big(&mut self) -> Result<Option<&'d [u8]>, String> {
        let bytes = self.next(&Expected { is_optional: true, ..Expected::new(2, "") })?;
        bytes.map_or(Ok(()), check_integer)?;
        Ok(bytes)
    }

    /// A field of type `[]byte`.
    pub(super) fn octets(&mut self) -> Result<&'d [u8], String> {
        Ok(self.next(&Expected::new(4, ""))?.unwrap_or_default())
    }

    /// A field of type `ObjectIdentifier`; empty where it may be left out and is.
    pub(super) fn identifier(&mut self, explicit: Option<u32>) -> Result<&'d [u8], String> {
        let is_optional = explicit.is_some();
        let expected = Expected { is_optional, explicit, ..Expected::new(6, "ObjectIdentifier") };
        let Some(bytes) = self.next(&expected)? else { return Ok(&[]) };
        if bytes.is_empty() {
            return Err(syntax("zero length OBJECT IDENTIFIER"));
        }
        match arcs(bytes) {
            Some(_) => Ok(bytes),
            None => Err(syntax("truncated base 128 integer")),
        }
    }

    /// An optional field of type `BitString`.
    pub(super) fn optional_bits(&mut self, explicit: u32) -> Result<(), String> {
        let expected = Expected { is_optional: true, explicit: Some(explicit), ..Expected::new(3, "BitString") };
        match self.next(&expected)?.map(<[u8]>::split_first) {
            Some(None) => Err(syntax("zero length BIT STRING")),
            Some(Some((unused, bytes))) => {
                let spare = bytes.last().map_or(0, |last| last.trailing_zeros().min(8));
                if u32::from(*unused) > spare.min(7) {
                    Err(syntax("invalid padding bits in BIT STRING"))
                } else {
                    Ok(())
                }
            }
            None => Ok(()),
        }
    }

    /// An optional field that is kept as it is; empty where there is none.
    pub(super) fn raw(&mut self) -> Result<&'d [u8], String> {
        let start = self.at;
        if start == self.bytes.len() {
            return Ok(&[]);
        }
        let header = self.header()?;
        self.contents(&header)?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    /// Go's `parseField`: the contents of the next element, or nothing where an optional one is not there.
    fn next(&mut self, expected: &Expected) -> Result<Option<&'d [u8]>, String> {
        let start = self.at;
        if start == self.bytes.len() {
            return if expected.is_optional { Ok(None) } else { Err(syntax("sequence truncated")) };
        }
        let mut header = self.header()?;
        if let Some(explicit) = expected.explicit {
            if self.at == self.bytes.len() {
                return Err(structural("explicit tag has no child"));
            }
            if header.class == 2 && header.tag == explicit && (header.length == 0 || header.is_compound) {
                if header.length == 0 {
                    return Err(structural("zero length explicit tag was not an asn1.Flag"));
                }
                header = self.header()?;
            } else {
                self.at = start;
                return Ok(None);
            }
        }
        if header.class != 0 || header.tag != expected.tag || header.is_compound != expected.is_compound {
            if expected.is_optional {
                self.at = start;
                return Ok(None);
            }
            let Header { class, tag, length, is_compound } = header;
            return Err(structural(&format!(
                "tags don't match ({} vs {{class:{class} tag:{tag} length:{length} isCompound:{is_compound}}}) \
                 {{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> \
                 stringType:0 timeType:0 set:false omitEmpty:false}} {} @{}",
                expected.tag, expected.type_name, self.at
            )));
        }
        self.contents(&header).map(Some)
    }

    fn contents(&mut self, header: &Header) -> Result<&'d [u8], String> {
        let end = self.at.saturating_add(header.length);
        let contents = self.bytes.get(self.at..end).ok_or_else(|| syntax("data truncated"))?;
        self.at = end;
        Ok(contents)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// Go's `parseTagAndLength`.
    fn header(&mut self) -> Result<Header, String> {
        let truncated = || syntax("truncated tag or length");
        let first = self.byte().ok_or_else(truncated)?;
        let mut tag = u32::from(first & 0x1F);
        if tag == 0x1F {
            tag = self.long_tag()?;
            if tag < 0x1F {
                return Err(syntax("non-minimal tag"));
            }
        }
        let mut length = usize::from(self.byte().ok_or_else(truncated)?);
        if length >= 0x80 {
            let count = length & 0x7F;
            if count == 0 {
                return Err(syntax("indefinite length found (not DER)"));
            }
            length = 0;
            for _ in 0..count {
                let byte = self.byte().ok_or_else(truncated)?;
                if length >= 1 << 23 {
                    return Err(structural("length too large"));
                }
                length = length << 8 | usize::from(byte);
                if length == 0 {
                    return Err(structural("superfluous leading zeros in length"));
                }
            }
            if length < 0x80 {
                return Err(structural("non-minimal length"));
            }
        }
        Ok(Header { class: first >> 6, tag, length, is_compound: first & 0x20 != 0 })
    }

    /// A tag in groups of seven bits.
    fn long_tag(&mut self) -> Result<u32, String> {
        let mut tag = 0_u32;
        for index in 0.. {
            let byte = self.byte().ok_or_else(|| syntax("truncated base 128 integer"))?;
            if index == 5 || tag > u32::MAX >> 8 {
                return Err(structural("base 128 integer too large"));
            }
            if index == 0 && byte == 0x80 {
                return Err(syntax("integer is not minimally encoded"));
            }
            tag = tag << 7 | u32::from(byte & 0x7F);
            if byte < 0x80 {
                break;
            }
        }
        Ok(tag)
    }
}

fn check_integer(bytes: &[u8]) -> Result<(), String> {
    if bytes.is_empty() {
        Err(structural("empty integer"))
    } else if !is_shortest(bytes) {
        Err(structural("integer not minimally-encoded"))
    } else {
        Ok(())
    }
}

/// The error for bytes after a structure.
pub(super) fn trailing_data() -> String {
    syntax("trailing data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_go() {
        let opened = |der: &[u8]| Fields::open(der, "pkcs8").and_then(|(mut fields, _)| fields.int()).unwrap_err();
        assert_eq!(opened(b""), "asn1: syntax error: sequence truncated");
        assert_eq!(opened(b"\x30\x80"), "asn1: syntax error: indefinite length found (not DER)");
        assert_eq!(opened(b"\x30\x05\x01"), "asn1: syntax error: data truncated");
        // What `x509.ParsePKCS1PrivateKey` says of the same bytes, but for the name of the struct.
        assert_eq!(
            opened(b"\x04\x01\x00"),
            "asn1: structure error: tags don't match (16 vs {class:0 tag:4 length:1 isCompound:false}) \
             {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 \
             timeType:0 set:false omitEmpty:false} pkcs8 @2"
        );
    }
}
