"""A web server: web.py FOLDER ADDRESS... serves a folder at port 80, and tells at /whoami who asks."""

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != "/whoami":
            super().do_GET()
            return
        answer = f"{self.client_address[0]}\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Server(ThreadingHTTPServer):
    def server_bind(self):
        # The usual one asks for the name of the address, and waits where nobody knows it.
        TCPServer.server_bind(self)


def main(folder, *addresses):
    handler = partial(Handler, directory=folder)
    servers = [Server((address, 80), handler) for address in addresses]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


main(*sys.argv[1:])
