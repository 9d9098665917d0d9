"""The frame: which pages there are, the region picker, and what a reader sees when one fails.

The file is both the script that Streamlit runs for every reader and click, and the web
application that `streamlit run dashboard.py` or `uvicorn dashboard:app` serves.
"""

from contextlib import nullcontext, suppress

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from indicators.errors import BildungsblickError, ReleaseError
from pages.shared import server


def main() -> None:
    """Draw the frame around the chosen page; `?stage=1` shows the page alone, for a projector,
    and `?stage=vortrag` an agenda for who speaks."""
    st.set_page_config(layout="wide", initial_sidebar_state=256)
    on_stage = st.query_params.get("stage") in ("1", "vortrag")
    pages = [
        st.Page("pages/views/overview.py", title="Überblick", default=True),
        st.Page("pages/views/transitions.py", title="Übergänge", url_path="uebergaenge"),
        st.Page("pages/views/childcare.py", title="Kita und Ganztag", url_path="kita"),
        st.Page(
            "pages/views/migration.py",
            title="Zuwanderung und Sprachförderung",
            url_path="zuwanderung",
        ),
        st.Page("pages/views/demography.py", title="Demografie", url_path="demografie"),
        st.Page("pages/views/explorer.py", title="Karte und Vergleich", url_path="karte"),
        st.Page("pages/views/life_course.py", title="Lebensphasen", url_path="lebensphasen"),
        st.Page("pages/views/meeting.py", title="Sitzung", url_path="sitzung"),
        st.Page("pages/views/catalogue.py", title="Daten und Methodik", url_path="daten"),
        *office_pages(),
    ]
    page = st.navigation(pages, position="hidden" if on_stage else "sidebar", expanded=True)
    st.set_page_config(page_title=f"{page.title} – Bildungsblick")
    # Imported here, not above: what they cache needs the running server.
    from pages.shared import address, stage, stand
    from pages.shared.at_once import at_once

    again = address.begin(page.url_path)
    # A page that opens appears piece by piece; one that changes, all at once.
    with at_once() if again else nullcontext():
        if on_stage:
            with st.container(key="stage" if st.query_params["stage"] == "1" else "presenter"):
                stand.mark_preview()
                stage.draw(page)
        else:
            draw(page, pages)
    server.skip_in_collection(page.url_path)


def office_pages() -> list[StreamlitPage]:
    """In the menu of those who may see what is not published yet; for others there are no such
    pages."""
    from pages.shared import permission

    if not permission.may(permission.Role.EDITOR):
        return []
    return [
        st.Page("pages/views/reading.py", title="Daten einlesen", url_path="einlesen"),
        st.Page("pages/views/publishing.py", title="Veröffentlichen", url_path="veroeffentlichen"),
    ]


def draw(page: StreamlitPage, pages: list[StreamlitPage]) -> None:
    """A page beside its menu and below the search."""
    from pages.shared import address, body, cached, regions, searching, stand, who

    with st.sidebar:
        st.container(key="brand").markdown("Bildungsblick")
        regions.region_picker(cached.current())
        with st.container(gap="xxsmall"):
            stand.name()
            who.told(page.url_path)
    searching.field([(one.title, one.url_path) for one in pages], page.url_path)
    address.frame_is_drawn()
    with st.container(key="page"):
        body.draw(page, cached.current().id)


def show_error(error: Exception) -> bool:
    """Say in German that this part failed; Streamlit has already logged the traceback.

    Registered with the server instead of a try/except around the page, because that would miss
    what fails in a fragment or in a widget's callback.
    """
    with st.container(border=True, key="card_error"):
        st.header("Das kann gerade nicht gezeigt werden", anchor=False)
        if isinstance(error, BildungsblickError):
            st.write(str(error))
            if isinstance(error, ReleaseError):
                _lead_on()
        else:
            st.write(
                "Es ist ein unerwarteter Fehler aufgetreten. Bitte melden Sie Uhrzeit und Adresse "
                "dieser Seite der Stelle, die Bildungsblick bei Ihnen betreibt; die Ursache steht "
                "im Protokoll des Servers."
            )
    return True


def _lead_on() -> None:
    """Where a release cannot be shown: to the one that can, if there is any, and whom to tell."""
    from pages.shared import cached

    with suppress(ReleaseError):
        cached.in_force()
        st.html('<a href="./" target="_self">Aktuellen Datenstand öffnen</a>')
    st.write(
        "Bitte geben Sie diese Meldung an die Stelle weiter, die Bildungsblick bei Ihnen betreibt."
    )


# A folder called pages/ beside the script switches on Streamlit's old page discovery, in which
# the first reader after a start would get a page without this frame (docs/decisions.md).
PagesManager.uses_pages_directory = False

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=server.warm_up,
        on_script_error=show_error,
    )
else:
    main()
