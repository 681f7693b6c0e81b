//! The command `tollwatch`.

fn main() {}
