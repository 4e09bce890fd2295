"""A node of MQTT Dispatch, as a component of ESPHome: each command is executed once.

It runs on the core in `firmware/src` of this repository, which is copied into what
ESPHome compiles. `docs/node.md` says how to use it and what it does.
"""

from pathlib import Path
from typing import Any

from esphome import automation
import esphome.codegen as cg
from esphome.components import binary_sensor, sensor
from esphome.components.esp8266.boards import BOARDS, FLASH_SIZE_4_MB
from esphome.components.esp8266.const import KEY_FLASH_SIZE
import esphome.config_validation as cv
from esphome.const import CONF_BOARD, CONF_ID, __version__
from esphome.core import CORE, ID
from esphome.cpp_generator import MockObj
import esphome.final_validate as fv
from esphome.helpers import copy_file_if_changed
from esphome.types import ConfigType

CODEOWNERS = ["@mqtt-dispatch/maintainers"]
DEPENDENCIES = ["mqtt"]

CONF_PREFIX = "prefix"
CONF_NODE = "node"
CONF_VERSION = "version"
CONF_DISPENSES = "dispenses"
CONF_LONGEST_WORK = "longest_work"
CONF_READY = "ready"
CONF_FOOD = "food"
CONF_ON_FEED = "on_feed"
CONF_ON_OPERATE = "on_operate"
CONF_ON_HALT = "on_halt"
CONF_PERCENT = "percent"
CONF_REASON = "reason"

CORE_HEADERS = Path(__file__).resolve().parents[3] / "firmware" / "src"
LAYOUT_ESP8266 = "eagle.flash.4m1m.ld"
"""One that leaves room for files, which this uses: updates are written before it."""

node_ns = cg.esphome_ns.namespace("mqtt_dispatch_node")
NodeComponent = node_ns.class_("NodeComponent", cg.Component)
DoneAction = node_ns.class_("DoneAction", automation.Action)
FailedAction = node_ns.class_("FailedAction", automation.Action)
ProgressAction = node_ns.class_("ProgressAction", automation.Action)
Outcome = cg.global_ns.namespace("mqtt_dispatch").enum("Outcome", is_class=True)

REASONS = {each: getattr(Outcome, each) for each in ("failed", "jammed", "empty")}
FEED_ARGUMENTS = [
    (cg.uint32, "portions"),
    (cg.uint32, "hopper"),
    (cg.uint32, "bowl"),
    (cg.uint32, "pet"),
]
OPERATE_ARGUMENTS = [(cg.uint32, "servo"), (cg.bool_, "on")]
LONGEST_VERSION = 31
LONGEST_LEVEL = 64


def level(value: object) -> str:
    """Accept one level of an MQTT topic, as the integration does."""
    text = cv.string_strict(value)
    if not 0 < len(text.encode()) <= LONGEST_LEVEL or set("/+#") & set(text):
        raise cv.Invalid(f"1 to {LONGEST_LEVEL} bytes without /, + and #")
    return text


CONFIG_SCHEMA = cv.Schema(
    {
        cv.GenerateID(): cv.declare_id(NodeComponent),
        cv.Required(CONF_PREFIX): cv.All(cv.publish_topic, cv.Length(min=1, max=64)),
        cv.Optional(CONF_NODE, default="1"): level,
        cv.Optional(CONF_VERSION, default=f"esphome {__version__}"): cv.All(
            cv.string_strict, cv.Length(min=1, max=LONGEST_VERSION)
        ),
        cv.Optional(CONF_DISPENSES, default=True): cv.boolean,
        cv.Optional(CONF_LONGEST_WORK, default="60s"): cv.All(
            cv.positive_time_period_seconds,
            cv.Range(min=cv.TimePeriod(seconds=1), max=cv.TimePeriod(hours=1)),
        ),
        cv.Optional(CONF_READY): cv.use_id(binary_sensor.BinarySensor),
        cv.Optional(CONF_FOOD): cv.use_id(sensor.Sensor),
        cv.Required(CONF_ON_FEED): automation.validate_automation(single=True),
        cv.Optional(CONF_ON_OPERATE): automation.validate_automation(single=True),
        cv.Required(CONF_ON_HALT): automation.validate_automation(single=True),
    }
).extend(cv.COMPONENT_SCHEMA)


