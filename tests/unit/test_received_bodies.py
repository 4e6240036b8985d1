"""A request's body is received whole, and what follows it on the connection is left there."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from inspect_server.web.slow_clients import PatientSocket, _take_in


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, PatientSocket]]:
    client, server = socket.socketpair()
    with client, PatientSocket(fileno=server.detach()) as patient:
        yield client, patient


def _request(server: PatientSocket, held: bytes, length: int) -> SimpleNamespace:
    """Return a request of which some bytes came with its head."""
    unreader = SocketUnreader(server)
    unreader.unread(held)
    return SimpleNamespace(body=Body(LengthReader(unreader, length)), _expected_100_continue=False)


def test_a_body_that_came_in_pieces_is_whole(ends: tuple[socket.socket, PatientSocket]) -> None:
    client, server = ends
    request = _request(server, b"first, ", 13)
    client.sendall(b"second")

    _take_in(request, server)

    assert request.body.read() == b"first, second"


def test_the_next_request_stays_on_the_connection(
    ends: tuple[socket.socket, PatientSocket],
) -> None:
    _, server = ends
    request = _request(server, b"bodyGET / HTTP/1.1", 4)
    unreader = request.body.reader.unreader

    _take_in(request, server)

    assert request.body.read() == b"body"
    assert unreader.take_buffered() == b"GET / HTTP/1.1"


def test_what_came_of_a_body_that_breaks_off_is_read(
    ends: tuple[socket.socket, PatientSocket],
) -> None:
    client, server = ends
    request = _request(server, b"half", 8)
    client.close()

    _take_in(request, server)

    assert request.body.read(4) == b"half"
    assert request.body.read(4) == b""
