# SPDX-License-Identifier: Apache-2.0
"""The IATI standard 2.03 as facts in three short tables, and the XML schema that is composed from them in memory.

``standard/types.csv`` names what an element may be: the type of its text (empty: it holds elements) and whether elements
and attributes of other namespaces may stand in it. ``elements.csv`` says which elements stand in it, in which order and
how often; ``attributes.csv`` which attributes it has. The order of children is part of the standard.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from homeground.errors import DataError
from homeground.extras import absent, command
from homeground.numbers.table import read_rows

HERE = Path(__file__).parent / "standard"
VERSION = "2.03"
Element = Any  # an element of lxml, whose stubs do not know that it has a line
ROOTS = {"iati-activities": "iati-activity", "iati-organisations": "iati-organisation"}  # root: what stands in it
XML = "http://www.w3.org/XML/1998/namespace"
LANG = f"{{{XML}}}lang"

# What xml:lang may be: a language of XML, or empty. The rest of that namespace is not used by the standard.
LANG_XSD = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{XML}">
<xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language">
<xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType>
</xs:union></xs:simpleType></xs:attribute></xs:schema>"""


def lxml_etree() -> ModuleType:
    """The module lxml.etree, or one line on how to install it.

    Raises
    ------
    DataError
        lxml is not installed.

    Examples
    --------
    >>> lxml_etree().__name__
    'lxml.etree'
    """
    if absent("lxml"):
        raise DataError(f"IATI files are read with lxml, which is not installed. Install: {command('accelerator')}")
    from lxml import etree

    return etree


@cache
def children() -> dict[str, dict[str, str]]:
    """Elements that may stand in each type of element, in the order of the standard.

    Returns
    -------
    dict of dict
        By type: element and its own type.

    Examples
    --------
    >>> list(children()["budget"])
    ['period-start', 'period-end', 'value']
    """
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(HERE / "elements.csv"):
        found.setdefault(row["parent"], {})[row["element"]] = row["type"]
    return found


def composed() -> str:
    """The schema of activities and organisations as XSD, made from the tables of facts.

    Returns
    -------
    str
        A schema document; it imports the one attribute of the XML namespace as ``lang.xsd``.

    Examples
    --------
    >>> composed().count('<xs:element name="iati-identifier"')
    1
    """
    types = {row["type"]: row for row in read_rows(HERE / "types.csv")}
    elements: dict[str, list[str]] = {name: [] for name in types}
    attributes: dict[str, list[str]] = {name: [] for name in types}
    for row in read_rows(HERE / "elements.csv"):
        elements[row["parent"]].append(_any() if row["element"] == "*" else _element(row))
    for row in read_rows(HERE / "attributes.csv"):
        attributes[row["type"]].append(_attribute(row))
    lines = [
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">',
        f'<xs:import namespace="{XML}" schemaLocation="lang.xsd"/>',
    ]
    for root, inner in ROOTS.items():
        lines += [f'<xs:element name="{name}" type="{_name(name)}"/>' for name in (root, inner)]
    for name, row in types.items():
        if row["text"] == "anyType":
            continue
        lines.append(f'<xs:complexType name="{_name(name)}">')
        held = "".join(attributes[name])
        held += (
            '<xs:anyAttribute processContents="lax" namespace="##other"/>' if row["other_attributes"] == "yes" else ""
        )
        if row["text"]:
            held = f'<xs:simpleContent><xs:extension base="xs:{row["text"]}">{held}</xs:extension></xs:simpleContent>'
        else:
            inside = "".join(elements[name]) + (_any() if row["other_elements"] == "yes" else "")
            held = f"<xs:sequence>{inside}</xs:sequence>{held}"
        lines += [held, "</xs:complexType>"]
    return "\n".join([*lines, "</xs:schema>"])


@cache
def schema() -> Any:
    """The compiled schema: it takes a whole document, or one activity or organisation alone.

    Returns
    -------
    lxml.etree.XMLSchema

    Examples
    --------
    >>> etree = lxml_etree()
    >>> schema().validate(etree.fromstring("<iati-activity/>"))
    False
    >>> schema().error_log[0].message
    "Element 'iati-activity': Missing child element(s). Expected is ( iati-identifier )."
    """
    etree: Any = lxml_etree()

    class Inside(etree.Resolver):  # type: ignore[misc]
        def resolve(self, url: str, public: str | None, context: Any) -> Any:
            return self.resolve_string(LANG_XSD, context)

    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(Inside())
    compiled: Any = etree.XMLSchema(etree.fromstring(composed().encode(), parser))
    return compiled


def _name(type_: str) -> str:
    """A name of a type as XSD allows it; anything is what XSD calls anyType."""
    return "xs:anyType" if type_ == "anything" else type_.replace("/", ".").replace(" ", "_")


def _element(row: dict[str, str]) -> str:
    most = row["most"] or "unbounded"
    return f'<xs:element name="{row["element"]}" type="{_name(row["type"])}" minOccurs="{row["least"]}" maxOccurs="{most}"/>'


def _attribute(row: dict[str, str]) -> str:
    use = "required" if row["required"] == "yes" else "optional"
    if row["attribute"] == "xml:lang":
        return f'<xs:attribute ref="xml:lang" use="{use}"/>'
    return f'<xs:attribute name="{row["attribute"]}" type="xs:{row["text"]}" use="{use}"/>'


def _any() -> str:
    return '<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
