//! DER, as much as keys and certificates need: writing elements, and reading them as Go's `cryptobyte` does.

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const UTF8_STRING: u8 = 0x0C;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// An explicit tag of the surrounding structure.
pub(super) const fn context(number: u8) -> u8 {
    0xA0 | number
}

/// `NULL`.
pub(super) const NULL: &[u8] = &[0x05, 0x00];

/// Object identifiers, by their contents.
pub(super) mod oid {
    pub(in super::super) const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
    pub(in super::super) const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
    pub(in super::super) const DSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x38, 4, 1];
    pub(in super::super) const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
    pub(in super::super) const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
    pub(in super::super) const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
    pub(in super::super) const P224: &[u8] = &[0x2B, 0x81, 4, 0, 33];
    pub(in super::super) const P384: &[u8] = &[0x2B, 0x81, 4, 0, 34];
    pub(in super::super) const P521: &[u8] = &[0x2B, 0x81, 4, 0, 35];
    pub(in super::super) const X25519: &[u8] = &[0x2B, 0x65, 110];
    pub(in super::super) const ED25519: &[u8] = &[0x2B, 0x65, 112];
}

/// One element.
pub(super) fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if let Ok(short @ ..0x80) = u8::try_from(length) {
        out.push(short);
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(contents);
    out
}

/// A `SEQUENCE` of elements that are written already.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

/// An `INTEGER` that is not negative, from its bytes.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let mut contents: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if contents.first().is_none_or(|first| *first >= 0x80) {
        contents.insert(0, 0);
    }
    element(INTEGER, &contents)
}

/// A `BIT STRING` of whole bytes.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

/// An algorithm with its parameters, written already.
pub(super) fn algorithm(identifier: &[u8], parameters: &[u8]) -> Vec<u8> {
    sequence(&[&element(OBJECT_IDENTIFIER, identifier), parameters])
}

/// Elements one after the other. What is not well formed reads as nothing.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d>(pub(super) &'d [u8]);

/// An element: its tag, its contents, and the whole of it.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    pub(super) tag: u8,
    pub(super) contents: &'d [u8],
    pub(super) whole: &'d [u8],
}

impl<'d> Reader<'d> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the next element has the tag.
    pub(super) fn peek(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// The next element, whatever it is.
    pub(super) fn any(&mut self) -> Option<Element<'d>> {
        let (&tag, rest) = self.0.split_first()?;
        // A tag of several bytes.
        if tag & 0x1F == 0x1F {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7F => (usize::from(first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
                let length = bytes.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
                // DER wants the shortest form.
                if length < 0x80 || bytes.first() == Some(&0) {
                    return None;
                }
                (length, rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        let whole = self.0.get(..self.0.len() - rest.len())?;
        self.0 = rest;
        Some(Element { tag, contents, whole })
    }

    /// The contents of the next element, if it has the tag.
    pub(super) fn read(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.element(tag).map(|element| element.contents)
    }

    /// The next element, if it has the tag.
    pub(super) fn element(&mut self, tag: u8) -> Option<Element<'d>> {
        let mut ahead = *self;
        let element = ahead.any().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element)
    }

    /// The bytes of an integer in their shortest form.
    pub(super) fn integer(&mut self) -> Option<&'d [u8]> {
        self.read(INTEGER).filter(|bytes| is_shortest(bytes))
    }

    /// A whole number of bytes of a bit string.
    pub(super) fn bit_string(&mut self) -> Option<&'d [u8]> {
        let (unused, bytes) = self.read(BIT_STRING)?.split_first()?;
        let is_clean = match bytes.last() {
            None => *unused == 0,
            Some(last) => *unused < 8 && last.trailing_zeros() >= u32::from(*unused),
        };
        is_clean.then_some(bytes)
    }

    /// The contents of an object identifier.
    pub(super) fn identifier(&mut self) -> Option<&'d [u8]> {
        self.read(OBJECT_IDENTIFIER).filter(|bytes| arcs(bytes).is_some())
    }

    /// A boolean.
    pub(super) fn boolean(&mut self) -> Option<bool> {
        match self.read(BOOLEAN)? {
            [0] => Some(false),
            [0xFF] => Some(true),
            _ => None,
        }
    }
}

/// Whether an integer takes no byte more than it needs.
pub(super) fn is_shortest(bytes: &[u8]) -> bool {
    match bytes {
        [] => false,
        [0, second, ..] => *second >= 0x80,
        [0xFF, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// The numbers of an object identifier.
pub(super) fn arcs(contents: &[u8]) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    let mut is_fresh = true;
    for byte in contents {
        // Numbers have no leading zeros and fit 31 bits.
        if is_fresh && *byte == 0x80 || number > u64::from(u32::MAX >> 8) {
            return None;
        }
        number = number << 7 | u64::from(byte & 0x7F);
        is_fresh = *byte < 0x80;
        if is_fresh {
            numbers.push(number);
            number = 0;
        }
    }
    let first = *numbers.first()?;
    let top = (first / 40).min(2);
    numbers.splice(..1, [top, first - top * 40]);
    is_fresh.then_some(numbers)
}

/// An object identifier as it is written.
pub(super) fn dotted(contents: &[u8]) -> String {
    let numbers = arcs(contents).unwrap_or_default();
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}
