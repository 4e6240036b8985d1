"""HTTPS without a proxy: TLS on the connections of slow clients, and certificates read again."""

import errno
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from inspect_server.domain.certificates import CertificateNotUsable, ServerCertificate
from inspect_server.gateways.certificates.pairs import Pair
from inspect_server.usecases.work import Clock
from inspect_server.web.slow_clients import HEAD_SECONDS, Patient, TooSlow, sending_seconds

PROTOCOLS = ["http/1.1"]
HANDSHAKE = 0x16
"""The first byte of whoever speaks TLS (RFC 8446, 5.1)."""
LONGEST_PLAIN_HEAD = 8 * 1024
_PLAIN = re.compile(
    rb"(?:GET|HEAD) (/[!-~]*) HTTP/1\.[01]\r\n(?:[^\s:]+:[^\r\n]*\r\n)*?"
    rb"Host: *([\w.:\[\]-]+) *\r\n",
    re.IGNORECASE,
)
"""The head of a request that may be sent on; it fits a text in one way, so it is never slow."""
MOVED = b"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://%s%s\r\n"
REFUSED = b"HTTP/1.1 400 Bad Request\r\n"
NO_MORE = b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class Broken(ConnectionResetError):
    """The other side does not speak TLS as it should; above, a connection that broke."""

    def __init__(self) -> None:
        super().__init__("no TLS")
        self.errno = errno.ECONNRESET  # gunicorn passes over it without a line in the log


class PatientTLS(Patient, ssl.SSLSocket):  # type: ignore[misc]  # parameters have other names
    """The same over TLS: the handshake, too, has an end."""

    def do_handshake(self, block: bool = False) -> None:
        """
        Agree on keys within HEAD_SECONDS; the head of a request has as long after it.

        Whoever speaks plain HTTP is sent to https, as a browser does that was given no scheme.

        Raises:
            Broken: It is no TLS, or nothing that both sides know.
            TooSlow: It takes too long.
        """
        own = self.gettimeout()
        self.settimeout(HEAD_SECONDS)
        try:
            first = socket.socket.recv(self, 1, socket.MSG_PEEK)
            if first and first[0] != HANDSHAKE:
                socket.socket.sendall(self, _sent_on(socket.socket.recv(self, LONGEST_PLAIN_HEAD)))
                raise Broken
            super().do_handshake(block)
        except TimeoutError:
            raise TooSlow from None
        except (ssl.SSLError, ValueError):
            raise Broken from None
        finally:
            self.settimeout(own)
        self.allow(HEAD_SECONDS)

    def has_more(self, within_ms: int) -> bool:
        """Return whether anything comes in time; it may be here already, decrypted."""
        return self.pending() > 0 or super().has_more(within_ms)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """
        Send all, as a socket does.

        Raises:
            TooSlow: The client does not read what it asked for.
            Broken: It ended TLS in between.
        """
        own, until = self.gettimeout(), time.monotonic() + sending_seconds(data)
        try:
            with memoryview(data).cast("B") as whole:
                sent = 0
                while sent < len(whole):
                    left = until - time.monotonic()
                    if left <= 0:
                        raise TooSlow
                    self.settimeout(left)
                    with whole[sent:] as rest:
                        sent += self.send(rest)
        except TimeoutError:
            raise TooSlow from None
        except ssl.SSLError:
            raise Broken from None
        finally:
            self.settimeout(own)

    def shutdown(self, how: int) -> None:
        """End TLS as it wants to be ended, without waiting for the other side, then TCP."""
        self.settimeout(0)
        with suppress(OSError, ValueError):
            self.unwrap()
        super().shutdown(how)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        with super()._waiting():
            try:
                yield
            except ssl.SSLError:
                raise Broken from None


def _sent_on(head: bytes) -> bytes:
    """Return the answer to plain HTTP: the same address over TLS where nothing is lost by it."""
    asked = _PLAIN.match(head)
    return (MOVED % (asked[2], asked[1]) if asked else REFUSED) + NO_MORE


class LiveCertificate:
    """A certificate that is read again when its files change, while connections come in."""

    def __init__(self, pair: Pair, clock: Clock, tell: Callable[[str], None]) -> None:
        """
        Read both files and judge them.

        Args:
            pair: The files.
            clock: Says what is expired.
            tell: Gets a sentence whenever the files changed afterwards.

        Raises:
            CertificateNotUsable: No phone would accept the server with these.
        """
        self.pair, self._clock, self._tell = pair, clock, tell
        self._stamp = pair.stamp()
        self._lock = threading.Lock()
        self._context, self.said = self._made()

    def context(self) -> ssl.SSLContext:
        """Return what the next connection is wrapped with: of the newest files that can be used."""
        stamp = self.pair.stamp()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._renew(stamp)
        return self._context

    def _renew(self, stamp: tuple[object, ...]) -> None:
        self._stamp = stamp
        try:
            self._context, self.said = self._made()
        except CertificateNotUsable as error:
            self._tell(f"证书文件有变化，仍使用原证书。{error}")
        else:
            self._tell(f"已换用新证书，有效期至 {self.said.ends:%Y-%m-%d}。")

    def _made(self) -> tuple[ssl.SSLContext, ServerCertificate]:
        said = self.pair.read()
        said.check(self._clock.now())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
        context.set_alpn_protocols(PROTOCOLS)
        context.sslsocket_class = PatientTLS
        self.pair.load_into(context)
        return context, said
