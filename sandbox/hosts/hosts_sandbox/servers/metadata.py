"""The cloud's metadata service: metadata.py FILE answers each host with what FILE says of its address."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer

ADDRESS = "169.254.169.254"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = json.loads(Path(sys.argv[1]).read_text()).get(self.client_address[0])
        text = answers(host).get(self.path.rstrip("/")) if host else None
        body = (text or "not found\n").encode()
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    def server_bind(self):
        # The usual one asks for the name of the address, and waits where nobody knows it.
        TCPServer.server_bind(self)


def answers(host):
    """Texts by path: the native ones, and of the older ones what tools ask for."""
    about = {"uuid": host["id"], "name": host["name"], "hostname": host["name"]}
    older = {"instance-id": host["id"], "hostname": host["name"], "local-ipv4": host["address"]}
    older |= {"public-ipv4": host["public"] or ""}
    return {
        "/openstack": "latest\n",
        "/openstack/latest": "meta_data.json\nuser_data\n",
        "/openstack/latest/meta_data.json": json.dumps(about),
        "/openstack/latest/user_data": host["user_data"],
        "/latest/meta-data": "\n".join(older),
        "/latest/user-data": host["user_data"],
        **{f"/latest/meta-data/{key}": value for key, value in older.items()},
    }


Server((ADDRESS, 80), Handler).serve_forever()
