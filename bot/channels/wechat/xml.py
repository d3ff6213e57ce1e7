"""XML from strangers, and XML for the platform.

The outer XML of a callback is parsed before anything is authenticated: size, DTD, entities and depth are refused
before they cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

LARGEST_BODY = 128 * 1024  # a text in compatible mode stays below 20 KB
DEEPEST = 6

# WeChat does not escape control characters, and XML 1.0 forbids them: expat would reject the resident's whole message.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class BadXml(ValueError):
    """Not XML, or XML that nobody of good will sends."""


class Cdata(str):
    """Text to be written as CDATA."""

    __slots__ = ()


def parse(body: bytes) -> dict[str, str]:
    """The texts of a message's elements by their path below the root ("ScanCodeInfo/ScanResult"); the first counts.

    Raises BadXml.
    """
    if len(body) > LARGEST_BODY:
        raise BadXml("too large")
    # Half a character at the end of a cut emoji must not cost the resident the message.
    text = _FORBIDDEN.sub("", _DECLARATION.sub("", body.decode("utf-8-sig", "replace")))
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadXml(type(error).__name__) from None
    if root.tag != "xml":
        raise BadXml("root element")
    fields: dict[str, str] = {}
    _collect(root, "", fields, depth=0)
    return fields


def build(content: Mapping[str, Any]) -> str:
    """An <xml> document of the content: Cdata as CDATA, numbers and plain text bare, mappings and lists nested."""
    return f"<xml>{_elements(content)}</xml>"


def _collect(element: Element, path: str, fields: dict[str, str], *, depth: int) -> None:
    if depth > DEEPEST:
        raise BadXml("too deep")
    for child in element:
        name = f"{path}{child.tag}"
        if len(child):
            _collect(child, f"{name}/", fields, depth=depth + 1)
        else:
            fields.setdefault(name, child.text or "")


def _elements(content: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in content.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    if isinstance(value, list):
        return "".join(f"<item>{_elements(item)}</item>" for item in value)
    if isinstance(value, Cdata):
        # "]]>" would end the section early: it is split over two.
        safe = _FORBIDDEN.sub("", value).replace("]]>", "]]]]><![CDATA[>")
        return f"<![CDATA[{safe}]]>"
    return str(value)
