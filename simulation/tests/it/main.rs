//! The simulations, in short.

mod faults;
