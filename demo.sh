#!/usr/bin/env bash
# Everything for the demo on a fresh machine, then the running application. Arguments are passed on (--help lists them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./.ci/prerequisites.sh

need_dotnet
need_postgres

dotnet build src/JitAccess.Sandbox -c Release -v quiet --nologo
exec dotnet src/JitAccess.Sandbox/bin/Release/net10.0/JitAccess.Sandbox.dll "$@"
