//! What trying values costs somebody who has the key and the database: digests per second, on one core.
//!
//! A digest is one HMAC-SHA-256 over some 126 bytes under a key that is set up once, as in `smartsync_core`, by the same crates.
//! SECURITY.md gives the figure and what follows from it.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use smartsync_benches::{median, time};

const ROUNDS: usize = 9;
const TRIES: u32 = 100_000;

fn main() {
    let keyed = Hmac::<Sha256>::new_from_slice(&[7; 32]).expect("a key");
    let mut micros: Vec<f64> = (0..ROUNDS).map(|_| time(TRIES, || digest(&keyed))).collect();
    let per_second = 1e6 / median(&mut micros);
    println!("{per_second:.0} digests a second on one core");
    for (what, values) in [
        ("yes or no", 2.0),
        ("the days of 100 years", 36_525.0),
        ("salaries to 1,000,000 in whole units", 1e6),
        ("telephone numbers of 9 digits", 1e9),
        ("addresses: 10,000 first names, 100,000 last names, 100 hosts", 1e11),
    ] {
        println!("{what:>62}: {:.3} s", values / per_second);
    }
}

fn digest(keyed: &Hmac<Sha256>) -> [u8; 32] {
    let mut mac = keyed.clone();
    mac.update(&black_box([b'x'; 126]));
    mac.finalize().into_bytes().into()
}
