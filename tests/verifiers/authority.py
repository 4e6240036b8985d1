"""A time-stamping authority made by openssl, as a stranger's would be."""

import subprocess
from pathlib import Path

CONFIG = """
[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[here]
serial=serial
default_policy=1.2.3.4.1
digests=sha256
signer_digest=sha256
ess_cert_id_alg=sha256
"""


class Authority:
    """Root, signing certificate and the files that openssl wants."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01")
        new = "-newkey rsa:2048 -nodes -config tsa.cnf"
        self._run(
            f"req -x509 {new} -keyout ca.key -out ca.pem -subj /CN=R -days 900 -extensions ca"
        )
        self._run(f"req {new} -keyout tsa.key -out tsa.csr -subj /CN=T")
        signed = "-CA ca.pem -CAkey ca.key -CAcreateserial -days 900 -extfile tsa.cnf"
        self._run(f"x509 -req -in tsa.csr {signed} -extensions leaf -out tsa.pem")

    @property
    def root(self) -> Path:
        """The root certificate, which a reader may trust."""
        return self.folder / "ca.pem"

    def stamp(self, request: bytes) -> bytes:
        """Return the TimeStampResp for a TimeStampReq."""
        (self.folder / "q.tsq").write_bytes(request)
        keys = "-signer tsa.pem -inkey tsa.key -config tsa.cnf -section here"
        self._run(f"ts -reply -queryfile q.tsq {keys} -out r.tsr")
        return (self.folder / "r.tsr").read_bytes()

    def _run(self, arguments: str) -> None:
        subprocess.run(
            ["openssl", *arguments.split()], cwd=self.folder, check=True, capture_output=True
        )
