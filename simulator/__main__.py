"""`python -m simulator`: plays nodes of a protocol on a broker until it is ended."""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING

from simulator.cli import parse
from simulator.flash import Flash
from simulator.ledger import Ledger
from simulator.runner import Runner, steady_unix_clock

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Play until SIGINT or SIGTERM; return the exit code."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    clock = steady_unix_clock()
    prefix, simulated = options.prefix, options.simulated
    try:
        ledger = Ledger(options.ledger, prefix)
        flash = None if options.state is None else Flash(options.state, prefix)
        memories = {} if flash is None else flash.load_all()
        clients = simulated.station(options.nodes, options.given, memories, clock())
    except (OSError, ValueError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    runner = Runner(
        options.broker,
        prefix,
        clients,
        names=options.nodes,
        faults=simulated.faults,
        ledger=ledger,
        flash=flash,
        clock=clock,
        say=lambda line: print(line, flush=True),
    )
    for order in options.orders:
        runner.order(order)
    with _stop_on_signals() as stop:
        runner.run(stop)
    ledger.close()
    return 0


def _stop_on_signals() -> socket.socket:
    """Return a socket that can be read once the process was asked to end."""
    stop, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.detach())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return stop


if __name__ == "__main__":
    sys.exit(main())
