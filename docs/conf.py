"""Sphinx: MyST pages in the theme of Wagtail's own documentation."""

import re
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent / "wagtail_eparticipation" / "__init__.py"

project = "wagtail-eparticipation"
author = "wagtail-eparticipation contributors"
copyright = "2026, wagtail-eparticipation contributors"
release = version = re.search(r'__version__ = "(.+)"', _PACKAGE.read_text())[1]

extensions = ["myst_parser", "sphinx_copybutton", "sphinx_wagtail_theme"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "sphinx_wagtail_theme"
html_title = "wagtail-eparticipation"
html_static_path = ["_static"]
html_show_sourcelink = False
html_theme_options = {
    "project_name": "wagtail-eparticipation",
    "header_links": "",
    "footer_links": "",
}
html_last_updated_fmt = None
