"""Answers as PowerPoint: a slide of 16:9 each, with charts that the program itself can change.

Lines, bars and pyramids are charts with their numbers; every other figure is a group of shapes.
What must be known of the numbers stands in the notes of the slide. A town's own deck gives master
and layouts (`template`); its slides are left out.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indicators.errors import BildungsblickError
from indicators.export.content import Content
from indicators.export.native import Line, Native, native
from indicators.export.sheet import without_hits
from indicators.figures import kinds, theme
from indicators.figures.drawing import text_width, wrapped

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_WIDE, _HIGH = 1280, 720  # pixels of a slide, as on the stage
_MARGIN = 56
_HEADLINE, _SUBTITLE, _FOOT = 32, 20, 16  # letters, in pixels; a foot is read on paper too
_LINE = 1.25
_ROWS = 12  # of a table that is the figure
_POINTS = 0.75  # of a pixel


def to_pptx(contents: Sequence[Content], title: str, template: Path | None = None) -> bytes:
    """Raises BildungsblickError where the town's deck cannot be used."""
    from pptx.util import Emu

    deck = _deck(template)
    if template is None:
        deck.slide_width, deck.slide_height = Emu(_WIDE * 9525), Emu(_HIGH * 9525)
    deck.core_properties.title = title
    deck.core_properties.language = "de-DE"
    deck.core_properties.author = "Bildungsblick"
    deck.core_properties.last_modified_by = "Bildungsblick"
    # fixed: the same answers give the same file
    moment = contents[0].answer.published.replace(tzinfo=None)
    deck.core_properties.created = deck.core_properties.modified = moment
    for content in contents:
        _slide(deck, content)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _deck(template: Path | None) -> "Presentation":
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        deck = Presentation(str(template) if template else None)
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BildungsblickError(
            f"{template.name if template else ''} lässt sich nicht als PowerPoint-Vorlage öffnen. "
            "Nächster Schritt: die Vorlage in PowerPoint als .pptx speichern und neu ablegen."
        ) from error
    slides = deck.slides._sldIdLst
    for one in list(slides):
        deck.part.drop_rel(one.rId)
        slides.remove(one)
    return deck


def _layout(deck: "Presentation"):
    """The layout with a title and nothing else to fill; else the first."""
    for layout in deck.slide_layouts:
        formats: list[Any] = [p.placeholder_format for p in iter(layout.placeholders)]
        fillable = [one for one in formats if one.idx < 10]
        if len(fillable) == 1 and any(one.type in (1, 3) for one in formats):
            return layout
    return deck.slide_layouts[0]


class _Box:
    """Boxes on a slide in our pixels, whatever size the deck has."""

    def __init__(self, deck: "Presentation"):
        from pptx.util import Emu

        self.unit = (deck.slide_width or _WIDE * 9525) / _WIDE
        self.high = (deck.slide_height or _HIGH * 9525) / self.unit
        self._emu = Emu

    def at(self, x: float, y: float, width: float, height: float) -> tuple:
        return tuple(self._emu(round(n * self.unit)) for n in (x, y, width, height))


def _slide(deck: "Presentation", content: Content) -> None:
    slide = deck.slides.add_slide(_layout(deck))
    box = _Box(deck)
    room = _WIDE - 2 * _MARGIN
    # letters of the deck may be wider than those that are measured here
    lines = wrapped(content.headline, room * 0.88, _HEADLINE)
    y = 30 + len(lines) * _HEADLINE * _LINE
    _write_title(slide, content.headline, box.at(_MARGIN, 30, room, y - 30))
    subtitle = wrapped(content.subtitle, room * 0.92, _SUBTITLE)
    high = len(subtitle) * _SUBTITLE * _LINE + 6
    _text(slide, content.subtitle, box.at(_MARGIN, y, room, high), _SUBTITLE, theme.SECONDARY_TEXT)
    y += high + 8
    chart = native(content.figure)
    foot = _foot(content, chart)
    foot_high = len(wrapped(foot, room * 0.92, _FOOT)) * _FOOT * _LINE + 4
    left = max(box.high - 24 - foot_high - y, 200)
    if chart is not None:
        _chart(slide, content, chart, box.at(_MARGIN, y, room, left))
    elif content.figure is not None:
        _drawing(slide, content, (_MARGIN, y, room, left), box)
    else:
        _table(slide, content, box.at(_MARGIN, y, room, left))
    at = box.at(_MARGIN, box.high - 20 - foot_high, room, foot_high)
    _text(slide, foot, at, _FOOT, theme.SECONDARY_TEXT)
    slide.notes_slide.notes_text_frame.text = _notes(content)


