#!/bin/bash
# Load on `superionic serve` over loopback, with wrk (Debian's package): five seconds for each page and path.
#   Tests/Load/run.sh PROGRAM
set -eu -o pipefail
program=$(realpath "${1:?usage: run.sh PROGRAM}")
command -v wrk > /dev/null || { echo "skipped: wrk is not installed (apt-get install wrk)"; exit 0; }
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
"$program" campaign init "$work/li.campaign" Datasets/candidates.csv --objective max:conductivity_S_cm:-6..-3 --log10 --unit S/cm \
  --observations Datasets/landmark-electrolytes.csv --where temperature_C=20..30 --repeat --quiet
"$program" campaign suggest "$work/li.campaign" --count 4 --quiet > /dev/null
"$program" serve "$work/li.campaign" --port 0 --json > "$work/address" &
server=$!
trap 'kill $server 2> /dev/null; wait $server 2> /dev/null || true; rm -rf "$work"' EXIT
until grep -q url "$work/address"; do sleep 0.1; kill -0 $server; done
url=$(sed -n 's/.*"url" *: *"\(http[^"]*\)\/".*/\1/p' "$work/address")
failed=0
for path in /api/status '/api/scores?limit=50' /api/suggestions / '/scores?search=garnet' /openapi.json; do
  wrk -t 2 -c 32 -d 5s --latency "$url$path" > "$work/wrk"
  rate=$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")
  p99=$(awk '$1 == "99%" { print $2 }' "$work/wrk")
  bad=$(awk '/Non-2xx/ { print $NF } /Socket errors/ { gsub(/[^0-9 ]/, ""); for (i = 1; i <= NF; i++) n += $i; print n }' "$work/wrk" | paste -sd+ | bc)
  printf '%-24s %10s requests/s   p99 %s   failed %s\n' "$path" "$rate" "$p99" "${bad:-0}"
  [ "${bad:-0}" = 0 ] || failed=1
done
grep -E 'VmHWM|VmRSS' /proc/$server/status
exit $failed
