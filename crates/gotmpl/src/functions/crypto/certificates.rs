//! Sprig's certificates: a key and its certificate in PEM, signed by itself or by another pair.

use std::any::Any;
use std::net::IpAddr;
use std::rc::Rc;

use super::super::encoding::from_base64;
use super::keys::{PrivateKey, generate_rsa, parse_pem};
use super::x509::{self, Template};
use super::{keys, pem};
use crate::format::print_value;
use crate::function::{Args, Call, Type};
use crate::value::Object;
use crate::{Failure, Item, List, Text, Value};

type Outcome = Result<Value, Failure>;

pub(super) const TYPE: Type = Type::Named("sprig.certificate");

/// Steps that a signature takes from the budget.
const SIGNATURE_STEPS: u64 = 10_000;

/// Sprig's `certificate`.
#[derive(Debug)]
struct Certificate {
    cert: Text,
    key: Text,
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        "sprig.certificate"
    }

    fn kind(&self) -> &'static str {
        "struct"
    }

    fn fields(&self) -> Vec<(&'static str, Item)> {
        vec![("Cert", Value::Str(self.cert.clone()).into()), ("Key", Value::Str(self.key.clone()).into())]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn certificate(cert: impl Into<Text>, key: impl Into<Text>) -> Value {
    Value::Object(Rc::new(Certificate { cert: cert.into(), key: key.into() }))
}

/// A message with the words of what went wrong at its end.
fn failed(before: &str, error: impl AsRef<[u8]>) -> Failure {
    Failure::error([before.as_bytes(), error.as_ref()].concat())
}

pub(super) fn build_custom_cert(_: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let cert = from_base64(args.text(0)?).map_err(|_| Failure::error("unable to decode base64 certificate"))?;
    let key = from_base64(args.text(1)?).map_err(|_| Failure::error("unable to decode base64 private key"))?;
    let block = pem::decode(&cert).ok_or_else(|| Failure::error("unable to decode certificate"))?;
    x509::parse(&block.bytes).map_err(|error| failed("error parsing certificate: decodedCert.Bytes: ", error))?;
    parse_pem(&key).map_err(|error| failed("error parsing private key: ", error))?;
    Ok(certificate(cert, key))
}

pub(super) fn gen_private_key(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let kind = args.text(0)?;
    let mut draw = call.draw();
    match keys::generate(kind, &mut draw, call.budget)? {
        Some(key) => Ok(key.to_pem().map_err(Failure::error)?.into()),
        None => Ok([b"Unknown type ".as_slice(), kind].concat().into()),
    }
}

/// A key of 2,048 bits.
fn fresh(call: &mut Call<'_>) -> Result<PrivateKey, Failure> {
    let mut draw = call.draw();
    generate_rsa(&mut draw, 2048, call.budget)
}

fn given(text: &Text) -> Result<PrivateKey, Failure> {
    parse_pem(text).map_err(|error| failed("parsing private key: ", error))
}

pub(super) fn gen_ca(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let key = fresh(call)?;
    authority(call, args, &key)
}

pub(super) fn gen_ca_with_key(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    authority(call, args, &given(args.text(2)?)?)
}

fn authority(call: &mut Call<'_>, args: Args<'_>, key: &PrivateKey) -> Outcome {
    let mut template = template(call, args.text(0)?, &[], &[], args.int(1)?)?;
    template.is_authority = true;
    signed(call, &template, key, None)
}

pub(super) fn gen_self_signed_cert(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let key = fresh(call)?;
    let template = names_template(call, args)?;
    signed(call, &template, &key, None)
}

pub(super) fn gen_self_signed_cert_with_key(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let key = given(args.text(4)?)?;
    let template = names_template(call, args)?;
    signed(call, &template, &key, None)
}

pub(super) fn gen_signed_cert(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let key = fresh(call)?;
    signed_by(call, args, &key)
}

pub(super) fn gen_signed_cert_with_key(call: &mut Call<'_>, args: Args<'_>) -> Outcome {
    let key = given(args.text(5)?)?;
    signed_by(call, args, &key)
}

/// A certificate that the pair in the fifth argument signs.
fn signed_by(call: &mut Call<'_>, args: Args<'_>, key: &PrivateKey) -> Outcome {
    let pair: Option<&Certificate> = match args.value(4)? {
        Value::Object(object) => object.as_any().downcast_ref(),
        _ => None,
    };
    let pair = pair.ok_or_else(|| Failure::error("not a certificate"))?;
    let block = pem::decode(&pair.cert).ok_or_else(|| Failure::error("unable to decode certificate"))?;
    let parent = x509::parse(&block.bytes)
        .map_err(|error| failed("error parsing certificate: decodedSignerCert.Bytes: ", error))?;
    let signing_key = parse_pem(&pair.key).map_err(|error| failed("error parsing private key: ", error))?;
    let template = names_template(call, args)?;
    signed(call, &template, key, Some((&parent, &signing_key)))
}

/// The template of name, addresses, DNS names and days, the first four arguments.
fn names_template<'a>(call: &mut Call<'_>, args: Args<'a>) -> Result<Template<'a>, Failure> {
    let items = |list: &'a List| list.items();
    template(call, args.text(0)?, items(args.list(1)?), items(args.list(2)?), args.int(3)?)
}

fn template<'a>(
    call: &mut Call<'_>,
    common_name: &'a [u8],
    addresses: &'a [Item],
    dns_names: &'a [Item],
    days: i64,
) -> Result<Template<'a>, Failure> {
    let shown = |value: &Value| {
        let mut out = Vec::new();
        print_value(&mut out, value);
        out
    };
    let address = |item: &Item| match &item.value {
        Value::Str(text) => parse_address(text).ok_or_else(|| failed("error parsing ip: ", text.as_bytes())),
        other => Err(failed("error parsing ip: ", [&*shown(other), b" is not a string"].concat())),
    };
    let dns_name = |item: &'a Item| match &item.value {
        Value::Str(text) => Ok(text.as_bytes()),
        other => Err(failed("error processing alternate dns name: ", [&*shown(other), b" is not a string"].concat())),
    };
    let now = call.env.now.div_euclid(1_000_000_000) as i64;
    // Durations are nanoseconds in 64 bits, so three hundred years wrap into the past.
    let nanos = days.wrapping_mul(86_400_000_000_000);
    let end = (call.env.now + i128::from(nanos)).div_euclid(1_000_000_000) as i64;
    Ok(Template {
        common_name,
        addresses: addresses.iter().map(address).collect::<Result<_, _>>()?,
        dns_names: dns_names.iter().map(dns_name).collect::<Result<_, _>>()?,
        serial: call.draw().bytes(),
        not_before: now,
        not_after: end,
        is_authority: false,
    })
}

/// The bytes of an address; four where it is one of IPv4 in IPv6.
fn parse_address(text: &[u8]) -> Option<Vec<u8>> {
    Some(match std::str::from_utf8(text).ok()?.parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    })
}

fn signed(
    call: &mut Call<'_>,
    template: &Template<'_>,
    key: &PrivateKey,
    signer: Option<(&x509::Parent<'_>, &PrivateKey)>,
) -> Outcome {
    call.budget.step(SIGNATURE_STEPS)?;
    let der = x509::create(template, key, signer).map_err(|error| failed("error creating certificate: ", error))?;
    Ok(certificate(pem::encode("CERTIFICATE", &der), key.to_pem().map_err(Failure::error)?))
}
