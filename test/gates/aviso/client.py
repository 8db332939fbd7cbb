"""A client of NATS, as aviso-server is one: by a token, with a stream for each event.

By nats://… as aviso-server, in the clear to whoever speaks TLS for it; by tls://… with TLS before NATS says a word.

Usage: client.py <url> <root> <token or -> <word> [<stream> <max bytes>]
    keep    makes the stream, and publishes a message
    read    reads what is kept
    enter   connects, and nothing else
    stay    connects, says so, and waits for a line; then whether it is still the same connection
"""

import asyncio
import json
import ssl
import sys

import nats
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig


async def main(url: str, root: str, token: str, word: str, stream: str = "", most: str = "0") -> dict[str, object]:
    """What came of it."""
    told: list[str] = []

    async def tell(error: Exception) -> None:
        told.append(str(error))

    client = await nats.connect(
        url,
        tls=ssl.create_default_context(cafile=root) if url.startswith("tls:") else None,
        tls_handshake_first=url.startswith("tls:"),
        token=None if token == "-" else token,
        allow_reconnect=word == "stay",
        reconnect_time_wait=0.2,
        connect_timeout=3,
        error_cb=tell,
    )
    try:
        jetstream = client.jetstream()
        if word == "keep":
            made = await jetstream.add_stream(
                StreamConfig(
                    name=stream,
                    subjects=[f"{stream.lower()}.>"],
                    storage=StorageType.FILE,
                    retention=RetentionPolicy.LIMITS,
                    discard=DiscardPolicy.OLD,
                    max_bytes=int(most),
                    max_msgs_per_subject=1,
                    num_replicas=1,
                )
            )
            done = await jetstream.publish(f"{stream.lower()}.d1.20261127", b"fields have come")
            return {"bytes": made.config.max_bytes, "sequence": done.seq}
        if word == "read":
            message = await jetstream.get_last_msg(stream, f"{stream.lower()}.d1.20261127")
            return {"read": (message.data or b"").decode()}
        if word == "stay":
            before = client.stats["reconnects"]
            print("in", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            await client.flush(timeout=3)
            return {"reconnects": client.stats["reconnects"] - before}
        return {"entered": True}
    finally:
        await client.close()


try:
    print(json.dumps(asyncio.run(asyncio.wait_for(main(*sys.argv[1:]), 30))))
except Exception as error:  # whatever it is, the gate holds it against what it waits for
    print(json.dumps({"refused": f"{type(error).__name__}: {error}"}))
