"""YAML: `kind:` and `rows:`, a list of records."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from bot.community.catalogue_files.readers import MAX_ROWS, Table
from bot.community.catalogue_files.report import FileProblem

MAX_YAML_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 8


class _Loader(yaml.BaseLoader):
    """Every scalar is text, so that 0790 stays a phone number; only scalars may be referred to, lists can explode."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._depth = getattr(self, "_depth", 0) + 1
        if self._depth > MAX_DEPTH:
            raise FileProblem("层次太深", "把内容写得平一些", self.line + 1)
        referred = self.check_event(yaml.AliasEvent)
        node = super().compose_node(parent, index)
        if referred and not isinstance(node, yaml.ScalarNode):
            raise FileProblem("YAML 的引用（*）只能用在一句话上", "请把内容写全", self.line + 1)
        self._depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        doubles = {str(key) for key in keys if keys.count(key) > 1}
        if doubles:
            raise FileProblem(f"{'、'.join(sorted(doubles))} 写了两次", "请删掉一个", node.start_mark.line + 1)
        return dict(super().construct_mapping(node, deep=deep))


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null)$"), ["~", "n"])
_Loader.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)


def read(path: Path, content: bytes) -> list[Table]:
    if len(content) > MAX_YAML_BYTES:
        raise FileProblem("YAML 文件太大", f"最多 {MAX_YAML_BYTES // 1024 // 1024} MB，大的表请用 CSV")
    try:
        loader = _Loader(content.decode("utf-8-sig"))
        return [_table(path, loader)]
    except UnicodeDecodeError:
        raise FileProblem("YAML 文件要用 UTF-8 编码", "请另存为 UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileProblem("YAML 格式不对", "请检查这一行的缩进、冒号和引号", line) from None
    except yaml.YAMLError:
        raise FileProblem("YAML 里有不能用的字符", "请重新输入，不要有控制字符") from None


def _table(path: Path, loader: _Loader) -> Table:
    node = loader.get_single_node()
    parts = {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
    rows = parts.get("rows")
    if not isinstance(rows, yaml.SequenceNode):
        raise FileProblem("缺少 rows", "文件要有 kind: 和 rows: 两项")
    if len(rows.value) > MAX_ROWS:
        raise FileProblem("行太多", f"最多 {MAX_ROWS} 行")
    found: list[tuple[int, dict[str, Any]]] = []
    for each in rows.value:
        if not isinstance(each, yaml.MappingNode):
            raise FileProblem("这一项不是「名称: 内容」的写法", row=each.start_mark.line + 1)
        found.append((each.start_mark.line + 1, loader.construct_object(each, deep=True)))
    header = tuple(dict.fromkeys(str(key) for _, row in found for key in row))
    name = parts["kind"].value if "kind" in parts else path.stem
    return Table(path.name, str(name), header, found)
