#!/bin/sh
# What a team's CI asks of radeng, in any CI that has a shell:  sh ci/radeng.sh audit|measure|gate|verify
#
# RADENG_PLAN_DIR and RADENG_HOME are radeng's own settings: the planning folder, and where state lives. TARGET is the
# checkout that is judged, BUNDLE the file that a verdict is passed on in.
set -eu

export RADENG_PLAN_DIR="${RADENG_PLAN_DIR:-plan}"
target="${TARGET:-.}"
bundle="${BUNDLE:-verdict.zip}"

case "${1:-}" in
audit) # On a pull request. Reads the plan and runs nothing. Ends with 0, 1 (findings) or 2 (nothing usable).
    radeng audit --sarif plan-audit.sarif
    ;;
measure) # On the branch that releases are made of. Runs the commit's own gates; the verdict may be any. 0 or 2.
    radeng run --target "$target" --agent none
    radeng report --out report.html
    ;;
gate) # On a release, in that home, after people signed. Runs nothing. 0 (READY), 3 (not; the bundle is there too) or 2.
    radeng verdict --target "$target" --gate --bundle "$bundle"
    ;;
verify) # Anywhere else. Judges the bundle anew: 0, 1 (another verdict or commit), 2 (no bundle) or 3 (not READY).
    commit="$(git -C "$target" rev-parse HEAD)"
    radeng verify "$bundle" --gate --commit "$commit"
    ;;
*)
    echo "usage: sh radeng.sh audit|measure|gate|verify" >&2
    exit 64
    ;;
esac
