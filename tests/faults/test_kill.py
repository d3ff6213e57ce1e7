"""kill -9 in the middle: a form goes on where it was, a ticket is opened once, nothing that was said is lost."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from bot import settings
from bot.community import conversations
from bot.runtime import training
from tests.conversations.records import read
from tests.conversations.server import Resident, Server, running


@pytest.fixture
def server(tmp_path: Path):
    if training.current_model(settings.load().model_dir) is None:
        pytest.skip("there is no trained model: make train")
    with running(tmp_path) as started:
        yield started


def restart(server: Server) -> None:
    server.kill()
    server.start()


def test_a_form_goes_on_after_a_kill(server: Server) -> None:
    resident = Resident(server)
    assert "小区" in resident.hear("家里水管爆了 水流得到处都是")
    restart(server)
    assert "电话" in resident.hear("阳光花园3栋2单元501")
    restart(server)
    resident.hear("13900001234")
    resident.hear("明天下午")
    restart(server)
    assert "WY" in resident.hear("确认")
    tickets = read(server.database, resident.sender_id)["tickets"]
    assert [(ticket["building"], ticket["room"], ticket["phone"]) for ticket in tickets] == [
        ("3", "501", "13900001234")
    ]


def test_a_message_resent_after_a_kill_opens_one_ticket(server: Server) -> None:
    resident = Resident(server)
    resident.hear("阳光花园2栋门口路灯坏了 电话13900001234")
    first = resident.hear("确认", message_id="confirm")
    restart(server)
    assert resident.hear("确认", message_id="confirm") == first
    assert len(read(server.database, resident.sender_id)["tickets"]) == 1


def test_killed_while_many_confirm_loses_no_ticket(server: Server) -> None:
    residents = [Resident(server) for _ in range(12)]
    for resident in residents:
        resident.hear("幸福里1栋垃圾没人收 电话13900001234")

    def confirm(resident: Resident) -> None:
        with suppress(OSError):  # the server went away in the middle: the resident sends it again below
            resident.hear("确认", message_id="confirm")

    threads = [threading.Thread(target=confirm, args=(resident,)) for resident in residents]
    for thread in threads:
        thread.start()
    threads[0].join()
    restart(server)
    for thread in threads:
        thread.join()
    for resident in residents:
        assert "WY" in resident.hear("确认", message_id="confirm")
    numbers = [read(server.database, resident.sender_id)["tickets"] for resident in residents]
    assert [len(tickets) for tickets in numbers] == [1] * len(residents)
    assert len({tickets[0]["number"] for tickets in numbers}) == len(residents)


def test_what_was_said_is_in_the_log_after_a_kill(server: Server) -> None:
    resident = Resident(server)
    resident.hear("附近哪里有老年食堂")
    restart(server)
    with server.database.reading() as session:
        said = [(message.author, message.text) for message in conversations.history(session, resident.sender_id)]
    assert said[0] == ("resident", "附近哪里有老年食堂")
    assert {author for author, _ in said[1:]} == {"bot"}
    assert "食堂" in said[-1][1]
