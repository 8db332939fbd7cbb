"""Connections that are attempted from everywhere to everywhere: which pass, and as whom they are seen.

Whoever is connected to sends back the address that it sees. A port at which nobody listens refuses, which passes too:
filters here are silent.
"""

import ctypes
import errno
import json
import os
import resource
import selectors
import socket
import struct
import time

from sandbox_machine import namespaces

PATIENCE = 2.0
# Enough to be silent about nothing, few enough for what connection tracking holds.
AT_ONCE = 2000
QUESTIONS = {
    # A resolver and a clock answer only who speaks to them.
    53: struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\0" + struct.pack(">2H", 2, 1),
    123: b"\x23" + bytes(47),
}
PASSED = {0, errno.ECONNREFUSED}


def attempt(state, wanted):
    """What came of each attempt, in order: each has from, source, proto, to, port; told are passed and seen."""
    wanted = [{**one, "at": at} for at, one in enumerate(wanted)]
    homes = sorted({one["from"] for one in wanted} | set(state.standing("port")) | set(state.standing("outside")))
    ports = sorted({(one["proto"], one["port"]) for one in wanted})
    listeners = [listening(namespace(state, name), addresses(state, name), ports) for name in homes]
    try:
        told = [result for name in homes for result in trying(state, name, [o for o in wanted if o["from"] == name])]
        return sorted(told, key=lambda result: result["at"])
    finally:
        for pid in listeners:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def namespace(state, name):
    return state.namespace("host" if name in state.standing("port") else "out", name)


def addresses(state, name):
    if name in state.standing("port"):
        return [state.description.hosts[name].address]
    return state.standing("outside")[name]["addresses"]


def enter(name):
    with (namespaces.FOLDER / name).open() as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), namespaces.NEW_NETWORK):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def listening(name, here, ports):
    """A process that answers on all ports of a namespace on which nobody does; ready when this returns."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        return pid
    try:
        enter(name)
        serve(here, ports, lambda: os.write(writing, b"."))
    finally:
        os._exit(1)


def serve(here, ports, ready):
    selector = selectors.DefaultSelector()
    # An answer by UDP has to come from the address that was asked.
    for proto, port, address in ((proto, port, one) for proto, port in ports for one in here):
        kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
        listener = socket.socket(socket.AF_INET, kind)
        listener.setblocking(False)
        try:
            listener.bind((address, port))
            if proto == "tcp":
                listener.listen(512)
        except OSError:
            continue  # The host's own service answers there.
        selector.register(listener, selectors.EVENT_READ, proto)
    ready()
    while True:
        for key, _ in selector.select():
            try:
                if key.data == "tcp":
                    connection, peer = key.fileobj.accept()
                    connection.send(peer[0].encode())
                    connection.close()
                else:
                    _, peer = key.fileobj.recvfrom(512)
                    key.fileobj.sendto(peer[0].encode(), peer)
            except OSError:
                continue


def trying(state, name, wanted):
    """All attempts of one, in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            enter(namespace(state, name))
            told = [
                one for start in range(0, len(wanted), AT_ONCE) for one in together(wanted[start : start + AT_ONCE])
            ]
            with os.fdopen(writing, "w") as file:
                json.dump(told, file)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"attempts of {name} ended with {status}")
    return json.loads(text)


def together(wanted):
    selector, told = selectors.DefaultSelector(), []
    for one in wanted:
        kind = socket.SOCK_STREAM if one["proto"] == "tcp" else socket.SOCK_DGRAM
        connection = socket.socket(socket.AF_INET, kind)
        connection.setblocking(False)
        result = {**one, "passed": False, "seen": None}
        told.append(result)
        try:
            if one.get("source"):
                connection.bind((one["source"], 0))
            code = connection.connect_ex((one["to"], one["port"]))
            if code not in (0, errno.EINPROGRESS):
                result["passed"] = code in PASSED
                connection.close()
                continue
            if one["proto"] == "udp":
                connection.send(QUESTIONS.get(one["port"], b"?"))
        except OSError:
            connection.close()
            continue
        events = selectors.EVENT_WRITE if one["proto"] == "tcp" else selectors.EVENT_READ
        selector.register(connection, events, result)
    limit = time.monotonic() + PATIENCE
    while selector.get_map() and (left := limit - time.monotonic()) > 0:
        for key, _ in selector.select(left):
            answered(selector, key)
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return told


def answered(selector, key):
    """A connection that is there, or an answer."""
    connection, result = key.fileobj, key.data
    if result["proto"] == "tcp" and not result["passed"]:
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        result["passed"] = code in PASSED
        if code == 0:
            selector.modify(connection, selectors.EVENT_READ, result)
            return
    else:
        try:
            said = connection.recv(64)
            result["passed"] = True
            result["seen"] = seen(said)
        except ConnectionRefusedError:
            result["passed"] = True
        except OSError:
            pass
    selector.unregister(connection)
    connection.close()


def seen(said):
    """The address that a listener of ours saw."""
    try:
        return socket.inet_ntoa(socket.inet_aton(said.decode("ascii")))
    except (OSError, ValueError):
        return None
