# Sourced by every command here: puts a Python of at least 3.10, able to make virtual environments, into $python.
find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            python=$(command -v "$candidate")
            return
        fi
    done
    cat >&2 <<'MISSING'
microtome: no Python 3.10 or newer with its venv module was found on PATH. Install it:
  Debian, Ubuntu   sudo apt-get install python3 python3-venv
  macOS            brew install python@3.13
  Windows          winget install Python.Python.3.13 (then run this command in Git Bash or WSL)
MISSING
    exit 3
}
find_python
