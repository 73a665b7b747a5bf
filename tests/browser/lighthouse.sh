#!/bin/sh
# Lighthouse in .cache/lighthouse, and the fonts that a phone has, for make test-long and make bench-paper;
# a loud word without them.
set -e
missing=""
command -v npm >/dev/null 2>&1 || missing="npm"
fc-list 2>/dev/null | grep -q "Roboto-Regular" || missing="$missing fonts-roboto-unhinted"
fc-list 2>/dev/null | grep -q "NotoSerif-Regular" || missing="$missing fonts-noto-core"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig $missing >/dev/null
fi
[ -d .cache/lighthouse/node_modules/lighthouse ] && exit 0
mkdir -p .cache/lighthouse
if ! npm install --silent --no-audit --no-fund --prefix .cache/lighthouse lighthouse@13.5.0 >/dev/null; then
  echo "=================================================================="
  echo "NO LIGHTHOUSE: it needs npm. Its tests will be SKIPPED."
  echo "=================================================================="
fi
