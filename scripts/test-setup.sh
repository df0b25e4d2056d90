#!/bin/sh
# Installs the system packages that some tests need (Debian and Ubuntu, as root). Starts none of their services.
set -eu

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  # 101: "do not start services", asked by every package's installation script.
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends \
  avahi-daemon avahi-utils dbus iproute2 iputils-ping chromium socat arduino xvfb xdotool scrot
