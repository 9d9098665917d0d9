"""The list of faults made by hand fits the code as it is; whether tests notice them,
`python -m benchmarks mutations` says."""

import pytest

from benchmarks.mutations import FAULTS, Fault, copied
from indicators.folders import PROJECT


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.why)
def test_every_fault_can_be_made_and_has_a_test(fault):
    assert fault.broken(PROJECT) != (PROJECT / fault.file).read_text(encoding="utf-8")
    path, _, node = fault.test.partition("::")
    assert not node or f"def {node}(" in (PROJECT / path).read_text(encoding="utf-8")
    assert (PROJECT / path).is_file()


def test_no_fault_is_there_twice():
    assert len({(fault.file, fault.text) for fault in FAULTS}) == len(FAULTS) >= 40


@pytest.mark.parametrize(("text", "times"), [("value", 0), ("a", 2)])
def test_a_row_that_no_longer_fits_says_so(tmp_path, text, times):
    (tmp_path / "one.py").write_text("a = a\n", encoding="utf-8")
    fault = Fault("one.py", text, "b", "tests/unit/test_ratio.py", "wrong")
    with pytest.raises(ValueError, match=rf"one.py: „{text}“ stands there {times} times, not once"):
        fault.broken(tmp_path)


def test_a_fault_changes_only_the_copy_without_any_release(tmp_path):
    project = copied(tmp_path / "project")
    assert (project / ".streamlit").is_dir() and not (project / ".git").exists()
    assert [path.name for path in (project / "data" / "releases").iterdir()] == ["README.md"]
    assert not [path for path in project.rglob("*") if path.is_symlink()]
    for fault in FAULTS:
        assert (project / fault.file).read_bytes() == (PROJECT / fault.file).read_bytes()
