"""An agenda of a preset for a region: what has values becomes a slide, what has none is named.

It is an agenda like any other, to be ordered and written on; each slide keeps the release it was
made of, so that it can be made again on a newer one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from indicators import kinds
from indicators.agenda import Agenda, Item, presets
from indicators.agenda.presets import Preset, Section, Topic
from indicators.answers import scope
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.answers.context import Context
from indicators.catalog.meaning import Indicator
from indicators.errors import BildungsblickError, DefinitionError, ViewError
from indicators.folders import Folders
from indicators.regions import Region
from indicators.release import releases
from indicators.release.releases import Release
from indicators.view import View, parse, parse_query

Ask = Callable[[Release, View], Answer]
Progress = Callable[[int, int], None]
_OVERVIEW = "Die neuesten Werte im Überblick"


def drafted(
    release: Release,
    id: str,
    preset: Preset,
    region: str,
    topic: str = "",
    *,
    ask: Ask = answer,
    progress: Progress | None = None,
) -> Agenda:
    """The agenda that the preset of this id makes for a region, with the first of its topics where
    none is named. `progress` is told how many sections are done, and of how many. Raises
    DefinitionError for a topic that there is not, ViewError for such a region."""
    if region not in release.regions:
        raise ViewError(
            f"Die Region „{region}“ gibt es nicht. Nächster Schritt: einen amtlichen Schlüssel wie "
            "09464 oder verbund:hof angeben.",
            name="region",
            value=region,
        )
    return _Drafter(release, region, ask).agenda(id, preset, topic, progress)


def of_preset(folders: Folders, id: str, region: str, topic: str = "") -> Agenda:
    """The same of the release in force of a data folder. Raises DefinitionError where there is no
    such preset."""
    preset = presets.named(folders, id)
    return drafted(releases.open_release(folders), id, preset, region, topic)


def offered(release: Release, preset: Preset, region: Region) -> dict[str, Topic]:
    """The topics of which one is chosen; none for a preset that needs none."""
    return presets.topics(release.catalog, region, preset.topics)


def fits(preset: Preset, region: Region) -> bool:
    """Whether the preset is made for such a region."""
    return preset.local or not scope.is_part(region)


class _Drafter:
    """Makes the items of one agenda."""

    def __init__(self, release: Release, region: str, ask: Ask):
        self._release, self._ask = release, ask
        self._region = release.region(region)
        self._catalog = release.catalog

    def agenda(self, id: str, preset: Preset, topic: str, progress: Progress | None) -> Agenda:
        about = self._topic(preset, topic)
        words = {
            "region": self._region.name,
            "region_id": self._region.id,
            "year": str((about and about.year) or self._release.published.year),
            "topic": about.name if about else "",
            "topic_text": about.text if about else "",
            "group": "",
            "group_text": "",
            "number": "",
        }
        items: list[Item] = []
        for done, section in enumerate(preset.sections, 1):
            items += self._section(section, about, words)
            if progress:
                progress(done, len(preset.sections))
        title = preset.title.format(**words)
        return Agenda(
            title=title,
            committee=preset.committee,
            preset=id,
            pages=preset.pages,
            item=tuple(items),
        )

    def _topic(self, preset: Preset, topic: str) -> Topic | None:
        found = offered(self._release, preset, self._region)
        if topic and topic not in found:
            allowed = f"erlaubt sind {', '.join(found)}" if found else "diese Vorlage hat keines"
            raise DefinitionError(f"Das Thema „{topic}“ gibt es hier nicht; {allowed}.")
        return found[topic] if topic else next(iter(found.values()), None)

    def _section(
        self, section: Section, about: Topic | None, words: Mapping[str, str]
    ) -> Iterator[Item]:
        if section.form:
            yield Item(form=section.form, title=section.title.format(**words))
        elif section.text:
            lines = [line.strip() for line in section.text.format(**words).splitlines()]
            text = "\n".join(filter(None, lines))
            yield Item(title=section.title.format(**words), text=text, chapter=True)
        elif section.group in ("themes", "bausteine", "life_phases"):
            groups = presets.topics(self._catalog, self._region, (section.group,))
            for one in groups.values():
                more = {"group": one.name, "group_text": one.text, "number": one.number}
                yield from self._chapter(section, one.indicators, {**words, **more})
        elif section.group == "topic" and about:
            yield from self._chapter(section, about.indicators, words)
        else:
            yield from self._chapter(section, presets.chosen(self._catalog, section), words)

    def _chapter(
        self, section: Section, ids: Sequence[str], words: Mapping[str, str]
    ) -> Iterator[Item]:
        """A heading, and what there is of these indicators."""
        known = [id for id in ids if id in self._catalog.indicators]
        shown = [
            item
            for item in (self._of_query(q.format(**words), section) for q in section.views)
            if item
        ]
        with_values: list[Item] = []
        for id in known if section.answers or section.overview or section.missing else []:
            full = section.most and len(with_values) == section.most
            if full and not (section.missing or section.overview):
                break
            if item := self._of_indicator(self._catalog.indicators[id], section):
                with_values.append(item)
        lacks = len(with_values) < len(known)
        if section.answers:
            shown += with_values[: section.most or None]
        items = [*self._overview(section, with_values), *shown]
        if section.missing and lacks:
            items.append(self._list("missing", known))
        if section.method and known:
            items.append(self._list("method", known))
        if not items:
            return
        if section.title:
            yield Item(title=section.title.format(**words))
        yield from items

    def _overview(self, section: Section, with_values: Sequence[Item]) -> list[Item]:
        """The newest values of all that have any; nothing for one that is shown itself."""
        if not section.overview or len(with_values) < (2 if section.answers else 1):
            return []
        ids = [parse_query(item.view)["indicator"] for item in with_values]
        return [
            Item(
                view=self._profile(ids),
                release=self._release.id,
                parts=("finding", "table"),
                title=_OVERVIEW,
            )
        ]

    def _list(self, form: str, known: Sequence[str]) -> Item:
        return Item(form=form, of=self._profile(known), release=self._release.id)

    def _profile(self, ids: Sequence[str]) -> str:
        settings = (("indicators", ",".join(ids)),)
        return View(kind="profile", region=self._region.id, settings=settings).to_query()

    def _of_indicator(self, indicator: Indicator, section: Section) -> Item | None:
        kind = "balance" if indicator.balance else own_kind(indicator.id)
        view = View(kind=kind, indicator=indicator.id, region=self._region.id)
        return self._of_view(view, section)

    def _of_query(self, query: str, section: Section) -> Item | None:
        try:
            view = parse(query, self._catalog, self._release.regions)
        except BildungsblickError:
            return None
        return self._of_view(view, section)

    def _of_view(self, view: View, section: Section) -> Item | None:
        """A slide of the view; None where it has no number of the region."""
        try:
            there = self._has_numbers(view)
        except BildungsblickError:
            return None
        if not there:
            return None
        return Item(view=view.to_query(), release=self._release.id, parts=section.parts)

    def _has_numbers(self, view: View) -> bool:
        if view.kind == "trend":  # its values alone are had much faster than all that it tells
            context = Context(self._release, view)
            return bool(context.values([self._region.id])["value"].notna().any())
        rows = self._ask(self._release, view).rows
        return any(row["value"] is not None and row["region"] == self._region.id for row in rows)


def own_kind(indicator: str) -> str:
    """How an indicator is drawn where nobody asks for anything else."""
    own = {kind.indicator: id for id, kind in kinds.ALL.items() if kind.indicator}
    return own.get(indicator, "trend")
