#!/usr/bin/env python3
"""Check a certificate without its server: python3 check_offline.py FILE.pdf kunci.pem daftar-status.txt

Needs Python 3.11 and openssl; daftar-status.txt.sig lies beside the list. Prints one JSON object. Exit status:
0 genuine bytes ("state": whether the certificate stood when the list was made), 1 not genuine, 2 cannot tell.
"""

import hashlib
import json
import re
import ssl
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)
RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
UNTIL = re.compile(rb"/ContactInfo \([^()]*?(?:Berlaku sampai ([0-9T:+-]+)|(Tanpa batas waktu))\)")
STATES = {"dicabut": "revoked", "diganti": "superseded", "asli": "valid"}


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False)


def read_list(path, pems, sha256, folder):
    """Return the head of the list and this file's line in it. Raises ValueError when no key signed it."""
    for pem in pems.values():
        (folder / "one.pem").write_text(pem)
        (folder / "public.pem").write_bytes(openssl("x509", "-in", folder / "one.pem", "-pubkey", "-noout").stdout)
        if not openssl(
            "dgst", "-sha256", "-verify", folder / "public.pem", "-signature", f"{path}.sig", path
        ).returncode:
            break
    else:
        raise ValueError("no key in kunci.pem signed this list: fetch keys, list and signature again")
    head, line = [], None
    with open(path, encoding="utf-8") as lines:
        for one in lines:
            words = one.split()
            if ": " in one:
                head.append(one.strip().split(": ", 1))
            elif words[0] == sha256:
                line = words
    return head, line


def best_seal(content, folder):
    """Return what the seals by keys in trusted.pem prove about the file, and what they say about its end."""
    verdicts = {"unsealed": None}
    for start, after, length in (map(int, place.groups()) for place in RANGE.finditer(content)):
        end, gap = after + length, content[start:after]
        if not (0 < start < after <= end <= len(content) and re.fullmatch(rb"<(?:[0-9a-f]{2})+>", gap)):
            continue
        signature = bytes.fromhex(gap[1:-1].decode())
        # Behind the signature's own length stand only zeros: nothing may hide in its room.
        tight = signature[:2] == b"\x30\x82" and not signature[4 + int.from_bytes(signature[2:4], "big") :].strip(b"\0")
        (folder / "signature").write_bytes(signature)
        (folder / "signed").write_bytes(content[:start] + content[after:end])
        asked = (
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            folder / "signature",
            "-content",
            folder / "signed",
        )
        found = openssl(*asked, "-certfile", folder / "trusted.pem", "-nointern", "-noverify", "-out", folder / "out")
        if b"signer certificate not found" in found.stderr or not (folder / "trusted.pem").stat().st_size:
            verdicts["foreign"] = None
        elif found.returncode or not tight:
            verdicts["altered"] = None
        else:
            verdicts["genuine" if end == len(content) else "extended"] = UNTIL.search(content[:end])
    best = next(name for name in ("genuine", "extended", "altered", "foreign", "unsealed") if name in verdicts)
    return best, verdicts[best]


def check(file, keys, listed, folder):
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    pems = {
        hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest(): pem for pem in PEM.findall(keys.read_text("utf-8"))
    }
    head, line = read_list(listed, pems, sha256, folder)
    leaked = {value.split()[0] for name, value in head if name == "kunci-bocor"}
    (folder / "trusted.pem").write_text("".join(pem for name, pem in pems.items() if name not in leaked))
    verdict, sealed = best_seal(content, folder)
    _sha256, word, since, until = line or (sha256, "asli", "-", (sealed and (sealed[1] or b"-").decode()) or "?")
    now, about = datetime.now(UTC), dict(head)
    answer = {"genuine": line is not None or verdict == "genuine", "verdict": "genuine" if line else verdict}
    answer |= {"sha256": sha256, "state": None, "since": None, "expires_at": None, "as_of": about["dibuat"]}
    answer["fresh"] = datetime.fromisoformat(about["berlaku-sampai"]) > now
    if answer["genuine"]:
        ended = word == "asli" and until not in "-?" and datetime.fromisoformat(until) <= now
        # "?": an older file that does not name its end where a program finds it; read it on the paper.
        answer |= {
            "state": "expired" if ended else STATES[word],
            "since": since.strip("-") or None,
            "expires_at": until,
        }
    return answer


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        with tempfile.TemporaryDirectory() as place:
            result = check(*map(Path, sys.argv[1:]), Path(place))
    except (OSError, ValueError) as problem:
        print(json.dumps({"genuine": None, "verdict": "unknown", "explanation": str(problem)}))
        sys.exit(2)
    print(json.dumps(result, indent=2))
    sys.exit(0 if result["genuine"] else 1)
