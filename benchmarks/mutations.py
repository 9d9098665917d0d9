"""Faults made by hand, one at a time: does a test notice? `python -m benchmarks mutations`

Each is a slip that a person could make and that would show a reader a wrong number, or one that
nobody may see. Every fault is put into a copy of the project, where only the test named beside it
runs.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import table
from indicators.folders import PROJECT

WANTED = 0.95  # the share of faults that tests must notice
MOST_SECONDS = 300  # for one fault; a test that hangs has noticed nothing
# What the tests need none of, some of it large or of a town; `.*` but the settings of Streamlit.
_LEFT_OUT = {"build", "data/releases", "data/received", "data/office"}
_SETTINGS = ".streamlit"
_FAILED = 1  # what pytest returns where tests ran and some failed


@dataclass(frozen=True)
class Fault:
    """`text` stands exactly once in `file` and becomes `instead`; `test` has to notice it: a file
    (of which only the tests run that `make check` runs, so that nothing waits for a release) or one
    of its tests. `why` says what it would do."""

    file: str
    text: str
    instead: str
    test: str
    why: str

    def broken(self, project: Path) -> str:
        """The content of the file with the fault. Raises ValueError if it cannot be made."""
        content = (project / self.file).read_text(encoding="utf-8")
        found = content.count(self.text)
        if found != 1:
            raise ValueError(
                f"{self.file}: „{self.text.strip()}“ stands there {found} times, not once. Adapt "
                f"the row to the code as it is now ({self.why})."
            )
        if self.text == self.instead:
            raise ValueError(f"{self.file}: „{self.text.strip()}“ is replaced by itself")
        return content.replace(self.text, self.instead)


FAULTS = (
    # --- sums and ratios
    Fault(
        "indicators/analysis/ratio.py",
        'value = (factor * both["value"] / both["value_below"].where(usable)).where(usable)',
        'value = (factor * both["value"] / (both["value_below"] + both["value"])).where(usable)',
        "tests/unit/test_ratio.py",
        "the group is counted with its part once more: every share is too small",
    ),
    Fault(
        "indicators/analysis/ratio.py",
        "complete = count >= expected",
        "complete = count >= 1",
        "tests/unit/test_ratio.py",
        "a part that nobody delivered counts as none",
    ),
    Fault(
        "indicators/analysis/ratio.py",
        "told[has_value] = status_of_result(value, rounded)[has_value]",
        "told[has_value] = status_of_result(value, False)[has_value]",
        "tests/unit/test_ratio.py",
        "a rounded zero becomes one that says that nobody is there",
    ),
    Fault(
        "indicators/analysis/ratio.py",
        "out[index] = join_flags(*dict.fromkeys(texts[group == index]))",
        "out[index] = texts[group == index][0]",
        "tests/unit/test_ratio.py",
        "a sum loses the flags of all parts but the first",
    ),
    Fault(
        "indicators/analysis/ratio.py",
        "usable = has & ~zero_below",
        "usable = has",
        "tests/unit/test_ratio.py",
        "a share of nobody becomes a number",
    ),
    Fault(
        "indicators/analysis/ratio.py",
        'both["flags"], both["flags_below"]',
        'both["flags"], both["flags"]',
        "tests/unit/test_ratio.py",
        "a share does not say that its denominator is rounded or preliminary",
    ),
    # --- values
    Fault(
        "indicators/release/values.py",
        'found = found.assign(year=found["year"] - term.offset)',
        'found = found.assign(year=found["year"] + term.offset)',
        "tests/unit/test_values.py",
        "cases are divided by the population of a wrong year",
    ),
    Fault(
        "indicators/release/values.py",
        'settled = rows["status"].isin([*_NUMBERS, Status.TOO_FEW.value])',
        'settled = rows["status"].isin(_NUMBERS)',
        "tests/unit/test_values.py",
        "a rate withheld for too few cases comes back ready-made",
    ),
    Fault(
        "indicators/release/values.py",
        "    summed = ratio.instead(ratio.total(rows, ratio.PLACE, expected), own, ratio.PLACE)",
        "    found = ratio.total(rows, ratio.PLACE, expected)\n"
        '    found = found.assign(value=found["value"] / found["region"].map(expected))\n'
        "    summed = ratio.instead(found, own, ratio.PLACE)",
        "tests/unit/test_values.py",
        "a joint region has the mean of its members instead of their sum",
    ),
    Fault(
        "indicators/release/values.py",
        'too_few = out["value"].notna() & (out["denominator"] < least)',
        'too_few = out["value"].notna() & (out["denominator"] < 0)',
        "tests/unit/test_values.py",
        "shares of a handful of children are shown",
    ),
    Fault(
        "indicators/release/values.py",
        "region=id, value=None, status=Status.NOT_APPLICABLE.value, flags=READY_MADE",
        "region=id, flags=READY_MADE",
        "tests/unit/test_values.py",
        "a joint region shows the ready-made rate of one member",
    ),
    Fault(
        "indicators/release/values.py",
        'divided = by if breakdown and (above or breakdown.of == "both") else None',
        "divided = by if breakdown else None",
        "tests/unit/test_values.py",
        "a share of all becomes a share within the category",
    ),
    Fault(
        "indicators/release/values.py",
        '        value=formats.rounded_column(rows["value"], indicator.shown_decimals),',
        '        value=formats.rounded_column(rows["value"], 0),',
        "tests/unit/test_values.py",
        "shares lose their decimal",
    ),
    Fault(
        "indicators/answers/counts.py",
        "if len(found) < len(parts) or",
        "if not found or",
        "tests/unit/test_counts.py",
        "a joint region is summed without the member that has no number",
    ),
    # --- signs and cells
    Fault(
        "indicators/symbols.py",
        '    "": Status.MISSING,',
        '    "": Status.ZERO,',
        "tests/unit/test_symbols.py",
        "an empty field counts as none",
    ),
    Fault(
        "indicators/symbols.py",
        '{".": Status.SECRET, "0": Status.ROUNDED_ZERO}',
        '{".": Status.SECRET, "0": Status.ZERO}',
        "tests/unit/test_symbols.py",
        "an official 0 (less than half a unit) is taken for exactly none",
    ),
    Fault(
        "indicators/symbols.py",
        "        value = -value\n    if value:",
        "        value = abs(value)\n    if value:",
        "tests/unit/test_symbols.py",
        "a loss by migration becomes a gain",
    ),
    Fault(
        "indicators/symbols.py",
        "return OwnCell(None, Status.SECRET)",
        "return OwnCell(0.0, Status.ZERO)",
        "tests/unit/test_own_tables.py",
        "<3 in a town's table counts as none",
    ),
    Fault(
        "indicators/symbols.py",
        'flags.str.contains("rounded_", regex=False) & (values != 0)',
        'flags.str.contains("rounded_", regex=False)',
        "tests/unit/test_ratio.py",
        "an exact zero of a rounding Land is taken for a rounded one",
    ),
    # --- periods
    Fault(
        "indicators/periods.py",
        'return make(int(match[1]) - (year_is == "end"))',
        "return make(int(match[1]))",
        "tests/unit/test_periods.py",
        "leavers of summer 2023 stand under 2023/24, a year late",
    ),
    Fault(
        "indicators/periods.py",
        "and later.year - earlier.year == 1",
        "and later.year - earlier.year >= 1",
        "tests/unit/test_periods.py",
        "a change over several years is told as that of one",
    ),
    Fault(
        "indicators/periods.py",
        '"school_year": date(self.year + 1, 7, 31),',
        '"school_year": date(self.year, 7, 31),',
        "tests/unit/test_periods.py",
        "a school year ends before it begins",
    ),
    # --- regions and reforms
    Fault(
        "indicators/release/territory.py",
        "dated = end >= reform.day",
        "dated = end > reform.day",
        "tests/unit/test_territory.py",
        "figures of the day of a reform are taken for the old territory",
    ),
    Fault(
        "indicators/release/territory.py",
        "found -= reform.ended if done[reform.name] else reform.begun",
        "found -= set() if done[reform.name] else reform.begun",
        "tests/unit/test_territory.py",
        "after a reform a Kreis is compared beside the one it became part of",
    ),
    Fault(
        "indicators/publishing/territory.py",
        "valid_to=reform.day - timedelta(days=1),",
        "valid_to=reform.day,",
        "tests/unit/test_local_regions.py",
        "on the day of a reform the old Kreis exists beside the new one",
    ),
    # --- checks of the build
    Fault(
        "indicators/publishing/checks.py",
        "        if not region.exists_on(start):\n            return True",
        "        if not region.exists_on(start):\n            return False",
        "tests/unit/test_checks.py",
        "a Kreis that does not exist any more has none of everything",
    ),
    Fault(
        "indicators/publishing/checks.py",
        'status=rows["status"].mask(zero & wrong, Status.MISSING.value),',
        'status=rows["status"],',
        "tests/unit/test_checks.py",
        "a total of none stands above parts with numbers",
    ),
    Fault(
        "indicators/publishing/checks.py",
        '"error" if share > 0.02 and gross.sum() > 5',
        '"error" if share > 0.9 and gross.sum() > 5',
        "tests/unit/test_checks.py",
        "a file of which a column was taken for another is published",
    ),
    Fault(
        "indicators/publishing/checks.py",
        'difference > np.maximum(slack, np.maximum(3, both["value"].abs() * 0.02))',
        'difference > np.maximum(slack, np.maximum(3, both["value"].abs() * 2))',
        "tests/unit/test_checks.py",
        "parts may make up three times their total",
    ),
    Fault(
        "indicators/publishing/collected.py",
        "within &= starts <= dataset.period.meant(one.last).start",
        "within &= starts < dataset.period.meant(one.last).start",
        "tests/unit/test_collected.py",
        "the last year in which something was counted is taken for not collected",
    ),
    Fault(
        "indicators/publishing/datasets.py",
        'both = both[both["value"] >= 0]',
        'both = both[both["value"] >= -9]',
        "tests/unit/test_datasets.py",
        "fewer than no boys are shown, because the office rounds",
    ),
    Fault(
        "indicators/publishing/datasets.py",
        'new = sums[sums["count"] == sums["members"]]',
        'new = sums[sums["count"] > 0]',
        "tests/unit/test_datasets.py",
        "a Land is summed without the Kreise that have no number",
    ),
    # --- which of several files counts
    Fault(
        "indicators/publishing/precedence.py",
        "ordered, parts = in_order(editions), []",
        "ordered, parts = in_order(editions)[::-1], []",
        "tests/unit/test_datasets.py",
        "the older edition of a table replaces the newer one",
    ),
    Fault(
        "indicators/publishing/precedence.py",
        "        not edition.excerpt,\n        edition.stand,",
        "        True,\n        edition.stand,",
        "tests/unit/test_excerpts.py",
        "a shipped excerpt replaces the table of the office",
    ),
    Fault(
        "indicators/publishing/precedence.py",
        "return one.stand == other.stand",
        "return False",
        "tests/unit/test_datasets.py",
        "of two files of one day that contradict each other, chance chooses",
    ),
    # --- reading
    Fault(
        "indicators/publishing/own_tables.py",
        "            if first != table.file:\n",
        "            if not first:\n",
        "tests/unit/test_own_tables.py",
        "of two files in one archive for the same year, one is passed over in silence",
    ),
    Fault(
        "indicators/publishing/own_tables.py",
        "used = own or used",
        "used = used or own",
        "tests/unit/test_own_tables.py",
        "the example's mapping reads the file of a real town",
    ),
    Fault(
        "indicators/publishing/mapping.py",
        "if by_code - {meaning}:",
        "if not by_code:",
        "tests/unit/test_mapping.py",
        "a column whose heading and code have slipped apart is read all the same",
    ),
    Fault(
        "indicators/wording.py",
        '{"ohne", "mit", "nicht",',
        '{"mit", "nicht",',
        "tests/unit/test_wording.py",
        "„ohne Abschluss“ may be taken for „Abschluss“",
    ),
    # --- protection and its audit
    Fault(
        "indicators/protection/suppress.py",
        "return (value > 0) & (value < rule.minimum) &",
        "return (value > 0) & (value < rule.minimum - 1) &",
        "tests/unit/test_protection_suppress.py",
        "the largest of the small counts are shown",
    ),
    Fault(
        "indicators/protection/suppress.py",
        'rows["value"] = rows["value"].astype(float).mask(hidden)',
        'rows["value"] = rows["value"].astype(float)',
        "tests/unit/test_protection_suppress.py",
        "a hidden number stays behind its dot and is exported",
    ),
    Fault(
        "indicators/protection/suppress.py",
        'rows["flags"] = rows["flags"].mask(hidden, "")',
        'rows["flags"] = rows["flags"].mask(pattern.primary[: len(rows)], "")',
        "tests/unit/test_protection_suppress.py",
        "flags tell which dots hide a small number",
    ),
    Fault(
        "indicators/protection/suppress.py",
        "        able = (self.cube.kind == NUMBER) & ~self.seen\n"
        '        if self.rule.zeros == "shown":\n'
        "            able &= self.table > 0\n"
        "        return able",
        "        able = (self.cube.kind == NUMBER) & ~self.seen\n        return able",
        "tests/unit/test_protecting.py::"
        "test_shown_zeros_make_a_dot_at_least_one_and_are_reckoned_with",
        "a rule that shows zeros hides some, and a dot means less than it promises",
    ),
    Fault(
        "indicators/protection/rules.py",
        "if _strength(name, value) < _strength(name, stated):",
        "if _strength(name, value) > _strength(name, stated):",
        "tests/unit/test_protection_rules.py",
        "a town may loosen the rule of its source",
    ),
    Fault(
        "indicators/protection/rules.py",
        "field.name: max(",
        "field.name: min(",
        "tests/unit/test_protection_rules.py",
        "what is protected together follows the weakest rule",
    ),
    Fault(
        "indicators/protection/audit/block.py",
        "_HIDDEN = (Status.SECRET.value, Status.SUPPRESSED.value)",
        "_HIDDEN = (Status.SECRET.value,)",
        "tests/unit/test_audit_rests.py",
        "the audit does not look at the dots of the product",
    ),
    Fault(
        "indicators/publishing/history.py",
        'rows = rows[(both == "left_only").to_numpy()]',
        'rows = rows[(both == "both").to_numpy()]',
        "tests/unit/test_release_killed.py::test_a_build_killed_anywhere_harms_nothing",
        "a number that was shown and corrected is forgotten by the next protection",
    ),
    # --- sentences, numbers, sources
    Fault(
        "indicators/formats.py",
        "_HALF = 0.5 + 1e-9",
        "_HALF = 0.5",
        "tests/unit/test_formats.py",
        "28,5 is shown as 28",
    ),
    Fault(
        "indicators/formats.py",
        'return {"Anzahl": 0, "EUR": 0, "Index": 2}.get(unit, 1)',
        'return {"Anzahl": 0, "EUR": 0, "Index": 2}.get(unit, 0)',
        "tests/unit/test_formats.py",
        "shares are shown without decimals",
    ),
    Fault(
        "indicators/formats.py",
        'return "Prozentpunkte" if unit == "%" else unit',
        "return unit",
        "tests/unit/test_formats.py",
        "a difference of shares is told in per cent",
    ),
    Fault(
        "indicators/texts/changes.py",
        "        or not periods.are_adjacent(before.period, now.period)\n",
        "",
        "tests/unit/test_texts.py",
        "„als im Vorjahr“ is said of a year further back",
    ),
    Fault(
        "indicators/texts/changes.py",
        'return "mehr" if difference > 0 else "weniger"',
        'return "weniger" if difference > 0 else "mehr"',
        "tests/unit/test_texts.py",
        "a rise is told as a fall",
    ),
    Fault(
        "indicators/texts/changes.py",
        "share = formats.signed((now.value / before.value - 1) * 100, 1)",
        "share = formats.signed((1 - before.value / now.value) * 100, 1)",
        "tests/unit/test_texts.py",
        "growth is taken of the new number instead of the old one",
    ),
    Fault(
        "indicators/answers/sources.py",
        "        by_publisher.setdefault((source.publisher, source.licence), []).append(source)",
        "        by_publisher[source.publisher, source.licence] = [source]",
        "tests/unit/test_answer.py",
        "a table that a number comes from is not named as its source",
    ),
    Fault(
        "indicators/answers/rounding.py",
        "if added != whole and abs(added - whole) <= most:",
        "if added == whole and abs(added - whole) <= most:",
        "tests/unit/test_telling.py",
        "the note on rounding stands where it is wrong and is lacking where it is needed",
    ),
    Fault(
        "indicators/export/tables.py",
        "runs = first in tuple(_FORMULA_STARTS) or",
        "runs = first == tuple(_FORMULA_STARTS) or",
        "tests/unit/test_export.py::test_no_text_of_any_export_begins_like_a_formula",
        "a name in a file runs as a formula in the reader's spreadsheet",
    ),
    Fault(
        "indicators/export/show.py",
        "    notes = escape(slide.speaker)",
        "    notes = slide.speaker",
        "tests/unit/test_papers.py::test_every_format_holds_out_whatever_an_agenda_says",
        "what somebody writes into an agenda runs as a script in the room",
    ),
    Fault(
        "indicators/export/columns.py",
        "    return words if len(found) <= MOST_LINES else",
        "    return words if found else",
        "tests/unit/test_papers.py::"
        "test_a_remark_that_is_too_long_is_cut_on_the_slide_and_whole_elsewhere",
        "a long remark is written over the figure",
    ),
    # --- answers
    Fault(
        "indicators/answers/ranking.py",
        "return int((rounded > value).sum()) + 1",
        "return int((rounded >= value).sum())",
        "tests/unit/test_answer.py",
        "of those that share a rank each is put last",
    ),
    Fault(
        "indicators/answers/balance.py",
        "return int(row.numerator - row.denominator)",
        "return int(row.denominator - row.numerator)",
        "tests/unit/test_balance.py",
        "a shortage of places is told as a surplus",
    ),
    Fault(
        "indicators/answers/panel_telling.py",
        "    if not context.indicator.is_count:\n        return False\n",
        "    return False\n",
        "tests/unit/test_panel_answers.py"
        "::test_the_headline_names_both_ends_of_the_newest_common_period",
        "a joint region, the sum of the others, is told as the highest of all places",
    ),
    Fault(
        "indicators/answers/panels.py",
        "of_category.restrict(context.only | {dimension: id})",
        "of_category.restrict(context.only)",
        "tests/unit/test_panel_answers.py"
        "::test_a_category_has_a_panel_with_the_lines_of_the_region_and_its_parts",
        "every panel of a division shows all categories together",
    ),
    Fault(
        "indicators/figures/panel_layout.py",
        "low, highest = axes.value_range(whole)",
        "low, highest = axes.value_range(picture.chart_of(picture.panels[0]))",
        "tests/unit/test_panels.py",
        "panels share the axis of the first one, and lines of others leave it",
    ),
    Fault(
        "indicators/analysis/projection.py",
        "((late, 1 - self.share(late)), (early, self.share(early)))",
        "((late, self.share(late)), (early, 1 - self.share(early)))",
        "tests/unit/test_projection.py",
        "children born after the cutoff start school a year early",
    ),
    Fault(
        "indicators/analysis/projection.py",
        "value = None if any(count is None for count in counts) else sum(counts)",
        "value = sum(count or 0 for count in counts)",
        "tests/unit/test_projection.py",
        "a region is summed without the part that has no number",
    ),
    # --- addresses, search, doors
    Fault(
        "indicators/view.py",
        'if getattr(self, name) and (name == "region" or getattr(self, name) != _DEFAULTS[name])',
        "if getattr(self, name) and getattr(self, name) != _DEFAULTS[name]",
        "tests/unit/test_view.py",
        "the link to Germany opens another region",
    ),
    Fault(
        "indicators/view.py",
        '    pairs.pop(known.get("by", ""), None)\n',
        "",
        "tests/unit/test_view.py",
        "a division by sex shows one sex only",
    ),
    Fault(
        "indicators/search/words.py",
        "if found and not (len(found) == 2 and found[0][1] == found[1][1]):",
        "if found:",
        "tests/unit/test_search.py::test_a_typo_with_two_meanings_has_none",
        "of two words that a typo may mean, one is taken as if it had been asked for",
    ),
    Fault(
        "pages/shared/doors.py",
        "    if host in hosts:\n",
        "    if host:\n",
        "tests/unit/test_doors.py",
        "a foreign web page can read the dashboard under a name of its own",
    ),
)


def copied(target: Path) -> Path:
    """The project as the tests need it, without its releases and its environment."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).relative_to(PROJECT)
        return {
            name
            for name in names
            if (name.startswith(".") and name != _SETTINGS)
            or name == "__pycache__"
            or (here / name).as_posix() in _LEFT_OUT
        }

    shutil.copytree(PROJECT, target, symlinks=True, ignore=ignored)
    for name in ("releases", "received"):
        (target / "data" / name).mkdir()
        shutil.copy(PROJECT / "data" / name / "README.md", target / "data" / name)
    return target


