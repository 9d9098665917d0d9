"""A browser, or somebody who is none, at the doors of our own addresses; no server is needed."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from indicators.errors import BildungsblickError
from pages.shared import permission, server, sign_in


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def cookies(self) -> list[str]:
        return [value for key, value in self.headers if key == "set-cookie"]


async def _streamlit(_: Request) -> PlainTextResponse:
    """In place of Streamlit, which would need its runtime."""
    return PlainTextResponse("page")


def application():
    rest = Route("/{path:path}", _streamlit, methods=["GET", "POST", "PUT"])
    made = Router([*sign_in.routes(), rest])
    for layer in reversed(server.middleware()):
        made = layer.cls(made, *layer.args, **layer.kwargs)
    return made


@dataclass
class Visitor:
    """One browser: it keeps cookies as browsers do, and sends its origin with forms. `host` is the
    name it asks for; over https unless it is this machine's."""

    host: str = "bildung.stadt.de"
    scheme: str = "https"
    cookies: dict[str, str] = field(default_factory=dict)
    client: str = "10.1.2.3"

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str | None
    ) -> Answer:
        query = path.partition("?")
        given: dict[str, str | None] = {"host": self.host}
        if self.cookies:
            given["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if method == "POST":
            given["origin"] = f"{self.scheme}://{self.host}"
            given["content-type"] = "application/x-www-form-urlencoded"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": query[0],
            "raw_path": query[0].encode(),
            "query_string": query[2].encode(),
            "scheme": "http",
            "client": (self.client, 5000),
            "server": ("127.0.0.1", 8501),
            "headers": [(k.encode(), v.encode()) for k, v in given.items() if v is not None],
        }
        sent: list[dict] = []

        asked: list[bool] = []

        async def receive() -> dict:
            if asked:  # the browser stays and says nothing more
                await asyncio.Event().wait()
            asked.append(True)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, application()(scope, receive, send)).result()
        found = [(k.decode().lower(), v.decode()) for k, v in sent[0]["headers"]]
        text = b"".join(one.get("body", b"") for one in sent[1:]).decode("utf-8", "replace")
        answer = Answer(sent[0]["status"], found, text)
        for one in answer.cookies:
            self._keep(one)
        return answer

    def _keep(self, line: str) -> None:
        for name, one in SimpleCookie(line).items():
            if one["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = one.value

    def mark(self, path: str = "/konto/anmelden") -> str:
        """The mark of a form on a page."""
        found = re.search(r'name="marke" value="([^"]+)"', self.ask(path).text)
        return found[1] if found else ""

    def send(self, path: str, fields: dict[str, str], **headers: str | None) -> Answer:
        return self.ask(path, "POST", urlencode(fields).encode(), **headers)

    def sign_in(self, name: str, password: str, **more: str) -> Answer:
        fields = {"marke": self.mark(), "name": name, "kennwort": password}
        return self.send("/konto/anmelden", fields | more)

    @property
    def held(self) -> str:
        return permission.session_of(self.cookies, self.host)

    def is_signed_in(self) -> bool:
        return self.ask("/konto").status == 200

    @staticmethod
    def may(monkeypatch, needed: permission.Role, **context) -> bool:
        """Whether a run of a page with these cookies and headers may do something."""
        from types import SimpleNamespace

        known = {"headers": {}, "cookies": {}, "ip_address": "10.1.2.3"} | context
        with monkeypatch.context() as patch:
            patch.setattr(permission.st, "context", SimpleNamespace(**known))
            try:
                return bool(permission.demand(needed))
            except BildungsblickError:
                return False
