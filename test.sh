#!/usr/bin/env bash
# Everything for the tests, Chromium included, and all tests. Arguments are passed on to dotnet test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./.ci/prerequisites.sh

need_dotnet
need_postgres
need_chromium

dotnet build JitAccess.sln -c Release -v quiet --nologo
dotnet format JitAccess.sln --no-restore --verify-no-changes --severity warn
# One project after the other: several at once starve each other's browsers and shells on a small machine.
dotnet test --solution JitAccess.sln -c Release --no-build --max-parallel-test-modules 1 "$@"