def _foot(content: Content, chart: Native | None) -> str:
    told = [note.removesuffix(".") for note in content.beside]
    if chart is not None and chart.untold:
        most = 4
        told += chart.untold[:most]
        if len(chart.untold) > most:
            told.append("weitere fehlende Werte in der Tabelle")
    if content.figure is not None and hasattr(content.figure, "boundary_note") and chart is None:
        told.append(content.figure.boundary_note)
    return " · ".join([*told, content.source_short, content.published])


def _notes(content: Content) -> str:
    parts = [
        f"Lesehilfe: {content.reading_aid}" if content.reading_aid else "",
        content.comparison,
        *content.notes,
        *(f"{name}: {meaning}" for name, meaning in content.signs),
        content.source,
        content.published,
        content.link,
    ]
    return "\n".join(filter(None, dict.fromkeys(parts)))


def _write_title(slide: "Slide", words: str, place: tuple) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    title = slide.shapes.title
    if title is None:
        _text(slide, words, place, _HEADLINE, theme.TEXT, bold=True)
        return
    title.left, title.top, title.width, title.height = place
    frame = title.text_frame
    frame.text = words
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold = Pt(_HEADLINE * _POINTS), True
    _german(frame)


def _text(
    slide: "Slide", words: str, place: tuple, size: float, colour: str, bold: bool = False
) -> None:
    from pptx.util import Pt

    frame = slide.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = words
    font = frame.paragraphs[0].font
    font.size, font.bold, font.color.rgb = Pt(size * _POINTS), bold, _rgb(colour)
    _german(frame)


def _german(frame) -> None:
    """For the spelling check and for screen readers."""
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font._rPr.set("lang", "de-DE")


def _rgb(colour: str):
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour[1:])


def _alt(shape: Any, name: str, words: str) -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    properties.set("descr", words)


def _drawing(
    slide: "Slide", content: Content, place: tuple[float, float, float, float], box: _Box
) -> None:
    from indicators.export import shapes

    x, y, width, height = place
    svg = kinds.drawing(
        content.figure,
        width=round(width),
        height=round(height),
        stage=True,
        geometry=content.geometry,
    )
    # what has more rows than there is room for is made smaller
    scale = min(1.0, height / _height(svg))
    unit = box.unit / shapes.EMU
    spot = shapes.Place(x * unit, y * unit, scale * unit)
    group = shapes.group(
        without_hits(svg), spot, first_id=1000, name=content.answer.title, alt=content.alt
    )
    slide.shapes._spTree.append(group)


def _height(svg: str) -> float:
    return float(svg.partition(' height="')[2].partition('"')[0])


def _table(slide: Any, content: Content, place: tuple) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    table = content.table
    rows = table.rows[:_ROWS]
    left = len(table.rows) - len(rows)
    count = len(rows) + 1 + bool(left)
    shape = slide.shapes.add_table(count, len(table.columns), *place)
    _alt(shape, "Tabelle", content.alt or content.subtitle)
    widths = [
        max(text_width(line[i], 18) for line in (table.columns, *rows)) + 30
        for i in range(len(table.columns))
    ]
    for i, width in enumerate(widths):
        shape.table.columns[i].width = round(place[2] * width / sum(widths))
    said = [table.columns, *rows]
    if left:
        said.append((f"… und {left} weitere", *[""] * (len(table.columns) - 1)))
    for r, line in enumerate(said):
        shape.table.rows[r].height = round(place[3] / count)
        for c, words in enumerate(line):
            cell = shape.table.cell(r, c)
            cell.text = words
            cell.margin_top = cell.margin_bottom = 0
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.font.size = Pt(12)
            paragraph.alignment = PP_ALIGN.RIGHT if table.numeric[c] else PP_ALIGN.LEFT
            _german(cell.text_frame)


# --- charts ---------------------------------------------------------------------------------------


def _chart(slide: Any, content: Content, given: Native, place: tuple) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    kind = {
        "lines": XL_CHART_TYPE.LINE,
        "bars": XL_CHART_TYPE.BAR_CLUSTERED,
        "pyramid": XL_CHART_TYPE.BAR_STACKED,
    }[given.kind]
    data = CategoryChartData(number_format=given.format)
    data.categories = given.categories
    for line in given.series:
        data.add_series(line.name, line.values)
    frame = slide.shapes.add_chart(kind, *place, data)
    _alt(frame, content.answer.title, content.alt or content.headline)
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(14), _rgb(theme.TEXT)
    chart.has_legend = False
    # an empty cell is a gap, never zero
    gaps = chart._chartSpace.chart.find(qn("c:dispBlanksAs"))
    if gaps is not None:
        gaps.set("val", "gap")
    {"lines": _as_lines, "bars": _as_bars, "pyramid": _as_pyramid}[given.kind](chart, given)


