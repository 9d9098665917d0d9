"""What a town decides about its installation: the invented town can be switched off."""

import pytest

from indicators.build import run
from indicators.build.deliveries import deliveries
from indicators.errors import DefinitionError


def test_a_town_can_do_without_the_invented_one(own_folders):
    with_it = run.load_catalog(own_folders)
    assert "beispiel" in with_it.education_regions and own_folders.examples
    own_folders.data.mkdir(parents=True)
    own_folders.settings.write_text("example = false\n")
    without = run.load_catalog(own_folders)
    assert not without.mappings and not without.local_regions
    assert list(without.indicators) == list(with_it.indicators)
    assert not any("erfunden" in one.title for one in deliveries(own_folders))
    assert len(own_folders.local_boundaries) == 1
    own_folders.settings.write_text("example = true\n")
    assert own_folders.examples


@pytest.mark.parametrize(
    "text", ["exmaple = false", 'example = "nein"', "example = 0", "example ="]
)
def test_a_setting_nobody_knows_is_refused(own_folders, text):
    own_folders.data.mkdir(parents=True)
    own_folders.settings.write_text(text)
    with pytest.raises(DefinitionError, match="^settings.toml[:,] "):
        run.load_catalog(own_folders)
