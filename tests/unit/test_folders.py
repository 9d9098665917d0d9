"""What a town decides about its installation: the invented town can be switched off."""

import pytest

from indicators.errors import DefinitionError
from indicators.publishing import run
from indicators.publishing.deliveries import deliveries


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


def test_only_this_machine_is_served_until_the_town_names_its_hosts(own_folders):
    assert own_folders.hosts == {"localhost", "127.0.0.1", "::1"}
    own_folders.data.mkdir(parents=True)
    own_folders.settings.write_text(
        'hosts = ["Bildung.Stadt.de", "bildung-münchen.de.", "10.1.2.3", "[2001:db8::1]"]\n'
        "example = false\n"
    )
    named = {"bildung.stadt.de", "xn--bildung-mnchen-osb.de", "10.1.2.3", "2001:db8::1"}
    assert own_folders.hosts == {"localhost", "127.0.0.1", "::1"} | named
    assert not own_folders.examples


@pytest.mark.parametrize(
    "text",
    [
        'hosts = "bildung.stadt.de"',
        'hosts = ["https://bildung.stadt.de"]',
        'hosts = ["bildung.stadt.de:8501"]',
        'hosts = ["*.stadt.de"]',
        'hosts = [""]',
        "hosts = [10]",
        'host = ["bildung.stadt.de"]',
    ],
)
def test_a_host_that_is_none_is_refused(own_folders, text):
    own_folders.data.mkdir(parents=True)
    own_folders.settings.write_text(text)
    with pytest.raises(DefinitionError, match="^settings.toml: .*(hosts|host“)"):
        own_folders.hosts  # noqa: B018
