from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.community import places
from bot.community.catalogue_files import ImportReport, import_files
from bot.community.catalogue_files.report import MAX_ERRORS
from bot.community.models.catalogue import Guide, Provider, Service
from bot.community.paths import DATA
from tests.community.conftest import CONTENT

Import = Callable[[str, str | bytes], ImportReport]


@pytest.fixture
def load(session: Session, tmp_path: Path) -> Import:
    """Import one file of that name and content."""

    def import_one(name: str, content: str | bytes) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_files(session, [path])

    return import_one


def service(session: Session, id: str) -> Service:
    return session.scalars(select(Service).where(Service.id == id)).one()


def test_sample_sub_district_is_accepted(session: Session) -> None:
    report = import_files(session, [DATA / "catalogue"])
    assert [str(error) for error in report.errors] == []
    assert report.counts["services"] >= 120
    assert report.counts["guides"] >= 40


def test_import_twice_changes_nothing(content: Session) -> None:
    before = content.scalar(select(func.count(Service.row)))
    assert import_files(content, [CONTENT]).written
    assert content.scalar(select(func.count(Service.row))) == before


def test_dry_run_writes_nothing(session: Session) -> None:
    report = import_files(session, [CONTENT], dry_run=True)
    assert (report.ok, report.written, report.counts["services"]) == (True, False, 4)
    assert session.scalar(select(func.count(Service.row))) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding_of_a_spreadsheet(session: Session, load: Import, encoding: str) -> None:
    assert load("providers.csv", "编号,名称,电话\na,邻里快修,0790 5550601\n".encode(encoding)).errors == []
    provider = session.get(Provider, "a")
    assert (provider.name, provider.phone) == ("邻里快修", "07905550601")


def test_left_out_column_keeps_and_empty_cell_clears(content: Session, load: Import) -> None:
    assert load("services.csv", "id,price\nlock,\n").errors == []
    assert service(content, "lock").price is None
    assert service(content, "lock").name == "平安锁业"
    assert service(content, "lock").keywords == ["开锁", "配钥匙"]


def test_all_or_nothing(session: Session, load: Import) -> None:
    report = load("providers.csv", "id,name,phone\na,邻里快修,13900001234\nb,,13900001235\n")
    assert (report.written, report.error_count) == (False, 1)
    assert session.scalar(select(func.count(Provider.id))) == 0


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("x,名,meals,13O12345678,,", "phone", "第 3 位是字母 O"),
        ("x,名,meals,1390000123,,", "phone", "手机号应是 11 位"),
        ("x,名,meals,打我电话,,", "phone", "不是电话号码"),
        ("x,名,meals,,2026年2月30日,", "valid_until", "没有 2026 年 2 月 30 日"),
        ("x,名,meals,,下周,", "valid_until", "看不懂的日期"),
        ("x,名,飞船,,,", "category", "没有这个类别"),
        ("x,,meals,,,", "name", "没有填"),
        (",名,meals,,,", "id", "没有填"),
        ("有空格 的,名,meals,,,", "id", "编号只能用"),
        ("x,名,meals,,,早上到晚上", "hours", "看不懂的时间"),
        ("x,名\x07,meals,,,", "name", "控制字符"),
        (f"x,{'长' * 101},meals,,,", "name", "太长了"),
    ],
)
def test_wrong_cell_is_named_with_its_place(load: Import, row: str, column: str, problem: str) -> None:
    report = load("services.csv", f"id,name,category,phone,valid_until,hours\n{row}\n")
    assert [(error.row, error.column) for error in report.errors] == [(2, column)]
    assert problem in report.errors[0].problem


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("139 0000 1234", "13900001234"),
        ("（0790）5550123", "07905550123"),
        ("0790-5550123转8", "0790-5550123转8"),
        ("12345", "12345"),
        ("１３９００００１２３４/0790-5550123", "13900001234、0790-5550123"),
    ],
)
def test_phones_as_people_write_them(session: Session, load: Import, written: str, expected: str) -> None:
    assert load("providers.csv", f"id,name,phone\na,邻里快修,{written}\n").errors == []
    assert session.get(Provider, "a").phone == expected


@pytest.mark.parametrize("written", ["2026-12-31", "2026/12/31", "2026.12.31", "2026年12月31日", "20261231"])
def test_dates_as_people_write_them(session: Session, load: Import, written: str) -> None:
    assert load("services.csv", f"id,name,category,valid_until\na,食堂,meals,{written}\n").errors == []
    assert service(session, "a").valid_until == date(2026, 12, 31)


def test_hours_in_chinese_become_the_notation(session: Session, load: Import) -> None:
    written = "周一至周五 8:30-12:00、14:00-17:30；周六 9:00-12:00；节假日休息"
    assert load("services.csv", f"id,name,category,hours\na,食堂,助餐食堂,{written}\n").errors != []
    assert load("services.csv", f"id,name,category,hours\na,食堂,食堂助餐,{written}\n").errors == []
    assert service(session, "a").hours == "Mo-Fr 8:30-12:00,14:00-17:30; Sa 9:00-12:00; PH off"


