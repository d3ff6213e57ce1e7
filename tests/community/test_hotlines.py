from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import hotlines, self_help
from bot.community.errors import NotFound


def test_hotlines_of_a_domain_serve_its_categories(content: Session, now: datetime) -> None:
    assert [line.id for line in hotlines.for_topic(content, "leak_plumbing", now=now)] == ["12345"]


def test_lines_that_answer_now_come_first(content: Session, now: datetime) -> None:
    assert [line.id for line in hotlines.for_topic(content, "crisis", now=now)] == ["120", "12356"]
    evening = now.replace(hour=20)
    assert [line.id for line in hotlines.for_topic(content, "crisis", now=evening)] == ["12356", "120"]


def test_closed_line_says_when_it_opens(content: Session, now: datetime) -> None:
    line = hotlines.get(content, "12356", now=now)
    assert (line.open_now, line.opens_next, line.always_open) == (False, "今天 18:00", False)


def test_unknown_hotline_is_refused(content: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        hotlines.get(content, "none", now=now)


def test_self_help_by_topic(content: Session) -> None:
    assert [text.id for text in self_help.for_topic(content, "anxiety_sleep")] == ["sleep"]
    assert self_help.for_topic(content, "addiction") == []


def test_unknown_text_is_refused(content: Session) -> None:
    with pytest.raises(NotFound):
        self_help.get(content, "none")
