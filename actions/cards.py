"""How services and guides look in the chat: one fact a line, and the one fact that was asked for."""

from __future__ import annotations

import re

from actions.phrases import buttons, lines, phrase
from bot.community.catalogue import ServiceMatch, ServiceView
from bot.community.guides import GuideView, Material

# Words that tell which fact a question asks for.
WHEN = "几点|时间|开门|关门|营业|开吗|开着|上班|下班|周末|今天"
WHOM = "电话|号码|联系|打给|问谁"
PRICE = "钱|收费|价|费用|免费|贵|押金"
WHERE = "哪里|地址|在哪|位置|怎么走|怎么去|远|哪儿|去哪|哪个窗口"
BRING = "带什么|材料|证件|要啥|准备|复印"
WHO = "条件|谁能|够不够|能不能办|可以办吗|资格|几岁|多大"
HOW = "怎么办|流程|步骤|手续"
HOW_LONG = "多久|几天|多长时间|什么时候能|办好|拿到|下来"
FOR_ANOTHER = "代办|替|帮我妈|帮我爸|上门|本人|走不动|老人去不了"
ONLINE = "网上|手机上|线上|app|小程序"


def card(service: ServiceView) -> str:
    """All that matters about a service, one fact a line."""
    return lines(
        service.name,
        service.summary,
        phrase("service.address", value=service.address) if service.address else None,
        phrase("service.hours", value=service.hours_text, now=opening(service)) if service.hours_text else None,
        phrase("service.phone", value=service.phone) if service.phone else None,
        phrase("service.price", value=service.price) if service.price else None,
        phrase("service.community", value=service.community_name) if service.community_name else None,
        phrase("service.audience", value=audience(service)) if audience(service) else None,
    )


def opening(service: ServiceView) -> str:
    """「（现在营业）」 or when it opens next."""
    if service.open_now is None:
        return ""
    if service.open_now:
        return phrase("service.open_now")
    return phrase("service.opens_next", at=service.opens_next) if service.opens_next else phrase("service.closed")


def audience(service: ServiceView) -> str:
    known = [phrase(f"audience.{each}") for each in service.audience if each != "all"]
    return "、".join(known)


def line(number: int, match: ServiceMatch) -> str:
    """One entry of a list."""
    service = match.service
    facts = [opening(service).strip("（）"), service.phone, service.community_name]
    if match.distance_m is not None:
        facts.append(phrase("service.distance", metres=match.distance_m))
    return phrase("service.line", n=number, name=service.name, facts=" · ".join(fact for fact in facts if fact))


def offers(service: ServiceView) -> list[dict[str, str]]:
    """What can be done next with a service."""
    return buttons(phrase("offer.book"), phrase("offer.human")) if service.booking == "bot" else []


def detail(service: ServiceView, question: str) -> str:
    """The fact that was asked for, else the whole card."""
    wanted = {
        WHEN: phrase("service.hours", value=service.hours_text or phrase("service.unknown"), now=opening(service)),
        WHOM: phrase("service.phone", value=service.phone or phrase("service.unknown")),
        PRICE: phrase("service.price", value=service.price or phrase("service.unknown")),
        WHERE: phrase("service.address", value=service.address or phrase("service.unknown")),
    }
    facts = [fact for words, fact in wanted.items() if re.search(words, question)]
    return "\n".join(facts) if facts else card(service)


def asks_detail(text: str) -> bool:
    """Whether a text asks for one fact of something shown."""
    facts = (WHEN, WHOM, PRICE, WHERE, BRING, WHO, HOW, HOW_LONG, FOR_ANOTHER, ONLINE)
    return any(re.search(words, text) for words in facts)


def guide_card(guide: GuideView) -> str:
    """A guide in the order in which people ask: who, what to bring, where, when, how long, whom to call."""
    return lines(guide.name, *(fact for _, fact in guide_facts(guide)))


def guide_detail(guide: GuideView, question: str) -> str:
    """The facts that were asked for, else the whole card."""
    facts = [fact for words, fact in guide_facts(guide) if fact and re.search(words, question)]
    return lines(guide.name, *facts) if facts else guide_card(guide)


def guide_conditions(guide: GuideView) -> str:
    """Who can apply, for somebody who tells an age or how they live."""
    return lines(guide.name, _fact("conditions", "；".join(guide.conditions)))


def guide_facts(guide: GuideView) -> list[tuple[str, str | None]]:
    """Each fact of a guide with the words that ask for it; None where the guide does not say."""
    return [
        (WHO, _fact("conditions", "；".join(guide.conditions))),
        (BRING, _fact("materials", _materials(guide.materials))),
        (WHERE, _fact("where", guide.where)),
        (WHEN, _fact("hours", guide.hours_text)),
        (HOW, _fact("steps", " → ".join(guide.steps))),
        (HOW_LONG, _fact("time_limit", guide.time_limit)),
        (PRICE, _fact("fee", guide.fee)),
        (WHOM, _fact("phone", guide.phone)),
        (FOR_ANOTHER, _fact("on_behalf", guide.on_behalf)),
        (ONLINE, _fact("online", guide.online_url)),
    ]


def _fact(name: str, value: str | None) -> str | None:
    return phrase(f"guide.{name}", value=value) if value else None


def _materials(materials: tuple[Material, ...]) -> str:
    return "".join("\n" + _material(each) for each in materials)


def _material(each: Material) -> str:
    kind = "material_optional" if each.optional else "material"
    return phrase(f"guide.{kind}" if each.note else f"guide.{kind}_plain", name=each.name, note=each.note)
