#!/bin/sh
# Make the hashed lock files anew (maintainers only; needs uv). Versions younger than three weeks wait.
set -eu
cd "$(dirname "$0")/.."
compile="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-annotate --no-header --no-emit-index-url"
$compile --exclude-newer "3 weeks" pyproject.toml --extra sandbox -o requirements/core.txt
$compile --exclude-newer "3 weeks" pyproject.toml --all-extras --group dev -o requirements/dev.txt
