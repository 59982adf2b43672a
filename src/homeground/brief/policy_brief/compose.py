# SPDX-License-Identifier: Apache-2.0
"""What the brief says: in each language the same facts in the same order."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from homeground.brief.facts.assessed.noise import NULLS, rounded_verdict, verdict
from homeground.brief.facts.assessed.places import region_names
from homeground.brief.facts.collect import collect
from homeground.brief.facts.evidence import REASONS, SIGNS, sign_table
from homeground.brief.facts.results import read
from homeground.brief.facts.sources import printed, study_words
from homeground.brief.policy_brief.content import BriefTable, Part, Report
from homeground.brief.policy_brief.figures import cost_chart, dryland_chart, land_map, moderator_forest
from homeground.brief.policy_brief.where import places_named, where_found, where_part
from homeground.errors import DataError
from homeground.language import figures
from homeground.language.figures import listed
from homeground.language.languages import language
from homeground.language.messages import known, needs, say, stated, words_or_id
from homeground.language.quantities import Run, Text, quantity
from homeground.language.terms import term
from homeground.language.wording import slug
from homeground.numbers.fact import Fact, used_sources
from homeground.running.record import read_run
from homeground.running.steps import REPORTED
from homeground.running.tables import EFFECTS, EFFECTS_POOLED, REGIONS
from homeground.study.model import Study

LEVELS = {1: "described", 2: "associated", 3: "consistent", 4: "trial"}
PARTS = ("land", "people", "evidence", "plan", "finance", "risk")
FREE = 0.05  # per cent; a rule that costs less is said to cost nothing
SAME = 0.5  # points of per cent; a smaller change of degraded land is none
FEW = 0.5  # per cent; less hyper-arid land is not worth a clause


def compose(results: Path, study: Study, code: str) -> Report:
    """What the brief says in one language, from the tables of a results folder."""
    language(code)
    regions = read(results, REGIONS)
    if regions is None:
        raise DataError(f"{study.id} has no regions in {results.name}. Run the study first: homeground run {study.id}")
    facts = collect(results, study)
    tell = partial(_tell, facts=facts, code=code)
    date, version = _made(results)
    drawn = land_map(results, facts, code, region_names(results, study, code))
    dry = facts.get("land_dry_regions")
    some = () if dry is None or (dry.value == 0 and not quantity(dry, code)[1]) else ("body.land_regions",)
    displaced = "body.displaced_one" if len(study.countries) == 1 else "body.displaced"
    found = (
        Part(
            say("title.land", code=code).plain,
            tell(
                *some,
                "body.land_degraded_range",
                *_noise(facts),
                "body.land_sampled",
                "body.land_gap",
                displaced,
                "body.mobility",
            ),
        ),
        where_part(results, study, facts, code),
        _evidence_part(results, facts, code),
        _plan_part(results, study, facts, code),
        Part(
            say("title.risk", code=code).plain,
            tell("body.risk_moves", "body.risk_holds") if "risk_high" in facts else (),
        ),
    )
    parts = tuple(p for p in found if p and p.paragraphs)
    evidence = say("title.evidence", code=code).plain
    if not any(p.drawing for p in parts if p.title != evidence):  # one chart of intervals at the least
        parts = (replace(parts[0], drawing=dryland_chart(regions, facts, code)), *parts[1:])
    absent = [p for p in PARTS if p not in _present(facts)]
    limits = [Text((Run(_capital(study_words(t, code))),)) for t in study.cannot_say]
    limits += tell(*(f"limit.{name}" for name in _present(facts) if known(f"limit.{name}")), "limit.interval")
    limits = [*tell("limit.land_covered", "limit.land_drought_covered"), *limits]  # first: it bounds what stands above
    coarse = listed(study.not_reportable, code) if study.not_reportable else ""
    limits = [say("limit.not_reportable", {}, code, layers=coarse, sdg=REPORTED), *limits] if coarse else limits
    limits += tell("limit.kosovo") if "XKX" in study.countries and "idps" in facts else ()
    if absent:
        names = listed([say(f"part.{p}", code=code).plain for p in absent], code)
        limits.append(say("limit.absent", {}, code, parts=names))
    findings = _with_places(_findings(facts, study, code), where_found(results, study, facts, code, "degraded"), code)
    if coarse:
        findings = _with_coarse(findings, say("limit.not_reportable", {}, code, layers=coarse, sdg=REPORTED), code)
    report = Report(
        language=code,
        title=study_words(study.title, code),
        question=study_words(study.question, code),
        kicker=say("ui.kicker", code=code).plain,
        made=say(
            "ui.made",
            {},
            code,
            date=figures.date(datetime.date.fromisoformat(date), code),
            version=version,
            study=study.id,
            scenario=study.scenario_name,
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
        said_by_study=(*(study_words(t, code) for t in study.cannot_say), *places_named(results, study, code)),
    )
    return replace(report, sources=replace(report.sources, paragraphs=_sources(report.facts, code)))


def _tell(*ids: str, facts: Mapping[str, Fact], code: str) -> tuple[Text, ...]:
    """The messages whose facts are all known; the others are left out."""
    return tuple(say(i, facts, code) for i in ids if needs(i) <= set(facts))


def _present(facts: Mapping[str, Fact]) -> list[str]:
    marks = {"land": "land_drylands_share", "people": "people_total", "mobility": "net_migration"}
    marks |= {"evidence": "evidence_studies", "plan": "plan_hectares", "finance": "finance_rate", "risk": "risk_high"}
    return [part for part, key in marks.items() if key in facts]


def _findings(facts: Mapping[str, Fact], study: Study, code: str) -> tuple[tuple[str, Text], ...]:
    """One row for each part on page one, in the words that its numbers allow."""

    def at(key: str, default: float = 0.0) -> float:
        return facts[key].value if key in facts else default

    land = "finding.land" if at("land_hyperarid_share") >= FEW else "finding.land_dry"
    way = "out" if at("net_migration") < 0 else "in"
    mobility = [f"finding.mobility_{way}" + ("" if "idps" in facts else "_only")]
    mobility += ["finding.mobility_whole"] if study.regions == "custom" and "net_migration" in facts else []
    without, single = at("evidence_countries_without", 1.0) > 0, at("study_countries") == 1
    evidence = "finding.evidence" + {
        (True, True): "_one_none", (False, True): "_one", (True, False): "", (False, False): "_all",
    }[without, single]  # fmt: skip
    risk = "finding.risk" if at("risk_high") else "finding.risk_none"
    few = "_one" if single else "_one_of" if at("remittances_countries") == 1 else ""
    money = (_finance_finding(facts), f"finding.finance_household{few}")
    chosen = (land, *_series_findings(facts), "finding.people", *mobility, evidence, "finding.plan", *money, risk)
    rows: dict[str, list[Text]] = {}
    for name in chosen:
        part = name.split(".")[1].split("_")[0].replace("mobility", "people")
        rows.setdefault(part, []).extend(_tell(name, facts=facts, code=code))
    return tuple(
        (say(f"part.{part}", code=code).plain, _join_sentences(said, code)) for part, said in rows.items() if said
    )


def _with_places(
    findings: tuple[tuple[str, Text], ...], places: tuple[Text, ...], code: str
) -> tuple[tuple[str, Text], ...]:
    """The finding on the land says where it is degraded."""
    land = say("part.land", code=code).plain
    return tuple((part, _join_sentences([said, *places], code) if part == land else said) for part, said in findings)


def _with_coarse(findings: tuple[tuple[str, Text], ...], told: Text, code: str) -> tuple[tuple[str, Text], ...]:
    """Page one says in its first finding what is too coarse to be reported of."""
    (part, said), *others = findings
    return ((part, _join_sentences([said, told], code)), *others)


def _series_findings(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """How degraded land compares with the baseline, and whether any year was dry; none without series of the user's own."""
    found: list[str] = []
    if "land_degraded" in facts:
        more = facts["land_degraded"].value - facts["land_degraded_before"].value
        found.append("finding.land_degraded_" + ("same" if abs(more) < SAME else "more" if more > 0 else "less"))
        found += ["finding.land_by_chance"] if _noise(facts) and not _noise(facts)[0].endswith("more") else []
    found += ["finding.land_covered"] if "land_covered" in facts else []
    if "land_drought" in facts:
        dry = "" if "land_drought_most" in facts else "_alike" if facts["land_drought"].value else "_none"
        found.append(f"finding.land_drought{dry}")
    found += ["finding.land_drought_covered"] if "land_drought_covered" in facts else []
    return tuple(found)


