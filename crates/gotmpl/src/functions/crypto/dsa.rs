//! DSA keys, in the group of RFC 5114, section 2.3: Go searches a group for each key, which takes seconds.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};

use super::der::{sequence, unsigned};
use crate::env::Draw;

/// The field.
const P: &str = concat!(
    "87a8e61db4b6663cffbbd19c651959998ceef608660dd0f25d2ceed4435e3b00e00df8f1d61957d4faf7df4561b2aa30",
    "16c3d91134096faa3bf4296d830e9a7c209e0c6497517abd5a8a9d306bcf67ed91f9e6725b4758c022e0b1ef4275bf7b",
    "6c5bfc11d45f9088b941f54eb1e59bb8bc39a0bf12307f5c4fdb70c581b23f76b63acae1caa6b7902d52526735488a0e",
    "f13c6d9a51bfa4ab3ad8347796524d8ef6a167b5a41825d967e144e5140564251ccacb83e6b486f6b3ca3f7971506026",
    "c0b857f689962856ded4010abd0be621c3a3960a54e710c375f26375d7014103a4b54330c198af126116d2276e11715f",
    "693877fad7ef09cadb094ae91e1a1597",
);
/// The order of the generated group.
const Q: &str = "8cf83642a709a097b447997640129da299b1a47d1eb3750ba308b0fe64f5fbd3";
/// The generator.
const G: &str = concat!(
    "3fb32c9b73134d0b2e77506660edbd484ca7b18f21ef205407f4793a1a0ba12510dbc15077be463fff4fed4aac0bb555",
    "be3a6c1b0c6b47b1bc3773bf7e8c6f62901228f8c28cbb18a55ae31341000a650196f931c77a57f2ddf463e5e9ec144b",
    "777de62aaab8a8628ac376d282d6ed3864e67982428ebc831d14348f6f2f9193b5045af2767164e1dfc967c1fb3f2e55",
    "a4bd1bffe83b9c80d052b985d182ea0adb2a3b7313d3fe14c8484b1e052588b9b7d2bbd2df016199ecd06e1557cd0915",
    "b3353bbb64e0ec377fd028370df92b52c7891428cdc67eb6184b523d1db246c32f63078490f00ef8d647d148d4795451",
    "5e2327cfef98c582664b4c0f6cc41659",
);

/// A fresh key as sprig writes it: version, group, public and private number.
pub(super) fn generate(draw: &mut Draw) -> Option<Vec<u8>> {
    let field = from_hex(P, 2048)?;
    let generator = from_hex(G, 2048)?;
    // Below the order, which begins with a bit that is set, whatever the other bits are.
    let mut secret: [u8; 32] = draw.bytes();
    if let Some(first) = secret.first_mut() {
        *first &= 0x7F;
    }
    if let Some(last) = secret.last_mut() {
        *last |= 1;
    }
    let exponent = BoxedUint::from_be_slice(&secret, 256).ok()?;
    let parameters = BoxedMontyParams::new(Odd::new(field.clone()).into_option()?);
    let public = BoxedMontyForm::new(generator.clone(), &parameters).pow(&exponent).retrieve();
    let number = |number: &BoxedUint| unsigned(&number.to_be_bytes());
    Some(sequence(&[
        &unsigned(&[]),
        &number(&field),
        &number(&from_hex(Q, 256)?),
        &number(&generator),
        &number(&public),
        &unsigned(&secret),
    ]))
}

fn from_hex(digits: &str, bits: u32) -> Option<BoxedUint> {
    BoxedUint::from_be_hex(digits, bits).into_option()
}
