#!/bin/sh
# supervise.sh LOWER FOLDER CGROUP...: mounts the root where nobody else sees it, boots the host, and boots it again when
# it reboots itself. Once this process and its children are gone, so is the mount.
set -e
lower=$1 folder=$2
shift 2
for group in "$@"; do
  mkdir -p "$group"
  echo $$ > "$group/cgroup.procs"
done
mount -t overlay sandbox -o "lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
while :; do
  code=0
  # The file is read at each boot: volumes come and go.
  sh "$folder/boot.sh" || code=$?
  # systemd-nspawn's way to say that the host wants to be booted again.
  [ "$code" = 133 ] || exit "$code"
done
