from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.catalogue_files import KINDS, export_files, import_files
from bot.community.models.catalogue import Provider


def test_import_reads_what_export_wrote(content: Session, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    export_files(content, first)
    assert import_files(content, [first]).errors == []
    export_files(content, second)
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def test_formulas_are_defused_and_come_back(session: Session, tmp_path: Path) -> None:
    names = ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "普通"]
    session.add_all(Provider(id=f"p{n}", name=name) for n, name in enumerate(names))
    session.flush()
    export_files(session, tmp_path, kinds=["providers"])
    with (tmp_path / "providers.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row["name"] for row in csv.DictReader(file)]
    assert [name[0] for name in written] == ["'", "'", "'", "'", "普"]
    assert import_files(session, [tmp_path]).errors == []
    assert session.scalars(select(Provider.name).order_by(Provider.id)).all() == names


def test_empty_kinds_give_templates(session: Session, tmp_path: Path) -> None:
    assert set(export_files(session, tmp_path).values()) == {0}
    header = (tmp_path / "services.csv").read_text(encoding="utf-8-sig").strip()
    assert header.split(",") == list(KINDS["services"].columns)
    assert import_files(session, [tmp_path]).errors == []
