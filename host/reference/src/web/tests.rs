//! The pages as browsers meet them.
