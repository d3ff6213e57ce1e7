"""Times of the day as people say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.nlu.entities.numerals import value_of

# Part of the day: the hours that it may mean, and the hour from which on it is over.
_PARTS = {
    "凌晨": (0, 5),
    "早上": (5, 10),
    "上午": (6, 12),
    "中午": (11, 14),
    "下午": (12, 18),
    "傍晚": (16, 20),
    "晚上": (17, 24),
    "夜里": (18, 24),
}
_SPELLINGS = {
    "凌晨": "凌晨|拂晓",
    "早上": "早上|早晨|清早|清晨|一早|大早上?|早间|早",
    "上午": "上午|午前",
    "中午": "中午|正午|晌午|午间",
    "下午": "下午|午后",
    "傍晚": "傍晚|黄昏|晚饭前后",
    "晚上": "晚上|晚间|今晚|晚",
    "夜里": "夜里|夜间|半夜|深夜|夜晚|大半夜|后半夜|夜",
}
_PART = re.compile("|".join(f"(?P<p{index}>{spelling})" for index, spelling in enumerate(_SPELLINGS.values())))
_PART_NAMES = tuple(_SPELLINGS)
_MEAL = re.compile(r"[饭餐点茶高峰]")
_SHORT = {"早", "晚", "夜"}  # only behind a day: 明早
_HOUR = r"(?:[01]?\d|2[0-4]|十[一二三四五六七八九]?|二十[一二三四]?|[一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_CLOCK = re.compile(
    rf"(?P<hour>{_HOUR})(?:(?:点钟?|时(?![间候常段刻期代不]))(?:(?P<half>半)|(?P<quarter>[一三])刻|整|过?(?P<minute>{_MINUTE})(?:分|(?!\d|个|元|天|点|楼|栋|户|人|次|家|辆|多|年|月|日|号)))?"
    rf"|:(?P<minute2>[0-5]\d)(?!\d))"
)
_POINTS = re.compile(
    r"(?:多)?(?:建议|意见|要求|问题|希望|诉求|疑问|原因|请求|看法|想法|反映|理由|情况|感受|疑惑|质疑|说明|以下|水(?!管)|都不|也不|也没|都没|儿|小|不|的|吧|好|点|就|事|吃|钱|:|、|,要|心|意思)"
)
_QUARTERS = {"一": 15, "三": 45}
_NOON = 12


@dataclass(frozen=True)
class Part:
    """A part of the day in the text up to end_at."""

    end_at: int
    name: str

    @property
    def over_at(self) -> int:
        return _PARTS[self.name][1]


@dataclass(frozen=True)
class Clock:
    """A clock time in the text up to end_at; hour as said, 0 to 24."""

    end_at: int
    hour: int
    minute: int
    plain: bool  # nothing but 三点, which may also count points
    digital: bool  # 9:30


def read_part(text: str, position: int, *, after_day: bool) -> Part | None:
    """The part of the day at text[position:]; 早 and 晚 alone only after a day."""
    match = _PART.match(text, position)
    if not match or (match[0] in _SHORT and (not after_day or _MEAL.match(text, match.end()))):
        return None
    index = next(number for number in range(len(_PART_NAMES)) if match[f"p{number}"])
    return Part(match.end(), _PART_NAMES[index])


def read_clock(text: str, position: int) -> Clock | None:
    """The clock time at text[position:]."""
    match = _CLOCK.match(text, position)
    if not match:
        return None
    minute = match["minute"] or match["minute2"]
    minutes = (
        30 if match["half"] else _QUARTERS[match["quarter"]] if match["quarter"] else value_of(minute) if minute else 0
    )
    plain = match[0].endswith("点") and not match["hour"].isdigit()
    if match[0].endswith("点") and _POINTS.match(text, match.end()):
        return None
    return Clock(match.end(), value_of(match["hour"]), minutes, plain, match["minute2"] is not None)


def time_of(clock: Clock, part: str | None, *, not_before: time | None = None) -> time | None:
    """The time meant: 下午三点 is 15:00, three o'clock alone is in the afternoon. None for 25 o'clock.

    not_before: the time must lie ahead (three o'clock said at four means nothing; eight o'clock said at nine, 20:00).
    """
    hour = clock.hour
    if part in ("下午", "傍晚", "晚上", "夜里") and hour < _NOON and not (part == "夜里" and hour <= 5):
        hour += _NOON
    elif part == "晚上" and hour == _NOON:
        hour = 24
    elif part == "中午" and hour <= 3:
        hour += _NOON
    elif part is None and hour <= _NOON:
        hour = _likely(hour, clock.minute, None if clock.digital else not_before)
    if not 0 <= hour <= 24:
        return None
    return time(23, 59) if hour == 24 else time(hour, clock.minute)


def _likely(hour: int, minute: int, not_before: time | None) -> int:
    likely = hour + _NOON if 1 <= hour <= 5 else hour
    if not_before and likely < _NOON and time(likely, minute) < not_before < time(likely + _NOON, minute):
        return likely + _NOON
    return likely
