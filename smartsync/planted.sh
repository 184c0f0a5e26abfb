#!/usr/bin/env bash
# Takes one guard after another away in a copy of the tree. The drill has to notice each, and nothing without that.
#
#   smartsync/planted.sh [runs]      default: 2,000; builds in a folder of its own
set -euo pipefail
cd "$(dirname "$0")/.."

runs="${1:-2000}"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
export CARGO_TARGET_DIR="${PLANTED_TARGET_DIR:-$PWD/target/planted}" CARGO_TERM_COLOR=never
# Each patch needs a build of its own, which would take longer than the runs if it were optimised to the end.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_INCREMENTAL=true RUSTFLAGS="${RUSTFLAGS:-} --cap-lints=warn"

mkdir "$copy/tree"
tar --exclude=./target --exclude=./.git -cf - . | tar -xf - -C "$copy/tree"
# Nothing of an earlier copy counts as fresh.
find "$copy/tree" -name '*.rs' -exec touch {} +

# What a build takes for unchanged depends on the time of a file: files that were put back are newer than the last build.
plant_nothing() {
  for room in oneflow-client smartsync-core; do
    rm -rf "$copy/tree/$room/src"
    cp -R "$room/src" "$copy/tree/$room/src"
  done
}

# Exit status of the drill: 0 where nothing happened that must not, 1 where something did.
drill() {
  (cd "$copy/tree" && cargo build --locked -q --release -p smartsync 2>"$copy/built") || { cat "$copy/built"; exit 2; }
  "$CARGO_TARGET_DIR/release/smartsync" drill --runs "$runs" --stop-early >"$copy/output" 2>"$copy/errors"
}

failed=0
plant_nothing
if drill; then
  echo "all guards in place: nothing happened that must not, in $runs runs"
else
  echo "all guards in place, and something happened that must not:"
  cat "$copy/output" "$copy/errors"
  failed=1
fi

for patch in smartsync/planted/*.patch; do
  name="$(basename "$patch" .patch)"
  plant_nothing
  patch -s -p1 -F0 -d "$copy/tree" <"$patch"
  # A drill that cannot be carried out has noticed nothing.
  if drill || ! grep -q '^VIOLATION' "$copy/output"; then
    echo "$name: NOT FOUND in $runs runs"
    failed=1
  else
    echo "$name: $(sed -n 's/^The first: \([^:]*\):.*--seed \([0-9]*\)$/\1, by seed \2/p' "$copy/output")"
  fi
done
exit "$failed"
