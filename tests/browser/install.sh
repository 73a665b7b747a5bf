#!/bin/sh
# A browser for the browser tests: the one that is there, else Debian's, else a loud word.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "=================================================================="
echo "NO BROWSER: no Chromium here, and it could not be installed (not"
echo "root, or no apt-get). Every browser test will be SKIPPED."
echo "=================================================================="
