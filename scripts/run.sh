#!/bin/sh
# Runs scripts/NAME.py with the first Python that is new enough: sh scripts/run.sh NAME.py [arguments]
# Without compiled files every process would compile the whole project again, tests included.
unset PYTHONDONTWRITEBYTECODE
for candidate in python3.11 python3.12 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        script=$1
        shift
        exec "$candidate" "$(dirname "$0")/$script" "$@"
    fi
done
echo "Python 3.11 atau yang lebih baru tidak ditemukan; pasang lebih dahulu, misalnya: sudo apt-get install python3.11" >&2
exit 1
