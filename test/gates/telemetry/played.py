#!/usr/bin/env python3
"""What is played beside the real programs: exporters, each a file that is told as it is, and whoever is rung.

  played.py ADDRESS:PORT FILE          tells the file to everybody who asks
  played.py --sink ADDRESS:PORT FILE   writes a line for each notification of an Alertmanager
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Played(BaseHTTPRequestHandler):
    file = Path()

    def do_GET(self) -> None:
        text = self.file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        firing = [alert["labels"] for alert in said["alerts"] if alert["status"] == "firing"]
        with self.file.open("a") as file:
            file.write(json.dumps({"at": round(time.time(), 1), "receiver": self.path[1:], "alerts": firing}) + "\n")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def main(words: list[str]) -> None:
    address, port = words[-2].rsplit(":", 1)
    Played.file = Path(words[-1])
    ThreadingHTTPServer((address, int(port)), Played).serve_forever()


main(sys.argv[1:])
