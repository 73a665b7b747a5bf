#!/bin/sh
# Debian's nginx, for the test that asks for pictures through it; a loud word without it.
command -v nginx >/dev/null 2>&1 && exit 0
[ -x /usr/sbin/nginx ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing nginx for the tests of pictures ..."
  timeout 120 apt-get update -qq >/dev/null 2>&1
  # It is started by the test alone.
  printf '#!/bin/sh\nexit 101\n' >/tmp/policy-rc.d.$$
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    install -m 755 /tmp/policy-rc.d.$$ /usr/sbin/policy-rc.d
    ours=1
  fi
  DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends nginx-light >/dev/null 2>&1
  [ -z "$ours" ] || rm -f /usr/sbin/policy-rc.d
  rm -f /tmp/policy-rc.d.$$
  [ -x /usr/sbin/nginx ] && exit 0
fi
echo "=================================================================="
echo "NO NGINX: it is not here, and could not be installed (not root, or"
echo "no apt-get). The test of pictures through it will be SKIPPED."
echo "=================================================================="
