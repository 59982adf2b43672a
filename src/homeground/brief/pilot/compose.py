# SPDX-License-Identifier: Apache-2.0
"""What the pack of a pilot says: what is missing, screened projects, segments, arms, sample size, stop rule, refutation."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from homeground.brief.accelerator.cop_report.annex import places
from homeground.brief.accelerator.cop_report.content import CopReport, Paragraph, Section
from homeground.brief.facts.sources import study_words
from homeground.brief.policy_brief.content import BriefTable
from homeground.brief.proposal.compose import version_of_homeground
from homeground.brief.proposal.ledger import Ledger
from homeground.brief.proposal.origins import missing_first, numbers_table, told_missing
from homeground.brief.proposal.tables_of_run import Cell, table_of
from homeground.finance.pilot.given import Setting, design_of, parts, read_design, read_projects
from homeground.finance.pilot.power import (
    SampleSize,
    power_for_means,
    power_for_shares,
    sample_for_means,
    sample_for_shares,
)
from homeground.finance.pilot.screening import criteria, screen_projects
from homeground.language import figures
from homeground.language.languages import language
from homeground.language.quantities import Text
from homeground.numbers.fact import Fact
from homeground.study.model import Study

HERE = "finance/pilot/design.csv"
SHARES = ("share_control", "share_treated", "alpha", "power", "attrition", "stop_complaints", "stop_losses",
          "stop_family_transfers", "least_difference", "least_paid")  # fmt: skip


@dataclass(frozen=True)
class Pack:
    """What a pack is made from, and its numbers."""

    book: Ledger
    settings: Mapping[str, Setting]
    comparisons: int
    shares: SampleSize
    means: SampleSize
    screened: pd.DataFrame | None

    @property
    def clusters(self) -> int:
        """Groups in each arm: as many as the outcome that asks for more."""
        return max(self.shares.clusters, self.means.clusters)


def open_pack(
    study: Study, code: str, *, projects: Path | pd.DataFrame | None = None, design: Path | None = None
) -> Pack:
    """Everything computed, before anything is written.

    Raises
    ------
    DataError
        What is wrong with the projects or the design, all at once.
    """
    language(code)
    settings = read_design(design)
    comparisons = len(parts("arm")) - 1
    drawn = design_of(settings, comparisons)
    value = {name: one.value for name, one in settings.items()}
    shares = sample_for_shares(value["share_control"], value["share_treated"], drawn)
    means = sample_for_means(value["mean_difference"], 1.0, drawn)
    table = read_projects(projects) if isinstance(projects, Path) else projects
    screened = None if table is None else screen_projects(table, list(study.countries))
    pack = Pack(Ledger(Path(), study, code), settings, comparisons, shares, means, screened)
    _facts(pack)
    return pack


def _facts(pack: Pack) -> None:
    book = pack.book
    for name, one in pack.settings.items():
        percent = name in SHARES
        unit = "%" if percent else "persons" if one.unit == "persons" else "1"
        number = 100 * one.value if percent else one.value
        decimals = 0 if abs(number - round(number)) < 1e-9 else 2
        fact = Fact(name, number, unit, one.source, "published" if one.own else "default", "accelerator.cop.undated",
                    no_interval="why.given", decimals=decimals)  # fmt: skip
        book.add(fact, "given/design.csv" if one.own else HERE, f"setting {name}")
    drawn = design_of(dict(pack.settings), pack.comparisons)
    value = {name: one.value for name, one in pack.settings.items()}
    surely = (
        power_for_shares(value["share_control"], value["share_treated"], pack.clusters, drawn),
        power_for_means(value["mean_difference"], 1.0, pack.clusters, drawn),
    )
    recruited = pack.clusters * value["cluster_size"]
    numbers = (
        ("design_effect", pack.shares.design_effect, "1", 2), ("clusters", pack.clusters, "groups", 0),
        ("recruited", recruited, "persons", 0), ("recruited_all", recruited * (pack.comparisons + 1), "persons", 0),
        ("clusters_shares", pack.shares.clusters, "groups", 0), ("clusters_means", pack.means.clusters, "groups", 0),
        ("alone_shares", pack.shares.alone, "persons", 0), ("alone_means", pack.means.alone, "persons", 0),
        ("power_shares", 100 * surely[0], "%", 0), ("power_means", 100 * surely[1], "%", 0),
        ("comparisons", pack.comparisons, "1", 0),
    )  # fmt: skip
    for name, number, unit, decimals in numbers:
        fact = Fact(
            name,
            float(number),
            unit,
            "source.rule",
            "modelled",
            "accelerator.cop.undated",
            no_interval="why.rule",
            decimals=decimals,
        )
        book.add(fact, "finance/pilot/power.py", name)


def compose_pack(pack: Pack, *, on: datetime.date) -> CopReport:
    """The pack in its language."""
    book, study = pack.book, pack.book.study
    builders: tuple[tuple[str, Callable[[Pack], tuple[list[Text], list[BriefTable], list[Text]]]], ...] = (
        ("asks", _asks), ("projects", _projects), ("segments", _segments), ("arms", _arms), ("sample", _sample),
        ("stop", _stop), ("refute", _refute), ("protection", _protection),
    )  # fmt: skip
    sections, lacking = [], []
    for number, (name, builder) in enumerate(builders, start=2):
        said, tables, gaps = builder(pack)
        lacking += [(str(number), gap) for gap in gaps]
        paragraph = Paragraph(tuple(said), told_missing(book, gaps), (), tuple(tables))
        sections.append(Section(1, book.say(f"pilot.title.{name}").plain, (paragraph,)))
    sections.insert(0, missing_first(book, lacking))
    paragraphs = [one for section in sections for one in section.paragraphs]
    used = places(paragraphs)
    title = study_words(study.title, book.code)
    made = book.say("pilot.made", date=figures.date(on, book.code), version=version_of_homeground(), study=study.id)
    annex = (book.say("title.numbers").plain, book.say("pilot.numbers_how").plain, numbers_table(book, used))
    return CopReport(
        language=book.code,
        title=book.say("pilot.title", title=title).plain,
        subtitle=book.say("subtitle").plain,
        made=made.plain,
        date=on.isoformat(),
        sections=tuple(sections),
        annexes=(annex,),
        notes=(),
        origins=tuple((fact, book.origins[fact]) for fact in used),
        quoted=(title, made.plain),
    )


Said = tuple[list[Text], list[BriefTable], list[Text]]


def _asks(pack: Pack) -> Said:
    say = pack.book.say
    return (
        [say("pilot.asks"), say("pilot.asks_outcomes")],
        [],
        [say("pilot.lacks_ethics"), say("pilot.lacks_registration")],
    )


def _projects(pack: Pack) -> Said:
    book = pack.book
    rules: list[list[Cell]] = [
        [
            book.say(f"pilot.criterion.{row['criterion']}").plain,
            book.say("pilot.must" if row["must"] == "yes" else "pilot.better").plain,
        ]
        for row in criteria()
    ]
    tables = [table_of(book, ("criterion", "need"), rows=rules, first=0.75)]
    if pack.screened is None or pack.screened.empty:
        return [book.say("pilot.projects_how")], tables, [book.say("pilot.lacks_projects")]
    rows: list[list[Cell]] = []
    for project, own in pack.screened.groupby("project", sort=False):
        reasons = []
        for state in ("not_met", "not_known"):
            names = [book.say(f"pilot.criterion.{c}").plain for c in own.loc[own["found"] == state, "criterion"]]
            if names:
                reasons.append(book.say(f"pilot.found.{state}", names=names).plain)
        rows.append([str(project), book.say(f"pilot.verdict.{own['verdict'].iloc[0]}").plain, " ".join(reasons) or "–"])
    tables.append(table_of(book, ("project", "verdict", "reasons"), rows=rows, first=0.2))
    return [book.say("pilot.projects_how")], tables, []


def _segments(pack: Pack) -> Said:
    book = pack.book
    rows: list[list[Cell]] = [
        [book.say(f"pilot.segment.{key}{end}").plain for end in ("", ".offer", ".engage")] for key in parts("segment")
    ]
    return (
        [book.say("pilot.segments_how")],
        [table_of(book, ("segment", "offer", "engage"), rows=rows)],
        [book.say("pilot.lacks_segments")],
    )


def _arms(pack: Pack) -> Said:
    book = pack.book
    rows: list[list[Cell]] = [
        [book.say(f"pilot.arm.{key}{end}").plain for end in ("", ".what")] for key in parts("arm")
    ]
    return [book.say("pilot.arms_how")], [table_of(book, ("arm", "what"), rows=rows)], [book.say("pilot.lacks_terms")]


def _sample(pack: Pack) -> Said:
    book = pack.book
    rows: list[list[Cell]] = []
    for name in ("shares", "means"):
        numbers = [book.facts[f"{kind}_{name}"] for kind in ("alone", "clusters", "power")]
        rows.append([book.say(f"pilot.outcome.{name}").plain, *numbers])
    said = [
        book.say("pilot.sample"),
        book.say("pilot.sample_groups"),
        book.say("pilot.sample_all"),
        book.say("pilot.sample_formula"),
    ]
    gaps = [book.say("pilot.lacks_own_design")] if not any(one.own for one in pack.settings.values()) else []
    if pack.shares.few_clusters or pack.means.few_clusters:
        said.append(book.say("pilot.few_groups"))
    return said, [table_of(book, ("outcome", "alone", "groups", "power"), rows=rows, first=0.4)], gaps


def _stop(pack: Pack) -> Said:
    say = pack.book.say
    return [say("pilot.stop_how"), *(say(f"pilot.stop.{key}") for key in parts("stop"))], [], [say("pilot.lacks_board")]


def _refute(pack: Pack) -> Said:
    say = pack.book.say
    return [say("pilot.refute_how"), *(say(f"pilot.refute.{key}") for key in parts("refute"))], [], []


def _protection(pack: Pack) -> Said:
    say = pack.book.say
    return [say("protection_rule"), say("pilot.protection_how")], [], [say("lacks_signatures")]
