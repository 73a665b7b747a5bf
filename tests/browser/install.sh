#!/bin/sh
# A browser for the browser tests: Debian's Chromium without a window, which takes half the time of the
# whole one; else the one that is there; else a loud word.
command -v chromium-headless-shell >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  timeout 120 apt-get update -qq >/dev/null 2>&1
  for name in chromium-headless-shell chromium; do
    DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends "$name" >/dev/null 2>&1 && exit 0
    command -v chromium >/dev/null 2>&1 && break
  done
fi
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
echo "=================================================================="
echo "NO BROWSER: no Chromium here, and it could not be installed (not"
echo "root, or no apt-get). Every browser test will be SKIPPED."
echo "=================================================================="
