"""Section 2: every kind of message and event."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from bot.channels.wechat.messages import NotForUs, from_fields
from bot.community import conversations, photos
from tests.channels.wechat.conftest import Town

PLACE = {"MsgType": "location", "Location_X": 28.5, "Location_Y": 115.9, "Scale": 15, "Label": "和平路18号"}
NOT_ANSWERED = [
    ("LOCATION", {"Latitude": 28.5, "Longitude": 115.9, "Precision": 30}),
    ("VIEW", {"EventKey": "https://example.org", "MenuId": 1}),
    ("view_miniprogram", {"EventKey": "pages/index", "MenuId": 1}),
    ("scancode_push", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}),
    ("scancode_waitmsg", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}),
    ("pic_sysphoto", {"EventKey": "k", "SendPicsInfo": {"Count": 1}}),
    ("pic_photo_or_album", {"EventKey": "k", "SendPicsInfo": {"Count": 1}}),
    ("pic_weixin", {"EventKey": "k", "SendPicsInfo": {"Count": 1}}),
    ("location_select", {"EventKey": "k", "SendLocationInfo": {"Label": "x"}}),
    ("TEMPLATESENDJOBFINISH", {"MsgID": 1, "Status": "failed:user block"}),
    ("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": {"TemplateId": "t"}}}),
    ("kf_create_session", {"KfAccount": "a@b"}),
    ("kf_close_session", {"KfAccount": "a@b"}),
    ("kf_switch_session", {"FromKfAccount": "a@b", "ToKfAccount": "c@b"}),
    ("user_enter_tempsession", {"SessionFrom": "x"}),
    ("an_event_of_the_future", {}),
    ("", {}),
]


def a_photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG")
    return buffer.getvalue()


async def test_text_comes_with_sender_and_key(town: Town) -> None:
    await town.platform.push("o1", {"MsgType": "text", "Content": "  水管漏了 "}, message_id=77)
    (inbound,) = town.intake.taken
    assert (inbound.sender_id, inbound.channel, inbound.key) == ("wechat:o1", "wechat", "message:77")
    assert inbound.text.strip() == "水管漏了"


async def test_control_characters_cost_no_message(town: Town) -> None:
    assert (await town.platform.say("o1", "水管\x01漏了\x1f")).shown == "收到：水管漏了"


async def test_image_is_fetched_and_kept_as_photo(town: Town) -> None:
    town.platform.media["m1"] = (a_photo(), "image/jpeg")
    await town.platform.push("o1", {"MsgType": "image", "PicUrl": "http://example.org/p", "MediaId": "m1"})
    (inbound,) = town.intake.taken
    (attachment,) = inbound.attachments
    assert attachment["kind"] == "image"
    assert photos.path_of(town.settings.media_dir, attachment["id"]).is_file()


@pytest.mark.parametrize("media", [None, (b"not a photo", "image/jpeg")])
async def test_image_that_cannot_be_had_is_asked_for_again(town: Town, media: Any) -> None:
    if media:
        town.platform.media["m1"] = media
    told = await town.platform.push("o1", {"MsgType": "image", "PicUrl": "http://example.org/p", "MediaId": "m1"})
    assert told.shown == "〔utter_photo_please_resend〕"


async def test_voice_with_recognition_is_its_text(town: Town) -> None:
    voice = {"MsgType": "voice", "MediaId": "m1", "Format": "amr", "Recognition": "电梯坏了。"}
    assert (await town.platform.push("o1", voice)).shown == "收到：电梯坏了。"


@pytest.mark.parametrize("recognition", [{}, {"Recognition": ""}, {"Recongnition": "旧的写法"}])
async def test_voice_without_recognition_is_asked_to_type_and_logged(town: Town, recognition: dict[str, str]) -> None:
    told = await town.platform.push("o1", {"MsgType": "voice", "MediaId": "m1", "Format": "amr", **recognition})
    assert told.shown == "〔utter_voice_please_type〕"
    said, answered = town.database.call_reading(conversations.history, "wechat:o1")
    assert (said.author, said.text) == ("resident", "〔语音〕")
    assert said.attachments == [{"kind": "voice", "media_id": "m1"}]
    assert (answered.author, answered.text) == ("bot", "〔utter_voice_please_type〕")


@pytest.mark.parametrize("kind", ["video", "shortvideo"])
async def test_video_is_asked_to_be_described(town: Town, kind: str) -> None:
    told = await town.platform.push("o1", {"MsgType": kind, "MediaId": "m1", "ThumbMediaId": "m2"})
    assert told.shown == "〔utter_video_please_describe〕"


async def test_location_is_an_attachment(town: Town) -> None:
    await town.platform.push("o1", PLACE)
    (inbound,) = town.intake.taken
    assert inbound.attachments == [{"kind": "location", "lat": 28.5, "lon": 115.9, "label": "和平路18号"}]
    assert "和平路18号" in inbound.text


@pytest.mark.parametrize(("lat", "lon"), [("", "1"), ("x", "1"), ("91", "1"), ("1", "181"), ("nan", "1")])
async def test_location_nowhere_on_earth_is_not_read(town: Town, lat: str, lon: str) -> None:
    told = await town.platform.push("o1", {**PLACE, "Location_X": lat, "Location_Y": lon})
    assert told.shown == "〔utter_kind_not_readable〕"


async def test_link_is_its_title_and_address(town: Town) -> None:
    link = {"MsgType": "link", "Title": "停水通知", "Description": "明天", "Url": "https://example.org/a"}
    await town.platform.push("o1", link)
    assert town.intake.taken[0].text == "停水通知\n明天\nhttps://example.org/a"


@pytest.mark.parametrize(
    "message",
    [
        {"MsgType": "emoji"},
        {"MsgType": "wcpay"},
        {"MsgType": "text", "Content": "【收到不支持的消息类型，暂无法显示】"},
    ],
)
async def test_unknown_kinds_and_stickers_get_200_and_a_kind_word(town: Town, message: dict[str, str]) -> None:
    told = await town.platform.push("o1", message)
    assert told.statuses == [200]
    assert told.shown == "〔utter_kind_not_readable〕"


@pytest.mark.parametrize("kind", ["text", "image", "voice", "video", "location", "link", "event"])
async def test_missing_fields_get_200(town: Town, kind: str) -> None:
    assert (await town.platform.push("o1", {"MsgType": kind})).statuses == [200]


async def test_message_of_an_article_is_a_message(town: Town) -> None:
    fields = {"MsgType": "text", "Content": "你好", "MsgDataId": "x", "Idx": 1}
    assert (await town.platform.push("o1", fields)).shown == "收到：你好"


async def test_subscribe_is_welcomed_passively(town: Town) -> None:
    told = await town.platform.event("o1", "subscribe", EventKey="")
    assert told.shown == "收到：你好"
    assert not [call for call in town.platform.calls if call[0] == "message/custom/send"]


async def test_subscribe_by_a_code_carries_its_scene(town: Town) -> None:
    await town.platform.event("o1", "subscribe", EventKey="qrscene_topic=老年食堂", Ticket="t")
    await town.platform.event("o1", "SCAN", EventKey="topic=停车", Ticket="t")
    assert [inbound.text for inbound in town.intake.taken] == ["老年食堂", "停车"]
    assert town.intake.taken[0].metadata["scene"] == "topic=老年食堂"


async def test_click_says_what_the_menu_entry_says(town: Town) -> None:
    assert (await town.platform.event("o1", "CLICK", EventKey="report")).shown == "收到：我要报修"
    assert (await town.platform.event("o1", "CLICK", EventKey="自定义")).shown == "收到：自定义"


@pytest.mark.parametrize("name", ["click", "Click", "CLICK"])
async def test_event_names_are_compared_without_case(town: Town, name: str) -> None:
    assert (await town.platform.event("o1", name, EventKey="report")).shown == "收到：我要报修"


@pytest.mark.parametrize(("name", "fields"), NOT_ANSWERED)
async def test_other_events_get_success(town: Town, name: str, fields: dict[str, Any]) -> None:
    told = await town.platform.event("o1", name, **fields)
    assert (told.statuses, told.bodies) == ([200], [b"success"])
    assert not town.intake.taken


async def test_callback_content_that_begins_with_a_slash_goes_through_the_intake(town: Town) -> None:
    """The intake makes commands harmless; the channel must not find a way around it."""
    await town.platform.say("o1", '/restart{"x":1}')
    assert town.intake.taken[0].text == '/restart{"x":1}'


@pytest.mark.parametrize(
    "fields", [{}, {"FromUserName": "o1"}, {"MsgType": "text"}, {"FromUserName": "好", "MsgType": "text"}]
)
def test_nobody_to_answer(fields: dict[str, str]) -> None:
    with pytest.raises(NotForUs):
        from_fields(fields)


async def test_hundred_residents_at_once_each_get_their_own_answer(town: Town) -> None:
    names = [f"o{number}" for number in range(100)]
    told = await asyncio.gather(*(town.platform.say(name, f"我是{name}") for name in names))
    await asyncio.sleep(0.1)
    assert {name: town.screen(name) for name in names} == {name: [f"收到：我是{name}"] for name in names}
    assert len(told) == len(town.intake.taken) == 100
