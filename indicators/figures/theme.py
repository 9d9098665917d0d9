"""All colours and sizes of a figure, on screen and on paper; nothing else decides how it looks."""

# Surfaces and text
PAGE = "#F7F8FA"
CARD = "#FFFFFF"
CARD_LINE = "#E5E7EB"
TEXT = "#1F2937"
SECONDARY_TEXT = "#4B5563"
FAINTEST_TEXT = "#6B7280"  # on white; anything lighter fails 4.5:1
GRID = "#E5E7EB"
PRIMARY = "#0F567F"

# Regions in a comparison; the own region's colour means nothing else in any figure
OWN_REGION = "#C2410C"
PARTS = ("#A16207", "#6D28D9")  # of a joint region, the Stadt first
LAND = "#374151"
GERMANY = "#6B7280"
OTHERS = "#D1D5DB"

# Maps
MAP_RAMP = ("#E8F1F5", "#B9D6E3", "#7FB3CC", "#3F86AB", "#0F567F")
# Around a stated middle. Its warm end is an ochre brown: an orange would be the own region's.
DIVERGING = ("#0F567F", "#7FB3CC", "#E5E7EB", "#D9B36C", "#5F4A14")
NO_VALUE = "#F1F2F4"  # ground of every region without a number
NO_VALUE_MARK = "#8A919C"  # its hatching, dots and dashes
MAP_GROUND = "#E9EBEE"  # regions under circles
MAP_BORDER = "#FFFFFF"  # between neighbouring regions
MAP_LAND_BORDER = "#6B7280"

# School types by their id, in the order of every legend: Okabe-Ito hues darkened to at least 3:1
# on white. Vermilion is left out because it is the own region's colour.
SCHOOL_TYPES = {
    "grundschule": "#B07800",
    "orientierungsstufe": "#857A00",
    "hauptschule": "#2E8BC0",
    "mehrere_bildungsgaenge": "#BC5C92",
    "realschule": "#008562",
    "gesamtschule": "#6E3A78",
    "gymnasium": "#005A94",
    "waldorf": "#5E9732",
    "foerderschule": "#1F2937",
    "berufliche_schule": "#737A86",
}

# Other categories, in the order of their dimension
CATEGORIES = (
    "#005A94",
    "#008562",
    "#B07800",
    "#6E3A78",
    "#2E8BC0",
    "#BC5C92",
    "#5E9732",
    "#737A86",
    "#857A00",
    "#1F2937",
)


# Ways that stand beside school types: where no school is, there is no strong colour
OTHER_WAYS = {
    "total": "#4B5563",
    "kita": "#B07800",
    "language_class": "#BC5C92",
    "training": "#7A4F2B",
    "leaving": "#374151",
    "zuzug": "#8A919C",
    "fortzug": "#8A919C",
}


def category_colour(id: str, place: int) -> str:
    """A school type's own colour, the same everywhere; else the colour of this place in order."""
    return SCHOOL_TYPES.get(id) or OTHER_WAYS.get(id) or CATEGORIES[place % len(CATEGORIES)]


# Second code beside colour, so that no figure needs colour to be read (Plotly's names)
MARKERS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "cross",
    "x",
    "star",
    "hexagon",
    "pentagon",
)
DASH_LAND = "dash"
DASH_GERMANY = "dot"
DASH_EVENT = "4px,4px"

# Sizes in pixels
FONT = '"Source Sans", "Source Sans 3", "Bildungsblick Sans", sans-serif'
FONT_SIZE = 14
FONT_SIZE_SMALL = 13
FONT_SIZE_STAGE = 20
LINE = 2
LINE_OWN = 3
STAGE_WIDTH = 1168  # of 1280, less the margins
