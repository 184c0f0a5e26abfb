//! The short form of the simulations.

mod mutations;
