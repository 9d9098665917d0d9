"""The way of an unknown file to a mapping: its table is found, a dataset chosen, columns and
words are explained by answers, and the real reader says what comes of it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from indicators.assistant import (
    columns,
    definitions,
    new_dataset,
    people,
    score,
    shown,
    values,
    words,
)
from indicators.assistant.case import DRAFT, Case, Known
from indicators.assistant.columns import SKIP, VALUE, Role
from indicators.assistant.deliveries import by_mapping, own, renamed, usual_region
from indicators.assistant.proposal import Answers, Choice, Fact, Proposal
from indicators.assistant.shape import Shape, found, is_time
from indicators.catalog import catalog as catalogs
from indicators.catalog.catalog import Catalog
from indicators.catalog.mappings import PERIOD, PLACEHOLDER, REGION
from indicators.catalog.meaning import Dataset
from indicators.errors import BildungsblickError, FileError
from indicators.folders import Folders
from indicators.publishing import gathering, own_tables
from indicators.publishing.receive import Receiver
from indicators.publishing.report import Report
from indicators.regions import Region
from indicators.sources import archive
from indicators.sources.grid import Grid, Sheet, read_grid
from indicators.sources.reading import is_official

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".zip")
MAX_BYTES = 50_000_000
NEW, COUNT = "new", "count"


class Assistant:
    """Looks at files for one data folder; definitions and regions are loaded once."""

    def __init__(self, folders: Folders):
        self.receiver = Receiver(folders)
        self.known = Known(self.receiver.register)
        self.scored: dict[str, list[score.Scored]] = {}

    def propose(self, content: bytes, file: str, answers: Mapping[str, str]) -> Proposal:
        """What is known of a file after these answers. A file that cannot be read has the reason in
        it; nothing is raised for what a file may hold."""
        given = Answers(dict(answers))
        proposal = Proposal(file)
        try:
            _refuse(content, file)
            _Proposing(content, file, given, self, proposal).all()
        except BildungsblickError as error:
            proposal.reason = str(error)
            # whoever was asked something may answer otherwise
            proposal.state = "questions" if given.questions else "refused"
        proposal.questions = given.questions
        return proposal


def read_content(content: bytes, file: str, answers: Mapping[str, str]) -> tuple[bytes, str]:
    """What is received of a file, and its name: the file, or of a list of persons the counts."""
    if answers.get("people") != COUNT:
        return content, file
    shape = found(read_grid(content, file).sheets[0], file)
    listed = people.recognised(shape)
    if listed is None:
        return content, file
    chosen = [i for i in shape.columns if answers.get(f"count:{shape.name(i)}") == "yes"]
    kept = [i for i in chosen if i not in listed.columns]
    return people.counted(shape, kept), f"{Path(file).stem} (gezählt).csv"


def _refuse(content: bytes, file: str) -> None:
    if not file.lower().endswith(ENDINGS):
        raise FileError(
            file,
            "gelesen werden Tabellen: CSV, Excel (.xlsx, .xls), OpenDocument (.ods) und Archive "
            "(.zip). Nächster Schritt: die Tabelle in einem dieser Formate speichern",
        )
    if len(content) > MAX_BYTES:
        raise FileError(file, "die Datei ist größer als 50 MB und wird nicht gelesen")
    if not content.strip():
        raise FileError(file, "die Datei ist leer")


class _Proposing:
    """One file and what is found out about it step by step."""

    def __init__(
        self,
        content: bytes,
        file: str,
        answers: Answers,
        assistant: Assistant,
        proposal: Proposal,
    ):
        self.content, self.file, self.answers = content, file, answers
        self.receiver, self.proposal = assistant.receiver, proposal
        self.known_words, self.scored = assistant.known, assistant.scored
        self.catalog: Catalog = self.receiver.catalog
        self.register: dict[str, Region] = self.receiver.register
        self.new: dict[str, list[dict]] = {}

    def all(self) -> None:
        if is_official(self.content) or archive.is_archive(self.content):
            self.known("amtliche Tabelle" if is_official(self.content) else "Archiv")
            return
        grid = read_grid(self.content, self.file)
        shapes, sheet_is = self.tables(grid)
        if listed := people.recognised(shapes[0]):
            grid, shapes = self.people(shapes[0], listed)
            if not shapes:
                return
        self.proposal.raw = shown.raw(shapes[0])
        if self.by_mapping(grid, shapes[0]):
            return
        self.proposal.facts += shown.of_file(grid, shapes)
        case = self.case(shapes, sheet_is)
        if case is None:
            return
        roles = columns.roles(case)
        self.proposal.columns = columns.shown(case, roles)
        self.complete(case, roles)
        words.settle(case, roles)
        values.settle(case, roles)
        self.sums(case, roles)
        left = [case.shape.name(i) for i, role in roles.items() if role.kind == SKIP]
        if left:
            case.tell("Nicht gelesen", ", ".join(left), "warum, steht unter „Spalten“")
        self.proposal.facts += case.facts
        if not self.answers.open:
            self.draft(grid, case, roles)

    # --- what is read already

    def known(self, what: str) -> None:
        """An official table, or an archive: their own readers say all."""
        report, rows = self.receiver.look(self.content, self.file)
        self.proposal.known = what
        self.proposal.state = "ready"
        self.proposal.facts.append(Fact("Bekannt", what, "der Leser dafür erkennt die Datei"))
        self.show(rows, report.text())

    def by_mapping(self, grid: Grid, shape: Shape) -> bool:
        """Whether a mapping there is reads the file, as it is or with one heading more."""
        if self.answers.given.get("other") == "yes":
            return False
        tables = by_mapping(grid, self.file, self.catalog, self.register)
        changed: dict[str, str] = {}
        if not tables and (near := renamed(grid, shape, self.catalog, self.register, self.answers)):
            if near.unanswered:
                return True
            tables, changed = near.tables, near.definitions
        if not tables:
            return False
        ids = [table.mapping.id for table in tables]
        self.proposal.known = ", ".join(table.mapping.title for table in tables)
        self.proposal.mappings = ids
        self.proposal.definitions = changed
        self.proposal.facts.append(
            Fact(
                "Bekannte Lieferung", self.proposal.known, f"die Zuordnung {ids[0]} liest sie ganz"
            )
        )
        rows = pd.concat([table.rows.assign(dataset=table.dataset.id) for table in tables])
        self.show(rows, "\n".join(note for table in tables for note in table.notes))
        self.proposal.state = "ready"
        return True

    # --- an unknown table

    def tables(self, grid: Grid) -> tuple[list[Shape], str | None]:
        """The tables that are read alike, and what the names of their sheets say."""
        sheets = grid.sheets
        if len(sheets) > 1:
            # a cover and a sheet of notes are no tables: nothing is to be asked about them
            tables = [sheet for sheet in sheets if self.is_table(sheet)]
            sheets = tables or sheets
        if len(sheets) == 1:
            return [self.shape(sheets[0])], None
        timely = [sheet for sheet in sheets if is_time(sheet.name.strip())]
        choices = [Choice(f"sheet:{s.name}", f"nur das Blatt „{s.name}“") for s in sheets]
        if len(timely) > 1:
            names = ", ".join(sheet.name for sheet in timely)
            choices.insert(0, Choice(PERIOD, f"die Blätter {names}: jedes ein Zeitraum"))
        said = self.answers.ask(
            "sheets",
            "Welche Blätter der Mappe sollen gelesen werden?",
            choices,
            help="Blätter: " + ", ".join(f"„{sheet.name}“" for sheet in sheets) + ".",
            suggestion=choices[0].id if len(timely) == len(sheets) else "",
        )
        if said == PERIOD or (said is None and len(timely) > 1):
            shapes = [self.shape(sheet) for sheet in timely]
            self.refuse_unlike(shapes)
            return shapes, PERIOD
        name = (said or choices[0].id).removeprefix("sheet:")
        return [self.shape(next(sheet for sheet in sheets if sheet.name == name))], None

    def shape(self, sheet: Sheet) -> Shape:
        line, rows = (self.answers.given.get(n, "") for n in ("header_line", "header_rows"))
        return found(
            sheet,
            self.file,
            int(line) if line.isdigit() else None,
            int(rows) if rows.isdigit() and 1 <= int(rows) <= 6 else None,
        )

    def is_table(self, sheet: Sheet) -> bool:
        try:
            found(sheet, self.file)
        except FileError:
            return False
        return True

    def refuse_unlike(self, shapes: list[Shape]) -> None:
        for shape in shapes[1:]:
            if shape.headings != shapes[0].headings:
                raise FileError(
                    self.file,
                    f"die Überschriften sind andere als im Blatt „{shapes[0].sheet.name}“. "
                    "Nächster Schritt: nur ein Blatt lesen, oder die Überschriften angleichen",
                    sheet=shape.sheet.name,
                )

    def people(self, shape: Shape, listed: people.People) -> tuple[Grid, list[Shape]]:
        """Of a list of persons nothing, or how many say the same."""
        said = self.answers.ask(
            "people",
            "Sollen die Zeilen zu Gruppen gezählt werden?",
            [
                Choice(COUNT, "ja, nur zählen; Namen und einzelne Zeilen werden nicht gespeichert"),
                Choice("no", "nein, die Datei wieder schließen"),
            ],
            help="Einzelne Kinder werden nie gespeichert.",
        )
        self.proposal.state, self.proposal.reason = "people", listed.reason
        rest = [i for i in shape.columns if i not in listed.columns and shape.headings[i]]
        if said != COUNT:
            return Grid(self.file, "", "", []), []
        chosen = [
            i
            for i in rest
            if self.answers.ask(
                f"count:{shape.name(i)}",
                f"Soll nach „{shape.name(i)}“ gezählt werden?",
                [Choice("yes", "ja"), Choice("no", "nein, weglassen")],
            )
            == "yes"
        ]
        if self.answers.open or not chosen:
            if not self.answers.open:
                raise FileError(self.file, "keine Spalte ist gewählt, nach der gezählt wird")
            return Grid(self.file, "", "", []), []
        self.proposal.state, self.proposal.reason = "questions", ""
        content, name = read_content(self.content, self.file, self.answers.given)
        self.content, self.file = content, name
        grid = read_grid(content, name)
        return grid, [found(grid.sheets[0], name)]

    def case(self, shapes: list[Shape], sheet_is: str | None) -> Case | None:
        """The case of the chosen dataset; None while it is not chosen."""
        # of the same table the same: it is asked again after every answer
        mark = (
            hashlib.sha256(self.content).hexdigest() + shapes[0].sheet.name + str(shapes[0].first)
        )
        told = self.answers.given.get("dataset", "") in self.catalog.datasets
        if told and mark not in self.scored:
            self.scored[mark] = score.by_name(self.catalog)
        if mark not in self.scored:
            self.scored[mark] = score.datasets(
                shapes, sheet_is, self.file, self.catalog, self.register, self.known_words
            )
        scored = self.scored[mark]
        choices = [Choice(one.id, one.text) for one in scored]
        said = self.answers.ask(
            "dataset",
            "Was zählt diese Tabelle?",
            [*choices, Choice(NEW, "etwas anderes: einen neuen Datensatz anlegen")],
            help="Zuerst steht, wozu die Wörter der Tabelle am besten passen.",
            suggestion=choices[0].id if scored and scored[0].fits else "",
        )
        self.answers.ask(
            "publisher",
            "Wer gibt diese Zahlen heraus?",
            [],
            help="Steht als Quelle unter jedem Diagramm, zum Beispiel „Stadt Hof, Schulamt“.",
            suggestion=next((m.publisher for m in reversed(own(self.catalog)) if m.publisher), ""),
        )
        if said is None:
            return None
        if said != NEW:
            dataset, catalog, known = self.catalog.datasets[said], self.catalog, self.known_words
            return self.made(shapes, sheet_is, dataset, catalog, known)
        title = definitions.title_of(shapes[0], self.file, self.catalog)
        made = new_dataset.asked(shapes[0], self.answers, self.catalog, self.file, title)
        if made is None:
            return None
        dataset, catalog, self.new = made
        return self.made(shapes, sheet_is, dataset, catalog, Known(self.register))

    def made(
        self,
        shapes: list[Shape],
        sheet_is: str | None,
        dataset: Dataset,
        catalog: Catalog,
        known: Known,
    ) -> Case:
        case = Case(
            self.file, shapes, sheet_is, catalog, self.register, self.answers, dataset, known
        )
        case.usual_region = usual_region(catalog, self.register)
        if any(shape.repeated for shape in shapes):
            head = shapes[0].sheet.texts[shapes[0].first]
            case.skip_rows.append(next(str(text) for text in head if text != ""))
            case.tell("Überschriften", "stehen mehrmals", "gelesen werden sie einmal")
        return case

    def complete(self, case: Case, roles: dict[int, Role]) -> None:
        """Raises FileError for a table in which nothing is counted, or headings that are twice."""
        if not any(role.kind == VALUE for role in roles.values()) and not self.answers.open:
            raise case.wrong(
                "keine Spalte enthält die Zahlen. Nächster Schritt: unter „Spalten“ sagen, in "
                "welcher Spalte sie stehen"
            )
        for kind, name in ((PERIOD, "den Zeitraum"), (REGION, "das Gebiet")):
            several = [i for i, role in roles.items() if role.kind == kind]
            if several and case.sheet_is == kind:
                raise case.wrong(
                    f"der Name des Blatts und die Spalte „{case.shape.name(several[0])}“ sagen "
                    f"beide {name}. Nächster Schritt: unter „Spalten“ die Spalte auf „nicht lesen“ "
                    "stellen, oder nur ein Blatt lesen"
                )
            if len(several) > 1:
                both = " und ".join(f"„{case.shape.name(i)}“" for i in several)
                raise case.wrong(
                    f"{both} sagen beide {name}. Nächster Schritt: unter „Spalten“ eine davon auf "
                    "„nicht lesen“ stellen"
                )
        used = [case.shape.headings[i] for i, role in roles.items() if role.kind != SKIP]
        twice = next((h for h in used if used.count(h) > 1), None)
        if twice is not None:
            name = f"die Überschrift „{' / '.join(twice)}“ steht über mehreren Spalten"
            raise case.wrong(
                f"{name if twice else 'mehrere Spalten haben keine Überschrift'}. Nächster "
                "Schritt: die Spalten in der Datei verschieden benennen, oder eine nicht lesen"
            )
        if marked := next((part for h in used for part in h if PLACEHOLDER.search(part)), None):
            raise case.wrong(
                f"die Überschrift „{marked}“ steht in spitzen Klammern; die bedeuten in einer "
                "Zuordnung etwas anderes. Nächster Schritt: sie in der Datei anders schreiben"
            )

    def sums(self, case: Case, roles: dict[int, Role]) -> None:
        """Whether rows that say the same are added up."""
        said_by = [i for i, role in roles.items() if role.kind not in (SKIP, VALUE, "")]
        if not said_by or not self.answers.columns_said:
            return
        measures = [case.measure(role.of) for role in roles.values() if role.kind == VALUE]
        for shape in case.shapes:
            texts = shape.sheet.texts
            seen: dict[tuple[str, ...], int] = {}
            for row in case.rows(shape):
                key = tuple(str(texts[row, i]) for i in said_by)
                if not all(key) and case.fill_down:
                    return
                if key in seen:
                    rates = [m for m in measures if not m.additive]
                    if rates:
                        raise case.wrong(
                            f"Zeile {shape.line(row)} sagt dasselbe wie Zeile "
                            f"{shape.line(seen[key])}, und {rates[0].name} lässt sich nicht "
                            "zusammenzählen. Nächster Schritt: unter „Spalten“ die Spalte "
                            "zuordnen, die beide unterscheidet"
                        )
                    self.ask_sum(case, key, shape.line(seen[key]), shape.line(row))
                    return
                seen[key] = row

    def ask_sum(self, case: Case, key: tuple[str, ...], first: int, second: int) -> None:
        words_of = ", ".join(f"„{text}“" for text in key if text)
        said = self.answers.ask(
            "sum",
            f"Mehrere Zeilen sagen dasselbe ({words_of}): Zeile {first} und {second}. Was tun?",
            [
                Choice("yes", "zusammenzählen, zum Beispiel mehrere Schulen eines Gebiets"),
                Choice("no", "nichts davon: die Datei ist fehlerhaft, oder eine Spalte fehlt noch"),
            ],
        )
        if said == "no":
            raise case.wrong(
                f"Zeile {second} sagt dasselbe wie Zeile {first} ({words_of}). Nächster Schritt: "
                "unter „Spalten“ die Spalte zuordnen, die beide unterscheidet, oder eine der "
                "Zeilen in der Datei streichen"
            )
        if said == "yes":
            case.settings["sum"] = True

    # --- what comes of it

    def draft(self, grid: Grid, case: Case, roles: dict[int, Role]) -> None:
        """The definitions, read by the real reader."""
        if not all(case.rows(shape) for shape in case.shapes):
            raise case.wrong(
                "keine Zeile bleibt übrig: alle sollen nicht gelesen werden. Nächster Schritt: "
                "bei einem Wort etwas anderes antworten"
            )
        publisher = self.answers.given["publisher"]
        title = self.answers.given.get("title") or definitions.title_of(
            case.shape, self.file, self.catalog
        )
        # neither a mapping nor a file may lose its place
        stems = (Path(name).stem for name in self.catalog.files)
        id = definitions.name_of(title, [*self.catalog.mappings, *stems])
        files = definitions.pattern_of(self.file)
        # all mappings that fit a name must read the file, so that a second one must not
        if any(m.reads(self.file) for m in self.catalog.mappings.values()):
            files = self.file
        others = [
            s.name for s in grid.sheets if s.name not in [shape.sheet.name for shape in case.shapes]
        ]
        if others:
            case.settings["skip_sheets"] = others
        told = {"title": title, "publisher": publisher, "licence": "intern"}
        mapping = definitions.mapping(case, roles, id, files, told)
        parts = {"local_regions": case.new_regions, **self.new, "mappings": [mapping]}
        text = definitions.file_of(self.file, {k: v for k, v in parts.items() if v})
        name = f"{id}.toml"
        catalog = catalogs.from_texts(
            self.catalog.files | {f"definitions/{name}": text}, complete=True
        )
        register = self.register | definitions.regions_of(case.new_regions)
        used = [catalog.mappings[id]]
        try:
            (table,) = own_tables.understand(grid, used, catalog, register)
        except FileError as error:
            reason = shown.for_the_page(error.reason.replace(f" {id} ", " ").replace(DRAFT, ""))
            raise FileError(
                error.file, reason, sheet=error.sheet, line=error.line, column=error.column
            ) from error
        # what is refused when it is received is told before somebody presses "Übernehmen"
        report = Report()
        gathering.check_own_table(table, catalog, register, report)
        if wrong := report.of("error"):
            raise FileError(self.file, wrong[0])
        self.proposal.definitions = {name: text}
        self.proposal.mappings = [id]
        self.receiver_catalog = catalog
        self.catalog, self.register = catalog, register
        self.show(table.rows.assign(dataset=table.dataset.id), "\n".join(table.notes))
        self.proposal.state = "ready"

    def show(self, rows: pd.DataFrame, notes: str) -> None:
        self.proposal.seen = shown.seen(rows)
        self.proposal.understood = shown.understood(rows, self.catalog, self.register) | {
            "notes": notes
        }
