//! What sprig 3.3.0 gives.

use super::super::testing::{call, error, text};
use super::*;

fn shown(name: &str, arguments: &[Value]) -> String {
    let value = call(name, arguments).unwrap();
    text("printf", &["%T %v".into(), value.clone(), value])
}

#[test]
fn conversions() {
    let cases: [(&str, Value, &str); 16] = [
        ("int", "0x1F".into(), "int 31"),
        ("int", "010".into(), "int 8"),
        ("int", "12.7".into(), "int 0"),
        ("int", "12.00".into(), "int 12"),
        ("int", "1_000".into(), "int 1000"),
        ("int", Value::Float(-3.9), "int -3"),
        ("int", Value::Float(1e300), "int -9223372036854775808"),
        ("int64", Value::Bool(true), "int64 1"),
        ("int64", Value::Nil, "int64 0"),
        ("float64", "1e3".into(), "float64 1000"),
        ("float64", "-Inf".into(), "float64 -Inf"),
        ("float64", "1e400".into(), "float64 0"),
        ("atoi", "99999999999999999999".into(), "int 9223372036854775807"),
        ("atoi", "0x1".into(), "int 0"),
        ("toDecimal", Value::Float(777.0), "int64 511"),
        ("toDecimal", Value::Int(9), "int64 0"),
    ];
    for (name, given, expected) in cases {
        assert_eq!(shown(name, std::slice::from_ref(&given)), expected, "{name} {given:?}");
    }
}

#[test]
fn arithmetic() {
    let floats = |numbers: &[f64]| numbers.iter().map(|number| Value::Float(*number)).collect::<Vec<_>>();
    assert_eq!(shown("add", &floats(&[1.9, 1.9])), "int64 2");
    assert_eq!(shown("add", &[]), "int64 0");
    assert_eq!(shown("mul", &[Value::Int(i64::MAX), Value::Int(2)]), "int64 -2");
    assert_eq!(shown("div", &[Value::Int64(i64::MIN), Value::Int(-1)]), "int64 -9223372036854775808");
    assert_eq!(error("mod", &[Value::Int(1), Value::Nil]), "runtime error: integer divide by zero");
    assert_eq!(shown("addf", &floats(&[0.1, 0.2])), "float64 0.3");
    assert_eq!(shown("mulf", &floats(&[1.1, 1.1, 3.0])), "float64 3.63");
    assert_eq!(shown("divf", &floats(&[2.0, 3.0])), "float64 0.6666666666666667");
    assert_eq!(shown("divf", &floats(&[-1.0, 2e16])), "float64 -1e-16");
    assert_eq!(shown("mulf", &floats(&[1e300, 1e300])), "float64 +Inf");
    assert_eq!(error("divf", &floats(&[1.0, 0.0])), "decimal division by 0");
    assert_eq!(error("addf", &["NaN".into()]), "Cannot create a Decimal from NaN");
    assert_eq!(shown("maxf", &floats(&[1.0, f64::NAN, f64::INFINITY])), "float64 +Inf");
}

#[test]
fn rounding() {
    let round = |number, places| shown("round", &[Value::Float(number), Value::Int(places)]);
    assert_eq!(round(123.5555, 3), "float64 123.556");
    assert_eq!(round(-1.5, 0), "float64 -2");
    assert_eq!(round(1234.5, -2), "float64 1200");
    assert_eq!(shown("round", &[Value::Float(2.4), Value::Int(0), Value::Float(0.4)]), "float64 2");
}

#[test]
fn sequences() {
    assert_eq!(shown("until", &[Value::Int(-3)]), "[]int [0 -1 -2]");
    assert_eq!(shown("untilStep", &[Value::Int(3), Value::Int(8), Value::Int(2)]), "[]int [3 5 7]");
    assert_eq!(shown("untilStep", &[Value::Int(3), Value::Int(8), Value::Int(-2)]), "[]int []");
    assert_eq!(text("seq", &[Value::Int(5), Value::Int(-2), Value::Int(0)]), "5 3 1");
    assert_eq!(text("seq", &[Value::Int(0), Value::Int(2)]), "0 1 2");
    assert_eq!(text("seq", &[Value::Int(-2)]), "1 0 -1 -2");
    let Err(Failure::Budget(_)) = call("until", &[Value::Int(i64::MAX)]) else { panic!() };
    let Err(Failure::Budget(_)) = call("seq", &[Value::Int(i64::MAX)]) else { panic!() };
}
