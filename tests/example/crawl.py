"""Run inside the example site: follows every link of the public pages.

Prints one JSON object a line: ``address``, ``status``, ``cookies``, ``policy``. Starts
at the addresses given as arguments; stays on the site and out of the admin.
"""

import json
import os
import re
import sys
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import django

#: Not public pages.
OUTSIDE = ("/admin/", "/static/")
LINK = re.compile(r'<a\b[^>]*?href="([^"]+)"')


def links_on(address: str, html: str) -> set[str]:
    """Addresses on this site to which a page leads."""
    found = set()
    for href in LINK.findall(html):
        target = urlsplit(
            urldefrag(urljoin(f"http://testserver{address}", unescape(href))).url
        )
        local = target.netloc in ("testserver", "localhost", "localhost:8000")
        if target.scheme == "http" and local and not target.path.startswith(OUTSIDE):
            # One form for replying stands for all: it differs in what it quotes.
            paged = target.query and not target.query.startswith("reply_to")
            query = f"?{target.query}" if paged else ""
            found.add(f"{target.path}{query}")
    return found


def crawl(starts: list[str]):
    """Each reachable address once, with the response to an anonymous visitor."""
    from django.test import Client

    waiting, seen = list(starts), set(starts)
    while waiting:
        address = waiting.pop()
        response = Client().get(address)
        yield address, response
        if response.streaming:
            response.close()
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            new = links_on(address, response.content.decode()) - seen
            seen |= new
            waiting += sorted(new)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    django.setup()
    for address, response in crawl(sys.argv[1:]):
        line = {
            "address": address,
            "status": response.status_code,
            "cookies": sorted(response.cookies),
            "policy": response.headers.get("Content-Security-Policy", ""),
        }
        sys.stdout.write(json.dumps(line) + "\n")