def _noise(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """How degraded land compares with what series without any change, and what the observed rain alone, would give."""
    found, known = [], {null: facts[name] for null in NULLS if (name := f"land_degraded_{null}") in facts}
    for null, fact in known.items():
        if fact.low is not None and fact.high is not None:
            judge = verdict if null == "noise" else rounded_verdict
            found.append(f"body.land_{null}_{judge(facts['land_degraded'].value, fact.low, fact.high)}")
    return tuple(found)


def _finance_finding(facts: Mapping[str, Fact]) -> str:
    """Whether the interval of the return holds one, lies above or below it."""
    fact = facts.get("finance_bcr")
    if fact is None or fact.low is None or fact.high is None or fact.low < 1 < fact.high:
        return "finding.finance_unsure"
    return "finding.finance_gain" if fact.low >= 1 else "finding.finance_loss"


def _evidence_part(results: Path, facts: Mapping[str, Fact], code: str) -> Part | None:
    effects, groups = read(results, EFFECTS), read(results, EFFECTS_POOLED)
    if effects is None or groups is None or "evidence_studies" not in facts:
        return None
    reasons = [f"groups.{r}" for r in REASONS if f"evidence_groups_{r}" in facts]
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
        cells = [Text((Run(quantity(f, code, unit=False)[0]),), (f,)) for f in counts]
        rows.append((label, *cells, say(f"level.{LEVELS[int(row['level'])]}", code=code)))
    head = tuple(say(f"table.{n}", code=code).plain for n in ("driver", "studies", *SIGNS, "level"))
    grid = BriefTable(head, tuple(rows), (1, 2, 3, 4, 5), (0.22, 0.09, 0.1, 0.1, 0.1, 0.09, 0.3)) if rows else None
    paragraphs = (*_tell("body.evidence_signs", facts=facts, code=code), why)
    notes = _tell("body.evidence_ladder", facts=facts, code=code)
    drawing = moderator_forest(results, code)
    return Part(say("title.evidence", code=code).plain, paragraphs, drawing, grid, notes)


def _plan_part(results: Path, study: Study, facts: Mapping[str, Fact], code: str) -> Part | None:
    tell = partial(_tell, facts=facts, code=code)
    if "plan_hectares" not in facts:
        return None
    weighted = facts["plan_objective"]
    paragraphs = tell("body.plan_work", "body.plan_carbon")
    paragraphs += tell("body.plan_range") if quantity(weighted, code)[1] else ()
    paragraphs += tell("body.plan_unspent")
    rules = [text for name in ("women", "youth", "country_floor") for text in tell(_rule_message(facts, name))]
    if rules and study.plan.rules.source is None:
        rules += tell("body.rules_illustrative")
    rules += tell("body.plan_proof")
    paragraphs += (_join_sentences(rules, code),) if rules else ()
    paragraphs += tell("body.plan_unverified", "body.finance_open", "body.registry_money", "body.registry_land")
    if "finance_rate" in facts:
        spread = say("spread.draws" if "finance_above_zero" in facts else "spread.envelope", facts, code)
        paragraphs += (say("body.finance_views", facts, code, spread=spread), *tell("body.finance_cover"))
    drawing, grid = cost_chart(results, facts, code), _finance_grid(facts, code)
    return Part(say("title.plan", code=code).plain, paragraphs, drawing, grid)


def _rule_message(facts: Mapping[str, Fact], rule: str) -> str:
    """The message on what a rule costs; another one where it costs nothing."""
    price = facts.get(f"plan_price_{rule}")
    return f"body.rule_{rule}" + ("_free" if price is not None and price.value < FREE else "")


def _finance_grid(facts: Mapping[str, Fact], code: str) -> BriefTable | None:
    """Worth for land users and return per dollar at each discount rate, without and with the shadow price of carbon."""
    rates = [key.removeprefix("finance_rate_") for key in facts if key.startswith("finance_rate_")]
    columns = ("npv_financial", "bcr_financial", "bcr_economic")
    rows = []
    for rate in rates:
        found = [facts.get(f"finance_{c}_{rate}") for c in columns]
        if all(found):
            rows.append(
                (stated(facts[f"finance_rate_{rate}"], code), *(stated(f, code, unit=False) for f in found if f))
            )
    if not rows:
        return None
    head = tuple(say(f"table.{c}", code=code).plain for c in ("rate", *columns))
    return BriefTable(head, tuple(rows), (1, 2, 3), (0.16, 0.34, 0.25, 0.25))


def _sources(facts: Iterable[Fact], code: str) -> tuple[Text, ...]:
    """Which numbers come from where, of what kind, on what terms, and why some have no interval."""
    colon, comma, semicolon = (say(f"ui.{mark}", code=code).plain for mark in ("colon", "comma", "semicolon"))
    entries = []
    for (source, licence), used in used_sources(facts).items():
        labels = listed(dict.fromkeys(_label(f, code) for f in used), code)
        kinds = dict.fromkeys((f.kind, f.period) for f in used)
        said = [printed(source, code)]
        said += [say(f"kind.{kind}", code=code).plain + comma + printed(period, code) for kind, period in kinds]
        if licence:
            said.append(say("ui.licence", {}, code, licence=printed(licence, code)).plain)
        if why := _reasons(used, code):
            said.append(say("ui.no_interval", {}, code, why=why).plain)
        entries.append(Text((Run(_capital(labels), "number"), Run(colon + semicolon.join(said)))))
    return tuple(entries)


def _reasons(used: Sequence[Fact], code: str) -> str:
    """Why facts of one source have no interval; which of them, where they differ."""
    by_reason: dict[str, dict[str, None]] = {}
    for fact in used:
        why = fact.no_interval or ("" if quantity(fact, code)[1] else "why.narrow")
        by_reason.setdefault(words_or_id(why, code) if why else "", {})[_label(fact, code)] = None
    if len(by_reason) == 1:
        return next(iter(by_reason))
    pairs = [(listed(names, code), why) for why, names in by_reason.items() if why]
    comma = say("ui.comma", code=code).plain
    return comma.join(say("ui.because", {}, code, what=what, why=why).plain for what, why in pairs)


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


def _made(results: Path) -> tuple[str, str]:
    """Day of the last step before the brief, and the version that made it: the same results give the same bytes."""
    record = read_run(results)
    days = [s.get("finished", "") for key, s in record["steps"].items() if not key.startswith("brief.")]
    return (max(days, default="")[:10] or "1970-01-01"), str(record.get("homeground", ""))


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
