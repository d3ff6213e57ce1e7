"""The kinds of content, their columns, and what is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.community import search_text, taxonomy
from bot.community.catalogue_files import cells
from bot.community.catalogue_files.cells import Cell
from bot.community.disturbances import KINDS as DISTURBANCE_KINDS
from bot.community.models import catalogue, people, places

SERVICE_KINDS = {
    "livelihood": "兜底民生",
    "public": "基本公共",
    "convenience": "便民",
    "safety": "安民",
    "property": "物业",
}
AUDIENCES = {"elder": "老人", "child": "儿童", "disabled": "残疾人", "hardship": "困难群体", "all": "所有人"}
BOOKINGS = {"none": "无需预约", "phone": "电话预约", "bot": "在线预约"}
SEXES = {"female": "女", "male": "男"}
DISTURBANCES = dict(zip(DISTURBANCE_KINDS, ("停水", "停电", "停气", "停梯", "停暖", "其他"), strict=True))


@dataclass(frozen=True)
class Column:
    """title is the second accepted header; refers_to names the kind whose id the value must be."""

    title: str
    cell: Cell
    required: bool = False
    refers_to: str | None = None


@dataclass(frozen=True)
class Kind:
    """complete adds what follows from the other columns to a record, just before it is written."""

    id: str
    title: str
    model: Any
    columns: Mapping[str, Column]
    complete: Callable[[dict[str, Any]], None] = field(default=lambda record: None)
    nested: bool = False
    version: str | None = None


def _ref(title: str, kind: str, *, required: bool = False) -> Column:
    return Column(title, cells.identifier, required, kind)


ID = Column("编号", cells.identifier, required=True)
NAME = Column("名称", cells.text(100), required=True)
PHONE = Column("电话", cells.phone)
ADDRESS = Column("地址", cells.text(200))
HOURS = Column("开放时间", cells.hours)
LAT = Column("纬度", cells.decimal(-90, 90))
LON = Column("经度", cells.decimal(-180, 180))
ALIASES = Column("别名", cells.many(cells.text(100)))
CATEGORY = Column("类别", cells.category, required=True)
SOURCE = Column("来源", cells.text(200))
COMMUNITY = _ref("社区", "communities")
VALID = {"valid_from": Column("有效期起", cells.day), "valid_until": Column("有效期止", cells.day)}
PLACE = {"name": NAME, "aliases": ALIASES, "phone": PHONE, "address": ADDRESS, "hours": HOURS, "lat": LAT, "lon": LON}


def _complete_service(record: dict[str, Any]) -> None:
    record["service_kind"] = record["service_kind"] or taxonomy.category(record["category"]).kind or "convenience"
    texts = [record["name"], *record["keywords"], record["summary"], taxonomy.label(record["category"])]
    record["search_text"] = search_text.index_terms(texts, record["community_id"])


def _complete_guide(record: dict[str, Any]) -> None:
    texts = [record["name"], *record["aliases"], *record["conditions"], taxonomy.label(record["category"])]
    record["search_text"] = search_text.index_terms(texts, record["community_id"])


_ALL = [
    Kind("subdistricts", "街道", places.SubDistrict, {"id": ID, **PLACE}, version="places"),
    Kind(
        "communities",
        "社区",
        places.Community,
        {"id": ID, "subdistrict_id": _ref("街道", "subdistricts"), **PLACE},
        version="places",
    ),
    Kind(
        "grids",
        "网格",
        places.Grid,
        {
            "id": ID,
            "community_id": _ref("社区", "communities", required=True),
            "name": NAME,
            "worker_name": Column("网格员", cells.text(60)),
            "worker_phone": Column("网格员电话", cells.phone),
            "worker_staff": Column("网格员账号", cells.text(64)),
        },
    ),
    Kind(
        "property_companies",
        "物业公司",
        places.PropertyCompany,
        {"id": ID, "name": NAME, "phone": PHONE, "emergency_phone": Column("应急电话", cells.phone), "hours": HOURS},
    ),
    Kind("zones", "功能区", places.Zone, {"id": ID, "name": NAME, "summary": Column("说明", cells.text(1000))}),
    Kind(
        "compounds",
        "小区",
        places.Compound,
        {
            "id": ID,
            "community_id": _ref("社区", "communities", required=True),
            "grid_id": _ref("网格", "grids"),
            "name": NAME,
            "aliases": ALIASES,
            "address": ADDRESS,
            "lat": LAT,
            "lon": LON,
            "property_company_id": _ref("物业公司", "property_companies"),
            "buildings": Column("楼栋", cells.text(300)),
            "building_grids": Column("楼栋网格", cells.building_grids),
        },
        version="places",
    ),
    Kind(
        "providers",
        "服务机构",
        catalogue.Provider,
        {"id": ID, "name": NAME, "phone": PHONE, "address": ADDRESS, "community_id": COMMUNITY},
    ),
    Kind(
        "services",
        "服务",
        catalogue.Service,
        {
            "id": ID,
            "name": NAME,
            "summary": Column("简介", cells.text(2000)),
            "provider_id": _ref("服务机构", "providers"),
            "category": CATEGORY,
            "service_kind": Column("服务类型", cells.choice(SERVICE_KINDS)),
            "zone": _ref("功能区", "zones"),
            "community_id": COMMUNITY,
            "audience": Column("服务对象", cells.many(cells.choice(AUDIENCES))),
            "hours": HOURS,
            "phone": PHONE,
            "price": Column("价格", cells.text(200)),
            "address": ADDRESS,
            "lat": LAT,
            "lon": LON,
            "booking": Column("预约方式", cells.choice(BOOKINGS)),
            **VALID,
            "keywords": Column("关键词", cells.many(cells.text(50))),
            "source": SOURCE,
            "verified_on": Column("核实日期", cells.day),
            "active": Column("启用", cells.yes_no),
        },
        complete=_complete_service,
    ),
    Kind(
        "guides",
        "办事指南",
        catalogue.Guide,
        {
            "id": ID,
            "name": NAME,
            "category": CATEGORY,
            "aliases": ALIASES,
            "conditions": Column("办理条件", cells.lines),
            "materials": Column(
                "材料", cells.records(name=cells.text(200), note=cells.text(500), optional=cells.yes_no)
            ),
            "where": Column("办理地点", cells.text(500)),
            "hours": HOURS,
            "phone": PHONE,
            "fee": Column("费用", cells.text(200)),
            "time_limit": Column("办理时限", cells.text(200)),
            "steps": Column("步骤", cells.lines),
            "on_behalf": Column("代办", cells.text(1000)),
            "online_url": Column("网上办理", cells.link),
            "eligibility": Column(
                "资格问题",
                cells.records(
                    question=cells.text(300), slot=cells.text(60), rule=cells.text(60), otherwise=cells.text(500)
                ),
            ),
            "source": SOURCE,
            "community_id": COMMUNITY,
            "version": Column("版本", cells.integer),
            **VALID,
        },
        complete=_complete_guide,
        nested=True,
    ),
    Kind(
        "people",
        "能人",
        people.Person,
        {
            "id": ID,
            "name": Column("姓名", cells.text(60), required=True),
            "role": Column("身份", cells.identifier, required=True),
            "title": Column("头衔", cells.text(100)),
            "skills": Column("特长", cells.many(cells.text(100))),
            "topics": Column("咨询方向", cells.many(cells.category)),
            "sex": Column("性别", cells.choice(SEXES)),
            "languages": Column("语言", cells.many(cells.text(40))),
            "certificates": Column(
                "证书", cells.records(name=cells.text(100), number=cells.text(60), expires=cells.iso_day)
            ),
            "community_id": COMMUNITY,
            "availability": Column("服务时间", cells.hours),
            "phone": PHONE,
            "bookable": Column("可预约", cells.yes_no),
            "max_per_day": Column("每天最多", cells.integer),
            "intro": Column("介绍", cells.text(2000)),
        },
        nested=True,
    ),
    Kind(
        "disturbances",
        "停水停电通知",
        catalogue.Disturbance,
        {
            "id": ID,
            "kind": Column("类型", cells.choice(DISTURBANCES), required=True),
            "category": CATEGORY,
            "community_id": _ref("社区", "communities", required=True),
            "compound_id": _ref("小区", "compounds"),
            "buildings": Column("楼栋", cells.many(cells.text(20))),
            "starts_at": Column("开始时间", cells.moment, required=True),
            "ends_at": Column("结束时间", cells.moment),
            "text": Column("通知内容", cells.text(2000), required=True),
        },
        nested=True,
    ),
    Kind(
        "hotlines",
        "热线",
        catalogue.Hotline,
        {
            "id": ID,
            "name": NAME,
            "phone": Column("电话", cells.phone, required=True),
            "hours": HOURS,
            "purpose": Column("用途", cells.text(500)),
            "topics": Column("适用", cells.many(cells.topic)),
            "community_id": COMMUNITY,
            "position": Column("顺序", cells.integer),
        },
    ),
    Kind(
        "self_help",
        "自助读物",
        catalogue.SelfHelpText,
        {
            "id": ID,
            "title": Column("标题", cells.text(100), required=True),
            "topic": Column("主题", cells.topic, required=True),
            "body": Column("正文", cells.text(5000), required=True),
        },
        nested=True,
    ),
    Kind(
        "synonyms",
        "同义词",
        catalogue.Synonym,
        {
            "id": ID,
            "words": Column("说法", cells.many(cells.text(30)), required=True),
            "means": Column("意思", cells.many(cells.text(30))),
            "category": Column("类别", cells.category),
            "audience": Column("服务对象", cells.choice(AUDIENCES)),
        },
        nested=True,
        version="synonyms",
    ),
]

KINDS: dict[str, Kind] = {kind.id: kind for kind in _ALL}
"""By id, in the order in which they are written: what others refer to comes first."""
