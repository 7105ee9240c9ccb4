"""Reads a PDF from its standard input, in a process of its own with little to spend.

Started by ``attachment_pdf`` alone, as ``python -P pdf_worker.py clean`` or ``… page
NUMBER``, and imports nothing of the package. A hostile file can at worst end this
process, never the site's. Writes the result to its standard output; a refusal is one
word on the standard error with the exit code 3.
"""

import io
import sys
import time

#: Seconds of work, and bytes of memory, before the system ends this process.
SECONDS = 20
MEMORY = 1024 * 1024 * 1024
MAX_PAGES = 200
#: Bytes by which a copy may be more than twice as long as its file.
ROOM = 1_000_000
MAX_OBJECTS = 50_000
#: Longest side of a page that is shown to staff, in dots.
LONGEST_SIDE = 1600
REFUSED = 3

#: Entries by which a PDF does something, or carries other files, when it is opened.
ACTIVE = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/AA",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/EF",
        "/RichMedia",
        "/RichMediaContent",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Movie",
        "/Sound",
        "/Rendition",
        "/Screen",
        "/3D",
        "/Collection",
        "/FileAttachment",
    }
)
#: Long enough never to stand in compressed data by chance.
_RAW = (b"/JavaScript", b"/EmbeddedFile", b"/RichMedia", b"/ImportData", b"/SubmitForm")
_META = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")


class Refused(Exception):
    """Its only argument is the reason, one word."""


def limit_what_it_may_spend() -> None:
    """Let the system end this process when it takes too much."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(data: bytes):
    """The document, if it begins and ends as a PDF does and is not locked."""
    from pypdf import PdfReader

    if not data.startswith(b"%PDF-"):
        raise Refused("broken")
    _start, end, behind = data.rpartition(b"%%EOF")
    if not end or behind.strip(b"\0 \t\r\n"):
        raise Refused("broken")
    if any(word in data for word in _RAW):
        raise Refused("active")
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Refused("locked")
    return reader


def inspect(reader) -> None:
    """Look at every object, also at those that no page leads to."""
    numbers = {(n, g) for g, found in reader.xref.items() for n in found}
    numbers |= {(n, 0) for n in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise Refused("big")
    until = time.monotonic() + SECONDS
    _look_into(reader.trailer, until)
    for number, generation in sorted(numbers):
        if number:
            _look_into(_object(reader, number, generation), until)
    if not 0 < len(reader.pages) <= MAX_PAGES:
        raise Refused("pages" if len(reader.pages) else "broken")


def _object(reader, number: int, generation: int):
    from pypdf.errors import PdfReadError
    from pypdf.generic import IndirectObject, NullObject

    try:
        return reader.get_object(IndirectObject(number, generation, reader))
    except PdfReadError:
        # A place in the table that holds nothing: no program finds anything there.
        return NullObject()


def _look_into(start, until: float) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    waiting, seen = [start], 0
    while waiting:
        seen += 1
        if seen > MAX_OBJECTS or time.monotonic() > until:
            raise Refused("big")
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            _judge(each)
            # The values themselves: what they point to is looked at on its own turn.
            waiting.extend(dict.values(each))
        elif isinstance(each, ArrayObject):
            waiting.extend(list.__iter__(each))
        elif isinstance(each, NameObject) and str(each) in ACTIVE:
            raise Refused("active")


def _judge(entries) -> None:
    if not ACTIVE.isdisjoint(map(str, entries.keys())):
        raise Refused("active")
    # To open at a page is no act; a destination is a list, a name or "GoTo".
    opening = entries.get("/OpenAction")
    action = opening.get("/S") if hasattr(opening, "get") else None
    if action is not None and str(action) != "/GoTo":
        raise Refused("active")


def clean(data: bytes) -> bytes:
    """The document written anew: what a page shows, without who made it and when."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, StreamObject

    reader = read(data)
    inspect(reader)
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    root = writer.root_object
    for name in ("/OpenAction", "/Names", "/AF", "/OCProperties", "/Perms"):
        root.pop(name, None)
    for each in writer._objects:
        if isinstance(each, DictionaryObject):
            for name in _META:
                each.pop(name, None)
        if isinstance(each, StreamObject) and str(each.get("/Filter")) in (
            "/DCTDecode",
            "['/DCTDecode']",
        ):
            each._data = without_segments(each._data)
    written = io.BytesIO()
    writer.write(written)
    if written.tell() > 2 * len(data) + ROOM:
        raise Refused("big")
    again = PdfReader(io.BytesIO(written.getvalue()))
    inspect(again)
    sys.stderr.write(f"pages {len(again.pages)}\n")
    return written.getvalue()


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its comments and application data: no camera, no place.

    Kept are those that say how colours are coded (APP0, APP14).
    """
    kept, place = bytearray(jpeg[:2]), 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker == 0xDA:
            break
        length = int.from_bytes(jpeg[place + 2 : place + 4], "big")
        private = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not private and marker != 0xFE:
            kept += jpeg[place : place + 2 + length]
        place += 2 + length
    return bytes(kept) + jpeg[place:]


def page(data: bytes, number: int) -> bytes:
    """One page as PNG, counted from one."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if not 1 <= number <= min(len(document), MAX_PAGES):
        raise Refused("pages")
    found = document[number - 1]
    longest = max(found.get_size()) or 1
    picture = found.render(scale=min(2.0, LONGEST_SIDE / longest)).to_pil()
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def main(arguments: list[str]) -> int:
    """Carry out one task; the exit code says whether it could be done."""
    data = sys.stdin.buffer.read()
    limit_what_it_may_spend()
    try:
        if arguments[0] == "page":
            result = page(data, int(arguments[1]))
        else:
            result = clean(data)
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    except MemoryError:
        sys.stderr.write("big\n")
        return REFUSED
    # Whatever a hostile file makes a library do, it is the file's fault.
    except Exception:  # noqa: BLE001
        sys.stderr.write("broken\n")
        return REFUSED
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
