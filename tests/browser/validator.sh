#!/bin/sh
# The Nu Html Checker in .cache/, for make test-long: from npm, run by Java; a loud word without them.
set -e
jar=.cache/package/build/dist/vnu.jar
[ -f "$jar" ] && exit 0
missing=""
command -v java >/dev/null 2>&1 || missing="default-jre-headless"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
mkdir -p .cache
if ! (cd .cache && npm pack --silent vnu-jar@26.9.27 >/dev/null && tar xzf vnu-jar-*.tgz); then
  echo "=================================================================="
  echo "NO HTML CHECKER: it needs npm and Java. Its tests will be SKIPPED."
  echo "=================================================================="
fi
