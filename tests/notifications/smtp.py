"""A real SMTP server on loopback that keeps, or refuses, what it is sent."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps every message; ``refuse`` maps an address to an SMTP answer."""

    def __init__(self):
        self.raw = []
        self.refuse = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        return "250 OK"

    @property
    def messages(self):
        """What arrived, parsed as a mail programme would."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    def to(self, address):
        """The messages for one address."""
        return [each for each in self.messages if each["To"] == address]


@contextmanager
def running(settings):
    """A server that Django's own SMTP backend talks to."""
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5
    try:
        yield mailbox
    finally:
        controller.stop()
