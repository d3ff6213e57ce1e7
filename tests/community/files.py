"""Small content files for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SMALL_CATALOGUE = {
    "communities.csv": "id,name,aliases\neast,东湖社区,东湖\nwest,西湖社区,西湖\n",
    "grids.csv": "id,community_id,name,worker_name,worker_phone\ne1,east,东一网格,胡晓燕,139 0000 1101\n"
    "e2,east,东二网格,周建国,13900001102\n",
    "property_companies.csv": "id,name,phone,emergency_phone,hours\nanju,安居物业,0790-5550510,0790-5550511,24/7\n",
    "compounds.csv": "id,community_id,grid_id,name,aliases,property_company_id,buildings,building_grids\n"
    "sunny,east,e1,阳光花园,阳光小区一期、阳光一期,anju,1-12,7-12:e2\n"
    "newtown,east,e1,阳光新城,,anju,1-8,\n"
    "laurel,west,,桂花苑,桂苑小区,anju,1-9,\n",
    "services.csv": "id,name,summary,category,community_id,audience,hours,phone,price,lat,lon,keywords\n"
    "canteen,东湖老年食堂,午餐两荤两素,meals,east,elder、all,\"Mo-Sa 10:40-12:50\",0790-5550210,10 元,27.80,114.92,食堂、打饭\n"
    "plumber,邻里快修,水龙头滴水、水管爆了都修,appliance_repair,,all,Mo-Su 08:00-20:00,0790-5550601,20 元起,27.81,114.93,修水管\n"
    "lock,平安锁业,开锁换锁,appliance_repair,,all,24/7,13900003002,80 元起,,,开锁、配钥匙\n"
    "cook,钟点做饭,上门做饭,housekeeping,west,all,Mo-Su 08:00-20:00,13900003003,每小时 40 元,,,做饭\n",
    "synonyms.yml": "kind: synonyms\nrows:\n"
    "  - {id: cook, words: [做饭, 吃饭], means: [食堂, 助餐], category: meals}\n"
    "  - {id: mother, words: [我妈, 老人], audience: elder}\n",
    "guides.yml": "kind: guides\nrows:\n"
    "  - id: allowance\n    name: 高龄津贴\n    category: elderly_benefits\n    aliases: [高龄补贴, 长寿金]\n"
    "    conditions: [年满 80 周岁]\n    materials:\n      - {name: 身份证, note: 原件}\n"
    "      - {name: 代办人身份证, optional: true}\n    steps: [交材料, 等审核]\n"
    "    hours: Mo-Fr 08:30-17:30; PH off\n    phone: 0790-5550104\n"
    "    eligibility:\n      - {question: 满多少周岁了？, slot: age, rule: \">= 80\", otherwise: 还领不了}\n"
    "  - {id: permit, name: 居住证, category: household_residence, aliases: [暂住证]}\n",
    "people.yml": "kind: people\nrows:\n"
    "  - {id: c1, name: 李慧, role: counsellor, topics: [anxiety_sleep], sex: female, languages: [普通话, 赣语],"
    " availability: \"Mo-Fr 09:00-17:00\", bookable: true, max_per_day: 4,"
    " certificates: [{name: 心理咨询师, number: A-1, expires: 2027-05-01}]}\n"
    "  - {id: l1, name: 王法, role: lawyer, community_id: east, bookable: true}\n",
    "disturbances.yml": "kind: disturbances\nrows:\n"
    "  - {id: w1, kind: water, category: water_supply, community_id: east, compound_id: sunny, buildings: ['1', '2'],"
    " starts_at: '2026-11-23T08:00:00+08:00', ends_at: '2026-11-23T18:00:00+08:00', text: 停水}\n",
    "hotlines.csv": "id,name,phone,hours,purpose,topics\n12345,便民热线,12345,24/7,都可以打,property\n"
    "12356,心理援助热线,12356,Mo-Su 18:00-24:00,找人说说话,psychology、crisis\n120,急救,120,24/7,急病,crisis\n",
    "self_help.yml": "kind: self_help\nrows:\n  - {id: sleep, title: 睡不着, topic: anxiety_sleep, body: 先别怪自己}\n",
}


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the files into the folder, which is what import takes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder]
