#!/bin/sh
# Looks for what pip cannot install; installs it on Debian as root, else names it.
# Arguments: nothing for all that `make test` needs, or one of: venv mariadb.
# `mariadb` answers by its exit status only: can the MariaDB driver be compiled?
set -u
python=${PYTHON:-python3}
missing=""
need() { missing="$missing $1"; }
has() { command -v "$1" >/dev/null 2>&1; }
has_header() {
    "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}
has_fonts() { has fc-list && fc-list 2>/dev/null | grep -qi "noto.*arabic"; }
can_compile_mariadb() {
    has gcc && has pkg-config && has_header \
        && { pkg-config --exists libmariadb || pkg-config --exists mysqlclient; }
}

if ! has "$python"; then
    echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $python is older. Name one: make PYTHON=python3.11 …" >&2
    exit 1
fi

[ "${1:-}" = mariadb ] && { can_compile_mariadb; exit; }

"$python" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
if [ "${1:-}" != venv ]; then
    has msgfmt || need gettext
    has chromium || has chromium-headless-shell || need chromium
    has_fonts || need "fontconfig fonts-noto-core"
    can_compile_mariadb || need "gcc pkg-config python3-dev libmariadb-dev"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of package names
    apt-get update -qq
    # Without windows there is a lighter build of the same browser.
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        missing=$(echo "$missing" | sed 's/ chromium\b/ chromium-headless-shell/')
    fi
    apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
    echo "apt-get could not install:$missing" >&2
else
    echo "Not installed, and only root can install it. On Debian:" >&2
    echo "    sudo apt-get install$missing" >&2
fi
# Without a virtual environment nothing can run; the rest is reported by the steps.
case " $missing " in *" python3-venv "*) exit 1 ;; esac
exit 0
