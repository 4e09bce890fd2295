"""The network that the matrix cuts and stalls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_socket

from scripts.matrix.proxy import Proxy
from scripts.parts.process import HOST


@pytest.fixture(autouse=True)
def _sockets() -> None:
    pytest_socket.enable_socket()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """A network to a server that sends back what it gets."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while content := await reader.read(100):
            writer.write(content)
        writer.close()

    server = await asyncio.start_server(echo, HOST, 0)
    async with server, Proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy


async def test_a_cut_network_loses_what_is_on_its_way(proxy: Proxy) -> None:
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    writer.write(b"first")
    assert await reader.read(100) == b"first"
    proxy.cut()
    with pytest.raises(ConnectionResetError):
        await reader.read(100)
    writer.close()


async def test_a_stalled_network_hands_on_later_what_it_held(proxy: Proxy) -> None:
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    proxy.stall()
    writer.write(b"held")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await reader.read(100)
    proxy.heal()
    assert await reader.read(100) == b"held"
    writer.close()


async def test_a_healed_network_takes_connections_again(proxy: Proxy) -> None:
    proxy.cut()
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    with pytest.raises(ConnectionResetError):
        await reader.read(100)
    writer.close()
    proxy.heal()
    reader, writer = await asyncio.open_connection(HOST, proxy.port)
    writer.write(b"again")
    assert await reader.read(100) == b"again"
    writer.close()
