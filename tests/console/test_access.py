"""Every route × every role: exactly the roles of the table come in, and no form works without its token."""

from __future__ import annotations

import pytest

from bot.community.staff import ROLES
from bot.console import access
from bot.console.app import build_app
from tests.console import seeds

PATHS = {
    "login.password_form": ("GET", "/password"),
    "login.change_password": ("POST", "/password"),
    "login.leave": ("POST", "/logout"),
    "home.index": ("GET", "/"),
    "news.index": ("GET", "/news"),
    "news.badge": ("GET", "/news/badge"),
    "news.seen": ("POST", "/news/seen"),
    "catalogue.list_services": ("GET", "/catalogue/services"),
    "catalogue.show_service": ("GET", "/catalogue/services/none"),
    "catalogue.list_guides": ("GET", "/catalogue/guides"),
    "catalogue.show_guide": ("GET", "/catalogue/guides/none"),
    "photos.show": ("GET", "/photos/none"),
    "conversations.index": ("GET", "/conversations"),
    "conversations.show": ("GET", "/conversations/999"),
    "conversations.new_messages": ("GET", "/conversations/999/new"),
    "tickets.index": ("GET", "/tickets"),
    "tickets.show": ("GET", "/tickets/none"),
    "tickets.move": ("POST", "/tickets/none/status"),
    "tickets.assign": ("POST", "/tickets/none/assignee"),
    "tickets.send_back": ("POST", "/tickets/none/send_back"),
    "desk.index": ("GET", "/desk"),
    "desk.queue": ("GET", "/desk/queue"),
    "desk.show": ("GET", "/desk/999"),
    "desk.take": ("POST", "/desk/999/take"),
    "desk.reply": ("POST", "/desk/999/reply"),
    "desk.give_back": ("POST", "/desk/999/give_back"),
    "desk.transfer": ("POST", "/desk/999/transfer"),
    "desk.acknowledge": ("POST", "/desk/alarms/999/acknowledge"),
    "desk.close_alarm": ("POST", "/desk/alarms/999/close"),
    "desk.follow_up_done": ("POST", "/desk/follow_ups/999/done"),
    "referrals.index": ("GET", "/referrals"),
    "referrals.show": ("GET", "/referrals/none"),
    "referrals.match": ("POST", "/referrals/none/counsellor"),
    "referrals.book": ("POST", "/referrals/none/booking"),
    "referrals.move": ("POST", "/referrals/none/status"),
    "users.index": ("GET", "/users"),
    "users.add": ("POST", "/users"),
    "users.reset": ("POST", "/users/none/reset"),
    "users.set_disabled": ("POST", "/users/none/disabled"),
}
PUBLIC = {name for name, roles in access.ROUTES.items() if roles is access.PUBLIC}


def test_every_route_of_the_application_is_in_the_table(settings, database):
    app = build_app(settings, database)
    routes = {route.name.partition(".")[2] for route in app.router.routes}
    assert routes == set(access.ROUTES)
    assert set(PATHS) == routes - PUBLIC


@pytest.mark.parametrize("role", ROLES)
async def test_roles_come_in_where_the_table_says(logged_in, role):
    visitor = await logged_in(role)
    csrf = await visitor.csrf()
    for name, (method, path) in PATHS.items():
        if name == "login.leave":
            continue
        if method == "GET":
            answer = await visitor.get(path, follow=False)
        else:
            answer = await visitor.post_bare(path, csrf=csrf)
        refused = answer.status == 403
        assert refused == (role not in access.ROUTES[name]), (role, name, answer.status)
        assert answer.status < 500, (role, name)


async def test_strangers_are_led_to_the_log_in(stranger):
    for method, path in PATHS.values():
        answer = await (stranger.get(path, follow=False) if method == "GET" else stranger.post_bare(path))
        assert (answer.status, answer.headers["Location"].partition("?")[0]) == (303, "/login"), path


async def test_forms_without_their_token_are_refused(logged_in):
    visitor = await logged_in("admin")
    other = await logged_in("admin", "second")
    for name, (method, path) in PATHS.items():
        if method == "POST":
            for token in ("", "0" * 64, await other.csrf()):
                answer = await visitor.post_bare(path, csrf=token)
                assert answer.status == 403, name
                assert "页面放得太久了" in answer.text


async def test_links_of_rooms_follow_the_role(logged_in):
    reviewer = await logged_in("reviewer")
    page = (await reviewer.get("/")).text
    assert 'href="/conversations"' in page
    for room in ("/desk", "/tickets", "/referrals", "/users"):
        assert f'href="{room}"' not in page


async def test_other_communities_do_not_exist(logged_in, database):
    number = seeds.ticket(database, "web:r1", community_id="c1")
    session_id = seeds.talk(database, "web:r1", "你好")
    elsewhere = await logged_in("operator", communities=["c2"])
    assert (await elsewhere.get(f"/tickets/{number}")).status == 404
    assert number not in (await elsewhere.get("/tickets")).text
    assert (await elsewhere.post(f"/tickets/{number}/status", to="accepted")).status == 404
    assert (await elsewhere.get(f"/conversations/{session_id}")).status == 200  # it names no community


async def test_parts_of_a_page_lead_the_whole_page_to_the_log_in(stranger):
    answer = await stranger.get("/desk/queue", **{"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/login"
    assert answer.text == ""
