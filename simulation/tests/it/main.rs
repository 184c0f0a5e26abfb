//! The simulations, in short.

mod faults;
mod mutations;
