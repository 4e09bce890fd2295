// Asks the bridge's definitions what the feeder and the valves have: keys, units, ranges. Prints JSON.
"use strict";

const path = require("node:path");
const known = require("./models.json");

const silent = () => {};

function definitionsIn(home) {
    const definitions = require(path.join(home, "node_modules", "zigbee-herdsman-converters"));
    definitions.setLogger({debug: silent, info: silent, warning: silent, error: silent});
    return definitions;
}

const usual = definitionsIn(process.env.BRIDGE_HOME);
const newer = definitionsIn(process.env.NEWER_HOME);

const ACCESS = {state: 1, set: 2, get: 4};

function keysOf(expose, within) {
    const nested = expose.features ?? [];
    if (!expose.property) return nested.flatMap((feature) => keysOf(feature, expose.type));
    const about = {access: Object.keys(ACCESS).filter((name) => expose.access & ACCESS[name])};
    const taken = {unit: "unit", value_min: "min", value_max: "max", value_step: "step", values: "values"};
    for (const [from, to] of Object.entries(taken)) if (expose[from] !== undefined) about[to] = expose[from];
    if (expose.type === "binary") about.values = [expose.value_on, expose.value_off];
    if (within) about.within = within;
    if (nested.length) about.parts = Object.fromEntries(nested.flatMap((feature) => keysOf(feature)));
    if (expose.item_type?.features) about.items = Object.fromEntries(expose.item_type.features.flatMap((feature) => keysOf(feature)));
    return [[expose.property, {type: expose.type, ...about}]];
}

function playedDevice([modelID, manufacturerName]) {
    const endpoint = {ID: 1, inputClusters: [], outputClusters: [], supportsInputCluster: () => false};
    endpoint.getInputClusters = endpoint.getOutputClusters = () => [];
    return {
        modelID,
        manufacturerName,
        type: "EndDevice",
        ieeeAddr: "0x00158d0000000009",
        endpoints: [endpoint],
        meta: {},
        customClusters: {},
        getEndpoint: () => endpoint,
    };
}

async function ask({kind, zigbee, ...facts}) {
    const device = playedDevice(zigbee);
    const found = await (facts.definitions === "newer" ? newer : usual).findByDevice(device);
    if (!found) throw new Error(`Nothing is known of ${zigbee}`);
    const exposes = typeof found.exposes === "function" ? found.exposes(device, {}) : found.exposes;
    const keys = Object.fromEntries(exposes.flatMap((expose) => keysOf(expose)));
    const {timer, resets = {}, never_echoed: neverEchoed = []} = facts;
    const options = new Set(found.toZigbee.flatMap((converter) => converter.key ?? []));
    for (const key of [timer?.key, ...Object.keys(resets), ...neverEchoed]) {
        const there = key === undefined || key === null || key in keys || options.has(key);
        if (!there) throw new Error(`${found.model} has no ${key}`);
    }
    const {vendor, model, description} = found;
    return {kind, vendor, model, description, zigbee, ...facts, keys};
}

(async () => {
    const answers = [];
    for (const one of known) answers.push(await ask(one));
    process.stdout.write(JSON.stringify(answers));
})();
