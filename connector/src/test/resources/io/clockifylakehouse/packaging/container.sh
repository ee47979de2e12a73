#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a program of an assembled image as a container would: container.sh OPT DATA PROGRAM...
# A read-only root of its own that holds OPT (as /opt/clockify-lakehouse), this machine's C library
# and the kernel's file systems, and nothing else: no shell, no /etc. /data (DATA) and /tmp can be
# written, and nothing there be executed (unless TMP_OPTIONS says otherwise), as on Docker's tmpfs;
# the user is a number that no file knows, without privileges. Every process on the way is replaced
# by the next, so that a signal arrives. Needs root and unshare (util-linux).
set -euo pipefail
if [[ ${1:-} != --inside ]]; then
  exec unshare --mount --propagation private "$BASH" "$0" --inside "$@"
fi
shift
opt=$1 data=$2
shift 2
root=$(mktemp -d)
mount -t tmpfs -o size=1m tmpfs "$root"
for directory in /usr/lib /usr/lib64 /lib /lib64; do
  if [[ -L $directory ]]; then
    ln -s "$(readlink "$directory")" "$root$directory"
  elif [[ -d $directory ]]; then
    mkdir -p "$root$directory"
    mount --bind "$directory" "$root$directory"
    mount -o remount,bind,ro "$root$directory"
  fi
done
mkdir -p "$root"/{opt/clockify-lakehouse,data,tmp,proc,dev}
mount --bind "$opt" "$root/opt/clockify-lakehouse"
mount -o remount,bind,ro "$root/opt/clockify-lakehouse"
mount --bind "$data" "$root/data"
mount -o remount,bind,noexec,nosuid,nodev "$root/data"
mount -t tmpfs -o "${TMP_OPTIONS:-noexec},nosuid,nodev,mode=1777" tmpfs "$root/tmp"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mount -o remount,ro "$root"
exec unshare --root "$root" --wd /data --setgid 65532 --setuid 65532 -- "$@"