def run(project: Path, test: str) -> tuple[int, str]:
    """What pytest returns for this test of the copy, and what it said."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    if "::" not in test:
        command += ["-m", "not build and not slow"]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    try:
        done = subprocess.run(
            command,
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return -1, "the tests took too long"
    return done.returncode, done.stdout + done.stderr


@dataclass(frozen=True)
class Tried:
    """What became of a fault, and how many seconds it took to see."""

    fault: Fault
    noticed: bool
    seconds: float
    said: str


def tried(project: Path, fault: Fault) -> Tried:
    """One fault in the copy; the file is put back whatever happens."""
    path, broken = project / fault.file, fault.broken(project)
    before, start = path.read_bytes(), time.monotonic()
    try:
        path.write_text(broken, encoding="utf-8")
        code, said = run(project, fault.test)
    finally:
        path.write_bytes(before)
    return Tried(fault, code == _FAILED, time.monotonic() - start, said)


def measured(faults: Sequence[Fault], say: Callable[[str], None]) -> str:
    """The table of what was noticed. Raises ValueError where a fault cannot be made, or where a
    test fails without one and so says nothing."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bildungsblick-mutations-") as folder:
        project = copied(Path(folder, "project"))
        for fault in faults:
            fault.broken(project)
        for test in sorted({fault.test for fault in faults}):
            code, said = run(project, test)
            if code:
                raise ValueError(f"{test} fails without any fault:\n{said[-3000:]}")
            say(f"{test} passes without a fault")
        found = []
        for number, fault in enumerate(faults, 1):
            one = tried(project, fault)
            found.append(one)
            sign = "noticed" if one.noticed else "NOT NOTICED"
            say(f"{number} of {len(faults)}: {sign} in {one.seconds:.0f} s: {fault.why}")
    return _report(found, time.monotonic() - start)


