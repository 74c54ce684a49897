//! Digests, passwords and the cipher: what sprig computes from a text, with a salt where one is drawn.

use aes::Aes256;
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::super::encoding::{base64, from_base64};
use crate::function::{Args, Call};
use crate::{Failure, Value};

type Outcome = Result<Value, Failure>;

/// Steps that a bcrypt hash takes from the budget; it takes some fifty milliseconds, as in Go.
const BCRYPT_STEPS: u64 = 1_000_000;
/// Steps of a derived password.
const SCRYPT_STEPS: u64 = 2_000_000;
/// `bcrypt.DefaultCost`.
const COST: u32 = 10;
const BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn sha1sum(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    Ok(hex(&Sha1::digest(args.text(0)?.as_bytes())).into())
}

pub(super) fn sha256sum(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    Ok(hex(&Sha256::digest(args.text(0)?.as_bytes())).into())
}

pub(super) fn sha512sum(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    Ok(hex(&Sha512::digest(args.text(0)?.as_bytes())).into())
}

pub(super) fn adler32sum(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let (low, high) = args.text(0)?.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    Ok((high << 16 | low).to_string().into())
}

pub(super) fn bcrypt(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    Ok(hashed(call, args.text(0)?)?.into())
}

pub(super) fn htpasswd(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let user: &[u8] = args.text(0)?;
    if user.contains(&b':') {
        return Ok([b"invalid username: ", user].concat().into());
    }
    let hash = hashed(call, args.text(1)?)?;
    Ok([user, b":", hash.as_bytes()].concat().into())
}

/// The password hashed with a salt that is drawn; sprig gives the error as the text.
fn hashed(call: &mut Call<'_>, password: &[u8]) -> Result<String, Failure> {
    if password.len() > 72 {
        return Ok("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into());
    }
    call.budget.step(BCRYPT_STEPS)?;
    Ok(hashed_with(call.draw().bytes(), password))
}

fn hashed_with(salt: [u8; 16], password: &[u8]) -> String {
    // As in C the password ends with a zero.
    let hash = bcrypt::bcrypt(COST, salt, &[password, b"\0"].concat());
    // The last byte of the 24 is not used.
    let hash = hash.get(..23).unwrap_or(&hash);
    format!("$2a${COST:02}${}{}", BCRYPT_BASE64.encode(salt), BCRYPT_BASE64.encode(hash))
}

/// The templates of a kind of password; each letter stands for a set of characters.
fn password_templates(kind: &[u8]) -> Option<&'static [&'static str]> {
    Some(match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => return None,
    })
}

fn password_characters(letter: char) -> &'static str {
    match letter {
        'V' => "AEIOU",
        'C' => "BCDFGHJKLMNPQRSTVWXYZ",
        'v' => "aeiou",
        'c' => "bcdfghjklmnpqrstvwxyz",
        'A' => "AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        'a' => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        'n' => "0123456789",
        'o' => "@&%?,=[]_:-+*$#!'^~;()/.",
        _ => "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm: a key from name and master password, then a password of the site by templates.
pub(super) fn derive_password(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    const SCOPE: &[u8] = b"com.lyndir.masterpassword";
    let counter = match args.value(0)? {
        Value::Object(object) => object.integer().and_then(|number| u32::try_from(number).ok()).unwrap_or_default(),
        _ => args.int(0)? as u32,
    };
    let (kind, password, user, site) = (args.text(1)?, args.text(2)?, args.text(3)?, args.text(4)?);
    let Some(templates) = password_templates(kind) else {
        return Ok([b"cannot find password template ".as_slice(), kind].concat().into());
    };
    call.budget.step(SCRYPT_STEPS)?;
    let salt = [SCOPE, &(user.len() as u32).to_be_bytes(), user].concat();
    let mut key = [0; 64];
    let parameters = scrypt::Params::new(15, 8, 2).map_err(|error| Failure::error(error.to_string()))?;
    scrypt::scrypt(password, &salt, &parameters, &mut key).map_err(|error| Failure::error(error.to_string()))?;
    let message = [SCOPE, &(site.len() as u32).to_be_bytes(), site, &counter.to_be_bytes()].concat();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| Failure::error(error.to_string()))?;
    mac.update(&message);
    let seed = mac.finalize().into_bytes();
    let mut seed = seed.iter().map(|byte| usize::from(*byte));
    let template = seed.next().and_then(|first| templates.get(first % templates.len())).copied().unwrap_or_default();
    let letters = template.chars().zip(seed).filter_map(|(letter, number)| {
        let characters = password_characters(letter).as_bytes();
        characters.get(number % characters.len()).copied()
    });
    Ok(letters.collect::<Vec<u8>>().into())
}

/// The password cut or filled with zeros to the length of the key.
fn cipher_key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(password).for_each(|(byte, given)| *byte = *given);
    key
}

pub(super) fn encrypt_aes(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let (password, text) = (args.text(0)?, args.text(1)?);
    if text.is_empty() {
        return Ok("".into());
    }
    let start: [u8; 16] = call.draw().bytes();
    let cipher = cbc::Encryptor::<Aes256>::new(&cipher_key(password).into(), &start.into());
    let hidden = cipher.encrypt_padded_vec::<Pkcs7>(text);
    Ok(base64(&[&start, hidden.as_slice()].concat()).into())
}

pub(super) fn decrypt_aes(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let (password, text) = (args.text(0)?, args.text(1)?);
    if text.is_empty() {
        return Ok("".into());
    }
    let hidden = from_base64(text).map_err(|at| Failure::error(format!("illegal base64 data at input byte {at}")))?;
    // sprig does not look at lengths, so short texts end in a panic of Go's slices.
    let panic = |message: String| Failure::error(format!("runtime error: {message}"));
    let Some((start, hidden)) = hidden.split_first_chunk::<16>() else {
        let capacity = text.len() / 4 * 3;
        return Err(panic(if capacity < 16 {
            format!("slice bounds out of range [:16] with capacity {capacity}")
        } else {
            format!("slice bounds out of range [16:{}]", hidden.len())
        }));
    };
    if hidden.len() % 16 != 0 {
        return Err(Failure::error("crypto/cipher: input not full blocks"));
    }
    let cipher = cbc::Decryptor::<Aes256>::new(&cipher_key(password).into(), &(*start).into());
    let clear = cipher.decrypt_padded_vec::<NoPadding>(hidden).map_err(|error| Failure::error(error.to_string()))?;
    let Some(padding) = clear.last().copied().map(usize::from) else {
        return Err(panic("index out of range [-1]".into()));
    };
    match clear.len().checked_sub(padding) {
        Some(length) => Ok(clear.get(..length).unwrap_or_default().to_vec().into()),
        None => Err(panic(format!("slice bounds out of range [:-{}]", padding - clear.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bcrypt_of_a_known_salt() {
        // From the tests of golang.org/x/crypto/bcrypt.
        let salt = BCRYPT_BASE64.decode("XajjQvNhvvRt5GSeFk1xFe").unwrap();
        let hash = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";
        assert_eq!(hashed_with(salt.try_into().unwrap(), b"allmine"), hash);
    }
}
