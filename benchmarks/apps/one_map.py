"""One map of 400 Kreise and one button: ours, or Plotly's choropleth with inlined geometry."""

import json
import time

import geopandas
import plotly.graph_objects as go
import shapely
import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from indicators.answers.answering import answer
from indicators.figures.map import MapPicture
from indicators.folders import default
from indicators.publishing import boundaries, run
from indicators.release import releases
from indicators.view import View
from pages.shared import server

INDICATORS = ("studierende", "verfuegbares_einkommen", "geburtenrate")


@st.cache_resource
def pictures() -> list[MapPicture]:
    """The maps the button goes through, answered beforehand: only drawing is compared."""
    release = releases.open_release(default())
    views = [View(kind="map", indicator=id, scope="all") for id in INDICATORS]
    figures = [answer(release, view).figure for view in views]
    return [figure for figure in figures if isinstance(figure, MapPicture)]


@st.cache_resource
def geometry() -> dict:
    """The official Kreise, simplified as ours are, as GeoJSON of four decimals (ten metres)."""
    archive, _ = run.boundary_archive(default())
    shapes = geopandas.read_file(f"zip://{archive}!vg2500_12-31.utm32s.shape/vg2500/VG2500_KRS.shp")
    shapes = shapes[shapes["GF"] == boundaries.LAND_AREA].set_index("AGS")[["geometry"]]
    simple = shapely.coverage_simplify(shapes.geometry.array, boundaries.TOLERANCE_METRES)
    # D3, inside Plotly, takes what lies to the right of a line for the inside of an area
    shapes.geometry = shapely.orient_polygons(simple, exterior_cw=True)
    return json.loads(
        shapes.to_crs(4326).to_json(), parse_float=lambda number: round(float(number), 4)
    )


def choropleth(picture: MapPicture) -> go.Figure:
    shown = picture.values[picture.periods.index(picture.selected)]
    area = go.Choropleth(
        geojson=geometry(), locations=picture.region_ids, z=shown, marker_line_width=0.5
    )
    figure = go.Figure(area)
    figure.update_geos(visible=False, projection_type="mercator", fitbounds="locations")
    return figure.update_layout(height=600, margin=dict(l=0, r=0, t=0, b=0))


def main() -> None:
    from pages.shared import map_component

    st.session_state.setdefault("clicks", 0)
    if st.button("Next"):
        st.session_state.clicks += 1
    clicks = st.session_state.clicks
    picture = pictures()[clicks % len(INDICATORS)]
    geometry()
    start = time.perf_counter()
    if st.query_params.get("by") == "plotly":
        figure = choropleth(picture)
        st.plotly_chart(figure, key="map", theme=None, config={"topojsonURL": "./topojson/"})
    else:
        map_component.draw(picture, key="map", height=600)
    spent = (time.perf_counter() - start) * 1000
    st.html(f'<p id="answer" data-server="{spent}">answer {clicks}</p>')


async def no_topojson(_: Request) -> Response:
    """Plotly fetches a map of the world from its own host, and draws nothing without an answer."""
    names = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    empty = {name: {"type": "GeometryCollection", "geometries": []} for name in names}
    return JSONResponse({"type": "Topology", "objects": empty, "arcs": []})


if get_script_run_ctx(suppress_warning=True) is None:
    routes = [*server.routes(), Route("/topojson/{name}", no_topojson)]
    app = st.App(__file__, routes=routes, lifespan=server.warm_up)
else:
    main()
