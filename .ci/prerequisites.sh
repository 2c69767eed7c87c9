# Sourced by demo.sh and test.sh: finds what they need, installs it where that can be done, else says how to get it.

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Installs Debian packages; answers false where that cannot be done without asking.
install_packages() {
  command -v apt-get >/dev/null || return 1
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo)
  fi
  echo "Installing $*" >&2
  "${as_root[@]}" apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_dotnet() {
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' ||
    stop "The .NET SDK 10 is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0, then start again."
}

has_postgres() {
  [ -n "${JITACCESS_POSTGRES:-}" ] && return 0
  command -v docker >/dev/null && timeout 5 docker info >/dev/null 2>&1 && return 0
  command -v initdb >/dev/null && command -v postgres >/dev/null && return 0
  ls /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb >/dev/null 2>&1
}

need_postgres() {
  has_postgres || install_packages postgresql || true
  has_postgres ||
    stop "Postgres is missing, and it could not be installed here. One of these will do:" \
      "  - install the server: apt-get install postgresql, brew install postgresql, dnf install postgresql-server" \
      "  - start a Docker engine" \
      "  - name a server in JITACCESS_POSTGRES, for example Host=localhost;Username=postgres;Password=…"
}

has_chromium() {
  [ -n "${JITACCESS_CHROMIUM:-}" ] && return 0
  command -v chromium >/dev/null || command -v google-chrome >/dev/null
}

need_chromium() {
  has_chromium || install_packages chromium || true
  has_chromium ||
    stop "Chromium is missing, and it could not be installed here. Install chromium or google-chrome, or name one in JITACCESS_CHROMIUM."
}
