#!/bin/sh
# Runs scripts/NAME.py with the first Python that is new enough: sh scripts/run.sh NAME.py [arguments]
# The distribution's own comes before one of the same version that somebody compiled: Debian's is built for speed, a
# tenth to a third quicker than what a version manager builds by default. One that can make no environment comes last.
# Without compiled files every process would compile the whole project again, tests included.
unset PYTHONDONTWRITEBYTECODE
for needs in 'sys, ensurepip' sys; do
    for name in python3.11 python3.12 python3.13 python3; do
        for candidate in "/usr/bin/$name" "$name"; do
            if "$candidate" -c "import $needs; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then
                script=$1
                shift
                exec "$candidate" "$(dirname "$0")/$script" "$@"
            fi
        done
    done
done
echo "Python 3.11 atau yang lebih baru tidak ditemukan; pasang lebih dahulu, misalnya: sudo apt-get install python3.11" >&2
exit 1
