//! Sprig's digests, keys, certificates, passwords and ciphers.
//!
//! **What is drawn here is no secret.** Keys, serial numbers and salts follow from the seed of the render, so that two
//! renders are equal; whoever knows the seed, and the usual one is in the source, has the keys. They have the right form
//! and verify, which is what a comparison of manifests needs. A cluster needs keys that it makes itself.

mod asn1;
mod certificates;
mod der;
mod digests;
mod dsa;
mod keys;
mod pem;
mod primes;
mod x509;

use crate::function::{Function, Type};

/// The functions of this file.
pub(super) const TABLE: &[Function] = &[
    Function { name: "adler32sum", parameters: &[Type::Str], variadic: false, call: digests::adler32sum },
    Function { name: "bcrypt", parameters: &[Type::Str], variadic: false, call: digests::bcrypt },
    Function { name: "buildCustomCert", parameters: TEXTS, variadic: false, call: certificates::build_custom_cert },
    Function { name: "decryptAES", parameters: TEXTS, variadic: false, call: digests::decrypt_aes },
    Function { name: "derivePassword", parameters: PASSWORD, variadic: false, call: digests::derive_password },
    Function { name: "encryptAES", parameters: TEXTS, variadic: false, call: digests::encrypt_aes },
    Function { name: "genCA", parameters: &[Type::Str, Type::Int], variadic: false, call: certificates::gen_ca },
    Function { name: "genCAWithKey", parameters: CA_WITH_KEY, variadic: false, call: certificates::gen_ca_with_key },
    Function { name: "genPrivateKey", parameters: &[Type::Str], variadic: false, call: certificates::gen_private_key },
    Function { name: "genSelfSignedCert", parameters: NAMES, variadic: false, call: certificates::gen_self_signed_cert },
    Function {
        name: "genSelfSignedCertWithKey",
        parameters: &[Type::Str, Type::List, Type::List, Type::Int, Type::Str],
        variadic: false,
        call: certificates::gen_self_signed_cert_with_key,
    },
    Function {
        name: "genSignedCert",
        parameters: &[Type::Str, Type::List, Type::List, Type::Int, certificates::TYPE],
        variadic: false,
        call: certificates::gen_signed_cert,
    },
    Function {
        name: "genSignedCertWithKey",
        parameters: &[Type::Str, Type::List, Type::List, Type::Int, certificates::TYPE, Type::Str],
        variadic: false,
        call: certificates::gen_signed_cert_with_key,
    },
    Function { name: "htpasswd", parameters: TEXTS, variadic: false, call: digests::htpasswd },
    Function { name: "sha1sum", parameters: &[Type::Str], variadic: false, call: digests::sha1sum },
    Function { name: "sha256sum", parameters: &[Type::Str], variadic: false, call: digests::sha256sum },
    Function { name: "sha512sum", parameters: &[Type::Str], variadic: false, call: digests::sha512sum },
];

const TEXTS: &[Type] = &[Type::Str, Type::Str];
const NAMES: &[Type] = &[Type::Str, Type::List, Type::List, Type::Int];
const CA_WITH_KEY: &[Type] = &[Type::Str, Type::Int, Type::Str];
const PASSWORD: &[Type] = &[Type::Named("uint32"), Type::Str, Type::Str, Type::Str, Type::Str];
