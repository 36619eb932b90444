"""A certificate authority of this machine alone, so that phones on the same network trust its address.

The authority may only vouch for private addresses and this machine's names: who steals its key cannot
pose as a bank to the phones that trust it. Standard library and the openssl program only.
"""

import subprocess
from pathlib import Path

AUTHORITY_DAYS = 3650
# Phones refuse certificates that live longer than about thirteen months.
SERVER_DAYS = 397
RENEW_SECONDS = 30 * 24 * 3600
PRIVATE_NETWORKS = [
    "10.0.0.0/255.0.0.0",
    "172.16.0.0/255.240.0.0",
    "192.168.0.0/255.255.0.0",
    "127.0.0.0/255.0.0.0",
]


class Authority:
    """Files in ``folder``: the keys stay there (mode 600); ``public`` holds what phones download."""

    def __init__(self, folder: Path) -> None:
        self.key = folder / "authority.key"
        self.public = folder / "public"
        self.certificate = self.public / "presisi-ca.crt"
        self.server_key = folder / "server.key"
        self.server_certificate = folder / "server.crt"
        self._names = folder / "server.names"
        self._work = folder

    def ensure(self, addresses: list[str], names: list[str]) -> None:
        """Have an authority and a certificate for ``addresses`` and ``names`` that lives a month at least."""
        self.public.mkdir(parents=True, exist_ok=True)
        self._work.chmod(0o700)
        if not (self.key.exists() and self.certificate.exists()):
            self._make_authority(addresses, names)
        wanted = ",".join([*(f"IP:{address}" for address in addresses), *(f"DNS:{name}" for name in names)])
        known = self._names.read_text() if self._names.exists() else ""
        if known != wanted or not self._is_fresh() or not self._is_trusted():
            self._make_server_certificate(names[0], wanted)
            self._names.write_text(wanted)

    def _make_authority(self, addresses: list[str], names: list[str]) -> None:
        networks = [*PRIVATE_NETWORKS, *(f"{address}/255.255.255.255" for address in addresses)]
        permitted = [f"permitted;IP:{network}" for network in networks]
        permitted += [f"permitted;DNS:{name}" for name in dict.fromkeys([*names, "local", "localhost"])]
        configuration = self._write(
            "authority.cnf",
            "[req]\nprompt=no\ndistinguished_name=name\nx509_extensions=ca\n"
            f"[name]\nCN=Presisi Belajar {names[0]}\n"
            "[ca]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
            f"subjectKeyIdentifier=hash\nnameConstraints=critical,{','.join(permitted)}\n",
        )
        self._openssl(
            *("req", "-x509", "-config", configuration, "-days", str(AUTHORITY_DAYS), "-sha256", "-nodes"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-keyout", self.key, "-out", self.certificate),
        )
        self.certificate.chmod(0o644)

    def _make_server_certificate(self, name: str, names: str) -> None:
        request = self._work / "server.csr"
        extensions = self._write(
            "server.cnf",
            f"basicConstraints=critical,CA:FALSE\nsubjectAltName={names}\nkeyUsage=critical,digitalSignature\n"
            "extendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
        )
        self._openssl(
            *("req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-subj", f"/CN={name}", "-keyout", self.server_key, "-out", request),
        )
        self._openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-sha256"),
            *("-set_serial", f"0x{_serial()}", "-days", str(SERVER_DAYS), "-extfile", extensions),
            *("-out", self.server_certificate),
        )
        if not self._is_trusted():
            raise SystemExit(
                f"Alamat {names} di luar yang boleh dijamin otoritas lama. Hapus {self._work}, ulangi, lalu "
                "pasang sertifikat baru di ponsel."
            )

    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, to compare on the phone."""
        answer = self._openssl("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha256")
        return answer.split("=", 1)[1].strip()

    def _is_fresh(self) -> bool:
        check = ["x509", "-in", self.server_certificate, "-noout", "-checkend", str(RENEW_SECONDS)]
        return self._succeeds(*check)

    def _is_trusted(self) -> bool:
        return self._succeeds("verify", "-CAfile", self.certificate, self.server_certificate)

    def _succeeds(self, *arguments) -> bool:
        return subprocess.run(["openssl", *map(str, arguments)], capture_output=True).returncode == 0

    def _openssl(self, *arguments) -> str:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"openssl gagal: {done.stderr.strip()[-500:]}")
        return done.stdout

    def _write(self, name: str, text: str) -> Path:
        path = self._work / name
        path.write_text(text)
        return path


def _serial() -> str:
    import secrets

    return f"{secrets.randbits(120):x}"
