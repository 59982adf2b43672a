# SPDX-License-Identifier: Apache-2.0
"""The few words that stand inside maps, legends, tables and charts, in the six languages of the United Nations."""

from __future__ import annotations

from collections.abc import Mapping

# `one` and `many` count regions. Where a language inflects by number, the number follows a colon.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_data": "no data",
        "no_interval": "no interval",
        "range": "{low} to {high}",
        "one": "{n} region",
        "many": "{n} regions",
        "unsure": "class probability under 60 %",
        "probability": "class probability",
        "scale": "{km} km at {degrees}° {side}",
        "N": "N",
        "S": "S",
        "trend": "trend",
        "equal_width": "classes of equal width",
        "equal_counts": "classes of about equal numbers of regions",
        "narrow_middle": "classes narrow where most regions lie",
        "one_value": "one value only",
        "no_values": "no values",
        "given": "classes as given",
    },
    "fr": {
        "no_data": "pas de données",
        "no_interval": "sans intervalle",
        "range": "{low} à {high}",
        "one": "{n} région",
        "many": "{n} régions",
        "unsure": "probabilité de la classe inférieure à 60 %",
        "probability": "probabilité de la classe",
        "scale": "{km} km à {degrees}° {side}",
        "trend": "tendance",
        "equal_width": "classes d'égale largeur",
        "equal_counts": "classes d'effectifs à peu près égaux",
        "narrow_middle": "classes étroites là où se trouvent la plupart des régions",
        "one_value": "une seule valeur",
        "no_values": "aucune valeur",
        "given": "classes données",
    },
    "es": {
        "no_data": "sin datos",
        "no_interval": "sin intervalo",
        "range": "{low} a {high}",
        "one": "{n} región",
        "many": "{n} regiones",
        "unsure": "probabilidad de la clase inferior al 60 %",
        "probability": "probabilidad de la clase",
        "scale": "{km} km a {degrees}° {side}",
        "trend": "tendencia",
        "equal_width": "clases de igual amplitud",
        "equal_counts": "clases con números de regiones casi iguales",
        "narrow_middle": "clases estrechas donde está la mayoría de las regiones",
        "one_value": "un solo valor",
        "no_values": "ningún valor",
        "given": "clases dadas",
    },
    "ru": {
        "no_data": "нет данных",
        "no_interval": "без интервала",
        "range": "{low}–{high}",
        "one": "регионов: {n}",
        "many": "регионов: {n}",
        "unsure": "вероятность класса ниже 60 %",
        "probability": "вероятность класса",
        "scale": "{km} км на {degrees}° {side}",
        "N": "с. ш.",
        "S": "ю. ш.",
        "trend": "тренд",
        "equal_width": "классы равной ширины",
        "equal_counts": "классы с примерно равным числом регионов",
        "narrow_middle": "классы уже там, где больше регионов",
        "one_value": "одно значение",
        "no_values": "нет значений",
        "given": "заданные классы",
    },
    "ar": {
        "no_data": "لا توجد بيانات",
        "no_interval": "بلا مجال",
        "range": "{low} إلى {high}",
        "one": "عدد المناطق: {n}",
        "many": "عدد المناطق: {n}",
        "unsure": "احتمال الفئة أقل من 60 %",
        "probability": "احتمال الفئة",
        "scale": "{km} كم عند {degrees}° {side}",
        "N": "شمالا",
        "S": "جنوبا",
        "trend": "الاتجاه",
        "equal_width": "فئات متساوية العرض",
        "equal_counts": "فئات متقاربة في عدد المناطق",
        "narrow_middle": "فئات أضيق حيث تقع معظم المناطق",
        "one_value": "قيمة واحدة فقط",
        "no_values": "لا قيم",
        "given": "فئات معطاة",
    },
    "zh": {
        "no_data": "无数据",
        "no_interval": "无区间",
        "range": "{low} 至 {high}",
        "one": "{n} 个地区",
        "many": "{n} 个地区",
        "unsure": "类别概率低于 60 %",
        "probability": "类别概率",
        "scale": "{km} 千米（{side}{degrees}°）",
        "N": "北纬",
        "S": "南纬",
        "trend": "趋势",
        "equal_width": "等宽分级",
        "equal_counts": "各级地区数大致相等",
        "narrow_middle": "多数地区所在处分级较窄",
        "one_value": "只有一个值",
        "no_values": "无值",
        "given": "给定分级",
    },
}
_COMMA = {"fr", "es", "ru"}  # languages that write a decimal comma


def say(key: str, language: str = "en", **values: object) -> str:
    """A word or short phrase in a language; in English where the language has none.

    Examples
    --------
    >>> say("many", "fr", n=12), say("no_data", "sw")
    ('12 régions', 'no data')
    """
    words = WORDS.get(language[:2], WORDS["en"])
    return words.get(key, WORDS["en"][key]).format(**values)


def write_number(value: float, decimals: int, language: str = "en") -> str:
    """A number as people read it: grouped by narrow spaces, a true minus sign, the decimal mark of the language.

    Examples
    --------
    >>> write_number(-1234.5, 1).replace("\u202f", "_"), write_number(0.25, 2, "fr")
    ('−1_234.5', '0,25')
    """
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    whole, _, fraction = text.partition(".")
    whole = whole.replace(",", "\u202f").replace("-", "\u2212")
    return whole + (("," if language[:2] in _COMMA else ".") + fraction if fraction else "")


def write_range(low: float, high: float, decimals: int, language: str = "en") -> str:
    """An interval in words.

    Examples
    --------
    >>> write_range(6, 12, 0), write_range(0.5, 1, 1, "fr")
    ('6 to 12', '0,5 à 1,0')
    """
    ends = {"low": write_number(low, decimals, language), "high": write_number(high, decimals, language)}
    return say("range", language, **ends)
