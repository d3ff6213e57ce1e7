"""Rendering: the template environment and what every page knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from sanic.request import Request
from sanic.response import HTTPResponse, html
from sanic.response import redirect as see

from bot.community.clock import local, utcnow
from bot.console import access, headlines, sessions, wording

HERE = Path(__file__).parent
STATIC = HERE / "static"
ICONS = STATIC / "vendor" / "icons"


@dataclass(frozen=True)
class Entry:
    """A room in the navigation."""

    route: str
    address: str
    icon: str
    title: str


NAVIGATION = (
    Entry("desk.index", "/desk", "messages", "值守"),
    Entry("conversations.index", "/conversations", "message-2", "会话"),
    Entry("tickets.index", "/tickets", "list-details", "工单"),
    Entry("referrals.index", "/referrals", "heart-handshake", "转介"),
    Entry("catalogue.list_services", "/catalogue/services", "book", "目录"),
    Entry("users.index", "/users", "users", "人员"),
)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTTPResponse:
    """A whole page or a part of one."""
    response = html(render(request, template, **values), status=status)
    sessions.keep_visit(request, response)
    return response


def render(request: Request, template: str, **values: Any) -> str:
    viewer = getattr(request.ctx, "staff", None)
    notice = wording.words()["notices"].get(request.args.get("done", ""))
    return (
        environment()
        .get_template(template)
        .render(
            viewer=viewer,
            csrf=sessions.csrf(request),
            path=request.path,
            notice=notice,
            now=utcnow(),
            may=lambda route: access.may(viewer, route),
            navigation=[entry for entry in NAVIGATION if access.may(viewer, entry.route)],
            **values,
        )
    )


def go(address: str, *, done: str = "", **query: str) -> HTTPResponse:
    """Lead the browser to a page after a form; done is an id of wording.yml's notices."""
    wanted = {**({"done": done} if done else {}), **query}
    return see(f"{address}?{urlencode(wanted)}" if wanted else address, status=303)


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "time": show_time,
        "moment": show_moment,
        "ago": show_ago,
        "category": wording.category,
        "headline": headlines.headline,
        "news_address": headlines.address,
        "is_pressing": headlines.is_pressing,
        "segment": lambda text: quote(str(text), safe=""),
    }
    made.globals |= {
        "actor": show_actor,
        "say": wording.say,
        "icon": icon,
        "with_query": with_query,
        "wording": wording.words(),
    }
    return made


def show_moment(moment: datetime | None) -> str:
    """2026-11-23 10:05, in Shanghai."""
    return local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def show_time(moment: datetime | None, now: datetime | None = None) -> str:
    """The clock time today, with the day before that."""
    if moment is None:
        return ""
    there, today = local(moment), local(now or utcnow())
    if there.date() == today.date():
        return there.strftime("%H:%M")
    return there.strftime("%m-%d %H:%M" if there.year == today.year else "%Y-%m-%d %H:%M")


def show_ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, roughly: 刚刚, 5 分钟, 2 小时, 3 天."""
    passed = now - moment if moment else timedelta()
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} 分钟"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)} 小时"
    return f"{passed.days} 天"


def show_actor(actor: str, names: Mapping[int, str]) -> str:
    """Who did something: a colleague by name, everybody else by kind."""
    kind, _, id = actor.partition(":")
    if kind == "staff":
        return names.get(int(id), "同事")
    return wording.say("sources", kind)


@lru_cache(maxsize=64)
def icon(name: str) -> Markup:
    """A vendored icon, for the eye only: the words stand beside it."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(drawing.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704 (a file of our own)


def with_query(query: Mapping[str, Any], **changes: Any) -> str:
    """A query string with changes; empty values are left out."""
    wanted = {name: value for name, value in {**query, **changes}.items() if value not in (None, "")}
    return "?" + urlencode(wanted)
