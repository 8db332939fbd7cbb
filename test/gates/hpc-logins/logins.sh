#!/bin/bash
# logins.sh FOLDER SSH_CONFIG PLATFORM_HPC: a login node, and a host that logs in, in namespaces of their own. One line for each case.
set -e
mkdir -p "$1" && cd "$1"
exec 2>stderr
W=$PWD
ip link set lo up
mount -t tmpfs run /run
mkdir -p /run/sshd /run/hpc-root home
me=$(id -un)
ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t ed25519 -N '' -f next
ssh-keygen -q -t ed25519 -N '' -f key
fingerprint() { ssh-keygen -lf "$1.pub" | cut -d' ' -f2; }
serve() {
  [ ! -f pid ] || { kill "$(cat pid)"; while [ -f pid ]; do sleep 0.1; done; }
  printf '%s\n' "ListenAddress 127.0.0.1" "HostKey $W/$1" "AuthorizedKeysFile $W/registered" "StrictModes no" "UsePAM no" \
    "PermitRootLogin prohibit-password" "PasswordAuthentication no" "PidFile $W/pid" "LogLevel VERBOSE" >sshd_config
  /usr/sbin/sshd -f "$W/sshd_config" -E "$W/log"
  while [ ! -f pid ]; do sleep 0.1; done
}
# As rendered, but for where it lies and leads.
sed -e "s#HostName .*#HostName 127.0.0.1#; s#User .*#User $me#; s#/etc/platform/hpc/known_hosts#$W/known#; s#/etc/platform/hpc/lumi#$W/key#;
  s#/var/lib/platform-hpc/known_hosts#$W/fetched#" "$2" >ssh_config
: >known
about() {
  cat >about.json <<J
{"ssh": "$W/ssh_config", "known": "$W/known", "fetched": "$W/fetched", "roots": "$W/roots",
 "machines": [{"alias": "lumi", "hosts": ["127.0.0.1"], "fingerprints": ["$1"]}],
 "connections": {"lumi": {"host": "lumi.csc.fi", "user": "$me", "as": "$me", "key": "$W/key", "machines": ["lumi"],
  "login": {"kind": "registered-key", "portal": "MyAccessID"}, "state": "$W"}}}
J
}
export PLATFORM_HPC=$W/about.json HOME=$W/home
hpc() { /usr/bin/python3 "$PROGRAM" "$@" 2>&1; }
PROGRAM=$3
says() { hpc check | grep -o -m1 -e "no host key of lumi is known" -e "does not let us in" -e "logs in" -e "shows another host key than is known"; }
serve host
about "$(fingerprint host)"
echo "before: $(says)"
hpc pin >/dev/null
echo "pinned: $(grep -c '^lumi ssh-ed25519 ' fetched)"
echo "registered not yet: $(says)"
cp key.pub registered
echo "registered: $(says)"
before=$(grep -c "Accepted publickey" log)
for _ in 1 2 3; do ssh -F ssh_config lumi true; done
echo "one login for three: $(($(grep -c "Accepted publickey" log) - before))"
serve next
echo "another key: $(says)"
echo "not published: $(hpc pin | grep -o 'SHOWS NONE OF THE KEYS THAT ARE PUBLISHED')"
about "$(fingerprint next)"
hpc pin >/dev/null
echo "published: $(says)"
kill "$(cat pid)"