def _value_axis(axis, given: Native) -> None:
    from pptx.enum.dml import MSO_LINE

    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = _rgb(theme.GRID)
    axis.major_gridlines.format.line.dash_style = MSO_LINE.SOLID
    axis.format.line.fill.background()
    axis.tick_labels.number_format = given.format
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.color.rgb = _rgb(theme.SECONDARY_TEXT)


def _as_lines(chart, given: Native) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    _value_axis(chart.value_axis, given)
    known = [v for line in given.series for v in line.values if v is not None]
    if known and min(known) >= 0:
        chart.value_axis.minimum_scale = 0
    chart.category_axis.tick_labels.font.color.rgb = _rgb(theme.SECONDARY_TEXT)
    chart.category_axis.format.line.color.rgb = _rgb(theme.FAINTEST_TEXT)
    _label_every(chart.category_axis, max(1, -(-len(given.categories) // 10)))
    names = max((text_width(line.label, 19) for line in given.series), default=0)
    _leave_room(chart, min(names / (_WIDE - 2 * _MARGIN) + 0.03, 0.4))
    for series, line in zip(chart.plots[0].series, given.series, strict=True):
        series.smooth = False
        series.format.line.color.rgb = _rgb(line.colour)
        series.format.line.width = Pt(line.width * 1.1)
        _set_dash(series.format.line, line)
        series.marker.style = XL_MARKER_STYLE.NONE
        for i in line.breaks:
            series.points[i].format.line.fill.background()
        numbers = [i for i, value in enumerate(line.values) if value is not None]
        if not numbers:
            continue
        for i in numbers:
            beside = {i - 1, i + 1} & set(numbers)
            if not beside or i == numbers[-1]:  # alone it has no line and must be seen
                marker = series.points[i].marker
                marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 8
                marker.format.fill.solid()
                marker.format.fill.fore_color.rgb = _rgb(line.colour)
                marker.format.line.fill.background()
        label = series.points[numbers[-1]].data_label
        label.position = XL_LABEL_POSITION.RIGHT
        label.has_text_frame = True
        label.text_frame.text = line.label
        label.text_frame.word_wrap = False
        font = label.text_frame.paragraphs[0].runs[0].font
        font.color.rgb, font.size = _rgb(line.colour), Pt(14)
        font.bold = line.width > theme.LINE


def _set_dash(line_format, line: Line) -> None:
    from pptx.enum.dml import MSO_LINE

    if line.dash:
        dots = line.dash[0] <= 3
        line_format.dash_style = MSO_LINE.ROUND_DOT if dots else MSO_LINE.DASH


def _label_every(axis, count: int) -> None:
    """Names every so many categories, upright: all of a long series would be turned."""
    from lxml import etree
    from pptx.oxml.ns import qn

    axis.tick_labels.font.size = None
    axis._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")
    skip = etree.Element(qn("c:tickLblSkip"))
    skip.set("val", str(count))
    # the schema wants it before this one
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def _leave_room(chart, right: float) -> None:
    """Places the plot so that the words at the lines' ends have this share of the width."""
    from lxml import etree
    from pptx.oxml.ns import qn

    area = chart._chartSpace.chart.plotArea
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = etree.SubElement(area, qn("c:layout"))
        area.insert(0, layout)
    for child in list(layout):
        layout.remove(child)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for name, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", "0.06"),
        ("y", "0.03"),
        ("w", f"{0.94 - right:.3f}"),
        ("h", "0.84"),
    ):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", value)


def _as_bars(chart, given: Native) -> None:
    _value_axis(chart.value_axis, given)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    axis = chart.category_axis
    axis.reverse_order = True
    axis.format.line.color.rgb = _rgb(theme.FAINTEST_TEXT)
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    plot.has_data_labels = True
    plot.data_labels.number_format = given.format
    plot.data_labels.number_format_is_linked = False
    for series, line in zip(plot.series, given.series, strict=True):
        series.invert_if_negative = False  # else Office paints negative bars white
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(line.colour)
        for i, colour in enumerate(line.colours):
            if colour != line.colour:
                fill = series.points[i].format.fill
                fill.solid()
                fill.fore_color.rgb = _rgb(colour)


def _as_pyramid(chart, given: Native) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION

    _value_axis(chart.value_axis, given)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 10, 100
    for series, line in zip(plot.series, given.series, strict=True):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(line.colour)
    if len(given.series) > 1:
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
