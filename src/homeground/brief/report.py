# SPDX-License-Identifier: Apache-2.0
"""The brief: two to four pages as PDF and HTML, in each language the same facts in the same order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeground.brief.facts import REASONS, SIGNS, Fact, collect, read, sign_table, slug, used_sources
from homeground.brief.glossary import term
from homeground.brief.typography import LANGUAGES, language, set_pdf
from homeground.brief.wording import Run, Text, known, listed, needs, quantity, say, words_or_id
from homeground.catalogue import atlas
from homeground.errors import DataError
from homeground.provenance import read_run
from homeground.study import Study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LANGUAGES", "Report", "compose", "render_html", "render_pdf", "write_brief"]

TEMPLATES = Path(__file__).parent / "templates"
INK_STACK = "'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
# From dry to wet: batlow at five places, as on the map of the results page.
ARIDITY = {
    "hyper_arid": ("#f9ccf9", 0.05),
    "arid": ("#eea78b", 0.20),
    "semi_arid": ("#a29137", 0.50),
    "dry_subhumid": ("#3b6c55", 0.65),
    "humid": ("#011959", float("inf")),
}
LEVELS = {1: "described", 2: "associated", 3: "consistent", 4: "trial"}
PARTS = ("land", "people", "evidence", "plan", "finance", "risk")
STAGE_OF = {"plan": "measures"}  # a part of the brief that is not named as its stage
DASHED = (("SRB", "XKX"),)


@dataclass(frozen=True)
class Drawing:
    """A figure with its caption; ``title`` is "" where the drawing carries its own."""

    svg: str
    title: str
    shows: str
    caption: str


@dataclass(frozen=True)
class Grid:
    """A table: head, rows, and columns that hold numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    numbers: tuple[int, ...] = ()
    shares: tuple[float, ...] = ()  # widths of the columns, as fractions


