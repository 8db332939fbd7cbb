#!/usr/bin/python3
"""Checks that hosts, networks, rules, volumes and the world outside are as the README says. Needs root."""

import copy
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

from check_support import Count, Failed, Keys, Skipped, Tenancy, remove, rule, same  # noqa: E402

ANY = "0.0.0.0/0"
CLOCK = """
import socket, time
asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asks.settimeout(3)
asks.sendto(bytes([35]) + bytes(47), ('192.53.103.108', 123))
print(abs(int.from_bytes(asks.recv(48)[40:44], 'big') - 2208988800 - time.time()) < 2)
"""
RESIZES = 1 << 24  # CAP_SYS_RESOURCE


def describe(keys):
    """Four hosts in two networks, and five parties outside."""

    def host(name, network, address, *rules, **more):
        return {"name": name, "network": network, "address": address, "userData": keys.user_data(name)} | {
            "rules": list(rules),
            **more,
        }

    web, names = rule("out", "tcp", 80, "198.51.100.80/32"), rule("out", "udp", 53, "9.9.9.9/32")
    from_bastion, ping = rule("in", "tcp", 22, "10.20.0.10/32"), rule("in", "icmp", None, "10.20.0.10/32")
    return {
        "name": "lumi",
        "networks": [
            {"name": "edge", "cidr": "10.20.0.0/24", "gateway": "10.20.0.1"},
            {"name": "core", "cidr": "10.20.4.0/24", "gateway": "10.20.4.1"},
        ],
        "router": {"egress": "203.0.113.10"},
        "hosts": [
            host(
                "bastion",
                "edge",
                "10.20.0.10",
                *(rule("in", "tcp", 22, "192.0.2.4/32"), rule("in", "tcp", 22, "203.0.113.10/32")),
                *(rule("out", "tcp", 22, "10.20.4.0/24"), rule("out", "icmp", None, "10.20.4.0/24"), web, names),
                rule("out", "tcp", 80, "169.254.169.254/32"),
                public="203.0.113.11",
            ),
            host("proxy", "edge", "10.20.0.20", web, names, rule("in", "tcp", 3128, "10.20.4.30/32")),
            host(
                "ecflow-prod",
                "core",
                "10.20.4.30",
                *(from_bastion, rule("out", "tcp", 3128, "10.20.0.20/32"), rule("out", "udp", 123, ANY)),
                volumes=[{"name": "home", "MiB": 64, "id": "0d5a6a4e-7c1b-4f7e-9d55-1f2f3e4d5c6b"}],
            ),
            host(
                "ecflow-spare",
                "core",
                "10.20.4.31",
                *(from_bastion, ping, rule("out", "tcp", 22, "203.0.113.11/32")),
                also=["10.20.4.40"],
            ),
        ],
        "outside": [
            {"name": "operators", "addresses": ["192.0.2.4"]},
            {"name": "lumi-login", "addresses": ["193.167.209.163"]},
            {
                "name": "internet",
                "addresses": ["198.51.100.80"],
                "names": {"packages.example.org": "198.51.100.80"},
                "serves": "apt",
            },
            {"name": "resolvers", "addresses": ["9.9.9.9"], "serves": "dns"},
            {"name": "ntp", "addresses": ["192.53.103.108"], "serves": "ntp"},
        ],
    }


def login(count, tenancy, keys):
    bastion, via = "ansible@203.0.113.11", "ansible@203.0.113.11"

    with count.check("host keys are learned from the console"):
        for name, *addresses in (("bastion", "203.0.113.11"), ("ecflow-prod", "10.20.4.30")):
            keys.learn(tenancy.do("console", name), *addresses)
    with count.check("operators reach the bastion's public address with a certificate, and are root by sudo"):
        words = keys.ssh() + [bastion, "hostname; sudo id -un; echo ${SSH_CONNECTION% * * *}"]
        same(tenancy.outside("operators", *words)[1].split(), ["bastion", "root", "192.0.2.4"])
    with count.check("a key without a certificate is refused"):
        code, out = tenancy.outside("operators", *keys.ssh("stranger"), bastion, "true")
        same((code, "Permission denied" in out), (255, True))
    with count.check("others outside time out at the bastion"):
        code, out = tenancy.outside("lumi-login", *keys.ssh(), bastion, "true")
        same((code, "timed out" in out), (255, True))
    with count.check("ecflow-prod is reached over the bastion, which it sees"):
        words = keys.ssh(via=via) + ["ansible@10.20.4.30", "hostname; echo ${SSH_CONNECTION% * * *}"]
        same(tenancy.outside("operators", *words)[1].split(), ["ecflow-prod", "10.20.0.10"])
    with count.check("ecflow-prod is not reached from outside"):
        same(tenancy.outside("operators", *keys.ssh(), "ansible@10.20.4.30", "true")[0], 255)