def _is_possible(config: ConfigType) -> ConfigType:
    if not CORE_HEADERS.is_dir():
        raise cv.Invalid(
            f"{CORE_HEADERS} is missing: take the whole repository, not this folder"
        )
    if CORE.is_esp8266:
        board = fv.full_config.get()["esp8266"][CONF_BOARD]
        if BOARDS.get(board, {}).get(KEY_FLASH_SIZE) != FLASH_SIZE_4_MB:
            raise cv.Invalid(f"an ESP8266 needs 4 MB of flash; {board} has not")
    return config


FINAL_VALIDATE_SCHEMA = _is_possible


async def to_code(config: ConfigType) -> None:
    for header in sorted(CORE_HEADERS.glob("*.h")):
        copy_file_if_changed(
            header, CORE.relative_src_path("mqtt_dispatch", header.name)
        )
    if CORE.is_esp8266:
        cg.add_platformio_option("board_build.ldscript", LAYOUT_ESP8266)
    node = cg.new_Pvariable(config[CONF_ID], config[CONF_PREFIX], config[CONF_NODE])
    await cg.register_component(node, config)
    cg.add(node.set_version(config[CONF_VERSION]))
    cg.add(node.set_dispenses(config[CONF_DISPENSES]))
    cg.add(node.set_longest_work(config[CONF_LONGEST_WORK].total_seconds))
    if CONF_READY in config:
        cg.add(node.set_ready_sensor(await cg.get_variable(config[CONF_READY])))
    if CONF_FOOD in config:
        cg.add(node.set_food_sensor(await cg.get_variable(config[CONF_FOOD])))
    await automation.build_automation(
        node.get_feed_trigger(), FEED_ARGUMENTS, config[CONF_ON_FEED]
    )
    if CONF_ON_OPERATE in config:
        cg.add(node.set_operates())
        await automation.build_automation(
            node.get_operate_trigger(), OPERATE_ARGUMENTS, config[CONF_ON_OPERATE]
        )
    await automation.build_automation(node.get_halt_trigger(), [], config[CONF_ON_HALT])


NODE_ID = {cv.GenerateID(): cv.use_id(NodeComponent)}


async def _of_its_node(
    config: ConfigType, action_id: ID, template_arg: cg.TemplateArguments
) -> MockObj:
    node = await cg.get_variable(config[CONF_ID])
    return cg.new_Pvariable(action_id, template_arg, node)


@automation.register_action(
    "mqtt_dispatch_node.done",
    DoneAction,
    automation.maybe_simple_id(NODE_ID),
    synchronous=True,
)
async def done_to_code(
    config: ConfigType,
    action_id: ID,
    template_arg: cg.TemplateArguments,
    args: list[Any],
) -> MockObj:
    return await _of_its_node(config, action_id, template_arg)


@automation.register_action(
    "mqtt_dispatch_node.failed",
    FailedAction,
    cv.Schema(
        NODE_ID
        | {
            cv.Optional(CONF_REASON, default="failed"): cv.enum(REASONS, lower=True),
        }
    ),
    synchronous=True,
)
async def failed_to_code(
    config: ConfigType,
    action_id: ID,
    template_arg: cg.TemplateArguments,
    args: list[Any],
) -> MockObj:
    action = await _of_its_node(config, action_id, template_arg)
    cg.add(action.set_reason(config[CONF_REASON]))
    return action


@automation.register_action(
    "mqtt_dispatch_node.progress",
    ProgressAction,
    cv.maybe_simple_value(
        NODE_ID
        | {cv.Required(CONF_PERCENT): cv.templatable(cv.int_range(min=0, max=100))},
        key=CONF_PERCENT,
    ),
    synchronous=True,
)
async def progress_to_code(
    config: ConfigType,
    action_id: ID,
    template_arg: cg.TemplateArguments,
    args: list[Any],
) -> MockObj:
    action = await _of_its_node(config, action_id, template_arg)
    cg.add(action.set_percent(await cg.templatable(config[CONF_PERCENT], args, int)))
    return action
