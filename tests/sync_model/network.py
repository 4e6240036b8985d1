"""Between phones and server: requests and answers that get lost, cut or refused; power cuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import decompress

import httpx

from sync import protocol
from sync.phone.local import LocalReplica
from sync.phone.network.wire import Wire

LOSE_REQUEST, LOSE_ANSWER, CUT_ANSWER, DIE = "lose request", "lose answer", "cut answer", "die"
ADDRESS = "http://127.0.0.1"
Fault = str | int
"""What goes wrong with one request: a word of the above, or the status of a refusal."""


class PowerCut(Exception):
    """The server dies before its transaction is durable."""


@dataclass
class BadNetwork:
    """Hands requests to a server, and remembers what the phones were told."""

    answer: Callable[[httpx.Request], httpx.Response]
    die: Callable[[], None]  # the next transaction that writes never becomes durable
    told: Callable[[protocol.PushResult], None]  # of every result that reached a phone
    faults: list[tuple[str, Fault]] = field(default_factory=list)  # beginning of the path, fault
    storm: Fault = ""  # befalls every request

    def calm(self) -> None:
        """Let everything through from now on."""
        self.faults, self.storm = [], ""

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or not."""
        fault = self.storm or self._next_fault(request.url.path)
        if fault == LOSE_REQUEST:
            raise httpx.ConnectError("no network", request=request)
        if isinstance(fault, int):
            return _refusal(fault)
        if fault == DIE:
            self.die()
        try:
            response = self.answer(request)
        except PowerCut:
            raise httpx.ReadError("no answer", request=request) from None
        content = b"".join(response.iter_raw())
        if fault == LOSE_ANSWER:
            raise httpx.ReadError("connection lost", request=request)
        if fault == CUT_ANSWER:
            content = content[: len(content) // 2]
        elif request.url.path == protocol.PUSH and response.status_code == 200:
            self._note(response, content)
        return _whole(response.status_code, response.headers, content)

    def _next_fault(self, path: str) -> Fault:
        for index, (prefix, fault) in enumerate(self.faults):
            if path.startswith(prefix):
                del self.faults[index]
                return fault
        return ""

    def _note(self, response: httpx.Response, content: bytes) -> None:
        packed = response.headers.get("Content-Encoding") == "gzip"
        plain = decompress(content, wbits=31) if packed else content
        for result in protocol.decode(protocol.PushReply, plain).results:
            self.told(result)


class Client(httpx.Client):
    """A client over a bad network; without cookies and redirects, which cost as much as a push."""

    def __init__(self, network: BadNetwork) -> None:
        super().__init__(transport=httpx.MockTransport(network.handle))
        self._network = network

    def build_request(self, method: str, url: Any, **given: Any) -> httpx.Request:
        return httpx.Request(method, f"{ADDRESS}{url}", **given)

    def send(self, request: httpx.Request, **_: Any) -> httpx.Response:
        return self._network.handle(request)


def push_straight(
    client: httpx.Client, replica: LocalReplica, sent: Sequence[protocol.PushedEntry]
) -> None:
    """
    Push just these entries, as no phone would by itself.

    Raises:
        RemoteProblem: The server refuses all of it.
        OutOfReach: No answer came.
    """
    wire = Wire(client, replica, lambda: 0)
    state = wire.get(protocol.STATE, protocol.StateReply, {"replica": replica.id, "cursor": ""})
    request = protocol.PushRequest(replica.id, state.epoch, "", list(sent))
    wire.post(protocol.PUSH, request, protocol.PushReply)


def _refusal(status: int) -> httpx.Response:
    problem = protocol.Problem("test.fault", status, "")
    return _whole(status, {"Retry-After": "1"}, protocol.encode(problem))


def _whole(status: int, headers: httpx.Headers | dict[str, str], content: bytes) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))