def rules(count, tenancy, keys):
    held = None
    with count.check("a rule that goes closes the port and ends what it admitted; no host restarts"):
        held = subprocess.Popen(
            [sys.executable, "-B", Path(__file__).with_name("hosts.py"), "outside", tenancy.state, "operators"]
            + keys.ssh()
            + ["-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=3", "ansible@203.0.113.11", "sleep 60"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(1)
        pids, had = tenancy.pids(), tenancy.host("bastion")["rules"]
        tenancy.host("bastion")["rules"] = [one for one in had if one["peer"] != "192.0.2.4/32"]
        tenancy.up()
        same(tenancy.outside("operators", *keys.ssh(), "ansible@203.0.113.11", "true")[0], 255)
        same(held.wait(10), 255)
        same(tenancy.pids(), pids)
    with count.check("a rule that comes back opens it"):
        tenancy.host("bastion")["rules"] = had
        tenancy.up()
        same(tenancy.outside("operators", *keys.ssh(), "ansible@203.0.113.11", "true")[0], 0)
    if held and held.poll() is None:
        held.kill()
    with count.check("an address that a host may take over answers; another that it takes does not"):
        tenancy.inside("ecflow-spare", "ip addr add 10.20.4.40/32 dev eth0; ip addr add 10.20.4.41/32 dev eth0")
        tenancy.inside("bastion", "ping -qc1 -W2 10.20.4.40; ! ping -qc1 -W1 10.20.4.41")


def world(count, tenancy):
    ask = "curl -sm 5 http://packages.example.org/whoami"
    with count.check("the internet sees the egress address of a host, and the public one of a host that has one"):
        same((tenancy.inside("proxy", ask), tenancy.inside("bastion", ask)), ("203.0.113.10", "203.0.113.11"))
    with count.check("a host reaches another's public address, and comes from the egress address (hairpin)"):
        listening = "ss -Htn state established sport = :22"
        probe = "exec 3<>/dev/tcp/203.0.113.11/22; head -c 4 <&3; sleep 2"
        other = subprocess.Popen(
            [sys.executable, "-B", Path(__file__).with_name("hosts.py"), "exec", tenancy.state, "ecflow-spare"]
            + ["timeout", "6", "bash", "-c", probe],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(1)
        seen = tenancy.inside("bastion", listening)
        same(other.communicate()[0], "SSH-")
        same("203.0.113.10:" in seen, True)
    with count.check("names of the outside and of public hosts are known outside; no other name is"):
        same(tenancy.outside("operators", "getent", "hosts", "bastion.lumi.example.org")[1].split()[0], "203.0.113.11")
        same(tenancy.outside("operators", "getent", "hosts", "nowhere.example.org")[0], 2)
    with count.check("the metadata service answers a host that may ask it, and no other"):
        where = "curl -sm 2 http://169.254.169.254/latest/meta-data/public-ipv4"
        same((tenancy.inside("bastion", where), tenancy.inside("proxy", f"{where} || true")), ("203.0.113.11", ""))
    with count.check("ntp tells the time"):
        same(tenancy.inside("ecflow-prod", f'python3 -c "{CLOCK}"'), "True")
    quiet = "apt-get -qq -o Acquire::http::Timeout=3 -o Acquire::Retries=0"
    with count.check("apt's sources are those of a cloud image: by TLS, which nobody out there speaks"):
        lists = "ls /var/lib/apt/lists/*Packages 2>/dev/null"
        tenancy.inside("proxy", f"grep -q ^https: /etc/apt/mirrors/debian.list; timeout 60 {quiet} update; ! {lists}")
    with count.check("apt believes the repository by the keyring that Debian's sources name"):
        keyring = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        source = f"deb {keyring} http://packages.example.org/debian bookworm main"
        for name in ("proxy", "ecflow-prod"):
            tenancy.inside(name, f"rm /etc/apt/sources.list.d/*; echo '{source}' > /etc/apt/sources.list")
        tenancy.inside("proxy", f"{quiet} update; {lists}")
    with count.check("proxy installs squid from the internet by its name, and it runs"):
        tenancy.inside(
            "proxy", f"{quiet} update && {quiet} install -y squid >/dev/null 2>&1; systemctl is-active squid"
        )
    with count.check("a host without such a rule cannot; through the proxy it can"):
        tenancy.inside("ecflow-prod", f"! timeout 6 {quiet} update; ! ls /var/lib/apt/lists/*Packages 2>/dev/null")
        allowed = "echo http_access allow localnet > /etc/squid/conf.d/check.conf; systemctl reload squid"
        tenancy.inside("proxy", allowed)
        proxied = f"{quiet} -o Acquire::http::Proxy=http://10.20.0.20:3128"
        tenancy.inside("ecflow-prod", f"{proxied} update && {proxied} install -y acl openssl >/dev/null 2>&1")


def volumes(count, tenancy):
    name, disk = "ecflow-prod", "/dev/disk/by-id/virtio-0d5a6a4e-7c1b-4f7e-9"
    fstab = "LABEL=home /srv/home ext4 defaults,nofail 0 2"
    with count.check("a volume is a disk by its id: mkfs, mount by label, write"):
        tenancy.inside(
            name, f"mkfs.ext4 -q -L home {disk}; mkdir /srv/home; echo '{fstab}' >> /etc/fstab; mount /srv/home"
        )
        tenancy.inside(name, "echo kept > /srv/home/file")
    with count.check("stopped and started, it is mounted and holds what was written"):
        tenancy.do("stop", name)
        tenancy.do("start", name)
        same(tenancy.inside(name, "cat /srv/home/file"), "kept")
    with count.check("killed and started, too"):
        tenancy.do("stop", name, "--kill")
        tenancy.do("start", name)
        same(tenancy.inside(name, "cat /srv/home/file"), "kept")
    with count.check("rebooted from inside, it comes back with it"):
        before = tenancy.pids()[name]
        tenancy.inside(name, "systemctl reboot")
        limit = time.monotonic() + 30
        while tenancy.pids()[name] in (None, before) or not tenancy.status()["healthy"]:
            if time.monotonic() > limit:
                raise Failed("it does not")
            time.sleep(0.3)
        same(tenancy.inside(name, "cat /srv/home/file"), "kept")
    with count.check("it grows while the host runs, and the host sees it"):
        tenancy.do("grow", name, "home", 128)
        tenancy.host(name)["volumes"][0]["MiB"] = 128
        same(tenancy.inside(name, "blockdev --getsize64 /dev/vdb"), str(128 << 20))
    with count.check("its file system grows while it is mounted"):
        if not int(re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text())[1], 16) & RESIZES:
            tenancy.inside(name, "umount /srv/home; e2fsck -fp /dev/vdb; resize2fs /dev/vdb; mount /srv/home")
            raise Skipped("root of this machine has no CAP_SYS_RESOURCE; unmounted it grew")
        tenancy.inside(name, "resize2fs /dev/vdb")
    with count.check("another generation has a root as new, and the same volume"):
        tenancy.host(name)["generation"] = 2
        tenancy.up()
        tenancy.inside(name, "test ! -e /srv/home && mount --mkdir LABEL=home /srv/home")
        kept, _, size = tenancy.inside(name, "cat /srv/home/file && df -m --output=size /srv/home").split()
        same((kept, int(size) > 100), ("kept", True))
    with count.check("a volume that is added is there at once; a host that is no more described is gone"):
        pids = tenancy.pids()
        tenancy.host("proxy")["volumes"] = [{"name": "cache", "MiB": 32}]
        tenancy.description["hosts"] = [h for h in tenancy.description["hosts"] if h["name"] != "ecflow-spare"]
        tenancy.up()
        tenancy.inside("proxy", "mkfs.ext4 -q /dev/vdb")
        del pids["ecflow-spare"]
        same(tenancy.pids(), pids)


def others(count, tenancy):
    with count.check("another tenancy with the same addresses stands beside it"):
        again = copy.deepcopy(tenancy.description)
        again["name"], again["hosts"] = "again", [again["hosts"][0]]
        twin = Tenancy(again, tenancy.folder)
        try:
            twin.up()
            same(twin.inside("bastion", "hostname"), "bastion")
        finally:
            twin.do("down")
        same(tenancy.status()["healthy"], True)


def nothing_left(count, tenancy):
    with count.check("down leaves nothing: no process, namespace, mount, loop device, control group or file"):
        found = tenancy.status()["id"]
        tenancy.do("down")
        left = [line for line in seen("ps", "-eo", "pid,args") if found in line or str(tenancy.state) in line]
        left += [line for line in seen("ip", "netns", "list") if found in line]
        left += [line for line in seen("losetup", "--list", "--noheadings") if str(tenancy.state) in line]
        for table in Path("/proc").glob("[0-9]*/mountinfo"):
            try:
                left += [line for line in table.read_text().splitlines() if str(tenancy.state) in line]
            except OSError:
                continue
        for place in (Path("/sys/fs/cgroup"), Path("/run/netns"), Path("/run/systemd/nspawn")):
            left += [str(path) for path in place.rglob(f"*{found}*")]
        same((left, tenancy.state.exists()), ([], False))


def seen(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()


def main():
    count = Count()
    folder = Path(tempfile.mkdtemp(prefix="databridge-hosts-"))
    keys = Keys(folder)
    tenancy = Tenancy(describe(keys), folder)
    code, out = tenancy.call("packages")
    if code:
        remove(folder)
        print(f"- {out}\n0 passed, 0 failed, 1 skipped")
        return 0
    if tenancy.call("image", seconds=900)[0]:
        count.failed += 1
    begin = time.monotonic()
    try:
        with count.check("from nothing to four hosts that answer"):
            print(tenancy.up())
        login(count, tenancy, keys)
        rules(count, tenancy, keys)
        world(count, tenancy)
        volumes(count, tenancy)
        others(count, tenancy)
        nothing_left(count, tenancy)
    finally:
        tenancy.call("down", tenancy.state)
        remove(folder)
    print(f"{time.monotonic() - begin:.0f} s with {os.cpu_count()} processors")
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
