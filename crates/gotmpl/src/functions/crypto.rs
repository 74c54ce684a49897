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
    Function {
        name: "genSelfSignedCert",
        parameters: NAMES,
        variadic: false,
        call: certificates::gen_self_signed_cert,
    },
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

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error, text};
    use crate::{List, Value};

    fn pair(value: &Value) -> (String, String) {
        let Value::Object(object) = value else { panic!("{value:?}") };
        let fields = object.fields();
        let [(_, cert), (_, key)] = fields.as_slice() else { panic!("{fields:?}") };
        let text = |value: &Value| match value {
            Value::Str(text) => text.to_str_lossy().into_owned(),
            other => panic!("{other:?}"),
        };
        (text(&cert.value), text(&key.value))
    }

    fn strings(texts: &[&str]) -> Value {
        Value::List(List::any(texts.iter().map(|text| Value::from(*text).into()).collect::<Vec<_>>()))
    }

    fn signed(authority: &Value, key: Option<&str>) -> Value {
        let mut arguments = vec![
            "a.b".into(),
            strings(&["1.2.3.4", "::1"]),
            strings(&["a.b", "*.c"]),
            Value::Int(365),
            authority.clone(),
        ];
        arguments.extend(key.map(Value::from));
        let name = if key.is_some() { "genSignedCertWithKey" } else { "genSignedCert" };
        call(name, &arguments).unwrap()
    }

    // Expected texts are those of helm 4.2.3.

    #[test]
    fn digests() {
        assert_eq!(text("sha1sum", &["a".into()]), "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8");
        assert_eq!(text("adler32sum", &["hello".repeat(1000).into()]), "2795642521");
        assert_eq!(text("htpasswd", &["a:b".into(), "c".into()]), "invalid username: a:b");
    }

    #[test]
    fn ciphers() {
        let hidden = text("encryptAES", &["secretkey".into(), "plaintext".into()]);
        assert_eq!(text("decryptAES", &["secretkey".into(), hidden.as_str().into()]), "plaintext");
        let failed = |text: &str| error("decryptAES", &["k".into(), text.into()]);
        assert_eq!(failed("YWJj"), "runtime error: slice bounds out of range [:16] with capacity 3");
        assert_eq!(failed("MTIzNDU2Nzg5MDEyMzQ1Ng=="), "runtime error: index out of range [-1]");
        assert_eq!(failed("!!"), "illegal base64 data at input byte 0");
    }

    #[test]
    fn keys_are_read_again() {
        for kind in ["", "ecdsa", "ed25519"] {
            let key = text("genPrivateKey", &[kind.into()]);
            let (_, written) = pair(&call("genCAWithKey", &["x".into(), Value::Int(1), key.as_str().into()]).unwrap());
            assert_eq!(written, key);
        }
        assert_eq!(text("genPrivateKey", &["foo".into()]), "Unknown type foo");
        assert!(text("genPrivateKey", &["dsa".into()]).starts_with("-----BEGIN DSA PRIVATE KEY-----\nMIIDV"));
    }

    #[test]
    fn an_authority_signs() {
        let authority = call("genCA", &["x".into(), Value::Int(10)]).unwrap();
        for kind in [None, Some("ecdsa"), Some("ed25519")] {
            let key = kind.map(|kind| text("genPrivateKey", &[kind.into()]));
            let (cert, key) = pair(&signed(&authority, key.as_deref()));
            let encoded = [cert, key].map(|text| Value::from(super::super::base64(text.as_bytes())));
            assert!(call("buildCustomCert", &encoded).is_ok());
        }
        let dsa = text("genPrivateKey", &["dsa".into()]);
        assert_eq!(
            error("genCAWithKey", &["x".into(), Value::Int(1), dsa.as_str().into()]),
            "error creating certificate: x509: certificate private key does not implement crypto.Signer"
        );
    }

    #[test]
    fn pairs_that_do_not_fit() {
        let (cert, _) = pair(&call("genCA", &["x".into(), Value::Int(10)]).unwrap());
        let key = text("genPrivateKey", &["ecdsa".into()]);
        let encoded = [cert, key].map(|text| Value::from(super::super::base64(text.as_bytes())));
        let mixed = call("buildCustomCert", &encoded).unwrap();
        let none = || Value::List(List::any(Vec::new()));
        assert_eq!(
            error("genSignedCert", &["x".into(), none(), none(), Value::Int(1), mixed]),
            "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey"
        );
    }

    #[test]
    fn arguments_that_are_refused() {
        let days = Value::Int(1);
        let none = || Value::List(List::any(Vec::new()));
        assert_eq!(
            error("genCAWithKey", &["x".into(), days.clone(), "abc".into()]),
            "parsing private key: no PEM data in input"
        );
        assert_eq!(error("buildCustomCert", &["!".into(), "".into()]), "unable to decode base64 certificate");
        assert_eq!(
            error("genSelfSignedCert", &["x".into(), strings(&["1.2.3"]), none(), days.clone()]),
            "error parsing ip: 1.2.3"
        );
        assert_eq!(
            error("genSelfSignedCert", &["x".into(), none(), strings(&["é"]), days]),
            "error creating certificate: x509: \"é\" cannot be encoded as an IA5String"
        );
    }
}
