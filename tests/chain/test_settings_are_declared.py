# SPDX-License-Identifier: Apache-2.0
"""Each step names the settings that it reads: one that it does not name would leave old results standing when it changes."""

from __future__ import annotations

from homeground.catalogue.examples.own_land import write_own_land
from homeground.chain import order
from homeground.chain import run as chain
from homeground.running import steps as running
from homeground.study import plan_section, sections
from homeground.study.opening import open_study

SECTIONS = {"land": sections.Land, "plan": plan_section.Plan, "finance": sections.Finance}


def declared(name, setting, known):
    """Whether a step, or one that it needs, names a setting or all of its section: a step runs again when one before it does."""
    step, parts = known[name], setting.split(".")
    own = any(".".join(parts[:k]) in step.settings for k in range(1, len(parts) + 1))
    return own or any(declared(before, setting, known) for before in step.needs)


def test_every_step_declares_the_settings_that_it_reads(tmp_path, monkeypatch):
    """The made land, with months of growth and drought of its own, so that these are read too."""
    folder = tmp_path / "own"
    write_own_land(folder)
    text = (folder / "study.toml").read_text("utf-8")
    (folder / "study.toml").write_text(text.replace("[land]\n", "[land]\ndrought_month = 10\n"), encoding="utf-8")
    study = open_study(folder)
    now, read = [""], {}
    run_step = running._run_step

    def run(study, step, results, key, *words):
        now[0] = key
        try:
            return run_step(study, step, results, key, *words)
        finally:
            now[0] = ""

    def watched(name, section):
        plain = section.__getattribute__

        def get(self, attribute):
            if now[0] and attribute in section.model_fields:
                read.setdefault(now[0], set()).add(f"{name}.{attribute}")
            return plain(self, attribute)

        monkeypatch.setattr(section, "__getattribute__", get)

    monkeypatch.setattr(running, "_run_step", run)
    for name, section in SECTIONS.items():
        watched(name, section)
    chain.run(study, root=tmp_path / "results")
    assert "land.drought_month" in read["land.drought"]
    known = {f"{stage.name}.{step.name}": step for stage in order.stages() for step in stage.steps}
    hidden = {name: sorted(s for s in found if not declared(name, s, known)) for name, found in read.items()}
    assert {name: found for name, found in hidden.items() if found} == {}
