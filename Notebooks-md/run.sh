#!/bin/bash
# Executes the notebooks: every command of every `console` block, and compares what it prints and draws.
#
#   Notebooks-md/run.sh PROGRAM [NOTEBOOK.md ...]      fails where something differs
#   UPDATE=1 Notebooks-md/run.sh PROGRAM [...]         writes what came out into the notebooks and their images
#
# A line that begins with `$ ` is a command, and goes on while lines end in `\`; what follows is its output.
# Commands run in a scratch folder with Datasets/ and the program in PATH; images go to images/. Standard error
# is shown when a command fails. A block with `file=NAME` behind its language is written to that file. Text has to be equal. Numbers may differ by 0.02 or 2%, whichever is more
# (1 in images, where they are places), because the last digits differ between processors.
set -u -o pipefail
export LC_ALL=C.UTF-8 COLUMNS=100
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?usage: run.sh PROGRAM [NOTEBOOK.md ...]}")
shift
[ $# -gt 0 ] || set -- "$here"/*.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" && ln -s "$program" "$scratch/bin/superionic"
export PATH="$scratch/bin:$PATH"
failures=0

# compare EXPECTED ACTUAL SLACK: says where two texts differ, words apart from numbers within the tolerance.
compare() {
  awk -v slack="$3" '
    function isnumber(t) { return t ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/ }
    function words(line, into) { gsub(/[",()<>=:;%|\/]/, " & ", line); gsub(/−/, "-", line); return split(line, into, /[ \t]+/) }
    function same(a, b, x, y, n, i, d, m) {
      n = words(a, x); if (n != words(b, y)) return 0
      for (i = 1; i <= n; i++) {
        if (x[i] == y[i] || (x[i] ~ /^─+$/ && y[i] ~ /^─+$/)) continue
        if (!isnumber(x[i]) || !isnumber(y[i])) return 0
        d = x[i] - y[i]; if (d < 0) d = -d
        m = x[i] < 0 ? -x[i] : x[i]
        if (d > slack && d > 0.02 * m) return 0
      }
      return 1
    }
    NR == FNR { expected[FNR] = $0; count = FNR; next }
    { if (!(FNR in expected) || !same(expected[FNR], $0)) {
        printf "  line %d\n    expected  %s\n    came      %s\n", FNR, (FNR in expected) ? expected[FNR] : "(nothing)", $0; bad = 1; if (++shown == 5) exit } ; seen = FNR }
    END { if (seen < count && shown < 5) { printf "  line %d\n    expected  %s\n    came      (nothing)\n", seen + 1, expected[seen + 1]; bad = 1 } exit bad }
  ' "$1" "$2"
}

# run NOTEBOOK: executes it in its own folder and writes the notebook as it came out to "$work/out.md".
run() {
  local notebook=$1 name line command='' fence='' in_output='' status=0 number=0
  name=$(basename "$notebook" .md)
  work="$scratch/$name"
  mkdir -p "$work/images"
  ln -s "$here/../Datasets" "$work/Datasets"
  : > "$work/out.md"
  finish() { # compares the output of the last command
    [ -n "$in_output" ] || return 0
    if [ -z "${UPDATE:-}" ] && ! compare "$work/expected" "$work/actual" 0.02 > "$work/diff"; then
      echo "$name.md:$at: \$ $(head -1 "$work/command")"; cat "$work/diff"; status=1
    fi
    in_output=''
  }
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    if [ "$fence" = console ] && [ -n "$command" ]; then
      command="$command"$'\n'"$line"; printf '%s\n' "$line" >> "$work/out.md"
      [[ $line == *\\ ]] || { execute || status=1; }
    elif [[ $line == '```'* ]]; then
      if [ -n "$fence" ]; then finish; fence=''
      else
        fence=${line#'```'}; [ -n "$fence" ] || fence=plain
        [[ $fence == *' file='* ]] && : > "$work/${fence#* file=}"
      fi
      printf '%s\n' "$line" >> "$work/out.md"
    elif [ "$fence" = console ] && [[ $line == '$ '* ]]; then
      finish
      command=${line#'$ '}; at=$number; printf '%s\n' "$line" >> "$work/out.md"
      [[ $line == *\\ ]] || { execute || status=1; }
    elif [ "$fence" = console ]; then
      [ -n "$in_output" ] && printf '%s\n' "$line" >> "$work/expected"
    else
      [[ $fence == *' file='* ]] && printf '%s\n' "$line" >> "$work/${fence#* file=}"
      printf '%s\n' "$line" >> "$work/out.md"
    fi
  done < "$notebook"
  return $status
}

# Runs the command that was read, and adds its output to the notebook.
execute() {
  local code=0
  printf '%s\n' "$command" > "$work/command"
  command=''; in_output=1; : > "$work/expected"
  (cd "$work" && bash -e -o pipefail "$work/command") > "$work/actual" 2> "$work/errors" < /dev/null || code=$?
  cat "$work/actual" >> "$work/out.md"
  if [ $code -ne 0 ]; then
    echo "$name.md:$at: exit status $code: $(head -1 "$work/command")"; head -20 "$work/errors"; return 1
  fi
}

for notebook in "$@"; do
  start=$SECONDS
  name=$(basename "$notebook" .md)
  ok=1
  run "$notebook" || ok=0
  for image in "$work"/images/*.svg; do
    [ -e "$image" ] || continue
    kept="$here/images/$(basename "$image")"
    if [ -n "${UPDATE:-}" ]; then mkdir -p "$here/images"; cp "$image" "$kept"
    elif [ ! -e "$kept" ]; then echo "$name.md: images/$(basename "$image") is not kept; run with UPDATE=1"; ok=0
    elif ! compare "$kept" "$image" 1 > "$work/diff"; then echo "$name.md: images/$(basename "$image") differs"; cut -c1-300 "$work/diff"; ok=0
    fi
  done
  # What the notebook shows has to be what its commands drew.
  for shown in $(grep -o '](images/[^)]*)' "$notebook" | tr -d '()]'); do
    [ -e "$work/$shown" ] || { echo "$name.md: no command draws $shown"; ok=0; }
  done
  if [ -n "${UPDATE:-}" ] && [ $ok = 1 ]; then cat "$work/out.md" > "$notebook"; fi
  [ $ok = 1 ] && echo "$name: as written, $((SECONDS - start)) s" || failures=$((failures + 1))
done
[ $failures = 0 ] || { echo "$failures notebooks differ; look at them, and run with UPDATE=1 if what came out is right"; exit 1; }