def test_emoji_and_rare_characters_are_kept(session: Session, load: Import) -> None:
    assert load("providers.csv", "id,name\na,😀𠮷家店\n").errors == []
    assert session.get(Provider, "a").name == "😀𠮷家店"


def test_double_ids_name_both_rows(load: Import) -> None:
    report = load("providers.csv", "id,name\na,甲\na,乙\n")
    assert "providers.csv 第 2 行" in report.errors[0].problem


def test_unknown_reference_is_named(load: Import) -> None:
    report = load("services.csv", "id,name,category,provider_id\na,食堂,meals,nobody\n")
    assert (report.errors[0].column, "nobody" in report.errors[0].problem) == ("provider_id", True)


def test_unknown_column_suggests_the_right_one(load: Import) -> None:
    report = load("providers.csv", "id,name,phon\na,甲,13900001234\n")
    assert "phone" in report.errors[0].hint


def test_report_is_bounded(load: Import) -> None:
    report = load("providers.csv", "id,name,phone\n" + "".join(f"a{n},甲,x\n" for n in range(MAX_ERRORS + 50)))
    assert (len(report.errors), report.error_count) == (MAX_ERRORS, MAX_ERRORS + 50)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("providers.csv", b"id,name\na,\x00\xff\xfe\n"),
        ("providers.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("providers.csv", "id,name\na,甲,乙,丙\n"),
        ("providers.csv", 'id,name\na,"没有关上\n'),
        ("providers.csv", "id,name\na," + "长" * 30_000 + "\n"),
        ("providers.txt", "id,name\na,甲\n"),
        ("providers.xlsx", b"not a zip"),
        ("providers.yml", "kind: providers\nrows: 5\n"),
        ("providers.yml", "kind: providers\nrows:\n  - {id: a, name: [\n"),
        ("providers.yml", "kind: providers\nrows:\n  - {id: a, id: b, name: 甲}\n"),
        ("providers.yml", "kind: providers\nrows:\n  - &a {id: a, name: 甲}\n  - *a\n"),
        ("providers.yml", "kind: providers\nrows: " + "[" * 500 + "]" * 500),
        ("providers.yml", "!!python/object/apply:os.system [id]"),
        ("things.csv", "colour,size\nred,5\n"),
    ],
)
def test_unreadable_file_is_refused_in_a_sentence(
    session: Session, load: Import, name: str, content: str | bytes
) -> None:
    report = load(name, content)
    assert (report.written, bool(report.errors), bool(report.errors[0].problem)) == (False, True, True)


def test_missing_file_is_reported(session: Session, tmp_path: Path) -> None:
    assert "打不开" in import_files(session, [tmp_path / "services.csv"]).errors[0].problem


def test_excel_sheets_are_read_by_their_names(session: Session, load: Import) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "服务机构"
    sheet.append(["编号", "名称", "电话"])
    sheet.append(["a", "邻里快修", 13900001234])
    services = book.create_sheet("services")
    services.append(["id", "name", "category", "provider_id", "valid_until", "active"])
    services.append(["s", "修水管", "appliance_repair", "a", date(2026, 12, 31), True])
    assert load("content.xlsx", _bytes(book)).errors == []
    assert session.get(Provider, "a").phone == "13900001234"
    assert service(session, "s").valid_until == date(2026, 12, 31)


def test_merged_cells_are_refused(load: Import) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append(["a", "甲"])
    book.active.merge_cells("A2:A3")
    assert "合并" in load("providers.xlsx", _bytes(book)).errors[0].problem


def test_zip_bomb_is_refused_unopened(load: Import) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    assert "解压后太大" in load("providers.xlsx", packed.getvalue()).errors[0].problem


def test_yaml_keeps_leading_zeros_and_checklists(session: Session, load: Import) -> None:
    text = "kind: guide\nrows:\n  - {id: g, name: 低保, category: subsistence_relief, phone: 07905550104, "
    assert load("any.yml", text + "materials: [{name: 身份证, optional: yes}], fee: null}\n").errors == []
    guide = session.scalars(select(Guide)).one()
    assert (guide.phone, guide.materials, guide.fee) == ("07905550104", [{"name": "身份证", "optional": True}], None)


def test_unknown_key_in_a_checklist_is_refused(load: Import) -> None:
    text = "kind: guides\nrows:\n  - {id: g, name: 低保, category: subsistence_relief, materials: [{nam: 身份证}]}\n"
    assert "nam" in load("guides.yml", text).errors[0].problem


def test_certificates_in_a_cell(session: Session, load: Import) -> None:
    text = "id,name,role,certificates\np,林悦,counsellor,咨询师:示例-1:;指导师:示例-2:2027-12-31\n"
    assert load("people.csv", text).errors == []


def test_new_places_are_matched_at_once(content: Session, load: Import) -> None:
    assert places.match_compound(content, "紫薇园") == []
    assert load("compounds.csv", "id,name,community_id\nnew,紫薇园,west\n").errors == []
    assert places.match_compound(content, "紫薇园")[0].id == "new"


def test_progress_reaches_the_end(session: Session) -> None:
    seen: list[tuple[str, int, int]] = []
    import_files(session, [CONTENT], progress=lambda *step: seen.append(step))
    assert {stage for stage, done, total in seen if done == total} == {"check", "write"}


def _bytes(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