def _report(found: Sequence[Tried], seconds: float) -> str:
    rows = [
        (
            one.fault.file,
            "yes" if one.noticed else "NO",
            f"{one.seconds:.0f}",
            one.fault.test.removeprefix("tests/"),
            one.fault.why,
        )
        for one in found
    ]
    noticed = sum(one.noticed for one in found)
    share = noticed / len(found)
    lines = [
        table(("file", "noticed", "s", "by", "what it would do"), rows),
        "",
        f"{noticed} of {len(found)} faults noticed ({share:.0%}, at least {WANTED:.0%} wanted) in "
        f"{seconds:.0f} s",
    ]
    for one in found:
        if not one.noticed:
            lines += ["", f"not noticed: {one.fault.file}: {one.fault.text.strip()}"]
            lines += [f"  by {one.fault.test}: {one.said.strip()[-300:]}"]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks mutations",
        description="Puts one fault at a time into a copy of the project and looks whether the "
        "test named for it notices.",
    )
    parser.add_argument("--only", metavar="TEXT", help="faults whose file or reason holds this")
    given = parser.parse_args(arguments)
    chosen = [f for f in FAULTS if not given.only or given.only in f"{f.file} {f.why}"]
    if not chosen:
        parser.error(f"no fault holds „{given.only}“")

    def say(text: str) -> None:
        print(f"… {text}", file=sys.stderr, flush=True)

    print(measured(chosen, say))
