"""A complaint service on loopback: real HTTP, whose answers a test decides."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "a-secret-of-enough-characters"
WEBHOOK = "wagtail_eparticipation.replies.webhook_service.WebhookService"
URL = "wagtail_eparticipation.replies.complaint_services.UrlService"
EMAIL = "wagtail_eparticipation.replies.complaint_services.EmailService"


class Service:
    """Answers with ``answers`` in turn, the last one for good; keeps what it got.

    An answer is a status and a body; a body may be a function of the request's JSON.
    ``pause`` is how long it thinks, ``drip`` how long between two bytes.
    """

    def __init__(self):
        self.answers = [(200, {"reference": "SH-1"})]
        self.requests = []
        self.pause = self.drip = 0
        self.stopping = threading.Event()

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running(settings, **options):
    """The service, and the setting that leads to it."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.requests.append((dict(self.headers), body))
            service.stopping.wait(service.pause)
            status, answer = service.next_answer()
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                for number in range(len(raw)) if service.drip else ():
                    if service.stopping.wait(service.drip):
                        return
                    self.wfile.write(raw[number : number + 1])
                if not service.drip:
                    self.wfile.write(raw)
            except OSError:
                return

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.port = server.server_address[1]
    use(settings, WEBHOOK, url=f"http://127.0.0.1:{service.port}/in?k=1", **options)
    try:
        yield service
    finally:
        service.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def use(settings, backend, **options):
    """Name a service in the settings."""
    if backend == WEBHOOK:
        options = {"secret": SECRET, "timeout": 1, **options}
    settings.WAGTAIL_EPARTICIPATION = {
        **settings.WAGTAIL_EPARTICIPATION,
        "COMPLAINT_SERVICE": {"BACKEND": backend, "OPTIONS": options},
    }


def elapsed(work):
    """What ``work`` gives, and how many seconds it took."""
    start = time.monotonic()
    return work(), time.monotonic() - start
