"""Many readers at once, as websocket clients that speak Streamlit's protocol (T6, T7)."""

import asyncio
import random
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, inf

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from benchmarks.figures import Sample, sample
from benchmarks.servers import Server

THINKING = 5.0  # seconds between two clicks of a reader, on average


class Reader:
    """One session on the map; a click chooses another indicator."""

    def __init__(self, server: Server):
        self.address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        self.origin = server.address
        self.errors = 0
        self.received: list[ForwardMsg] = []  # what answered the last click
        self.bytes = 0  # of them

    async def open(self) -> None:
        self.socket = await websockets.connect(
            self.address,
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(self.origin),
            max_size=None,
            open_timeout=60,
            ping_interval=None,
        )
        message = BackMsg()
        message.rerun_script.page_name = "karte"
        message.rerun_script.query_string = "kind=map&scope=all"
        await self._answer(message)

    async def choose(self, indicator: str) -> float:
        """Milliseconds until the server has answered everything."""
        message = BackMsg()
        widget = message.rerun_script.widget_states.widgets.add()
        widget.id, widget.string_value = self.widget, indicator
        message.rerun_script.page_name = "karte"
        message.rerun_script.fragment_id = self.part  # as the browser does
        start = time.perf_counter()
        await self._answer(message)
        return (time.perf_counter() - start) * 1000

    async def _answer(self, message: BackMsg) -> None:
        await self.socket.send(message.SerializeToString())
        self.received, self.bytes, finished = [], 0, False
        while not finished:
            # Streamlit's socket waits for an acknowledgement before its last packet, and ours
            # would hold that back for 40 ms: no browser does
            if hasattr(socket, "TCP_QUICKACK"):
                raw = self.socket.transport.get_extra_info("socket")
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            content = await asyncio.wait_for(self.socket.recv(), 90)
            answer = ForwardMsg()
            answer.ParseFromString(content)
            self.received.append(answer)
            self.bytes += len(content)
            finished = answer.WhichOneof("type") == "script_finished"
            if answer.WhichOneof("type") == "delta":
                self._look_at(answer.delta)

    def _look_at(self, delta) -> None:
        element = delta.new_element
        if element.WhichOneof("type") == "selectbox" and element.selectbox.label == "Indikator":
            self.widget, self.part = element.selectbox.id, delta.fragment_id
        self.errors += element.WhichOneof("type") == "exception"
        self.errors += delta.add_block.id.endswith("card_error")

    async def close(self) -> None:
        await self.socket.close()


@dataclass
class Crowd:
    """What many readers waited for: the moment of each click and the milliseconds after it."""

    clicks: list[tuple[float, float]] = field(default_factory=list)
    errors: int = 0

    def waits(self, start: float = 0, end: float = inf) -> Sample:
        return Sample(tuple(wait for at, wait in self.clicks if start <= at < end))

    def slowest(self, start: float, end: float) -> Sample:
        """The wait that 99 of 100 clicks do not exceed."""
        waits = sorted(self.waits(start, end).values)
        return Sample((waits[ceil(len(waits) * 0.99) - 1],))


async def _crowd(
    server: Server,
    indicators: list[str],
    count: int,
    duration: float,
    happening: Callable[[], None],
) -> Crowd:
    crowd, readers = Crowd(), [Reader(server) for _ in range(count)]
    for place in range(0, count, 10):
        await asyncio.gather(*(reader.open() for reader in readers[place : place + 10]))
    begin = time.perf_counter()

    async def read(reader: Reader) -> None:
        # each reader clicks in both halves, however short they are and however long a click
        # takes: what happens in the middle is judged by the clicks before and after it
        await asyncio.sleep(random.uniform(0, min(THINKING, duration / 2)))
        at = 0.0
        while (now := time.perf_counter() - begin) < duration or at < duration / 2:
            at = now
            crowd.clicks.append((at, await reader.choose(random.choice(indicators))))
            await asyncio.sleep(random.expovariate(1 / THINKING))

    async def happen() -> None:
        await asyncio.sleep(duration / 2)
        await asyncio.to_thread(happening)

    await asyncio.gather(happen(), *(read(reader) for reader in readers))
    for reader in readers:
        crowd.errors += reader.errors
        await reader.close()
    return crowd


def crowd(
    server: Server,
    indicators: list[str],
    count: int,
    duration: float,
    happening: Callable[[], None] = lambda: None,
) -> Crowd:
    """So many readers for so many seconds; `happening` is called in the middle."""
    return asyncio.run(_crowd(server, indicators, count, duration, happening))


async def _alone(server: Server, indicators: list[str], clicks: int) -> list[float]:
    reader = Reader(server)
    await reader.open()
    for indicator in indicators:  # so that all has been answered once, as for the many
        await reader.choose(indicator)
    waits = []
    for _ in range(clicks):
        await asyncio.sleep(0.2)
        waits.append(await reader.choose(random.choice(indicators)))
    await reader.close()
    return waits


def alone(server: Server, indicators: list[str], clicks: int) -> Sample:
    """A single reader."""
    return sample(asyncio.run(_alone(server, indicators, clicks)))


async def _cost(server: Server, indicators: list[str], clicks: int) -> dict[str, list[float]]:
    reader = Reader(server)
    await reader.open()
    for indicator in indicators:
        await reader.choose(indicator)
    found: dict[str, list[float]] = {"server CPU ms": [], "socket kB": [], "messages": []}
    for _ in range(clicks):
        before = server.processor_time()
        for indicator in indicators:  # one click is less than the clock of processes can tell
            await reader.choose(indicator)
            found["socket kB"].append(reader.bytes / 1000)
            found["messages"].append(len(reader.received))
        await asyncio.sleep(0.1)
        spent = (server.processor_time() - before) * 1000 / len(indicators)
        found["server CPU ms"].append(spent)
    await reader.close()
    return found


def cost(server: Server, indicators: list[str], clicks: int) -> dict[str, Sample]:
    """What a click whose answer is known costs: processor time of the server, bytes and messages of
    its socket. Unlike a wait these stand a busy machine, processor time within a half."""
    found = asyncio.run(_cost(server, indicators, clicks))
    units = {"server CPU ms": "ms", "socket kB": "kB", "messages": ""}
    return {name: Sample(tuple(values), units[name]) for name, values in found.items()}