@dataclass(frozen=True)
class Part:
    """One section: a title and what stands under it."""

    title: str
    paragraphs: tuple[Text, ...] = ()
    drawing: Drawing | None = None
    grid: Grid | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Report:
    """All that a brief says, apart from how it is set."""

    language: str
    title: str
    question: str
    kicker: str
    made: str
    date: str  # ISO
    findings_title: str
    findings: tuple[tuple[str, Text], ...]
    map: Drawing | None
    parts: tuple[Part, ...]
    limits: Part
    not_for: Part
    sources: Part
    notes: tuple[str, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that the text states, each once, in order."""
        return tuple(dict.fromkeys(fact for text in self.texts for fact in text.facts))

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence and table cell."""
        blocks = (*self.parts, self.limits, self.not_for, self.sources)
        cells = [cell for b in blocks if b.grid for row in b.grid.rows for cell in row]
        inside = [text for b in blocks for text in (*b.paragraphs, *b.notes)]
        return tuple([text for _, text in self.findings] + inside + cells)

    @property
    def quoted(self) -> tuple[str, ...]:
        """Texts whose numbers are no facts: titles of the study, citations, dates, axes and legends of the figures."""
        drawings = [d for d in (self.map, *(p.drawing for p in self.parts)) if d]
        drawn = [text for d in drawings for text in (*_svg_texts(d.svg), d.title, d.shows, d.caption)]
        quoted = [cell.plain for row in (self.sources.grid.rows if self.sources.grid else ()) for cell in row]
        return (self.title, self.question, self.made, *self.notes, *drawn, *quoted, *self.said_by_study)

    said_by_study: tuple[str, ...] = ()


def write_brief(results: Path, study: Study, language: str, out: Path) -> list[Path]:  # noqa: A002, RUF100
    """Write ``brief-<language>.pdf`` and ``.html`` from a results folder.

    Parameters
    ----------
    results : Path
        Folder of a run; parts whose tables are not there are left out and named.
    study : Study
    language : str
        One of `LANGUAGES`.
    out : Path
        Folder to write to.

    Returns
    -------
    list of Path

    Raises
    ------
    StudyError
        The language is unknown; the known ones are listed.
    DataError
        There are no regions, a fact cannot be stated, or a character is in no typeface.
    CatalogueError
        A message or term is missing.
    """
    report = compose(results, study, language)
    out.mkdir(parents=True, exist_ok=True)
    pdf, html = out / f"brief-{language}.pdf", out / f"brief-{language}.html"
    pdf.write_bytes(render_pdf(report))
    html.write_text(render_html(report), encoding="utf-8")
    return [pdf, html]


def compose(results: Path, study: Study, code: str) -> Report:
    """What the brief says in one language, from the tables of a results folder."""
    language(code)
    regions = read(results, "regions.parquet")
    if regions is None:
        raise DataError(f"{study.id} has no regions in {results.name}. Run the study first: homeground run {study.id}")
    facts = collect(results, study)
    tell = partial(_tell, facts=facts, code=code)
    date, version = _made(results)
    drawn = _map(results, facts, code)
    parts = (
        Part(
            say("title.land", code=code).plain,
            tell("body.land_regions", "body.land_gap", "body.displaced", "body.mobility"),
        ),
        _evidence_part(results, facts, code),
        _plan_part(results, study, facts, code),
    )
    parts = tuple(p for p in parts if p and p.paragraphs)
    if not any(p.drawing for p in parts):
        parts = (replace(parts[0], drawing=_dry_chart(regions, facts, code)), *parts[1:])
    absent = [p for p in PARTS if p not in _present(facts)]
    limits = [Text((Run(_capital(t)),)) for t in study.cannot_say]
    limits += tell(*(f"limit.{name}" for name in _present(facts) if known(f"limit.{name}")), "limit.interval")
    if absent:
        names = listed([say(f"part.{p}", code=code).plain for p in absent], code)
        limits.append(say("limit.absent", {}, code, parts=names))
    findings = _findings(facts, code)
    report = Report(
        language=code,
        title=_study_words(study, "title", code),
        question=_study_words(study, "question", code),
        kicker=say("ui.kicker", code=code).plain,
        made=say(
            "ui.made", {}, code, date=_date(date, code), version=version, study=study.id, scenario=study.scenario_name
        ).plain,
        date=date,
        findings_title=say("ui.findings", code=code).plain,
        findings=findings,
        map=drawn,
        parts=parts,
        limits=Part(say("title.limits", code=code).plain, tuple(limits)),
        not_for=Part(
            say("title.not_for", code=code).plain,
            tell(*(f"not_for.{n}" for n in ("persons", "prevention", "ranking", "single", "funding"))),
        ),
        sources=Part(say("title.sources", code=code).plain),
        notes=_notes(study, code),
        said_by_study=tuple(study.cannot_say),
    )
    return replace(report, sources=replace(report.sources, grid=_sources(report.facts, code)))


def _tell(*ids: str, facts: Mapping[str, Fact], code: str) -> tuple[Text, ...]:
    """The messages whose facts are all known; the others are left out."""
    return tuple(say(i, facts, code) for i in ids if needs(i) <= set(facts))


def _present(facts: Mapping[str, Fact]) -> list[str]:
    marks = {"land": "land_drylands_share", "people": "people_total", "mobility": "net_migration"}
    marks |= {"evidence": "evidence_studies", "plan": "plan_hectares", "finance": "finance_npv", "risk": "risk_high"}
    return [part for part, key in marks.items() if key in facts]


def _findings(facts: Mapping[str, Fact], code: str) -> tuple[tuple[str, Text], ...]:
    balance = facts.get("net_migration")
    way = "out" if balance is not None and balance.value < 0 else "in"
    mobility = f"finding.mobility_{way}" + ("" if "idps" in facts else "_only")
    chosen = ("finding.land", "finding.people", mobility, "finding.evidence", "finding.plan")
    return tuple(
        (say(f"part.{i.split('.')[1].split('_')[0]}", code=code).plain, text)
        for i in chosen
        for text in _tell(i, facts=facts, code=code)
    )


def _evidence_part(results: Path, facts: Mapping[str, Fact], code: str) -> Part | None:
    effects, groups = read(results, "effects.parquet"), read(results, "effects_pooled.parquet")
    if effects is None or groups is None or "evidence_studies" not in facts:
        return None
    reasons = [f"reason.{r}" for r in dict.fromkeys(REASONS.values()) if f"evidence_groups_{r}" in facts]
    said = [say(i, facts, code) for i in reasons]
    if facts["evidence_groups_pooled"].value == 0 and said:
        why = say("body.evidence_not_pooled", facts, code, reasons=_join(said, code))
    else:
        why = say("body.evidence_pooled", facts, code)
    table = sign_table(effects)
    rows = []
    for driver, row in table.iterrows():
        name = slug(str(driver))
        counts = [facts[f"evidence_{name}_{c}"] for c in ("studies", *SIGNS)]
        label = say(f"driver.{name}", code=code) if known(f"driver.{name}") else Text((Run(_capital(str(driver))),))
        cells = [Text((Run(quantity(f, code, unit=False)[0], "number"),), (f,)) for f in counts]
        rows.append((label, *cells, say(f"level.{LEVELS[int(row['level'])]}", code=code)))
    head = tuple(say(f"table.{n}", code=code).plain for n in ("driver", "studies", *SIGNS, "level"))
    grid = Grid(head, tuple(rows), (1, 2, 3, 4, 5), (0.24, 0.09, 0.115, 0.115, 0.115, 0.095, 0.23)) if rows else None
    paragraphs = (*_tell("body.evidence_signs", facts=facts, code=code), why)
    notes = _tell("body.evidence_ladder", facts=facts, code=code)
    return Part(say("title.evidence", code=code).plain, paragraphs, None, grid, notes)


def _plan_part(results: Path, study: Study, facts: Mapping[str, Fact], code: str) -> Part | None:
    tell = partial(_tell, facts=facts, code=code)
    paragraphs = tell("body.plan_work", "body.plan_proof", "body.plan_carbon")
    if not paragraphs:
        return None
    rules = tell("body.rule_women", "body.rule_youth", "body.rule_country_floor")
    if rules and facts["plan_budget"].source == "source.study" and study.plan.rules.source is None:
        rules += tell("body.rules_illustrative")
    if rules:
        paragraphs += (_join_sentences(rules, code),)
    paragraphs += tell("body.plan_unverified")
    return Part(say("title.plan", code=code).plain, paragraphs, _cost_chart(results, facts, code))


def _cost_chart(results: Path, facts: Mapping[str, Fact], code: str) -> Drawing | None:
    allocation = read(results, "plan.parquet")
    if allocation is None or not len(allocation):
        return None
    from homeground.brief import charts

    columns = ["cost_usd", "cost_usd_low", "cost_usd_high"]
    frame = allocation.groupby("measure")[columns].sum().div(1e6).reset_index()
    names = {m: f"measure.{m}" for m in frame["measure"]}
    frame["label"] = [say(i, code=code).plain if known(i) else _capital(m.replace("_", " ")) for m, i in names.items()]
    title = say("chart.cost.title", code=code).plain
    svg = charts.interval_dots(
        frame, label="label", value="cost_usd", low="cost_usd_low", high="cost_usd_high", decimals=0, language=code,
        describe=title,
    )  # fmt: skip
    fact = facts["plan_cost"]
    shows = say("chart.cost.shows", {}, code, period=fact.period).plain
    return Drawing(_set_numbers(svg, code), title, shows, _caption(fact, code))


def _dry_chart(table: pd.DataFrame, facts: Mapping[str, Fact], code: str) -> Drawing | None:
    """Drylands by country (by region in a study of one country, the largest first)."""
    from homeground.brief import charts
    from homeground.catalogue.columns import columns, country_totals

    chosen = [c for c in columns("land") if c.column == "land_share_dryland"]
    if "land_drylands_share" not in facts:
        return None
    ends = ["land_share_dryland", "land_share_dryland_low", "land_share_dryland_high"]
    if table["iso3"].nunique() > 1:
        frame = country_totals(table, tuple(chosen))
        frame["label"] = frame["iso3"].map(country_names(code))
    else:
        frame = table.sort_values("area_km2", ascending=False).head(12).assign(label=table["name"])
    title = say("chart.dry.title", code=code).plain
    svg = charts.interval_dots(
        frame, label="label", value=ends[0], low=ends[1], high=ends[2], unit="%", decimals=0, language=code,
        describe=title,
    )  # fmt: skip
    return Drawing(
        _set_numbers(svg, code),
        title,
        say("chart.dry.shows", code=code).plain,
        _caption(facts["land_drylands_share"], code),
    )


def _map(results: Path, facts: Mapping[str, Fact], code: str) -> Drawing | None:
    """Aridity class of each region."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    from homeground.brief.maps import choropleth_svg

    table = gpd.read_parquet(results / "regions.parquet")
    if "land_aridity_index" not in table or "land_drylands_share" not in facts:
        return None
    names = [say(f"class.{name}", code=code).plain for name in ARIDITY]
    index = table["land_aridity_index"]
    place = np.searchsorted([edge for _, edge in ARIDITY.values()][:-1], index, side="right")
    values = pd.Series([names[i] for i in place], index=table["region_id"]).where(index.notna().to_numpy())
    title = say("map.title", code=code).plain
    svg = choropleth_svg(
        table, values, title=title, kind="classes", language=code, ident="brief", dashed=DASHED,
        classes=dict(zip(names, [colour for colour, _ in ARIDITY.values()], strict=True)),
        country_names=country_names(code), amounts=table.set_index("region_id")["area_km2"],
        amount_unit=say("map.unit", code=code).plain,
    )  # fmt: skip
    return Drawing(
        _set_numbers(svg, code), "", say("map.shows", code=code).plain, _caption(facts["land_drylands_share"], code)
    )


def _caption(fact: Fact, code: str) -> str:
    words = {"period": fact.period, "source": fact.source, "licence": fact.licence}
    said = {name: words_or_id(text, code) for name, text in words.items()}
    return say("ui.caption", {}, code, kind=say(f"kind.{fact.kind}", code=code).plain, **said).plain


def _sources(facts: Iterable[Fact], code: str) -> Grid:
    rows = []
    for (source, kind, period, licence, reason), used in used_sources(facts).items():
        labels = list(dict.fromkeys(_label(f, code) for f in used))
        about = f"{say(f'kind.{kind}', code=code).plain}; {words_or_id(period, code)}"
        cells = (listed(labels, code), words_or_id(source, code), about, words_or_id(licence, code))
        why = words_or_id(reason, code) if reason else ""
        rows.append(tuple(Text((Run(cell),)) for cell in (*cells, why)))
    head = tuple(say(f"table.{n}", code=code).plain for n in ("numbers", "source", "kind", "licence", "no_interval"))
    return Grid(head, tuple(rows), (), (0.2, 0.3, 0.2, 0.15, 0.15))


def _label(fact: Fact, code: str) -> str:
    """What a fact is called in the table of sources; counts of one kind share a label."""
    key = fact.key
    while not known(f"fact.{key}"):
        key, cut, _ = key.rpartition("_")
        if not cut:
            raise DataError(f"fact {fact.key} has no label. Add fact.{fact.key} to locale/brief.pot.")
    return say(f"fact.{key}", code=code).plain


def _notes(study: Study, code: str) -> tuple[str, ...]:
    notes = [term("disclaimer_boundaries", code)]
    if "XKX" in study.countries:
        notes.append(f"* {term('note_kosovo', code)}")
    return tuple(notes)


def _study_words(study: Study, what: str, code: str) -> str:
    """Title or question of a shipped study in the language; of the user's own study as it is written."""
    name = f"study.{study.id}.{what}"
    own = str(getattr(study, what))
    if not known(name) or say(name).plain != own:
        return own
    return say(name, code=code).plain


def country_names(code: str) -> dict[str, str]:
    """Name of each country in the language, with the mark of its footnote."""
    table = atlas.countries()
    marks = table["note_key"].fillna("").map(lambda key: "*" if key else "")
    return dict(zip(table["iso3"], table[f"name_{code}"] + marks, strict=True))


def _made(results: Path) -> tuple[str, str]:
    """Day of the last step before the brief, and the version that made it: the same results give the same bytes."""
    record = read_run(results)
    days = [s.get("finished", "") for key, s in record["steps"].items() if not key.startswith("brief.")]
    return (max(days, default="")[:10] or "1970-01-01"), str(record.get("homeground", ""))


def _date(day: str, code: str) -> str:
    from datetime import date

    from babel.dates import format_date

    return format_date(date.fromisoformat(day), "long", locale=language(code).locale)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _join(texts: Sequence[Text], code: str) -> Text:
    """Clauses as one list."""
    marks = [f"\u0001{i}\u0001" for i in range(len(texts))]
    runs: list[Run] = []
    for piece in re.split("(\u0001\\d+\u0001)", listed(marks, code)):
        runs += texts[int(piece[1:-1])].runs if piece.startswith("\u0001") else (Run(piece),) if piece else ()
    return Text(tuple(runs), tuple(f for t in texts for f in t.facts))


def _join_sentences(texts: Sequence[Text], code: str) -> Text:
    gap = (Run(" "),) if language(code).spaced else ()
    runs = [run for i, t in enumerate(texts) for run in ((*gap, *t.runs) if i else t.runs)]
    return Text(tuple(runs), tuple(f for t in texts for f in t.facts))


def _set_numbers(svg: str, code: str) -> str:
    """Group digits in a drawing as the text around it does."""
    return svg if code == "fr" else re.sub("(?<=\\d)\u202f(?=\\d)", ",", svg)


def _svg_texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", found) for found in re.findall(r"<text\b.*?</text>", svg, flags=re.S)]


def render_pdf(report: Report) -> bytes:
    """The brief as PDF/A; a warning of the typesetter or a missing glyph is an error."""
    setting = language(report.language)
    stack = ", ".join(f"'{font}'" for font in setting.fonts)

    def plain(value: Any) -> Any:
        if isinstance(value, Text):
            return [[run.style, run.text] for run in value.runs]
        if isinstance(value, Drawing):
            return {**vars(value), "svg": value.svg.replace(INK_STACK, stack)}
        if hasattr(value, "__dataclass_fields__"):
            return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
        if isinstance(value, tuple | list):
            return [plain(v) for v in value]
        return value

    content = plain(report) | {"fonts": list(setting.fonts), "lang": setting.typst[0], "region": setting.typst[1]}
    content["bold"] = setting.spaced  # the Chinese typeface comes in one weight
    source = (TEMPLATES / "brief.typ").read_text(encoding="utf-8")
    return set_pdf(source, {"brief": json.dumps(content, ensure_ascii=False, default=str)})


def render_html(report: Report) -> str:
    """The brief as one HTML file without outside parts."""
    import jinja2
    from markupsafe import Markup, escape

    def marked(text: Text) -> Markup:
        spans = {"number": "<b>{}</b>", "interval": '<span class="i">{}</span>', "": "{}"}
        return Markup("").join(Markup(spans[r.style]).format(escape(r.text)) for r in text.runs)  # noqa: S704

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"marked": marked, "drawn": Markup}  # noqa: S704 - drawn by us
    return environment.get_template("brief.html.j2").render(r=report, lang=language(report.language).typst[0])
