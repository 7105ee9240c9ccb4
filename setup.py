"""Packaging metadata of wagtail-eparticipation; the tools' settings: pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(
    r'^__version__ = "(.+)"$',
    (HERE / "wagtail_eparticipation" / "__init__.py").read_text(encoding="utf-8"),
    re.MULTILINE,
)[1]

EXTRAS = {
    # Closing reports as accessible, archivable PDF.
    "pdf": ["typst>=0.15"],
    # Registers and results as spreadsheets.
    "xlsx": ["XlsxWriter>=3.2"],
    # Telephone numbers found in texts before they are published.
    "pii": ["phonenumbers>=9"],
    # Suggested themes and groups of similar participations.
    "analysis": ["scikit-learn>=1.5"],
    # Prefills the editors' table of Saudi public holidays.
    "saudi": ["holidays>=0.60"],
    # PDF files that people attach, checked and shown to staff as pictures.
    "attachments": ["pypdf>=6", "pypdfium2>=4.30"],
    # A proof-of-work challenge on public forms, without third parties.
    "altcha": ["django-altcha>=1.0"],
    "postgres": ["psycopg[binary]>=3.2"],
    "mysql": ["mysqlclient>=2.2"],
    "redis": ["redis>=5"],
}
EXTRAS["all"] = [line for lines in EXTRAS.values() for line in lines]

setup(
    name="wagtail-eparticipation",
    version=VERSION,
    description="Public consultations for a municipality's own Wagtail site",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="wagtail-eparticipation contributors",
    license_expression="BSD-3-Clause",
    license_files=["LICENSE"],
    keywords="wagtail django consultation participation municipality arabic rtl",
    packages=find_packages(
        include=["wagtail_eparticipation", "wagtail_eparticipation.*"]
    ),
    include_package_data=True,
    python_requires=">=3.11",
    install_requires=[
        "wagtail>=7.4",
        "Django>=5.2",
        "wagtail-localize>=1.14",
        "django-comments-xtd>=2.10.13,<3",
        "bleach>=6.4",
        "django-tasks>=0.9",
        "hijridate>=2.5",
        "cryptography>=44",
        "icalendar>=6",
    ],
    extras_require=EXTRAS,
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Django",
        "Framework :: Django :: 5.2",
        "Framework :: Django :: 6.0",
        "Framework :: Wagtail",
        "Framework :: Wagtail :: 7",
        "Intended Audience :: Developers",
        "Natural Language :: Arabic",
        "Natural Language :: English",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Internet :: WWW/HTTP :: Dynamic Content",
        "Topic :: Internet :: WWW/HTTP :: Site Management",
    ],
)
