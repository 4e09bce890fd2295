"""ESPHome's MQTT for a computer, which has none of its own: the broker is played.

It takes the place of the component of this name, so that a node is run with all else of
ESPHome as it is.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import esphome
import esphome.codegen as cg
import esphome.config_validation as cv

_FILE = Path(esphome.__file__).parent / "components" / "mqtt" / "__init__.py"
_spec = spec_from_file_location("esphome_real_mqtt", _FILE)
_real = module_from_spec(_spec)
_spec.loader.exec_module(_real)
globals().update(
    {name: each for name, each in vars(_real).items() if name.startswith("MQTT")}
)

DEPENDENCIES = []
AUTO_LOAD = []
CONFIG_SCHEMA = cv.Schema(
    {cv.GenerateID(): cv.declare_id(_real.MQTTClientComponent)}
).extend(cv.COMPONENT_SCHEMA)


async def to_code(config: dict[str, Any]) -> None:
    client = cg.new_Pvariable(config["id"])
    await cg.register_component(client, config)
    cg.add_define("USE_MQTT")


async def register_mqtt_component(entity: Any, config: dict[str, Any]) -> None:
    """Let nobody hear of it."""
