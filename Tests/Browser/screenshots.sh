#!/usr/bin/env bash
# Opens reports in headless Chromium: pictures of every section at two widths, light and dark, in FOLDER,
# and checks (console, overlapping text, keyboard, contrast, sorting and searching of 100,000 rows).
#
#   Tests/Browser/screenshots.sh PROGRAM FOLDER
#
# Exit status 0 when nothing is found or Chromium is absent, which is said.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "$here/../.."

chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$chromium" ]; then
  echo "skipped: chromium is not installed (apt-get install chromium)"
  exit 0
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
browse() {
  "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$home" --disable-component-update \
    --disable-background-networking --enable-logging=stderr --log-level=0 "$@"
}

# Reports: everything at once, data that try to break out, and a long ranking.
measured="Datasets/landmark-electrolytes.csv --target conductivity_S_cm --log10 --temperature-column temperature_C --group-column doi"
echo "making reports"
rm -f "$out/li.campaign"
"$program" campaign init "$out/li.campaign" Datasets/candidates.csv --objective max:conductivity_S_cm:-6..-3 --log10 --unit S/cm \
  --observations Datasets/landmark-electrolytes.csv --where temperature_C=20..30 --repeat --quiet
"$program" campaign suggest "$out/li.campaign" --count 4 --quiet >/dev/null
# shellcheck disable=SC2086
"$program" report $measured --candidates Datasets/candidates.csv --campaign "$out/li.campaign" --system Li-P --system Li-P-S \
  --quiet -o "$out/full.html"
"$program" report "$here/hostile.csv" --target '"><img src=x onerror=alert(1)>' --group-column 'group<b>' --model ridge --folds 2 \
  --candidates "$here/hostile-candidates.csv" --title '</title><script>alert(2)</script>' --quiet -o "$out/hostile.html"
awk 'BEGIN {
  print "rank,formula,conductivity,conductivity_std,conductivity_lower,conductivity_upper,conductivity_domain,family"
  split("Si Ge Sn P As Sb Al Ga In Ti Zr Hf", m, " "); split("S Se O Cl Br I", x, " "); split("sulfide selenide oxide chloride bromide iodide", f, " ")
  for (i = 1; i <= 100000; i++) {
    a = 1 + i % 12; b = 1 + i % 6; mean = -2 - i / 12500
    printf "%d,Li%d%s%d%s%d,%.4f,1.1,%.4f,%.4f,%.3f,%s\n", i, 1 + i % 97, m[a], 1 + int(i / 97) % 31, x[b], 2 + int(i / 3007) % 40, mean, mean - 1.8, mean + 1.8, (i * 7919 % 1000) / 1000, f[b]
  }
}' > "$out/long.csv"
# shellcheck disable=SC2086
"$program" report $measured --skip-validation --model ridge --ranking "$out/long.csv" --quiet -o "$out/long.html"

failed=0
# The page as it is must run without a word on the console: no error, nothing refused by its policy.
for report in full hostile long; do
  for width in 1280 390; do
    browse --window-size=$width,900 --dump-dom "file://$out/$report.html" >/dev/null 2>"$out/$report-$width.log" || true
    if grep -E "CONSOLE|Refused" "$out/$report-$width.log"; then
      echo "$report at $width: words on the console"
      failed=1
    fi
  done
done

# A copy without the policy, with a script at its end.
copy() { sed -e 's#<meta http-equiv="Content-Security-Policy"[^>]*>##' "$out/$1.html"; echo "<script>"; cat; echo "</script>"; }
for report in full hostile long; do
  for width in 1280 390; do
    for theme in light dark; do
      { echo "document.documentElement.dataset.theme = '$theme';"; cat "$here/check.js"; } | copy $report > "$out/copy.html"
      browse --window-size=$width,900 --dump-dom "file://$out/copy.html" 2>/dev/null |
        sed -n '/<pre id="findings">/,/<\/pre>/p' | sed -e 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; s/<[/]*pre[^>]*>//' > "$out/findings.txt"
      grep '^fact' "$out/findings.txt" | sed "s/^/$report $width $theme /" >> "$out/facts.new" || true
      if grep -q '^finding' "$out/findings.txt" || ! grep -q '^checked' "$out/findings.txt"; then
        sed "s/^/$report $width $theme /" "$out/findings.txt" | grep -v ' fact:'
        failed=1
      fi
    done
  done
done
mv "$out/facts.new" "$out/facts.txt"
grep 'long 1280 light' "$out/facts.txt"

# Pictures: one section at a time, as tall as it is.
echo "taking pictures"
prepare="const show = (name) => {
    document.querySelectorAll('main > section').forEach((one) => { one.hidden = one.id !== name; });
    document.querySelectorAll('.ranking').forEach((box) => { box.superionicRanking.draw(true); box.superionicRanking.open(2, false); });
    return document.documentElement.scrollHeight;
  };"
for width in 1280 390; do
  echo "$prepare
    const heights = [...document.querySelectorAll('main > section')].map((one) => one.id).map((name) => name + ' ' + show(name));
    const told = document.createElement('pre'); told.id = 'heights'; told.textContent = '\n' + heights.join('\n') + '\n'; document.body.append(told);" |
    copy full > "$out/copy.html"
  browse --window-size=$width,500 --dump-dom "file://$out/copy.html" 2>/dev/null | sed -n '/<pre id="heights">/,/<\/pre>/p' | grep -E '^[a-z-]+ [0-9]+$' > "$out/heights.txt"
  while read -r section height; do
    for theme in light dark; do
      echo "$prepare document.documentElement.dataset.theme = '$theme'; show('$section');" | copy full > "$out/copy.html"
      browse --window-size=$width,"$height" --screenshot="$out/$section-$width-$theme.png" "file://$out/copy.html" 2>/dev/null >/dev/null </dev/null
    done
  done < "$out/heights.txt"
done
rm -f "$out/copy.html" "$out/findings.txt" "$out/heights.txt"
ls "$out"/*.png | wc -l | sed 's/$/ pictures in the folder/'
if [ $failed = 0 ]; then echo "nothing found"; else echo "see the findings above"; fi
exit $failed
