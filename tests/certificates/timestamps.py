"""A time stamp authority of our own (RFC 3161 over HTTP), with its root and its revocation list."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


class Authority:
    """``url`` answers time stamp requests and, below ``/crl``, with the root's revocation list."""

    def __init__(self, *, ends: datetime) -> None:
        self.answers = 0
        self.broken = False
        self.ends = ends
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.root_key, self.root = self._root()
        self.renew(ends=ends)

    def _root(self):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Akar Cap Waktu Uji")])
        now = datetime.now(UTC)
        root = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=9000))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        return key, root

    def renew(self, *, ends: datetime) -> None:
        """Let the authority stamp with a new certificate from now on."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = datetime.now(UTC)
        where = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cap Waktu Uji")]))
            .issuer_name(self.root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(ends)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .add_extension(x509.CRLDistributionPoints([where]), critical=False)
            .sign(self.root_key, hashes.SHA256())
        )
        private = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        registry = SimpleCertificateStore()
        registry.register(asn1_x509.Certificate.load(self.root.public_bytes(DER)))
        self.stamper = DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(DER)),
            tsa_key=asn1_keys.PrivateKeyInfo.load(private),
            certs_to_embed=registry,
        )

    def revocation_list(self) -> bytes:
        now = datetime.now(UTC)
        made = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        made = made.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
        return made.sign(self.root_key, hashes.SHA256()).public_bytes(DER)

    def _handler(self):
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer("application/pkix-crl", authority.revocation_list())

            def do_POST(self):
                question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                if authority.broken:
                    self.answer("text/html", b"<h1>502</h1>")
                    return
                authority.answers += 1
                answer = authority.stamper.request_tsa_response(question)
                self.answer("application/timestamp-reply", answer.dump())

            def answer(self, kind: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args):
                pass

        return Handler


@contextmanager
def authority(*, ends: datetime):
    """Run an authority whose certificate ends at ``ends``."""
    running = Authority(ends=ends)
    thread = threading.Thread(target=running.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
        thread.join()
