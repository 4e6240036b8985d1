"""What two phones do all evening: save, photograph, exchange, and sync at the same time."""

import threading
import traceback
from contextlib import closing
from random import Random

from sync.phone import Phone
from tests.faces.faults.world import ITEMS, World, client_of, picture

RESULTS = ("pass", "fail")
SIZES = (0, 20_000, 1_300_000)


def work(world: World, random: Random) -> None:
    """Let both inspectors work a while, without network."""
    with world.phones() as phones:
        for phone, partner in (phones, phones[::-1]):
            if random.random() < 0.3:
                phone.start_visit(world.task, place="生产车间")
            for _ in range(random.randint(1, 3)):
                phone.answer(world.task, random.choice(ITEMS), random.choice(RESULTS))
            if random.random() < 0.7:
                phone.add_photo(world.task, picture(random, random.choice(SIZES)))
            if random.random() < 0.5:
                world.deliver_only_the_last(phone)
            if random.random() < 0.3:
                phone.take_in(partner.export_entries(world.task))


def sync_at_once(world: World, *urls: str, patience: float = 20) -> None:
    """Let both phones sync, each by its address; what the network does to them is no exception."""
    failed: list[str] = []

    def go(officer: int, url: str) -> None:
        try:
            with closing(Phone(world.path(officer))) as phone, client_of(url, patience) as client:
                phone.sync(client, backoff=(0.05,) * 3)
        except BaseException:
            failed.append(traceback.format_exc())

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
