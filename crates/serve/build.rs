//! The page is built into the program: where its files change it is built anew.

#[allow(clippy::print_stdout, reason = "how a build script speaks")]
fn main() {
    println!("cargo::rerun-if-changed=assets");
}
