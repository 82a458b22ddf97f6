#!/bin/sh
# Make sure that a Chromium is there for the journeys; CHROMIUM= names another one.
set -eu
command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1 && exit 0
command -v apt-get >/dev/null 2>&1 || { echo "Install Chromium, or say CHROMIUM=/path/to/it"; exit 1; }
as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
echo "Installing Chromium for the journeys..."
$as_root apt-get -qq update
DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends chromium fonts-dejavu-core >/dev/null
