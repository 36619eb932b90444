"""Compile locale/*/LC_MESSAGES/*.po to .mo without gettext's tools: ``python scripts/compile_messages.py``.

Our catalogues keep every string on one line. The .mo files are committed, so that nothing needs compiling at
start; tests/courses/test_admin_in_indonesian.py fails when one is older than its .po.
"""

import re
import struct
from ast import literal_eval
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
MAGIC = 0x950412DE
_LINE = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])? (".*")$')


def parsed(text: str) -> dict[str, str]:
    """Return message → translation as a .mo keeps them: a plural message is ``one\\0many``, its forms likewise."""
    messages: dict[str, str] = {}
    entry: dict[str, str] = {}
    for line in [*text.splitlines(), ""]:
        if found := _LINE.match(line):
            key, number, quoted = found.groups()
            entry[f"{key}{number or ''}"] = literal_eval(quoted)
        elif line.startswith('"'):
            entry["msgstr"] = entry.get("msgstr", "") + literal_eval(line)
        elif not line and "msgid" in entry:
            message = entry["msgid"] + (f"\0{entry['msgid_plural']}" if "msgid_plural" in entry else "")
            context = f"{entry['msgctxt']}\4" if "msgctxt" in entry else ""
            messages[context + message] = entry.get("msgstr", entry.get("msgstr0", ""))
            entry = {}
    return messages


def compiled(messages: dict[str, str]) -> bytes:
    """Return the bytes of a GNU .mo file, messages sorted as the format asks."""
    pairs = sorted((message.encode(), translation.encode()) for message, translation in messages.items())
    start = 7 * 4 + len(pairs) * 16
    table, data = {0: [], 1: []}, b""
    for side in (0, 1):
        for pair in pairs:
            table[side].append((len(pair[side]), start + len(data)))
            data += pair[side] + b"\0"
    header = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + len(pairs) * 8, 0, start)
    return header + b"".join(struct.pack("<2I", *place) for side in (0, 1) for place in table[side]) + data


def main() -> None:
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        source.with_suffix(".mo").write_bytes(compiled(parsed(source.read_text())))


if __name__ == "__main__":
    main()
