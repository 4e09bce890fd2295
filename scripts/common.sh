# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by the commands of this folder: which Home Assistant, in which venv.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
newest_ha=2026.11.0
usual_ha=2026.10.4 # the newest that the test plugin is made for
floor_ha=2025.4.4

# Where nothing is kept of what was compiled, as in many containers, each of the dozens
# of processes that a test run starts spends ten seconds and more on it.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Takes "--ha VERSION" out of the arguments: sets ha ("" for the usual one, if possible),
# setup_arguments, venv, and rest for what remains.
read_arguments() {
  ha=""
  rest=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --ha)
        [ $# -ge 2 ] || fail "--ha needs a version: $newest_ha, $usual_ha or $floor_ha."
        ha="$2"
        shift 2
        ;;
      --ha=*)
        ha="${1#--ha=}"
        shift
        ;;
      *)
        rest+=("$1")
        shift
        ;;
    esac
  done
  case "$ha" in
    "" | "$usual_ha") venv="$root/.venv" ;;
    "$newest_ha" | "$floor_ha") venv="$root/.venv-$ha" ;;
    *) fail "Home Assistant $ha is none of these: $newest_ha, $usual_ha, $floor_ha." ;;
  esac
  setup_arguments=()
  if [ -n "$ha" ]; then setup_arguments=(--ha "$ha"); fi
}
