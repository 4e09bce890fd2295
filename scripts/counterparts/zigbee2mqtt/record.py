"""Record what Zigbee2MQTT says and is told, case by case."""

from __future__ import annotations

from pathlib import Path

from scripts.parts.broker import Broker
from scripts.parts.process import PartError

from .bridge import Bridge
from .cases import Cases
from .recorder import Recorder


async def record(home: Path, folder: Path) -> Recorder:
    """Play the cases on the bridge that is installed in `home`; some four minutes."""
    broker = Broker(folder / "broker")
    recorder = Recorder()
    settings = {
        "availability": {
            "enabled": True,
            "active": {"timeout": 1, "max_jitter": 1000},
            "passive": {"timeout": 1},
        }
    }
    bridge = Bridge(home, folder / "bridge", broker.address, settings)
    bridge.configure()
    await broker.start()
    try:
        await recorder.connect(broker)
        await _play(Cases(recorder, bridge, broker), recorder)
    except TimeoutError as error:
        raise PartError(
            f"{recorder.case} does not end:\n{bridge.process.tail()}"
        ) from error
    finally:
        recorder.begin("")
        await bridge.stop()
        await recorder.disconnect()
        await broker.stop()
    return recorder


async def _play(cases: Cases, recorder: Recorder) -> None:
    for name in vars(Cases):
        if not name.startswith("_"):
            recorder.begin(name)
            await getattr(cases, name)()
            await recorder.quiet()
