// Loaded before Zigbee2MQTT (node --require): gives it a radio that is no radio, but plays devices.
//
// Orders come by the broker that the bridge uses, on radio/orders as {"device": NAME, "order": WHAT, ...}; what
// passes the radio is told on radio/frames, and what devices do of it. RADIO_REPORTS: milliseconds after which each
// device says again how it is; without it they speak when something happens. RADIO_MINUTE: milliseconds that valves
// take for a minute, 2000 unless it is said.
"use strict";

const path = require("node:path");

const packages = path.join(process.env.BRIDGE_HOME, "node_modules");
const herdsman = path.join(packages, "zigbee-herdsman", "dist");
const mqtt = require(path.join(packages, "mqtt"));
const {Adapter} = require(path.join(herdsman, "adapter", "adapter.js"));
const Zcl = require(path.join(herdsman, "zspec", "zcl"));
const Zdo = require(path.join(herdsman, "zspec", "zdo"));
const {devices} = require("./devices.cjs");

const COORDINATOR = "0x00124b0000000001";
const LINK_QUALITY = 120;

class Air {
    // What lies between a device and the bridge: frames, and whether they get through.
    constructor(radio, device) {
        this.radio = radio;
        this.device = device;
        this.number = 0;
    }

    report(cluster, attributes, options = {}) {
        const payload = attributes.map(([attrId, dataType, attrData]) => ({attrId, dataType, attrData}));
        this.say(cluster, "report", payload, {...options, type: Zcl.FrameType.GLOBAL});
    }

    announce() {
        this.radio.announce(this.device);
    }

    did(kind, payload) {
        this.radio.tell({device: this.device.name, did: kind, payload});
    }

    say(cluster, command, payload, {manufacturer, type = Zcl.FrameType.SPECIFIC} = {}) {
        this.number = (this.number + 1) % 256;
        this.radio.hear(this.device, this.frame(cluster, command, payload, this.number, type, manufacturer));
    }

    frame(cluster, command, payload, number, type, manufacturer) {
        return Zcl.Frame.create(
            type,
            Zcl.Direction.SERVER_TO_CLIENT,
            true,
            manufacturer,
            number,
            command,
            cluster,
            payload,
            {},
        );
    }
}

class PlayedRadio extends Adapter {
    constructor(network, ...others) {
        super(network, ...others);
        this.network = network;
        this.playing = new Map();
        for (const device of devices) {
            device.air = new Air(this, device);
            this.playing.set(device.ieee, device);
        }
    }

    async start() {
        this.wire = await mqtt.connectAsync(process.env.BRIDGE_BROKER);
        this.wire.on("message", (topic, payload) => this.obey(JSON.parse(payload)));
        await this.wire.subscribeAsync("radio/orders");
        const interval = Number(process.env.RADIO_REPORTS);
        if (interval) setInterval(() => this.report(), interval).unref();
        return "resumed";
    }

    tell(what) {
        this.wire.publish("radio/frames", JSON.stringify(what));
    }

    obey({device: name, order, ...rest}) {
        const device = devices.find((one) => one.name === name);
        device.orders[order].call(device, rest);
        this.tell({device: name, done: order});
    }

    report() {
        for (const device of devices) if (device.reachable) device.report();
    }

    announce(device) {
        const payload = {nwkAddress: device.network, eui64: device.ieee, capabilities: 0};
        this.emit("zdoResponse", Zdo.ClusterId.END_DEVICE_ANNOUNCE, [Zdo.Status.SUCCESS, payload]);
    }

    hear(device, frame) {
        this.tell({from: device.name, cluster: frame.cluster.name, command: frame.command.name, payload: frame.payload});
        const data = frame.toBuffer();
        const heard = {
            clusterID: frame.cluster.ID,
            header: Zcl.Header.fromBuffer(data),
            data,
            address: device.network,
            endpoint: 1,
            linkquality: LINK_QUALITY,
            groupID: 0,
            wasBroadcast: false,
            destinationEndpoint: 1,
        };
        this.emit("zclPayload", heard);
        return heard;
    }

    async sendZclFrameToEndpoint(ieee, network, endpoint, frame, timeout, disableResponse) {
        const device = this.playing.get(ieee);
        this.tell({to: device.name, cluster: frame.cluster.name, command: frame.command.name, payload: frame.payload});
        if (!device.reachable) {
            await pause(device.patience);
            throw new Error(this.unanswered(network, endpoint, frame, timeout));
        }
        const wantsAnswer = !disableResponse && (frame.header.isGlobal || !frame.header.frameControl.disableDefaultResponse);
        const answer = device.answer(frame);
        await pause(device.delay);
        if (device.losesAnswers && wantsAnswer) {
            await pause(device.patience);
            throw new Error(this.unanswered(network, endpoint, frame, timeout));
        }
        if (!wantsAnswer || answer === undefined) return undefined;
        const number = frame.header.transactionSequenceNumber;
        const said = device.air.frame(
            frame.cluster.ID,
            answer.command,
            answer.payload,
            number,
            Zcl.FrameType.GLOBAL,
            frame.header.manufacturerCode,
        );
        return this.hear(device, said);
    }

    unanswered(address, endpoint, frame, timeout) {
        const matcher = {
            address,
            endpoint,
            clusterId: frame.cluster.ID,
            commandId: frame.command.response ?? 0x0b,
            transactionSequenceNumber: frame.header.transactionSequenceNumber,
        };
        return Adapter.clusterWaitressTimeoutFormatter(matcher, timeout);
    }

    async sendZdo() {
        return [Zdo.Status.SUCCESS, undefined];
    }

    async getCoordinatorIEEE() {
        return COORDINATOR;
    }

    async getCoordinatorVersion() {
        return {type: "played", meta: {revision: 1}};
    }

    async getNetworkParameters() {
        const extended = Buffer.from(this.network.extendedPanID).toString("hex");
        return {
            panID: this.network.panID,
            extendedPanID: `0x${extended}`,
            channel: this.network.channelList[0],
            nwkUpdateID: 0,
        };
    }

    async supportsBackup() {
        return false;
    }

    async stop() {
        await this.wire.endAsync();
    }

    async reset() {}
    async permitJoin() {}
    async addInstallCode() {}
    async sendZclFrameToGroup() {}
    async sendZclFrameToAll() {}
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

Adapter.create = async (...options) => new PlayedRadio(...options);
