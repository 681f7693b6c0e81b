#!/usr/bin/env bash
# Builds the Debian package into target/debian: the binary first, then its manual pages and completions by itself, then the
# package around them. Needs cargo-deb and dpkg-dev.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked
assets=target/package
rm -rf "$assets"
mkdir -p "$assets"
for page in $(target/release/tollwatch man --list); do
    section=1
    [ "$page" != tollwatch.toml ] || section=5
    target/release/tollwatch man "$page" | gzip -9n > "$assets/$page.$section.gz"
done
target/release/tollwatch completions bash > "$assets/tollwatch.bash"
target/release/tollwatch completions zsh > "$assets/_tollwatch"
target/release/tollwatch completions fish > "$assets/tollwatch.fish"
cargo deb --no-build --locked "$@"
