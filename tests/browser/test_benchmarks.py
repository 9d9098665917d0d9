"""`make bench` runs to its end: everything it measures, once, on the release the tests built. How
long anything takes is not looked at."""

import json
import subprocess
import sys

import pytest

from tests.browser.helpers import PROJECT

pytestmark = pytest.mark.browser


def test_every_benchmark_still_runs(installed, data_folder, tmp_path):
    values = tmp_path / "values.json"
    command = [sys.executable, "-m", "benchmarks", "--short", str(data_folder), "--json"]
    found = subprocess.run(
        [*command, str(values)], cwd=PROJECT, capture_output=True, text=True, timeout=600
    )
    assert found.returncode == 0, found.stderr[-3000:]
    targets = json.loads(values.read_text("utf-8"))["targets"]
    measured = {target["number"] for target in targets if target["verdict"] != "not measured"}
    assert measured == {"T1", "T3", "T4", "T5", "T6", "T7", "T10"}  # T9 needs builds of its own
    (errors,) = [target for target in targets if target["what"] == "errors, all readers"]
    assert errors["value"] == 0
    assert "Protection of small numbers" in found.stdout
