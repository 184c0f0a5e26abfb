#!/usr/bin/env bash
# Plants one bug after another in a copy of the tree. The fault runs have to find each of them, and none without them.
#
#   simulation/planted.sh [seeds]      default: 10,000; builds in a folder of its own
set -euo pipefail
cd "$(dirname "$0")/.."

seeds="${1:-10000}"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
export CARGO_TARGET_DIR="${PLANTED_TARGET_DIR:-$PWD/target/planted}" CARGO_TERM_COLOR=never
# Each bug needs a build of its own, which would take longer than the runs if it were optimised to the end.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_INCREMENTAL=true RUSTFLAGS="${RUSTFLAGS:-} --cap-lints=warn"

mkdir "$copy/tree"
tar --exclude=./target --exclude=./.git -cf - . | tar -xf - -C "$copy/tree"
# Nothing of an earlier copy counts as fresh.
find "$copy/tree" -name '*.rs' -exec touch {} +

# What a build takes for unchanged depends on the time of a file: files that were put back are newer than the last build.
plant_nothing() {
  rm -rf "$copy/tree/smartsync-core/src"
  cp -R smartsync-core/src "$copy/tree/smartsync-core/src"
}

# Exit status of the runs: 0 where no rule was broken, 1 where one was.
faults() {
  (cd "$copy/tree" && cargo build --locked -q --release -p smartsync-simulation 2>"$copy/built") || { cat "$copy/built"; exit 2; }
  "$CARGO_TARGET_DIR/release/smartsync-simulation" faults --seeds "$seeds" --named 1 --enough 1 >"$copy/output"
}

failed=0
plant_nothing
if faults; then
  echo "nothing planted: no rule was broken in $seeds seeds"
else
  echo "nothing planted, and a rule was broken:"
  cat "$copy/output"
  failed=1
fi

for patch in simulation/planted/*.patch; do
  name="$(basename "$patch" .patch)"
  plant_nothing
  patch -s -p1 -d "$copy/tree" <"$patch"
  if faults; then
    echo "$name: NOT FOUND in $seeds seeds"
    failed=1
  else
    # The rule, and the seed that broke it.
    echo "$name: $(sed -n '/^[A-Za-z]*: [0-9]* times/{s/:.*//;N;s/\n *--seed \([0-9]*\):.*/ by seed \1/;p;}' "$copy/output" | paste -sd, -)"
  fi
done
exit "$failed"
