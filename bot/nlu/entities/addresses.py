"""Which address is meant: one's own before a neighbour's, the corrected one before the wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu.entities.address_parts import ORDER, Chain, Parts

_NEIGHBOUR = re.compile(r"(?:楼上|楼下|隔壁|对门|对面|邻居|旁边|别人家?|他家|她家|人家)[^,。;!?]{0,3}$")
_DENIED = re.compile(r"(?:不是|并非|不在|不住|别去|不要去)(?:在|住)?(?:第)?$")
_CORRECTED = re.compile(r"不对|说错|写错|打错|搞错|弄错|发错|记错|更正|改成|改为|应该是|其实是|而是|错了|是错的")
_REACH = 8


def choose(text: str, chains: Sequence[Chain]) -> tuple[Parts, list[Chain]]:
    """The parts of the address that is meant, and the chains that they come from."""
    meant = [chain for chain in chains if not _DENIED.search(_before(text, chain))]
    own = [chain for chain in meant if not _NEIGHBOUR.search(_before(text, chain))] or meant[:1]
    parts: Parts = {}
    used: list[Chain] = []
    for chain in own:
        if used and _CORRECTED.search(text, used[-1].end, chain.start):
            parts |= chain.parts
        elif _fits(parts, chain.parts):
            parts = chain.parts | parts
        else:
            continue
        used.append(chain)
    return {part: parts[part] for part in ORDER if part in parts}, used


def _before(text: str, chain: Chain) -> str:
    return text[max(0, chain.start - _REACH) : chain.start]


def _fits(known: Parts, more: Parts) -> bool:
    """Whether more only adds to known: no part differs, and a room stays in the building that it came with."""
    if any(known.get(part, value) != value for part, value in more.items()):
        return False
    return not ("building" in more and "building" not in known and "room" in more and "room" in known)
