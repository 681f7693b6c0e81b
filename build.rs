//! Has the binary rebuilt when a file comes to `config/` or leaves it.

#[allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=config");
}
