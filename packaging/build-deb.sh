#!/usr/bin/env bash
# Builds the Debian package into target/debian: the binary first, then its manual page and completions by itself, then the
# package around them. Needs cargo-deb and dpkg-dev.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked
assets=target/package
rm -rf "$assets"
mkdir -p "$assets"
target/release/tollwatch man | gzip -9n > "$assets/tollwatch.1.gz"
target/release/tollwatch completions bash > "$assets/tollwatch.bash"
target/release/tollwatch completions zsh > "$assets/_tollwatch"
target/release/tollwatch completions fish > "$assets/tollwatch.fish"
cargo deb --no-build --locked "$@"
