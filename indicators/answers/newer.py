"""What the same question gets of a newer release: the cells of its table that read otherwise."""

from indicators.answers.answer import Answer, Table

_NONE = "–"


def changes(before: Answer, after: Answer) -> Table:
    """The cells that read otherwise, as a table: what a row is of, which column, before and after.
    Rows of only one of them stand with a dash on the other side. Nothing is told that the tables
    do not show themselves."""
    old, new = _cells(before.table), _cells(after.table)
    rows = tuple(
        (of, column, old.get((of, column), _NONE), new.get((of, column), _NONE))
        for of, column in dict.fromkeys([*new, *old])
        if old.get((of, column)) != new.get((of, column))
    )
    return Table(("Wovon", "Was", "In diesem Link", "Jetzt"), rows, (False, False, True, True))


def _cells(table: Table) -> dict[tuple[str, str], str]:
    """What each number of a table is of (the texts of its row) and its column → as it reads."""
    words = [i for i, numeric in enumerate(table.numeric) if not numeric]
    found: dict[tuple[str, str], str] = {}
    for row in table.rows:
        of = ", ".join(row[i] for i in words if row[i])
        for i, numeric in enumerate(table.numeric):
            if numeric:
                found[of, table.columns[i]] = row[i]
    return found
