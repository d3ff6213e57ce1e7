from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.community import guides
from bot.community.errors import NotFound


@pytest.mark.parametrize(
    ("text", "first"),
    [("高龄津贴怎么办", "allowance"), ("老人有没有长寿金", "allowance"), ("办暂住证要带什么", "permit")],
)
def test_what_people_say_finds_the_guide(content: Session, now: datetime, text: str, first: str) -> None:
    assert guides.search(content, text, now=now)[0].id == first


def test_category_lists_its_guides(content: Session, now: datetime) -> None:
    assert [match.id for match in guides.search(content, "？", category="elderly_benefits", now=now)] == ["allowance"]


def test_no_guide_for_other_matters(content: Session, now: datetime) -> None:
    assert guides.search(content, "我想去月球", now=now) == []


def test_guide_holds_checklist_and_questions(content: Session) -> None:
    guide = guides.get(content, "allowance")
    assert [(each.name, each.optional) for each in guide.materials] == [("身份证", False), ("代办人身份证", True)]
    assert guide.eligibility[0].rule == ">= 80"
    assert guide.hours_text == "周一至周五 8:30–17:30；节假日休息"


def test_unknown_guide_is_refused(content: Session) -> None:
    with pytest.raises(NotFound):
        guides.get(content, "none")
