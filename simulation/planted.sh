#!/usr/bin/env bash
# Plants one bug after another in a copy of the tree. The fault runs have to find each of them, and none without them.
#
#   simulation/planted.sh [seeds]      default: 20,000; builds in a folder of its own
set -euo pipefail
cd "$(dirname "$0")/.."

seeds="${1:-20000}"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
export CARGO_TARGET_DIR="${PLANTED_TARGET_DIR:-$PWD/target/planted}" CARGO_TERM_COLOR=never

plant_nothing() {
  rm -rf "$copy/tree"
  mkdir "$copy/tree"
  tar --exclude=./target --exclude=./.git -cf - . | tar -xf - -C "$copy/tree"
}

# Exit status of the runs: 0 where no rule was broken, 1 where one was.
faults() {
  (cd "$copy/tree" && cargo build -q --release -p smartsync-simulation)
  "$CARGO_TARGET_DIR/release/smartsync-simulation" faults --seeds "$seeds" --named 1 >"$copy/output"
}

failed=0
plant_nothing
if faults; then
  echo "nothing planted: no rule was broken"
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
    echo "$name: found: $(sed -n 's/^\([A-Za-z]*\): \([0-9]* times, in [0-9]* seeds\)$/\1 \2;/p' "$copy/output" | tr '\n' ' ')"
  fi
done
exit "$failed"
