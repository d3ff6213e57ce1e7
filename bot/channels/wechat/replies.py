"""From the bot's messages to what the platform shows: texts of legal length, tappable links, passive XML."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.intake import Reply
from bot.channels.wechat import xml
from bot.channels.wechat.words import word

MOST_CHARACTERS = 600
MOST_BYTES = 2048
LONGEST_CHARACTER = 32  # code points; longer ones are no emoji but mischief
PARAGRAPH = "\n\n"
SUCCESS = "success"
"""Tells the platform to show nothing and to try no more."""

_LINK = re.compile(r"<a\s[^>]*>(.*?)</a>", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;\n]+[”’」』）)]*|$)")
_NOT_IN_MENU = re.compile(r'["&<>]')
# What continues the character before it: joiners, variation selectors, skin tones, combining marks.
_CONTINUES = re.compile("[\u200d\ufe00-\ufe0f\u0300-\u036f\u20d0-\u20ff\U0001f3fb-\U0001f3ff]")


def texts_of(replies: Reply, *, links: bool = True) -> list[str]:
    """The bot's messages of one turn as texts of any length.

    links: buttons as links that send their text when tapped; otherwise as an invitation to type it.
    """
    texts = (_text_of(reply, links).strip() for reply in replies)
    return [text for text in texts if text]


def take(texts: Sequence[str], *, room: str = "") -> tuple[str, list[str]]:
    """The longest beginning of the texts that the platform takes as one, and what is left of them.

    room: what is still to be put after it.
    """
    first = ""
    for number, text in enumerate(texts):
        joined = first + PARAGRAPH + text if first else text
        if is_short_enough(joined + room):
            first = joined
        elif first:
            return first, list(texts[number:])
        else:
            first, rest = _cut(text, room)
            return first, [each for each in (rest, *texts[number + 1 :]) if each]
    return first, []


def split(texts: Sequence[str]) -> list[str]:
    """The texts as few pieces that the platform takes: cut at sentence ends, never inside a link or a character."""
    pieces, rest = [], list(texts)
    while rest:
        piece, rest = take(rest)
        pieces.append(piece)
    return pieces


def is_short_enough(text: str) -> bool:
    """At most 600 characters, an emoji counting as two, and 2048 bytes."""
    return len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS and len(text.encode()) <= MOST_BYTES


def passive(text: str, *, openid: str, account: str) -> str:
    """The XML that answers a delivery with a text; nothing to say is `success`, never an empty Content."""
    if not text:
        return SUCCESS
    return xml.build(
        {
            "ToUserName": xml.Cdata(openid),
            "FromUserName": xml.Cdata(account),
            "CreateTime": int(time.time()),
            "MsgType": xml.Cdata("text"),
            "Content": xml.Cdata(text),
        }
    )


def with_buttons(text: str, buttons: Sequence[dict[str, Any]], *, links: bool = True) -> str:
    """The text followed by its buttons, one a line."""
    lines = [_button(number, button, links) for number, button in enumerate(buttons, 1)]
    return PARAGRAPH.join(part for part in (text, "\n".join(lines)) if part)


def picture(address: str) -> str:
    """A link to a picture: uploading it would cost the resident's seconds."""
    if not address.startswith(("https://", "http://")) or _NOT_IN_MENU.search(address.replace("&", "")):
        return ""
    return f'<a href="{address}">{word("picture")}</a>'


def _text_of(reply: dict[str, Any], links: bool) -> str:
    parts = [str(reply.get("text") or ""), picture(str(reply.get("image") or ""))]
    text = "\n".join(part for part in parts if part)
    return with_buttons(text, reply.get("buttons") or [], links=links)


def _button(number: int, button: dict[str, Any], links: bool) -> str:
    title, sends = str(button.get("title") or ""), str(button.get("payload") or "")
    # A command is not for residents' eyes, and the title typed by hand must do the same.
    sends = title if not sends or sends.startswith("/") else sends
    if not links or _NOT_IN_MENU.search(title + sends):
        return word("button", title=title)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={sends}&msgmenuid={number}">{title}</a>'


def _cut(text: str, room: str) -> tuple[str, str]:
    taken, units = "", list(_units(text.strip(), room))
    for number, unit in enumerate(units):
        if taken and not is_short_enough((taken + unit).strip() + room):
            return taken.strip(), "".join(units[number:]).strip()
        taken += unit
    return taken.strip(), ""


def _units(text: str, room: str) -> Iterable[str]:
    """What must stay whole: links, then sentences, then, where a sentence alone is too long, characters."""
    start = 0
    for link in _LINK.finditer(text):
        yield from _sentences(text[start : link.start()], room)
        yield from [link[0]] if is_short_enough(link[0] + room) else _sentences(link[1], room)
        start = link.end()
    yield from _sentences(text[start:], room)


def _sentences(text: str, room: str) -> Iterable[str]:
    for sentence in filter(None, _SENTENCE.findall(text)):
        if is_short_enough(sentence + room):
            yield sentence
        else:
            yield from _characters(sentence)


def _characters(text: str) -> Iterable[str]:
    character = ""
    for each in text:
        continues = character and (_CONTINUES.match(each) or character.endswith("\u200d"))
        if character and (not continues or len(character) == LONGEST_CHARACTER):
            yield character
            character = ""
        character += each
    yield character
