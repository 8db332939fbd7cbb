"""A web server for an application that brings none."""

import eventlet
from eventlet import wsgi


def serve(application, port, **settings):
    """Serves on loopback for ever."""
    listener = eventlet.listen(("127.0.0.1", port), reuse_port=False, backlog=512)
    wsgi.server(listener, application, log_output=False, socket_timeout=60, **settings)
