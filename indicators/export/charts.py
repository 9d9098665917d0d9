"""Charts of a slide that PowerPoint draws itself, with their numbers in a workbook within them."""

import math
from dataclasses import replace
from typing import Any

from indicators.export import office
from indicators.export.native import Line, Native
from indicators.export.tables import safe
from indicators.figures import axes, theme
from indicators.figures.drawing import spread, text_width

_ROW = 25  # pixels of a bar with its name
_LETTERS = 19  # pixels of those in a chart, and those of the deck may be wider
_WIDER = 1.12
_LEFT, _TOP, _TALL = 0.06, 0.03, 0.84  # where the plot begins, and its height: shares of the chart


def pages(given: Native, height: float) -> list[Native]:
    """The chart, or several of one with more bars than there is room for in this height."""
    count = len(given.categories)
    parts = max(-(-count // max(int(height / _ROW), 1)), 1) if given.kind == "bars" else 1
    each = -(-count // parts) if count else 0
    if parts < 2:
        return [given]
    return [_part(given, start, start + each) for start in range(0, count, each)]


def _part(given: Native, start: int, end: int) -> Native:
    series = tuple(
        replace(line, values=line.values[start:end], colours=line.colours[start:end])
        for line in given.series
    )
    return replace(given, categories=given.categories[start:end], series=series)


def add(
    slide: Any, given: Native, whole: Native, place: tuple, width: float, name: str, alt: str
) -> None:
    """Puts the chart on the slide, `width` pixels wide; `whole` is what it is a part of: all parts
    have one scale."""
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
    # the library would write a formula into the workbook
    data.categories = [safe(category) for category in given.categories]
    for line in given.series:
        data.add_series(safe(line.name), line.values)
    frame = slide.shapes.add_chart(kind, *place, data)
    office.describe(frame, name, alt)
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(14), office.rgb(theme.TEXT)
    chart.has_legend = False
    # an empty cell is a gap, never zero
    gaps = chart._chartSpace.chart.find(qn("c:dispBlanksAs"))
    if gaps is not None:
        gaps.set("val", "gap")
    if given.kind == "lines":
        _as_lines(chart, given, width, width * place[3] / place[2])
    else:
        {"bars": _as_bars, "pyramid": _as_pyramid}[given.kind](chart, given)
    if given is not whole:
        values = [v for line in whole.series for v in line.values if v is not None]
        chart.value_axis.minimum_scale = min([0, *values])
        chart.value_axis.maximum_scale = max([0, *values]) * 1.05 or 1


def _value_axis(axis, given: Native) -> None:
    from pptx.enum.dml import MSO_LINE

    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = office.rgb(theme.GRID)
    axis.major_gridlines.format.line.dash_style = MSO_LINE.SOLID
    axis.format.line.fill.background()
    axis.tick_labels.number_format = given.format
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.color.rgb = office.rgb(theme.SECONDARY_TEXT)


def _as_lines(chart, given: Native, width: float, height: float) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    _value_axis(chart.value_axis, given)
    low, high = _scaled(chart.value_axis, given)
    chart.category_axis.tick_labels.font.color.rgb = office.rgb(theme.SECONDARY_TEXT)
    chart.category_axis.format.line.color.rgb = office.rgb(theme.FAINTEST_TEXT)
    names = max((text_width(line.label, _LETTERS) for line in given.series), default=0)
    right = min(names / width + 0.03, 0.4)
    _leave_room(chart, right)
    wide = max((text_width(name, _LETTERS) for name in given.categories), default=0) * _WIDER + 16
    room = max(int(width * (1 - _LEFT - right) / wide), 1)
    _label_every(chart.category_axis, -(-len(given.categories) // room) or 1)
    each = width * (1 - _LEFT - right) / max(len(given.categories), 1)
    lifted = _lifted(given, (low, high), height, each)
    for series, line, lift in zip(chart.plots[0].series, given.series, lifted, strict=True):
        series.smooth = False
        series.format.line.color.rgb = office.rgb(line.colour)
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
                marker.format.fill.fore_color.rgb = office.rgb(line.colour)
                marker.format.line.fill.background()
        label = series.points[numbers[-1]].data_label
        label.position = XL_LABEL_POSITION.RIGHT
        label.has_text_frame = True
        label.text_frame.text = line.label
        label.text_frame.word_wrap = False
        font = label.text_frame.paragraphs[0].runs[0].font
        font.color.rgb, font.size = office.rgb(line.colour), Pt(14)
        font.bold = line.width > theme.LINE
        _lift(label, lift)


def _scaled(axis, given: Native) -> tuple[float, float]:
    """The ends of the axis of values. Said to the program, which else chooses them itself: only so
    is known where on the slide a line ends."""
    known = [v for line in given.series for v in line.values if v is not None]
    low, high = min([0, *known]), max([0, *known])
    step = axes.round_step((high - low) / 8) or 1
    axis.major_unit = step
    axis.minimum_scale = math.floor(low / step) * step
    # a line along the upper edge would look cut
    axis.maximum_scale = math.ceil(high / step + 0.2) * step
    return axis.minimum_scale, axis.maximum_scale


def _lifted(given: Native, scale: tuple[float, float], height: float, each: float) -> list[float]:
    """How far the words at each line's end stand above it, in shares of the chart's height: moved
    apart where lines end near each other, for the program writes them one over the other. `each`
    are pixels from one category to the next."""
    low, high = scale
    lifted = [0.0] * len(given.series)
    ends: list[tuple[float, float, int]] = []  # where the words begin, and which line they are of
    for i, line in enumerate(given.series):
        known = [(at, value) for at, value in enumerate(line.values) if value is not None]
        if known:
            at, value = known[-1]
            top = _TOP + _TALL * (high - value) / (high - low)
            ends.append((at * each, top * height, i))
    groups: list[list[tuple[float, int]]] = []
    begins = math.inf
    # from the right: words that reach to those that begin there stand in one column with them
    for left, top, i in sorted(ends, reverse=True):
        if left + text_width(given.series[i].label, _LETTERS) * _WIDER < begins or not groups:
            groups.append([])
            begins = left
        groups[-1].append((top, i))
    for here in groups:
        here.sort()
        tops = [top for top, _ in here]
        placed = spread(tops, [_LETTERS * 1.3] * len(here), 0, (_TOP + _TALL) * height)
        for (top, i), at in zip(here, placed, strict=True):
            lifted[i] = (top - at) / height
    return lifted


def _lift(label, share: float) -> None:
    """Moves the words of a point up by a share of the chart's height, down where it is below 0."""
    from lxml import etree
    from pptx.oxml.ns import qn

    if abs(share) < 0.001:
        return
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for name, value in (("x", 0.0), ("y", -share)):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", f"{value:.4f}")
    # the schema wants it right behind the number of the point
    label._dLbl.find(qn("c:idx")).addnext(layout)


def _set_dash(line_format, line: Line) -> None:
    from pptx.enum.dml import MSO_LINE

    if line.dash:
        dots = line.dash[0] <= 3
        line_format.dash_style = MSO_LINE.ROUND_DOT if dots else MSO_LINE.DASH


def _label_every(axis, count: int) -> None:
    """Names every so many categories. Not turned by 0 degrees: LibreOffice would then break the
    names letter by letter instead of leaving some out."""
    from lxml import etree
    from pptx.oxml.ns import qn

    properties = axis._element.find(qn("c:txPr")).find(qn("a:bodyPr"))
    properties.set("rot", "1")  # of 60,000 parts of a degree
    properties.set("vert", "horz")
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
        ("x", str(_LEFT)),
        ("y", str(_TOP)),
        ("w", f"{1 - _LEFT - right:.3f}"),
        ("h", str(_TALL)),
    ):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", value)


def _as_bars(chart, given: Native) -> None:
    _value_axis(chart.value_axis, given)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    axis = chart.category_axis
    axis.reverse_order = True
    axis.format.line.color.rgb = office.rgb(theme.FAINTEST_TEXT)
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    plot.has_data_labels = True
    plot.data_labels.number_format = given.format
    plot.data_labels.number_format_is_linked = False
    for series, line in zip(plot.series, given.series, strict=True):
        series.invert_if_negative = False  # else Office paints negative bars white
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = office.rgb(line.colour)
        for i, colour in enumerate(line.colours):
            if colour != line.colour:
                fill = series.points[i].format.fill
                fill.solid()
                fill.fore_color.rgb = office.rgb(colour)


def _as_pyramid(chart, given: Native) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION

    _value_axis(chart.value_axis, given)
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 10, 100
    for series, line in zip(plot.series, given.series, strict=True):
        series.invert_if_negative = False
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = office.rgb(line.colour)
    if len(given.series) > 1:
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
