//! Numbers that differ from call to call, for ids and for the waits between attempts.
//!
//! They protect nothing, so what the standard library seeds its hash maps with is random enough, and
//! asks the system once a thread. What must not be guessed comes from `getrandom`.

use std::hash::{BuildHasher, RandomState};

/// 64 bits.
fn bits() -> u64 {
    // Every state has keys of its own, so that the hash of nothing differs.
    RandomState::new().hash_one(())
}

/// A number of 128 bits.
pub(crate) fn number() -> u128 {
    (u128::from(bits()) << 64) | u128::from(bits())
}

/// A fraction from 0 up to but not including 1, each of 2³² steps as likely as the others.
pub(crate) fn fraction() -> f64 {
    let [a, b, c, d, ..] = bits().to_le_bytes();
    f64::from(u32::from_le_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Calls can be told apart by their ids, also those of different threads.
    #[test]
    fn numbers_differ() {
        let thread = || std::thread::spawn(|| (0..1000).map(|_| number()).collect::<Vec<_>>());
        let numbers: HashSet<u128> = [thread(), thread(), thread()]
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(numbers.len(), 3000);
        for bit in 0..128 {
            let set = numbers.iter().filter(|number| *number >> bit & 1 == 1);
            assert!((1200..1800).contains(&set.count()), "bit {bit}");
        }
    }

    /// Clients that fail together must not come back together.
    #[test]
    fn fractions_fill_their_range_evenly() {
        let mut tenths = [0_u32; 10];
        for _ in 0..10_000 {
            let fraction = fraction();
            assert!((0.0..1.0).contains(&fraction));
            tenths[(fraction * 10.0) as usize] += 1;
        }
        assert!(
            tenths.iter().all(|count| (800..1200).contains(count)),
            "{tenths:?}"
        );
    }
}
