"""The archive for statistics: every program reads it with its labels."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec

import pytest

from tests.factories import DURING
from tests.surveys import export_makers as made
from tests.surveys.makers import respond
from wagtail_eparticipation import clock
from wagtail_eparticipation.surveys.answer import Answer
from wagtail_eparticipation.surveys.codebook import codebook_of
from wagtail_eparticipation.surveys.export import ANSWERS, Export
from wagtail_eparticipation.surveys.export_zip import zip_pieces
from wagtail_eparticipation.surveys.listing import surveys_of
from wagtail_eparticipation.surveys.statistics_files import spss_syntax

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    made_one = made.make_long_survey()
    with clock.rehearse(DURING):
        made.answer_all(made_one, wish="=1+1\nسطر ثانٍ", other='قال "نعم"')
        respond(made_one, Answer(made.VISITS, "no"))
        yield made_one


def export_of(survey, language="en", **cut):
    book = codebook_of(surveys_of(survey.consultation))
    return Export(book, language=language, **cut)


def archive_of(survey, **cut):
    pieces = zip_pieces(export_of(survey, **cut), made_at=DURING)
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def folder(survey, tmp_path):
    archive_of(survey).extractall(tmp_path)
    return tmp_path


def test_it_holds_data_codebook_and_a_script_for_each_program(survey):
    archive = archive_of(survey)

    assert archive.testzip() is None
    assert archive.namelist() == [
        "data.csv",
        "data-labels.csv",
        "codebook.csv",
        "codebook.json",
        "datapackage.json",
        "import.sps",
        "import.R",
        "import_pandas.py",
        "README.txt",
        "manifest-sha256.txt",
    ]


def test_each_file_has_its_checksum(survey):
    archive = archive_of(survey)

    lines = archive.read("manifest-sha256.txt").decode().splitlines()
    found = dict(reversed(line.split("  ", 1)) for line in lines)
    assert found.keys() == set(archive.namelist()) - {"manifest-sha256.txt"}
    for name, digest in found.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_codes_and_labels_are_the_same_rows(survey):
    archive = archive_of(survey)
    coded, worded = table(archive, "data.csv"), table(archive, "data-labels.csv")

    assert [row["number"] for row in coded] == [row["number"] for row in worded]
    assert (coded[0]["q03"], worded[0]["q03"]) == ("2", "South")
    assert (coded[0]["state"], worded[1]["q04"]) == ("received", "No")
    assert coded[0]["q01_other"] == worded[0]["q01_other"] == 'قال "نعم"'


def test_words_are_in_one_line_and_no_formula(survey):
    assert table(archive_of(survey), "data.csv")[0]["q12"] == "'=1+1 سطر ثانٍ"


def test_it_comes_in_pieces(survey):
    for _number in range(300):
        respond(survey, Answer(made.WISH, text="كلمة " * 150))

    pieces = list(zip_pieces(export_of(survey), made_at=DURING))

    assert len(pieces) > 5


def test_another_shape_or_no_language_is_refused(survey):
    for export in (export_of(survey, shape=ANSWERS), export_of(survey, language="")):
        with pytest.raises(ValueError, match="one row per response"):
            next(zip_pieces(export, made_at=DURING))


def test_the_data_package_describes_both_tables(survey):
    archive = archive_of(survey)
    package = json.loads(archive.read("datapackage.json"))

    for resource in package["resources"]:
        rows = table(archive, resource["path"])
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(rows[0])
        digest = hashlib.sha256(archive.read(resource["path"])).hexdigest()
        assert resource["hash"] == f"sha256:{digest}"
    coded = {
        field["name"]: field for field in package["resources"][0]["schema"]["fields"]
    }
    assert coded["q03"]["type"] == "integer"
    assert coded["q03"]["categories"] == [
        {"value": 1, "label": "North"},
        {"value": 2, "label": "South"},
    ]
    assert coded["q08"]["type"] == "number"
    assert coded["q09"]["type"] == "date"
    assert coded["channel"]["categories"][0] == {"value": "portal", "label": "Portal"}


def test_spss_reads_every_column_with_labels(survey):
    archive = archive_of(survey)
    syntax = archive.read("import.sps").decode("utf-8-sig")

    names = table(archive, "data.csv")[0].keys()
    beginning = syntax.index("/VARIABLES=")
    columns = syntax[beginning : syntax.index("  .", beginning)].splitlines()[1:]
    assert [line.split()[0] for line in columns] == list(names)
    assert "    q09 SDATE10" in columns
    assert "    q08 F15.4" in columns
    assert "  q02_1 'Why do you visit? – Sport'" in syntax
    assert "VALUE LABELS\n  q03\n    1 'North'\n    2 'South'\n  ." in syntax


def test_spss_texts_are_as_wide_as_the_longest(survey):
    syntax = archive_of(survey).read("import.sps").decode("utf-8-sig")

    longest = len("'=1+1 سطر ثانٍ".encode())
    assert f"    q12 A{longest}\n" in syntax


def test_spss_codes_fit_into_their_columns(survey):
    syntax = archive_of(survey).read("import.sps").decode("utf-8-sig")

    assert "    channel A9\n" in syntax
    assert "    capacity A12\n" in syntax


def test_spss_labels_are_cut_between_characters_and_quoted(survey):
    book = codebook_of(surveys_of(survey.consultation))
    book.questions[0].labels["en"] = "It's " + "ظ" * 200
    export = Export(book, language="en")

    syntax = spss_syntax(export.variables, "en", {})

    line = next(row for row in syntax.splitlines() if row.startswith("  q01 "))
    assert line.startswith("  q01 'It''s ظ")
    assert len(line.removeprefix("  q01 ").encode()) <= 255 + 3


def test_names_are_valid_in_spss_r_and_python(survey):
    for each in export_of(survey).variables:
        assert each.name.isidentifier()
        assert each.name.isascii()
        assert not each.name.endswith("_")
        assert len(each.name) < 32


_READ = """
import json, sys
sys.path.insert(0, sys.argv[1])
from import_pandas import read
data = read("ar")
print(json.dumps({
    "columns": list(data.columns),
    "q03": list(data["q03"].cat.categories),
    "first": str(data["q03"][0]),
    "answered": int(data["q03"].notna().sum()),
    "number": float(data["q08"][0]),
    "day": str(data["q09"][0].date()),
    "chosen": int(data["q02_1"].sum()),
    "label": data.attrs["labels"]["q03"],
    "register": data["number"].tolist(),
}))
"""


def test_pandas_reads_it_with_categories(survey, folder):
    if find_spec("pandas") is None:
        pytest.skip("pandas is not installed")
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["q03"] == ["الشمال", "الجنوب"]
    assert (found["first"], found["answered"]) == ("الجنوب", 1)
    assert (found["number"], found["day"]) == (-2.5, "2026-04-12")
    assert (found["chosen"], found["label"]) == (1, "أين تسكنون؟")


def test_what_the_pandas_script_relies_on_is_in_the_codebook(folder):
    book = json.loads((folder / "codebook.json").read_text(encoding="utf-8"))
    with (folder / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [each["name"] for each in book["variables"]] == list(rows[0])
    for each in book["variables"]:
        codes = {str(code["code"]) for code in each["codes"]}
        if codes:
            assert {row[each["name"]] for row in rows} <= codes | {""}
    compile((folder / "import_pandas.py").read_text(encoding="utf-8"), "script", "exec")


def test_r_reads_it_with_factors(folder):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    check = 'source("import.R", encoding = "UTF-8"); cat(levels(data$q03), nrow(data))'
    done = subprocess.run(
        ["Rscript", "-e", check], cwd=folder, check=True, capture_output=True, text=True
    )
    assert done.stdout.endswith("North South 2")


def test_spss_syntax_is_read_without_an_error(folder):
    if shutil.which("pspp") is None:
        pytest.skip("PSPP, which reads the syntax of SPSS, is not installed")
    with (folder / "import.sps").open("a", encoding="utf-8") as syntax:
        syntax.write("LIST VARIABLES=channel q03 q08.\n")
    done = subprocess.run(
        ["pspp", "import.sps"], cwd=folder, check=True, capture_output=True, text=True
    )
    assert "error" not in done.stdout
    assert "-2.5000" in done.stdout


def test_the_r_script_says_the_kind_of_every_column(survey, folder):
    script = (folder / "import.R").read_text(encoding="utf-8")

    for each in export_of(survey).variables:
        assert f"{each.name} = " in script
        assert f'attr(data${each.name}, "label")' in script
    assert 'levels = c(1, 2),\n  labels = c("North", "South")' in script
